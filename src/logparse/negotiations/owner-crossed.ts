import { isZeroId, sameConnId } from '../tag.ts';
import type { Context } from './context.ts';
import { isOpen, isUnnamed } from './crossing.ts';
import { mostOpen, type Stream } from './stream.ts';
import { byLastState, fitsStage, hasClock, interrupt, mayHaveId } from './stage.ts';
import { isAddress, namesPeer, sideOf, text, wentBack, type TrackedLine } from './tracked-line.ts';

/**
 * Where the lines of several events come in turns, the line before says nothing: a line belongs to the attempt that it
 * names, or to the only one that it fits. `new` begins one; `waits` has an id whose attempt a later line may name;
 * `none` cannot be told.
 */
export type Owner = Context | 'new' | 'waits' | 'none';

/** So many lines back an event does not reach. */
const mostLines = 200;

/** Lines about the end of an SA, and requests for one: they name the peer as well. */
const alsoNaming: ReadonlySet<string> = new Set([
  'peer-insert',
  'peer-existing',
  'hub-down',
  'sa-outstanding',
  'sa-budding',
]);

const peerOf = (line: TrackedLine): string | undefined =>
  namesPeer(line) || (alsoNaming.has(line.id) && isAddress(String(line.fields.peer)))
    ? text(line.fields.peer)
    : undefined;

export function recent(stream: Stream): readonly Context[] {
  return stream.contexts.slice(-mostOpen);
}

/** The line may be of the event that the attempt is at: it comes soon behind, by the same clock. */
function isAtHand(context: Context, line: TrackedLine): boolean {
  return line.line - context.lastLine <= mostLines && hasClock(context, line);
}

/** The only one; of several, none can be told, and what they were about to say is in doubt. */
function only(fitting: readonly Context[], line: TrackedLine): Owner {
  if (fitting.length === 1) return fitting[0]!;
  for (const context of fitting) interrupt(context, line);
  return 'none';
}

/** The attempts of the smaller circle, if there are any. */
function narrowed(
  contexts: readonly Context[],
  fits: (context: Context) => boolean,
): readonly Context[] {
  const fitting = contexts.filter(fits);
  return fitting.length > 0 ? fitting : contexts;
}

function ofPeer(stream: Stream, line: TrackedLine, peer: string): readonly Context[] {
  const role = sideOf(line.fields.role);
  const all = recent(stream).filter(
    (context) =>
      context.peer === peer &&
      isOpen(context) &&
      (role === null || context.role === null || context.role === role) &&
      !wentBack(context, line),
  );
  return narrowed(all, (context) => hasClock(context, line));
}

const isYoung = ({ connId, spec }: TrackedLine): boolean =>
  connId !== null && isZeroId(connId) && spec.zeroId !== true;

/** The attempt that a line of ISAKMP belongs to by what it says. */
export function ownerCrossed(stream: Stream, line: TrackedLine): Owner {
  const peer = peerOf(line);
  if (!isZeroId(line.connId)) return byIdCrossed(stream, line, peer);
  if (peer !== undefined) return byPeerCrossed(stream, line, peer);
  const fitting = recent(stream).filter(
    (context) =>
      isOpen(context) &&
      (!isYoung(line) || context.connId === null) &&
      isAtHand(context, line) &&
      fitsStage(context, line),
  );
  return only(byLastState(fitting, line), line);
}

function byPeerCrossed(stream: Stream, line: TrackedLine, peer: string): Owner {
  const known = ofPeer(stream, line, peer);
  const fitting = isYoung(line) ? narrowed(known, ({ connId }) => connId === null) : known;
  if (fitting.length > 0)
    return only(
      narrowed(fitting, (context) => fitsStage(context, line)),
      line,
    );
  if (line.id !== 'peer-created' && line.id !== 'peer-found') return 'none';
  return theUnnamed(stream);
}

/** Who was asked for is told now: where several were, nobody knows which of their lines are of this one. */
export function theUnnamed(stream: Stream): Owner {
  const unnamed = recent(stream).filter(isUnnamed);
  if (unnamed.length > 1) {
    const names = new Set(unnamed.map(({ saRequestProfile }) => saRequestProfile?.name));
    for (const context of unnamed) {
      if (names.size > 1) context.saRequestProfile = null;
      context.events.length = 0;
      context.firstLine = 0;
    }
  }
  return unnamed[0] ?? 'new';
}

function byIdCrossed(stream: Stream, line: TrackedLine, peer: string | undefined): Owner {
  const role = sideOf(line.fields.role);
  const open = recent(stream).filter(
    (context) =>
      isOpen(context) &&
      (role === null || context.role === null || context.role === role) &&
      (peer === undefined || context.peer === null || context.peer === peer),
  );
  const known = narrowed(
    open.filter((context) => sameConnId(context.connId, line.connId)),
    (context) => hasClock(context, line),
  );
  if (known.length > 0)
    return only(
      narrowed(known, (context) => fitsStage(context, line)),
      line,
    );
  const young = open.filter(({ connId }) => connId === null);
  if (young.length === 0) return begunBefore(stream, line);
  if (peer !== undefined) {
    const named = young.filter((context) => context.peer === peer);
    return named.length === 1 ? named[0]! : 'waits';
  }
  const keyed = young.filter((context) => mayHaveId(context) && isAtHand(context, line));
  return keyed.length === 1 && fitsStage(keyed[0]!, line) ? keyed[0]! : 'waits';
}

/** None that is known can be meant: one that is over, or one that stood before the log begins. */
function begunBefore(stream: Stream, { connId }: TrackedLine): Owner {
  return recent(stream).findLast((context) => sameConnId(context.connId, connId)) ?? 'new';
}

/** The attempt that a packet line belongs to, which names the peer, the role and the ports. */
export function ownerOfPacketCrossed(
  stream: Stream,
  line: TrackedLine,
  fits: (context: Context) => boolean,
): Owner {
  const peer = String(line.fields.peer);
  const named = ofPeer(stream, line, peer).filter(fits);
  const zero = isZeroId(line.connId);
  const exact = named.filter(({ connId }) =>
    zero ? connId === null : sameConnId(connId, line.connId),
  );
  const known = exact.at(-1) ?? named.findLast(({ connId }) => zero || connId === null);
  if (known) return known;
  const byId = zero
    ? []
    : recent(stream).filter(
        (context) =>
          context.peer === null && sameConnId(context.connId, line.connId) && fits(context),
      );
  if (byId.length === 1) return byId[0]!;
  return line.fields.role === 'I' && zero ? theUnnamed(stream) : 'new';
}

/** A line of the key engine: of the peer that it names, or of the only quick mode at hand. */
export function ownerOfEngineLine(stream: Stream, line: TrackedLine): Owner {
  const remote = text(line.fields.remote);
  const open = recent(stream).filter(({ closed }) => !closed);
  if (remote !== undefined) return only(open.filter(({ peer }) => peer === remote).slice(-1), line);
  const ends = [text(line.fields.destination), text(line.fields.source)];
  const named = open.filter(
    ({ local, peer }) =>
      (local !== null && ends.includes(local)) || (peer !== null && ends.includes(peer)),
  );
  if (named.length > 0) return only(named, line);
  if (ends.some((end) => end !== undefined) && open.length > 1) return 'none';
  return only(
    open.filter((context) => isAtHand(context, line) && fitsStage(context, line)),
    line,
  );
}
