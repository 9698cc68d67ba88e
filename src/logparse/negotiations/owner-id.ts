import type { Side } from '../../model/exchange.ts';
import { isZeroId, sameConnId } from '../tag.ts';
import type { Context } from './context.ts';
import { hasId } from './owner-packet.ts';
import { latest, type Stream } from './stream.ts';
import { namesPeer, sideOf, text, wentBack, type TrackedLine } from './tracked-line.ts';

/** The attempt that a line belongs to by its id; null if it begins another. */
export function ownerById(stream: Stream, line: TrackedLine): Context | null {
  const { current } = stream;
  const { connId } = line;
  if (!isZeroId(connId)) {
    const role = sideOf(line.fields.role);
    // The very next line after the key search carries the new id.
    if (current && (hasId(current, connId, role) || current.awaitsId)) return current;
    return byOtherId(stream, line, role);
  }
  if (!current) return null;
  const peer = namesPeer(line) ? text(line.fields.peer) : undefined;
  // Id 0 where the current SA has one: the line is about an attempt that has none yet.
  const young = connId !== null && !line.spec.zeroId;
  if (peer !== undefined && current.peer !== null && current.peer !== peer) {
    return latest(
      stream,
      (context) => context.peer === peer && !context.closed && !(young && context.connId !== null),
    );
  }
  if (young && current.connId !== null) {
    return (
      latest(
        stream,
        (context) => context.connId === null && !context.closed && context.deleteReason === null,
      ) ?? current
    );
  }
  return current;
}

/** The id of the line is not that of the attempt at hand. */
function byOtherId(stream: Stream, line: TrackedLine, role: Side | null): Context | null {
  const { current } = stream;
  const { connId } = line;
  // Two routers in one paste may use one id: then the clock tells whose line it is.
  const known =
    latest(stream, (each) => hasId(each, connId, role) && !wentBack(each, line)) ??
    latest(stream, (each) => sameConnId(each.connId, connId));
  // 12.2 and 12.3 number an SA from its first line on, the others once it has keys.
  const numbered = typeof connId === 'string' && connId.length <= 6;
  const adoptable = current?.connId === null && !current.closed && (!current.fresh || numbered);
  if (known && !(known.closed && adoptable)) return known;
  return adoptable ? current : known;
}
