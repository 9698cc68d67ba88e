import { messageTable } from '../messages/table.ts';
import { isZeroId, sameConnId } from '../tag.ts';
import type { Context } from './context.ts';
import { latest, type Stream } from './stream.ts';
import { isAddress, namesPeer, text, wentBack, type TrackedLine } from './tracked-line.ts';

/**
 * A router handles one event after the other, and prints its lines in one go. Where windows, terminals or files were
 * merged line by line, the lines of two events come in turns. That shows where a line which cannot begin an event is
 * not of the attempt that the line before was of.
 */

/** So many events later nothing is left of a crossing that was not seen again. */
export const crossingLasts = 200;

/** What a line can show: `peer`, `id` and `state` stand in the midst of an event, the others begin one or end it. */
type Kind = 'none' | 'peer' | 'id' | 'state' | 'answer' | 'call' | 'request' | 'start';

const byId: Readonly<Record<string, Kind>> = {
  state: 'state',
  'packet-sent': 'answer',
  'packet-received': 'call',
  'packet-received-new': 'call',
  'sa-request-profile': 'request',
  'peer-locked': 'start',
  'aggressive-not-started': 'start',
  'main-mode-begins': 'start',
  'key-not-in': 'peer',
  'key-candidate': 'peer',
  'key-of-peer': 'peer',
  'key-none': 'peer',
  'key-looked-up': 'peer',
  'peer-found': 'peer',
  'peer-created': 'peer',
  authenticated: 'peer',
  'phase-1-refused': 'peer',
  'phase-2-refused': 'peer',
  'packet-sending': 'id',
  'payload-processing': 'id',
  'vendor-processing': 'id',
  'vendor-seems': 'id',
  'vendor-is': 'id',
  'vendor-ios': 'id',
  'id-payload': 'id',
  'nat-none': 'id',
  'nat-his-hash': 'id',
  'proposal-check': 'id',
  'proposal-transform': 'id',
  'proposal-attributes': 'id',
};

/** By the position of the message's record: names would be looked up a million times. */
const kinds: Kind[] = [];
for (const { id, index } of messageTable) kinds[index] = byId[id] ?? 'none';

/** The line shows that the lines of two events of IKEv1 come in turns. Those of IKEv2 name their session. */
export function crosses(stream: Stream, line: TrackedLine): boolean {
  const kind = kinds[line.spec.index]!;
  const { current } = stream;
  if (kind === 'none' || current === null || current.ikeVersion === 2) return false;
  if (kind === 'call' || kind === 'request')
    return (
      (line.fields.peer === undefined || line.fields.peer !== current.peer) &&
      (isUnderWay(current) || isStarting(current))
    );
  if (stream.contexts.length < 2) return false;
  if (kind === 'start') return startsElsewhere(stream, current, line);
  if (kind === 'answer') return isAwaitedElsewhere(stream, current, line);
  return kind === 'peer' && namesPeer(line)
    ? leavesPeer(stream, current, line)
    : leavesId(stream, current, line);
}

/** An attempt of IKEv1 that is not over. */
export const isOpen = ({ ikeVersion, closed }: Context): boolean => ikeVersion === 1 && !closed;

/** The event that began with the peer's message 1 or 2 has not come to an end: a new one cannot begin. */
function isUnderWay(context: Context): boolean {
  const { role, lastReceived, lastSent, closed, deleteReason, events, states } = context;
  const isOwed =
    role === 'initiator'
      ? lastReceived === 'MM_NO_STATE' && lastSent === 'MM_NO_STATE'
      : lastReceived === 'NEW SA' && lastSent === null;
  return (
    isOwed &&
    !closed &&
    deleteReason === null &&
    // Some logs show the packets alone.
    events.length > context.packetCount &&
    !states.some((state) => state.endsWith('AWAIT'))
  );
}

/** Why an attempt of ours ends before its first packet. */
const startFailed: readonly string[] = [
  'key-none',
  'key-none-address',
  'main-mode-impossible',
  'sa-request-error',
  'kmi-error',
];

/** The key engine was heard, and message 1 is not sent: nothing else can be asked for. */
const isStarting = (context: Context): boolean =>
  context.role === 'initiator' &&
  context.packetCount === 0 &&
  isOpen(context) &&
  context.has('sa-request-profile') &&
  !startFailed.some((id) => context.has(id));

/** An attempt starts but once, and there is another one that may do so. */
const startsElsewhere = (stream: Stream, current: Context, { id, fields }: TrackedLine): boolean =>
  isStarting(current) &&
  (id !== 'peer-locked' || fields.by === 'isakmp_initiator') &&
  current.has(id) &&
  latest(stream, (each) => each !== current && isStarting(each)) !== null;

/** Asked for from here, and nothing has told yet which peer is meant. */
export const isUnnamed = (context: Context): boolean =>
  context.role === 'initiator' &&
  context.packetCount === 0 &&
  context.peer === null &&
  isOpen(context);

function leavesPeer(stream: Stream, current: Context, line: TrackedLine): boolean {
  const peer = text(line.fields.peer);
  if (current.peer === null || peer === undefined || current.peer === peer) return false;
  return (
    isAddress(peer) &&
    latest(stream, (each) => each.peer === peer && isOpen(each) && !wentBack(each, line)) !== null
  );
}

/** Its key was just looked up for message 3 or 4: the id may be its own, as another router's in the same paste. */
const mayBeNumbered = ({ keyed, connId, lastSent, exchange }: Context): boolean =>
  keyed && connId === null && (lastSent === 'MM_SA_SETUP' || exchange !== 'main');

function leavesId(stream: Stream, current: Context, line: TrackedLine): boolean {
  const { connId } = line;
  if (!isZeroId(connId))
    return (
      !sameConnId(current.connId, connId) &&
      !mayBeNumbered(current) &&
      latest(
        stream,
        (each) => sameConnId(each.connId, connId) && isOpen(each) && !wentBack(each, line),
      ) !== null
    );
  const from = text(line.fields.from);
  const last = current.states.at(-1);
  if (line.id !== 'state' || last === undefined || last === from || current.connId !== null)
    return false;
  return (
    latest(
      stream,
      (each) => each.states.at(-1) === from && each.connId === null && isOpen(each),
    ) !== null
  );
}

/** Another attempt than the one at hand owes its peer this packet since that one's came. */
function isAwaitedElsewhere(stream: Stream, current: Context, line: TrackedLine): boolean {
  const peer = text(line.fields.peer);
  const state = String(line.fields.state);
  if (current.peer === null || current.peer === peer || stream.held.length > 0) return false;
  if (!/^(?:MM|AG)_/.test(state)) return false;
  const other = latest(
    stream,
    (each) => each.peer === peer && isOpen(each) && each.packetCount > 0,
  );
  return (
    other !== null &&
    other.lastSent !== state &&
    other.packets.at(-1)?.direction === 'received' &&
    other.packetCount === other.packets.length
  );
}
