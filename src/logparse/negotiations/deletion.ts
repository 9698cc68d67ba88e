/** The lines of one event: what the router does about a DELETE follows it at once. */
const atOnce = 10;

/** The peer's DELETE ended the SA: IOS has no reason of its own to give then. */
export const deletedByPeer = (
  deletes: readonly number[],
  end: { readonly text: string; readonly line: number } | null,
): boolean =>
  end !== null &&
  (/^P1 delete notify \(in\)/i.test(end.text) ||
    (/^(?:No reason)?$/i.test(end.text.trim()) &&
      deletes.some((line) => line < end.line && end.line - line <= atOnce)));
