import type { Side, Step } from '../model/exchange.ts';
import type { LogEvent, LogNegotiation, LogPacket } from '../model/log.ts';

/** A packet that a router logged, with the message it must have been. */
export type StepPacket = {
  readonly step: Step;
  /** Who sent it, whichever router logged it. */
  readonly from: Side;
  readonly packet: LogPacket;
  /** The first of its step in its direction. */
  readonly first: boolean;
};

/**
 * The packet state tag is that of the SA when the packet passed, so that role, direction and tag together name the
 * message: `(I) MM_SA_SETUP` is MM3 when sent and MM4 when received.
 */
const MAIN: Readonly<Record<string, Step>> = {
  'initiator sent MM_NO_STATE': 'MM1',
  'initiator received MM_NO_STATE': 'MM2',
  'initiator sent MM_SA_SETUP': 'MM3',
  'initiator received MM_SA_SETUP': 'MM4',
  'initiator sent MM_KEY_EXCH': 'MM5',
  'initiator received MM_KEY_EXCH': 'MM6',
  'initiator sent MM_KEY_AUTH': 'MM5',
  'initiator received MM_KEY_AUTH': 'MM6',
  'responder received NEW SA': 'MM1',
  'responder received MM_NO_STATE': 'MM1',
  'responder sent MM_SA_SETUP': 'MM2',
  'responder received MM_SA_SETUP': 'MM3',
  'responder sent MM_KEY_EXCH': 'MM4',
  'responder received MM_KEY_EXCH': 'MM5',
  'responder sent MM_KEY_AUTH': 'MM6',
  'responder received MM_KEY_AUTH': 'MM5',
};

const AGGRESSIVE: Readonly<Record<string, Step>> = {
  'initiator sent AG_NO_STATE': 'AM1',
  'initiator sent AG_INIT_EXCH': 'AM1',
  'initiator received AG_NO_STATE': 'AM2',
  'initiator received AG_INIT_EXCH': 'AM2',
  'initiator sent AG_AUTH': 'AM3',
  'responder received NEW SA': 'AM1',
  'responder received AG_NO_STATE': 'AM1',
  'responder sent AG_NO_STATE': 'AM2',
  'responder sent AG_INIT_EXCH': 'AM2',
  'responder received AG_INIT_EXCH': 'AM3',
  'responder received AG_AUTH': 'AM3',
};

const tag = (state: string): string => state.trim().replace(/^NEW\s+SA$/i, 'NEW SA');

const reachedMm6 = (negotiation: LogNegotiation): boolean =>
  negotiation.phase1 === 'complete' ||
  negotiation.statePath.includes('IKE_I_MM6') ||
  // What names the peer to an initiator is the identity in MM6.
  negotiation.peerIdentity !== null;

function stepV2(state: string): Step {
  if (/SA_INIT/.test(state)) return 'SA_INIT';
  if (/IKE_AUTH|^AUTH/.test(state)) return 'AUTH';
  return 'OTHER';
}

/** Messages seen so far, and the last of each direction. */
type Seen = {
  readonly steps: Set<Step>;
  readonly last: Map<LogPacket['direction'], Step>;
  /** The packet before, whatever its direction. */
  before: LogPacket | null;
  /** The last line in which an initiator sends MM5. */
  readonly lastMm5: number;
};

function stepOf(negotiation: LogNegotiation, packet: LogPacket, seen: Seen): Step {
  const state = tag(packet.state);
  if (negotiation.ikeVersion === 2) return stepV2(state);
  if (packet.notification) return 'INFO';
  if (state === 'QM_IDLE') return 'OTHER';
  // The tag of a message that comes again is that of where the SA has got to since.
  const repeated = packet.retransmission ? seen.last.get(packet.direction) : undefined;
  if (repeated !== undefined) return repeated;
  const key = `${negotiation.role} ${packet.direction} ${state}`;
  const step = (negotiation.exchange === 'aggressive' ? AGGRESSIVE[key] : MAIN[key]) ?? 'OTHER';
  // MM6 leaves under the same tag as MM4; what lies between them is the arrival of MM5.
  if (step === 'MM4' && negotiation.role === 'responder' && seen.steps.has('MM5')) {
    if (negotiation.phase1 === 'complete') return 'MM6';
    // MM5 that does not complete phase 1 is answered by a notification; one that comes again, by what went before too.
    const { before } = seen;
    return before?.direction === 'received' && !before.retransmission ? 'INFO' : 'OTHER';
  }
  // What arrives under this tag without completing phase 1 is no MM6 if that is asked for again.
  if (step === 'MM6' && negotiation.role === 'initiator' && !reachedMm6(negotiation))
    return packet.line < seen.lastMm5 ? 'INFO' : 'OTHER';
  return step;
}

const isMm5 = ({ direction, state }: LogPacket): boolean =>
  direction === 'sent' && tag(state) === 'MM_KEY_EXCH';

/** Every packet of a log negotiation with its message, in line order. */
export function packetSteps(negotiation: LogNegotiation): readonly StepPacket[] {
  const seen: Seen = {
    steps: new Set(),
    last: new Map(),
    before: null,
    lastMm5: negotiation.packets.findLast(isMm5)?.line ?? 0,
  };
  return negotiation.packets.map((packet) => {
    const step = stepOf(negotiation, packet, seen);
    const own = negotiation.role;
    const other: Side = own === 'initiator' ? 'responder' : 'initiator';
    const first = step !== 'OTHER' && !seen.steps.has(step);
    seen.steps.add(step);
    if (step !== 'OTHER' && step !== 'INFO') seen.last.set(packet.direction, step);
    seen.before = packet;
    return { step, from: packet.direction === 'sent' ? own : other, packet, first };
  });
}

const DIRECTIONS: Readonly<Record<string, LogPacket['direction']>> = {
  'packet-sent': 'sent',
  'packet-received': 'received',
  'packet-received-new': 'received',
};

/** Finds the packet that an event tells of; asked in the order of the log, for a page may put several on one line. */
export function packetFinder(
  negotiation: LogNegotiation,
): (event: Pick<LogEvent, 'line' | 'message'>) => StepPacket | undefined {
  const byLine = new Map<number, StepPacket[]>();
  for (const one of packetSteps(negotiation)) {
    const there = byLine.get(one.packet.line);
    if (there === undefined) byLine.set(one.packet.line, [one]);
    else there.push(one);
  }
  return ({ line, message }) => {
    const there = byLine.get(line) ?? [];
    const direction = DIRECTIONS[message];
    if (direction === undefined) return there.length === 1 ? there[0] : undefined;
    const at = there.findIndex(({ packet }) => packet.direction === direction);
    return there.length === 1 || at < 0 ? there[at] : there.splice(at, 1)[0];
  };
}
