import type { ExchangeMessage } from '../model/exchange.ts';
import { isRequest } from './entries.ts';
import { fragmentSets } from './ike-fragments.ts';

/** What speaks against it that the initiator has the answer to IKE_AUTH. */
export type NotReceived = {
  /** In none of its sendings is the answer whole in the capture. */
  readonly isPartial: boolean;
  /** The sendings of the request behind the answer. */
  readonly repeats: readonly ExchangeMessage[];
  /** One repetition may have crossed the answer on its way, or the capture ends with it; more, the last not answered, is a failure. */
  readonly isSure: boolean;
  /** The last sending of the answer, where no request follows it: it may have arrived, or the initiator gave up. */
  readonly lastAnswer: ExchangeMessage | null;
};

/**
 * A response has arrived when its request is not sent again (RFC 7296 §2.1). Null where nothing speaks against that, and where the
 * initiator goes on or answers under the new SA, which it cannot without having read it.
 */
export function answerNotReceived(
  messages: readonly ExchangeMessage[],
  answer: ExchangeMessage,
): NotReceived | null {
  if (messages.some((entry) => showsReceipt(entry, answer))) return null;
  const isPartial = lacksPieces(messages, answer);
  const repeats = askedAgain(messages, answer);
  const last = repeats.at(-1);
  const sent = messages.findLast((entry) => isAnswer(entry, answer));
  const lastAnswer =
    sent !== undefined && last !== undefined && sent.message.timeNs > last.message.timeNs
      ? sent
      : null;
  const isOpen = last !== undefined && (lastAnswer === null || repeats.length > 1);
  const isSure =
    last !== undefined &&
    (isPartial || asksInVain(messages) || (lastAnswer === null && repeats.length > 1));
  return isPartial || isSure || isOpen ? { isPartial, repeats, isSure, lastAnswer } : null;
}

const isAnswer = (
  { step, direction, message }: ExchangeMessage,
  answer: ExchangeMessage,
): boolean =>
  step === 'AUTH' &&
  direction === answer.direction &&
  message.header.messageId === answer.message.header.messageId;

function showsReceipt(entry: ExchangeMessage, answer: ExchangeMessage): boolean {
  return (
    entry.direction === 'i2r' &&
    entry.encrypted &&
    entry.message.timeNs > answer.message.timeNs &&
    (!isRequest(entry) || entry.message.header.messageId > answer.message.header.messageId)
  );
}

/** The sendings of the request that follow the answer; of one in IKE fragments those of its most repeated piece. */
function askedAgain(
  messages: readonly ExchangeMessage[],
  answer: ExchangeMessage,
): readonly ExchangeMessage[] {
  const { capture, timeNs, header } = answer.message;
  const pieces = new Map<number, ExchangeMessage[]>();
  for (const entry of messages) {
    const { message, retransmissionOf } = entry;
    if (entry.step !== 'AUTH' || entry.direction !== 'i2r' || retransmissionOf === null) continue;
    if (message.capture !== capture || message.header.messageId !== header.messageId) continue;
    if (message.timeNs <= timeNs) continue;
    const sendings = pieces.get(retransmissionOf);
    if (sendings === undefined) pieces.set(retransmissionOf, [entry]);
    else sendings.push(entry);
  }
  return [...pieces.values()].sort((a, b) => b.length - a.length)[0] ?? [];
}

/** The responder, for which the SA is up, asks the initiator something again and again. */
function asksInVain(messages: readonly ExchangeMessage[]): boolean {
  return messages.some(
    (entry) =>
      entry.direction === 'r2i' &&
      entry.encrypted &&
      entry.retransmissionOf !== null &&
      isRequest(entry),
  );
}

function lacksPieces(messages: readonly ExchangeMessage[], answer: ExchangeMessage): boolean {
  const { frame } = answer.message;
  const sendings = messages.filter(
    (entry) => entry === answer || entry.retransmissionOf === frame || entry.copyOf === frame,
  );
  return (
    sendings.every(({ message }) =>
      message.anomalies.some(({ code }) => code === 'fragments-incomplete'),
    ) ||
    fragmentSets(messages).some(
      ({ entries, missing }) => missing !== null && entries.includes(answer),
    )
  );
}
