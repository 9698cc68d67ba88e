import { asksForMm6, refusesMm6, trusted } from '../exchange/facts.ts';
import { REFUSAL_AT_MOST, authEnd, hasRounds, isAtOnce, isInFlight } from '../exchange/ike-auth.ts';
import { leastWithChild } from '../exchange/ike-auth-size.ts';
import { unansweredQuickMode } from '../exchange/unanswered.ts';
import { isErrorNotification } from '../isakmp/registry/notify-types.ts';
import type { Exchange, ExchangeMessage } from '../model/exchange.ts';
import type { Negotiation } from '../model/report.ts';

/** What the packets alone say of the two phases. */
export type WireOutcome = {
  readonly phase1: Negotiation['phase1'];
  readonly phase2: Negotiation['phase2'];
};

const has = (exchange: Exchange, step: ExchangeMessage['step']): boolean =>
  exchange.messages.some((entry) => entry.step === step);

function accepted(entry: ExchangeMessage): boolean {
  return isFragmented(entry) || entry.message.header.length > REFUSAL_AT_MOST;
}

const isFragmented = ({ payloads, partOf }: ExchangeMessage): boolean =>
  partOf !== null ||
  payloads.some(({ content }) => content.kind === 'encrypted-fragment' && content.total > 1);

/** A closed answer that is too short for identity, AUTH, SA and traffic selectors holds no child SA. */
function childAccepted(exchange: Exchange, entry: ExchangeMessage): boolean {
  if (entry.decryption?.kind === 'decrypted' && entry.payloads.length > 0) {
    return entry.payloads.some((payload) => payload.content.kind === 'sa-v2');
  }
  return isFragmented(entry) || entry.message.header.length >= leastWithChild(exchange.transform);
}

/** The responder let the initiator in, as far as the size of its answer tells, and the initiator did not object at once. */
function authenticatedV2(exchange: Exchange): boolean {
  if (exchange.version !== 2) return false;
  const end = authEnd(exchange.messages);
  if (end.kind !== 'closed') return end.kind === 'accepted';
  const { answer } = end;
  if (!accepted(answer) || isInFlight(exchange, answer)) return false;
  const next = exchange.messages.find(
    (entry) =>
      entry.direction === 'i2r' &&
      entry.message.timeNs > answer.message.timeNs &&
      entry.step !== 'AUTH',
  );
  return next === undefined || !isAtOnce(answer, next);
}

function phase2V1(exchange: Exchange): Negotiation['phase2'] {
  const quick = new Map<number, Set<string>>();
  for (const entry of exchange.messages) {
    if (entry.step !== 'QM1' && entry.step !== 'QM2' && entry.step !== 'QM3') continue;
    const id = entry.message.header.messageId;
    quick.set(id, (quick.get(id) ?? new Set()).add(entry.step));
  }
  if (quick.size === 0) return 'not-reached';
  const modes = [...quick.values()];
  if (modes.some((steps) => steps.has('QM3') || (steps.has('QM2') && exchange.startedBefore)))
    return 'complete';
  const last = exchange.messages.filter((entry) => entry.step === 'QM1').at(-1);
  const at = last === undefined ? -1 : exchange.messages.indexOf(last);
  const refused = exchange.messages
    .slice(at + 1)
    .some((entry) => entry.step === 'INFO' && entry.direction !== last?.direction);
  if (unansweredQuickMode(exchange.messages) !== null) return 'failed';
  if (modes.some((steps) => steps.has('QM2'))) return 'incomplete';
  return refused ? 'failed' : 'incomplete';
}

/** The last message of phase 1 passed, and nobody asks for it again. */
function answersPhase1(exchange: Exchange): boolean {
  const { messages } = exchange;
  if (has(exchange, 'MM6')) return !asksForMm6(messages);
  const am3 = messages.find(({ step }) => step === 'AM3');
  return (
    am3 !== undefined &&
    !messages.some(({ step, message }) => step === 'AM2' && message.timeNs > am3.message.timeNs)
  );
}

/** A second answer to one MM1, with another cookie: nobody goes on with it. */
const isStrayAnswer = ({ messages }: Exchange): boolean =>
  messages.every(({ step }) => step === 'MM1' || step === 'MM2') &&
  messages.some(({ anomalies }) =>
    anomalies.some(({ code }) => code === 'responder-cookie-changed'),
  );

function phase2V2(exchange: Exchange): Negotiation['phase2'] {
  const answers = exchange.messages.filter(
    (entry) => entry.step === 'AUTH' && entry.direction === 'r2i' && entry.encrypted,
  );
  // Begun after IKE_AUTH, or the successor of a rekeyed SA: its children were set up elsewhere.
  if (answers.length === 0) return 'not-reached';
  // Of several rounds the last sets the child SA up; those before it may be long for certificates.
  const last = answers.at(-1);
  const isCandidate = (entry: ExchangeMessage): boolean =>
    entry === last || entry.decryption?.kind === 'decrypted' || !hasRounds(exchange.messages);
  if (answers.some((entry) => isCandidate(entry) && childAccepted(exchange, entry)))
    return 'complete';
  if (authEnd(exchange.messages).kind === 'closed') return 'failed';
  return exchange.completed ? 'failed' : 'not-reached';
}

/** Something is repeated in vain or refused behind a message. */
const stopsAfter = (
  { messages, notifications }: Exchange,
  { message: { frame } }: ExchangeMessage,
): boolean =>
  messages.some(
    (entry) =>
      entry.message.frame > frame &&
      entry.retransmissionOf !== null &&
      entry.retransmissionOf > frame,
  ) || notifications.some((entry) => entry.frame > frame && isErrorNotification(entry.notifyType));

/** IKE_SA_INIT was sent once more and answered at last; what follows may be on UDP 4500, which a capture need not hold. */
function crossed({ version, messages }: Exchange): boolean {
  const asked = messages.filter((entry) => entry.direction === 'i2r');
  return (
    version === 2 &&
    messages.every(({ step }) => step === 'SA_INIT') &&
    messages.at(-1)?.direction === 'r2i' &&
    asked.filter((entry) => entry.retransmissionOf !== null).length === 1
  );
}

/** Answers of at least two octets more than a repeated question: the sender gave up, or the capture ended. */
export function wireOutcome(seen: Exchange): WireOutcome {
  const exchange = { ...seen, messages: trusted(seen.messages) };
  if (exchange.completed || authenticatedV2(exchange)) {
    return {
      phase1: 'complete',
      phase2: exchange.version === 2 ? phase2V2(exchange) : phase2V1(exchange),
    };
  }
  const quick = exchange.version === 1 && (has(exchange, 'QM3') || has(exchange, 'NGM'));
  if (quick) return { phase1: 'complete', phase2: phase2V1(exchange) };
  const end = exchange.version === 2 ? authEnd(exchange.messages) : null;
  if (end?.kind === 'refused' && end.how !== 'size') {
    return { phase1: 'failed', phase2: 'not-reached' };
  }
  if (end?.kind === 'not-received')
    return { phase1: end.receipt.isSure ? 'failed' : 'incomplete', phase2: 'not-reached' };
  const answer = end?.kind === 'open' || end?.kind === 'closed' ? end.answer : null;
  if (answer !== null && (end?.kind === 'open' || isInFlight(exchange, answer))) {
    return {
      phase1: stopsAfter(exchange, answer) ? 'failed' : 'incomplete',
      phase2: 'not-reached',
    };
  }
  const refused = exchange.notifications.some((entry) => entry.notifyType < 16384);
  if (isStrayAnswer(exchange)) return { phase1: 'incomplete', phase2: 'not-reached' };
  // One side is through; whether the other accepts its last message is told by what it sends, if that can be read.
  if (answersPhase1(exchange)) {
    const objects = exchange.notifications.some(
      ({ notifyType, isProtected, direction }) =>
        isErrorNotification(notifyType) &&
        isProtected &&
        (direction === 'i2r' || has(exchange, 'AM3')),
    );
    return {
      phase1: objects || refusesMm6(exchange.messages) !== null ? 'failed' : 'incomplete',
      phase2: 'not-reached',
    };
  }
  const repeated =
    !crossed(exchange) && exchange.messages.some((entry) => entry.retransmissionOf !== null);
  const informed = exchange.messages.some((entry) => entry.step === 'INFO');
  return {
    phase1: refused || repeated || informed ? 'failed' : 'incomplete',
    phase2: 'not-reached',
  };
}
