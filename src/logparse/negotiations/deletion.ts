/** The lines of one event: what the router does about a DELETE follows it at once. */
const atOnce = 10;

const followed = (deletes: readonly number[], end: number): boolean =>
  deletes.some((line) => line < end && end - line <= atOnce);

/** Under IKEv2: child SAs are deleted by request as well, but only the end of the IKE SA is logged behind it. */
export const deletedByPeerV2 = (requests: readonly number[], ends: readonly number[]): boolean =>
  ends.some((end) => followed(requests, end));

/** An ASA firewall says that it was the peer: of IKEv1, and of IKEv2. */
export const endedByPeer = (reason: string): boolean =>
  /^peer (?:terminate|request)/i.test(reason.trim());

/** The peer's DELETE ended the SA: IOS has no reason of its own to give then. */
export const deletedByPeer = (
  deletes: readonly number[],
  end: { readonly text: string; readonly line: number } | null,
): boolean =>
  end !== null &&
  (/^P1 delete notify \(in\)/i.test(end.text) ||
    (/^(?:No reason)?$/i.test(end.text.trim()) && followed(deletes, end.line)));
