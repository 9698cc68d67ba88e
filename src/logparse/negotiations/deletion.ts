/**
 * How a log words the end of an SA: one home for what the verdicts of a log and the findings rest on. IOS gives a reason
 * in quotes ("deleting SA reason"), an ASA firewall behind "Reason:".
 */

const DEAD = '(?:Dead Peer Detection|DPD|[^"]*PEERS_ALIVE_TIMER)';
const BY_PEER = 'peer (?:terminate|request)';
const INITIAL_CONTACT = /initial contact/i;
const DELETE_NOTIFY = String.raw`P1 delete notify \(in\)`;

/** IOS prints these where nothing within it asked for the end. */
const NO_REASON: ReadonlySet<string> = new Set(['', 'no reason', 'no error']);
export const isNoReason = (reason: string): boolean => NO_REASON.has(reason.trim().toLowerCase());

const deadReason = new RegExp(`^${DEAD}`, 'i');
/** IOS: the peer answers no more. Under IKEv2 it queues a DELETE for that reason, which ends nothing yet. */
export const peerDied = (reason: string): boolean => deadReason.test(reason.trim());

/** An ASA firewall says it so, of an SA that is gone. */
export const peerLost = (reason: string): boolean => /^peer lost/i.test(reason.trim());

const byPeerReason = new RegExp(`^${BY_PEER}`, 'i');
/** An ASA firewall says that it was the peer: of IKEv1, and of IKEv2. */
export const endedByPeer = (reason: string): boolean => byPeerReason.test(reason.trim());

/** The peer began anew, and what it had before is dropped. */
export const beganAfresh = (reason: string): boolean => INITIAL_CONTACT.test(reason);

type Ending =
  'peerDead' | 'deleteReceived' | 'saDeleted' | 'initialContact' | 'deletedWithReason' | 'fatal';

/** Lines of a log, whole. */
export const ENDINGS: Readonly<Record<Ending, RegExp>> = {
  peerDead: new RegExp(String.raw`peer \S+ not responding|deleting SA reason "?${DEAD}`, 'i'),
  deleteReceived: /processing DELETE payload|Process delete request from peer/i,
  saDeleted: new RegExp(
    `deleting SA|Delete all IKE SAs|fatal informational|Reason: ${BY_PEER}`,
    'i',
  ),
  initialContact: INITIAL_CONTACT,
  deletedWithReason: /deleting SA reason/i,
  /** The peer's DELETE as the reason, or as a message that ends all. */
  fatal: new RegExp(`${DELETE_NOTIFY}|Rece(?:vied|ived) fatal informational`, 'i'),
};

/** Under IKEv2: the messages of a DELETE that came, and of the end of the IKE SA. */
export const DELETE_RECEIVED_V2 = 'v2-delete-received';
export const SA_DELETED_V2: readonly string[] = ['v2-deleting', 'v2-delete-all'];

/** The lines of one event: what the router does about a DELETE follows it at once. */
const atOnce = 10;

/** Under IKEv2 the answer goes out first (RFC 7296 section 1.4), which is printed on as many lines again. */
const atOnceV2 = 2 * atOnce;

const followed = (deletes: readonly number[], end: number, within: number): boolean =>
  deletes.some((line) => line < end && end - line <= within);

/** Under IKEv2: child SAs are deleted by request as well, but only the end of the IKE SA is logged behind it. */
export const deletedByPeerV2 = (requests: readonly number[], ends: readonly number[]): boolean =>
  ends.some((end) => followed(requests, end, atOnceV2));

const deleteNotify = new RegExp(`^${DELETE_NOTIFY}`, 'i');
/** The peer's DELETE ended the SA: IOS has no reason of its own to give then. */
export const deletedByPeer = (
  deletes: readonly number[],
  end: { readonly text: string; readonly line: number } | null,
): boolean =>
  end !== null &&
  (deleteNotify.test(end.text) || (isNoReason(end.text) && followed(deletes, end.line, atOnce)));
