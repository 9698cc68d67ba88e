import type { Context } from './context.ts';
import { latest, type Stream } from './stream.ts';
import { isOfAnother } from './speaker-ikev2.ts';
import { sameSession, text, type TrackedLine } from './tracked-line.ts';

/** The attempt that an IKE_SA_INIT begins when it was prepared for: the initiator chooses its key before the first packet. */
function preparing(current: Context | null, line: TrackedLine): Context | null {
  const prepared =
    current?.ikeVersion === 2 &&
    !current.closed &&
    current.initiatorCookie === null &&
    (current.connId === null || sameSession(current.connId, line.connId)) &&
    current.packets.length === 0;
  return prepared ? current : null;
}

/** What an initiator looks up before its first packet; a responder does it behind the first packet of the peer. */
const preparations: ReadonlySet<string> = new Set([
  'v2-profile-bound',
  'v2-keyring',
  'v2-key-by-address',
  'v2-peer-block',
  'v2-policy-search',
  'v2-policy-found',
  'v2-policy-default',
  'v2-proposal-added',
  'v2-init-started',
]);

/** How an SA ends, perhaps one that was set up before the log begins, or what is of none: no attempt begins so. */
const beginNone: ReadonlySet<string> = new Set([
  'v2-address-type',
  'v2-deleting',
  'v2-delete-queued',
  'v2-delete-sent',
  'v2-delete-all',
]);

/**
 * The attempt that a line of IKEv2 belongs to: by the initiator's SPI, by the session, or the one at hand; null for a
 * new one, undefined where it is of none.
 */
export function ownerIkev2(stream: Stream, line: TrackedLine): Context | null | undefined {
  return known(stream, line) ?? (beginNone.has(line.id) ? undefined : null);
}

function known(stream: Stream, line: TrackedLine): Context | null {
  const spi = text(line.fields.initiatorSpi)?.toLowerCase();
  const current = stream.current && isOf(stream.current, line) ? stream.current : null;
  const bySpi =
    spi === undefined
      ? null
      : latest(stream, (each) => each.initiatorCookie === spi && isOf(each, line));
  if (bySpi) return bySpi;
  if (preparations.has(line.id) && isOver(current)) return null;
  const starts = line.fields.exchange === 'IKE_SA_INIT' && line.fields.direction === 'REQUEST';
  if (!starts && line.connId !== null) return bySession(stream, current, line);
  const prepared = starts ? preparing(current, line) : null;
  const tellsNothing = spi === undefined && line.connId === null;
  return prepared ?? (tellsNothing ? current : null);
}

/** Both ends of an SA know it by one pair of SPIs, and perhaps by one session number. */
const isOf = (context: Context, line: TrackedLine): boolean =>
  context.ikeVersion === 2 && !isOfAnother(context, line);

/** Nothing that is prepared can be for it any more. */
function isOver(context: Context | null): boolean {
  return context === null || context.closed || context.has('v2-sa-created');
}

function bySession(stream: Stream, current: Context | null, line: TrackedLine): Context | null {
  const { connId } = line;
  const isCurrent =
    current !== null &&
    (current.connId === null || sameSession(current.connId, connId)) &&
    !current.closed;
  if (isCurrent) return current;
  const peer = current?.peer ?? null;
  return latest(
    stream,
    (each) =>
      sameSession(each.connId, connId) &&
      // The other router has a session of that number as well, but does not speak now.
      (peer === null || each.local !== peer) &&
      isOf(each, line),
  );
}
