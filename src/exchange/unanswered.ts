import type { ExchangeMessage } from '../model/exchange.ts';

/** A quick mode of IKEv1 whose last word gets no answer. */
export type UnansweredQuickMode = {
  /** Every sending of that word, QM1 or QM2. */
  readonly sendings: readonly ExchangeMessage[];
  /** QM1, sent again after QM2 was: whoever asks has not got it. Null where nothing at all comes. */
  readonly askedAgain: ExchangeMessage | null;
};

/**
 * The last quick mode, where its last word, or the question behind it, was said again: silence is what the capture shows, not
 * its end. Null where there is an answer, where it was said but once, and where the other side spoke of something else
 * meanwhile: it let this quick mode be, as after a collision of two.
 */
export function unansweredQuickMode(
  messages: readonly ExchangeMessage[],
): UnansweredQuickMode | null {
  const last = messages.findLast(({ step }) => step === 'QM1' || step === 'QM2' || step === 'QM3');
  // Nothing has to answer QM3.
  if (last === undefined || last.step === 'QM3') return null;
  const { messageId } = last.message.header;
  const own = messages.filter(
    ({ message, copyOf }) => message.header.messageId === messageId && copyOf === null,
  );
  if (own.some(({ step }) => step === 'QM3')) return null;
  const answers = own.filter(({ step }) => step === 'QM2');
  const sendings = answers.length > 0 ? answers : own.filter(({ step }) => step === 'QM1');
  const first = sendings[0];
  if (first === undefined) return null;
  const later = messages.filter(
    ({ direction, message }) =>
      direction !== null && direction !== first.direction && message.timeNs > first.message.timeNs,
  );
  const repeated = later.filter(
    ({ step, message }) => step === 'QM1' && message.header.messageId === messageId,
  );
  const askedAgain = repeated.find(({ copyOf }) => copyOf === null) ?? null;
  if (later.length > repeated.length) return null;
  return sendings.length > 1 || askedAgain !== null ? { sendings, askedAgain } : null;
}
