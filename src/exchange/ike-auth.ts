import { isCalendarTime } from '../bytes/iso-time.ts';
import { messageContent } from '../isakmp/message.ts';
import { isErrorNotification } from '../isakmp/registry/notify-types.ts';
import type { Exchange, ExchangeMessage, Side } from '../model/exchange.ts';
import type { PayloadContent } from '../model/isakmp.ts';
import { answerNotReceived, type NotReceived } from './auth-receipt.ts';
import { isOriginal, isRequest, isStray } from './entries.ts';
import { authLength, leastWithChild, lengthOf } from './ike-auth-size.ts';

/** How IKE_AUTH ended. */
export type AuthEnd =
  /** Not answered, or the two go on asking (EAP, RFC 4739). */
  | { readonly kind: 'open'; readonly answer: ExchangeMessage | null }
  /** Answered by a message that stayed closed and has room for an AUTH payload. */
  | { readonly kind: 'closed'; readonly answer: ExchangeMessage }
  /** Answered as if accepted, by a message that the initiator shows no sign of having, or shows that it has not. */
  | {
      readonly kind: 'not-received';
      readonly answer: ExchangeMessage;
      readonly receipt: NotReceived;
    }
  /** The responder sent its AUTH as the last word, and the initiator did not object. */
  | { readonly kind: 'accepted'; readonly answer: ExchangeMessage; readonly hasChild: boolean }
  | {
      readonly kind: 'refused';
      readonly by: Side;
      /** The message that refuses. */
      readonly entry: ExchangeMessage;
      readonly how: 'notification' | 'eap-failure' | 'delete' | 'size';
    };

const EAP_FAILURE = 4;

/** What became of IKE_AUTH, by what is decrypted of it, else by the size of the answer. */
export function authEnd(messages: readonly ExchangeMessage[]): AuthEnd {
  const end = answerTo(messages);
  if (end.kind === 'refused' || end.kind === 'not-received' || end.answer === null) return end;
  const receipt = answerNotReceived(messages, end.answer);
  // What a whole answer leaves open stays open.
  return receipt === null || (end.kind === 'open' && !receipt.isPartial)
    ? end
    : { kind: 'not-received', answer: end.answer, receipt };
}

function answerTo(messages: readonly ExchangeMessage[]): AuthEnd {
  const answer = lastAuth(messages);
  if (answer === undefined) return { kind: 'open', answer: null };
  if (isAskedOn(messages, answer.message.header.messageId)) return { kind: 'open', answer };
  if (answer.decryption?.kind !== 'decrypted' || answer.payloads.length === 0) {
    return answerBySize(messages)?.refuses === true
      ? { kind: 'refused', by: 'responder', entry: answer, how: 'size' }
      : { kind: 'closed', answer };
  }
  const contents = answer.payloads.map(({ content }) => content);
  const eap = contents.find((content) => content.kind === 'eap');
  // RFC 7296 §2.16: what carries EAP is not the last word, were there an AUTH of the responder beside it.
  if (eap === undefined && contents.some(({ kind }) => kind === 'authentication')) {
    const hasChild = contents.some(({ kind }) => kind === 'sa-v2');
    return objection(messages, answer, hasChild) ?? { kind: 'accepted', answer, hasChild };
  }
  if (contents.some(isError))
    return { kind: 'refused', by: 'responder', entry: answer, how: 'notification' };
  return eap?.code === EAP_FAILURE
    ? { kind: 'refused', by: 'responder', entry: answer, how: 'eap-failure' }
    : { kind: 'open', answer };
}

const isError = (content: PayloadContent): boolean =>
  content.kind === 'notification' && isErrorNotification(content.notifyType);

const IKE = 1;
/** A DELETE of the IKE SA itself (RFC 7296 §3.11), not of a child. */
export const deletesIke = (content: PayloadContent): boolean =>
  content.kind === 'delete' && content.protocol === IKE;

/**
 * An initiator that does not accept the answer has no message of IKE_AUTH left to say so: it sends an error in an INFORMATIONAL
 * of its own, or deletes the SA at once (RFC 7296 §2.21.2). One that was given no child deletes an SA that it has no use for.
 */
function objection(
  messages: readonly ExchangeMessage[],
  answer: ExchangeMessage,
  hasChild: boolean,
): AuthEnd | null {
  const next = messages.find(
    (entry) =>
      entry.direction === 'i2r' &&
      entry.message.header.messageId === answer.message.header.messageId + 1 &&
      entry.encrypted &&
      isOriginal(entry) &&
      isRequest(entry),
  );
  if (next?.step !== 'INFORMATIONAL' || next.decryption?.kind !== 'decrypted') return null;
  const contents = next.payloads.map(({ content }) => content);
  if (contents.some(isError))
    return { kind: 'refused', by: 'initiator', entry: next, how: 'notification' };
  return hasChild && contents.some(deletesIke) && isAtOnce(answer, next)
    ? { kind: 'refused', by: 'initiator', entry: next, how: 'delete' }
    : null;
}

/** An initiator that does not accept the response says so at once (RFC 7296 §2.21.2). */
const AT_ONCE_NS = 300_000_000n;

/** Whether a message follows so soon that it is the reaction to the other. Without times it may be. */
export function isAtOnce(answer: ExchangeMessage, next: ExchangeMessage): boolean {
  const [from, to] = [answer.message.timeNs, next.message.timeNs];
  return !isCalendarTime(from) || !isCalendarTime(to) || to - from <= AT_ONCE_NS;
}

/** An IKE_AUTH response up to this length has no room for an AUTH payload: it refuses. */
export const REFUSAL_AT_MOST = 120;

/** How IKE_AUTH ended, by the size of the responder's last word in it. */
export type AuthAnswer = { readonly entry: ExchangeMessage; readonly refuses: boolean };

/**
 * What a closed IKE_AUTH response says by its size; null where it says nothing. The length of a fragment is not that of the whole,
 * and while the initiator asks on (EAP, RFC 4739) nothing is decided; EAP-Success is as short as a refusal.
 */
export function answerBySize(messages: readonly ExchangeMessage[]): AuthAnswer | null {
  const entry = lastAuth(messages);
  if (entry === undefined || entry.decryption?.kind === 'decrypted' || isFragment(entry))
    return null;
  if (isAskedOn(messages, entry.message.header.messageId)) return null;
  if (hasRounds(messages) && isShorter(entry, leastWithChild(null))) return null;
  return { entry, refuses: !hasRoomForAuth(entry) };
}

/** Whether a closed message may hold an AUTH; a fragment tells nothing of the whole. */
export function hasRoomForAuth(entry: ExchangeMessage): boolean {
  return isFragment(entry) || entry.message.header.length > REFUSAL_AT_MOST;
}

/** A second IKE_AUTH round trip: EAP, or several authentications, and not a plain pre-shared key (RFC 7296 §2.16, RFC 4739). */
export function hasRounds(messages: readonly ExchangeMessage[]): boolean {
  return isAskedOn(messages, 1);
}

/** The responder's last word in IKE_AUTH; what is not protected may be anybody's (RFC 7296 §2.21). */
export function lastAuth(messages: readonly ExchangeMessage[]): ExchangeMessage | undefined {
  return messages.findLast(
    (entry) =>
      entry.step === 'AUTH' &&
      entry.direction === 'r2i' &&
      entry.retransmissionOf === null &&
      entry.encrypted &&
      !isStray(entry),
  );
}

/** A piece of a message, or one in which the pieces were put together. */
function isFragment({ message, partOf }: ExchangeMessage): boolean {
  return (
    partOf !== null ||
    messageContent(message).payloads.some(({ content }) => content.kind === 'encrypted-fragment')
  );
}

function isAskedOn(messages: readonly ExchangeMessage[], messageId: number): boolean {
  return messages.some(
    ({ step, direction, message }) =>
      step === 'AUTH' && direction === 'i2r' && message.header.messageId > messageId,
  );
}

/**
 * A closed answer behind which IKE_AUTH may go on: there were several rounds, and this was not the last; or the first request has no
 * room for the AUTH of the initiator beside identity, SA and selectors, by which it asks for EAP (RFC 7296 §2.16). An answer may be
 * as long as certificates make it.
 */
export function isInFlight(exchange: Exchange, answer: ExchangeMessage): boolean {
  if (answer.decryption?.kind === 'decrypted') return false;
  if (hasRounds(exchange.messages))
    return isTooShortForChild(exchange, answer) || !endsRounds(exchange, answer);
  const first = exchange.messages.find(
    (entry) => entry.step === 'AUTH' && entry.direction === 'i2r',
  );
  return (
    first !== undefined &&
    isShorter(first, leastWithChild(exchange.transform)) &&
    hasRoomForAuth(answer)
  );
}

/** It has no room for identity, AUTH, SA and selectors. */
export const isTooShortForChild = ({ transform }: Exchange, answer: ExchangeMessage): boolean =>
  isShorter(answer, leastWithChild(transform));

/** EAP-Success in its payload (RFC 3748 §4.2). */
const EAP_SUCCESS = 4 + 4;

/** RFC 7296 §2.16: EAP ends with EAP-Success, which nothing goes beside, and a request of the initiator that holds AUTH alone. */
function endsRounds({ messages, transform }: Exchange, answer: ExchangeMessage): boolean {
  const { messageId } = answer.message.header;
  const auth = (direction: 'i2r' | 'r2i', id: number): ExchangeMessage | undefined =>
    messages.find(
      (entry) =>
        entry.step === 'AUTH' &&
        entry.direction === direction &&
        isOriginal(entry) &&
        entry.message.header.messageId === id,
    );
  const request = auth('i2r', messageId);
  const before = auth('r2i', messageId - 1);
  // What is not in the capture speaks against nothing.
  return (
    (before === undefined ||
      fits(before, 0, transform === null ? MOST_WITH_SUCCESS : lengthOf(transform, EAP_SUCCESS))) &&
    (request === undefined ||
      fits(request, lengthOf(transform, authLength(transform)), MOST_WITH_AUTH))
  );
}

/** Where the algorithms are not known: the longest block and check value. */
const MOST_WITH_SUCCESS = 96;
/** The longest AUTH by a key has 72 octets; beside it there may be a notification or two. */
const MOST_WITH_AUTH = 200;

const fits = (entry: ExchangeMessage, least: number, most: number): boolean =>
  !isFragment(entry) &&
  entry.message.header.length >= Math.min(least, most) &&
  entry.message.header.length <= most;

const isShorter = (entry: ExchangeMessage, least: number): boolean =>
  !isFragment(entry) && entry.message.header.length < least;
