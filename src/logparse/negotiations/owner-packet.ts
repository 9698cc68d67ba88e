import type { Side } from '../../model/exchange.ts';
import { isZeroId, sameConnId } from '../tag.ts';
import type { Context } from './context.ts';
import { isEngineOnly, latest, type Stream } from './stream.ts';
import { text, type TrackedLine } from './tracked-line.ts';

/** The attempt has the id of a line, and the role that the line tells, if it does. */
export function hasId(context: Context, connId: TrackedLine['connId'], role: Side | null): boolean {
  return sameConnId(context.connId, connId) && (role === null || context.role === role);
}

/** Nothing that the packet line says is against its being of this attempt. */
export function mayOwn(
  context: Context,
  line: TrackedLine,
  role: Side | null,
  peer: string | undefined,
): boolean {
  return (
    (context.role === role || context.role === null) &&
    (context.peer === peer || context.peer === null) &&
    !context.closed &&
    context.ikeVersion === 1 &&
    (!isZeroId(line.connId) || (sameVrf(context, line) && !isEngineOnly(context))) &&
    ((!isZeroId(line.connId) && context.connId !== null) || samePort(context, line))
  );
}

/** Peers behind one NAT differ by their port, until an id tells them apart. Who floats to port 4500 gets another one. */
function samePort({ packets }: Context, { fields }: TrackedLine): boolean {
  const last = packets.at(-1);
  return (
    last === undefined ||
    last.peerPort === null ||
    fields.peerPort === undefined ||
    last.localPort !== fields.localPort ||
    last.peerPort === fields.peerPort
  );
}

/** One address in two front-door VRFs is two peers; what we send names none. */
function sameVrf({ fvrf, lastReceived }: Context, line: TrackedLine): boolean {
  const vrf = text(line.fields.vrf);
  return vrf === undefined || lastReceived === null || fvrf === (vrf === 'Global' ? null : vrf);
}

/** A packet that begins an attempt does not belong to one that is past it. */
function isLate({ connId, deleteReason }: Context, line: TrackedLine): boolean {
  return connId !== null && deleteReason === null && String(line.fields.state).endsWith('NO_STATE');
}

/** The packet goes on where the attempt at hand stands: nearly every packet does. */
export function isNextPacket(
  current: Context,
  line: TrackedLine,
  role: Side | null,
  peer: string | undefined,
): boolean {
  const fits = isZeroId(line.connId)
    ? current.connId === null
    : sameConnId(current.connId, line.connId) || current.awaitsId;
  return fits && mayOwn(current, line, role, peer);
}

/** The attempt that a packet belongs to which does not go on where the one at hand stands; null for a new one. */
export function ownerOfPacket(
  stream: Stream,
  line: TrackedLine,
  role: Side | null,
  peer: string | undefined,
): Context | null {
  const { current } = stream;
  const ours = (context: Context): boolean => mayOwn(context, line, role, peer);
  if (!isZeroId(line.connId))
    return (
      latest(stream, (each) => sameConnId(each.connId, line.connId) && ours(each)) ??
      latest(stream, (each) => each.connId === null && each.peer === peer && ours(each))
    );
  const known = latest(stream, (each) => each.connId === null && ours(each));
  if (known) return known;
  const isOpen =
    current !== null &&
    current.peer === peer &&
    ours(current) &&
    !isLate(current, line) &&
    line.id === 'packet-received';
  return isOpen ? current : null;
}
