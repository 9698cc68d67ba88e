import type { LogPacket } from '../../model/log.ts';
import type { Context, Sighting } from './context.ts';
import { aggressive, resolveSteps } from './keyring-search.ts';
import { refusedMessage } from './refused-message.ts';
import { text } from './tracked-line.ts';
import { phase1Complete } from './verdict-rule.ts';

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

/** Tags of an SA that is not up. */
const ofPhase1 = /^(?:MM|AG)_/;

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
      ...(direction === 'sent' &&
        context.notifying &&
        ofPhase1.test(state) && { notification: true as const }),
    });
    context.retransmitting = false;
    context.notifying = false;
    context.note(packetFact(direction, state), seen.line);
  };

const packetFactOf = ({ direction, state }: LogPacket): string => packetFact(direction, state);

/** An informational exchange has an id of its own; what stands in a message of phase 1 has none (RFC 2409 section 5.7). */
const isInformational = ({ messageId }: Sighting['fields']): boolean =>
  messageId !== undefined && messageId !== 0;

/** Of AH or ESP (RFC 2407 section 4.4.1), and of an exchange that phase 1 has to protect. */
const isOfIpsec = (fields: Sighting['fields']): boolean =>
  (fields.protocol === 2 || fields.protocol === 3) && isInformational(fields);

/** What a peer may say while all is well; the other types of RFC 2408 section 3.14.1 are errors. */
export const isStatus = (type: string): boolean =>
  /^(?:INITIAL_CONTACT|RESPONDER_LIFETIME|REPLAY_STATUS|CONNECTED|DPD\b|R_U_THERE)/.test(type);

/** What arrived last in phase 1 is a notification of the peer, who refuses what was sent to it. */
function noticed(context: Context, line: number): void {
  if (!ofPhase1.test(context.lastReceived ?? '') || phase1Complete(context)) return;
  const last = context.markLastReceived('notification', packetFactOf);
  if (last !== null) refusedMessage(context, last.state, line);
}

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
  'syslog-mode-failure': (context, { fields, line }) => {
    const mode = String(fields.mode).toLowerCase();
    if (mode === 'main' || mode === 'aggressive') context.note('phase 1 mode failed', line);
    if (mode === 'informational') noticed(context, line);
  },
  'notify-received': (context, { fields, line }) => {
    const type = String(fields.type);
    context.addMessageId(fields.messageId);
    if (isOfIpsec(fields)) {
      context.note('phase 2 notification', line);
      if (/PROPOSAL|INVALID_ID/.test(type)) context.likelyRole = 'initiator';
    } else if (!isStatus(type)) {
      noticed(context, line);
    }
    if (context.notifies.length < 64) context.notifies.push({ type, sent: false, line });
  },
  'notify-sent': (context, { fields, line }) => {
    const type = String(fields.type);
    context.addMessageId(fields.messageId);
    context.notifying = !isStatus(type) || isInformational(fields);
    if (context.notifies.length < 64) context.notifies.push({ type, sent: true, line });
  },
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
