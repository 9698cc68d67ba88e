import type { ExchangeMessage } from '../model/exchange.ts';

/**
 * Every sending of the last word of an IKEv1 quick mode, where it was said again and nothing came: silence is what the
 * capture shows, not its end. Null where there is an answer, where it was said but once, and where the other side spoke
 * of something else meanwhile: it let this quick mode be, as after a collision of two.
 */
export function unansweredQuickMode(
  messages: readonly ExchangeMessage[],
): readonly ExchangeMessage[] | null {
  const last = messages.findLast(({ step }) => step === 'QM1' || step === 'QM2' || step === 'QM3');
  if (last === undefined || last.retransmissionOf === null) return null;
  const sendings = messages.filter(
    ({ message, retransmissionOf, copyOf }) =>
      copyOf === null &&
      (message.frame === last.retransmissionOf || retransmissionOf === last.retransmissionOf),
  );
  const began = (sendings[0] ?? last).message.timeNs;
  const isAnswered = messages.some(
    ({ direction, message }) =>
      direction !== null && direction !== last.direction && message.timeNs > began,
  );
  return isAnswered ? null : sendings;
}
