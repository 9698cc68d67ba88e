import type { LogPacket } from '../../model/log.ts';
import type { Context, Sighting } from './context.ts';
import { aggressive, resolveSteps } from './keyring-search.ts';
import { refusedMessage } from './refused-message.ts';
import { text } from './tracked-line.ts';

type Handler = (context: Context, seen: Sighting) => void;

const packetFacts: Readonly<Record<'sent' | 'received', Map<string, string>>> = {
  sent: new Map(),
  received: new Map(),
};

/** `sent MM_NO_STATE`. There are few states and many packets, so each name is made once. */
function packetFact(direction: 'sent' | 'received', state: string): string {
  const known = packetFacts[direction];
  let fact = known.get(state);
  if (fact === undefined) {
    fact = `${direction} ${state}`;
    if (known.size < 64) known.set(state, fact);
  }
  return fact;
}

const packet =
  (direction: 'sent' | 'received'): Handler =>
  (context, seen) => {
    const { fields } = seen;
    const peer = String(fields.peer);
    const state = seen.id === 'packet-received-new' ? 'NEW SA' : String(fields.state);
    const role = fields.role;
    if (role === 'I') context.role ??= 'initiator';
    else if (role === 'R' || seen.id === 'packet-received-new') context.role ??= 'responder';
    if (state.startsWith('AG_')) aggressive(context);
    const vrf = text(fields.vrf);
    if (vrf !== undefined && vrf !== 'Global') context.fvrf ??= vrf;
    if (direction === 'sent') resolveSteps(context, { sent: state });
    context.addPacket({
      line: seen.line,
      time: seen.time,
      direction,
      // One string for all packets of an attempt: they stay as long as it does.
      peer: context.peer === peer ? context.peer : peer,
      localPort: typeof fields.localPort === 'number' ? fields.localPort : null,
      peerPort: typeof fields.peerPort === 'number' ? fields.peerPort : null,
      state,
      retransmission: direction === 'sent' && context.retransmitting,
    });
    context.retransmitting = false;
    context.note(packetFact(direction, state), seen.line);
  };

const packetFactOf = ({ direction, state }: LogPacket): string => packetFact(direction, state);

/** What lines tell of single packets of phase 1. */
export const packetHandlers: Readonly<Record<string, Handler>> = {
  'packet-received-new': packet('received'),
  'packet-received': packet('received'),
  'packet-sent': packet('sent'),
  'duplicate-packet': (context, { fields }) => {
    if (fields.phase === 1) context.markLastReceived('retransmission', packetFactOf);
  },
  'notify-no-hash': (context, { line }) =>
    refusedMessage(
      context,
      context.markLastReceived('notification', packetFactOf)?.state ?? context.lastSent,
      line,
    ),
  'unknown-input': (context, { fields, line }) => {
    if (fields.event === 'IKE_INFO_NOTIFY') refusedMessage(context, String(fields.state), line);
  },
  'retransmitting-phase-1': (context) => {
    context.retransmitting = true;
  },
  'retransmitting-phase-2': (context) => {
    context.retransmitting = true;
  },
  'retransmit-due': (context) => {
    context.retransmitting = true;
  },
};
