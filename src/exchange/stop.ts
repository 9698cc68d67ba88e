import { isCalendarTime } from '../bytes/iso-time.ts';
import type { Exchange, ExchangeMessage, Side, Step } from '../model/exchange.ts';
import { isOriginal, isRequest } from './entries.ts';

/** One sending of a message again. */
export type Resend = {
  readonly frame: number;
  /** Since the message was first sent; null where one of the two carries no time. */
  readonly afterMs: number | null;
  /** Since it was last sent. */
  readonly gapMs: number | null;
};

/** How far an exchange came, as far as the capture shows. */
export type StopPoint = {
  /** The last message that carried the exchange forward; informationals do not. Null when there is none. */
  readonly lastStep: Step | null;
  readonly lastFrame: number | null;
  /** What should have come next; null when nothing had to. */
  readonly expected: Step | null;
  /** The side that should have sent it and sent nothing at all after the last step. */
  readonly silent: Side | null;
  /** That side, if after the last step it sent again what it had sent before. */
  readonly repeating: Side | null;
  /** What that side sent instead: frames of informationals after the last step. */
  readonly insteadFrames: readonly number[];
  /** The schedule on which the last step was sent again. */
  readonly resends: readonly Resend[];
};

type Next = { readonly step: Step; readonly from: 'other' | 'same' };

const nextStep: ReadonlyMap<Step, Next> = new Map<Step, Next>([
  ['MM1', { step: 'MM2', from: 'other' }],
  ['MM2', { step: 'MM3', from: 'other' }],
  ['MM3', { step: 'MM4', from: 'other' }],
  ['MM4', { step: 'MM5', from: 'other' }],
  ['MM5', { step: 'MM6', from: 'other' }],
  ['AM1', { step: 'AM2', from: 'other' }],
  ['AM2', { step: 'AM3', from: 'other' }],
  ['QM1', { step: 'QM2', from: 'other' }],
  ['QM2', { step: 'QM3', from: 'other' }],
]);

/** Where an exchange stopped and who fell silent. Nothing is expected after the last message of a finished exchange. */
export function stopPoint(exchange: Exchange): StopPoint {
  const { messages, version } = exchange;
  const written = messages.findLast(
    (entry) => entry.step !== 'INFO' && entry.step !== 'OTHER' && isOriginal(entry),
  );
  if (written === undefined) return nowhere;
  const last = answered(messages, version, written);
  const expected =
    version === 1 ? (nextStep.get(last.step)?.step ?? null) : expectedV2(messages, last);
  const resends = resendsOf(messages, last);
  const lastStep = last.step;
  const lastFrame = last.message.frame;
  if (expected === null) {
    return {
      lastStep,
      lastFrame,
      expected,
      silent: null,
      repeating: null,
      insteadFrames: [],
      resends,
    };
  }
  const waitedFor = last.direction === 'i2r' ? 'r2i' : last.direction === 'r2i' ? 'i2r' : null;
  const later = messages.filter(
    (entry) => entry.direction === waitedFor && entry.message.timeNs >= last.message.timeNs,
  );
  const instead = later.filter((entry) => entry.step === 'INFO' && isOriginal(entry));
  const side = waitedFor === null ? null : waitedFor === 'i2r' ? 'initiator' : 'responder';
  // One that repeats what it said before is there, but did not get the last message or cannot use it.
  const repeats = later.some((entry) => entry.retransmissionOf !== null && entry.copyOf === null);
  return {
    lastStep,
    lastFrame,
    expected,
    silent: instead.length === 0 && !repeats ? side : null,
    repeating: repeats ? side : null,
    insteadFrames: instead.map(({ message }) => message.frame),
    resends,
  };
}

/** A file does not always keep the order of time: an answer that stands before what it answers is one all the same. */
function answered(
  messages: readonly ExchangeMessage[],
  version: 1 | 2,
  written: ExchangeMessage,
): ExchangeMessage {
  let last = written;
  for (;;) {
    const sought =
      version === 1 ? nextStep.get(last.step)?.step : isRequest(last) ? last.step : null;
    const { messageId } = last.message.header;
    const answer = messages.findLast(
      (entry) =>
        entry.step === sought &&
        entry.message.header.messageId === messageId &&
        entry.direction !== last.direction &&
        isOriginal(entry) &&
        (version === 1 || !isRequest(entry)),
    );
    if (answer === undefined) return last;
    last = answer;
  }
}

const nowhere: StopPoint = {
  lastStep: null,
  lastFrame: null,
  expected: null,
  silent: null,
  repeating: null,
  insteadFrames: [],
  resends: [],
};

/** RFC 7296 §2.1: every request has a response. */
function expectedV2(messages: readonly ExchangeMessage[], last: ExchangeMessage): Step | null {
  if (isRequest(last)) return last.step;
  const answered = messages.some((entry) => entry.step === 'AUTH' && isOriginal(entry));
  return last.step === 'SA_INIT' && !answered && last.payloads.some(isKeyExchange) ? 'AUTH' : null;
}

function isKeyExchange({ content }: ExchangeMessage['payloads'][number]): boolean {
  return content.kind === 'key-exchange';
}

/** Every sending of one message again, in order. */
function resendsOf(
  messages: readonly ExchangeMessage[],
  first: ExchangeMessage,
): readonly Resend[] {
  let before = first.message.timeNs;
  return messages
    .filter(
      ({ retransmissionOf, message }) =>
        retransmissionOf === first.message.frame && message.capture === first.message.capture,
    )
    .map(({ message }) => {
      const resend = {
        frame: message.frame,
        afterMs: milliseconds(first.message.timeNs, message.timeNs),
        gapMs: milliseconds(before, message.timeNs),
      };
      before = message.timeNs;
      return resend;
    });
}

function milliseconds(from: bigint, to: bigint): number | null {
  if (!isCalendarTime(from) || !isCalendarTime(to)) return null;
  return Math.round(Number(to - from) / 1e6);
}
