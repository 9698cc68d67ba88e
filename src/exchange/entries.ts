import { FlagV2 } from '../isakmp/header.ts';
import type { ExchangeMessage } from '../model/exchange.ts';

/** Questions that many ask of one message of an exchange. */

/** Neither a retransmission, nor a copy of another tap, nor a piece of a message that is shown whole elsewhere. */
export function isOriginal(entry: ExchangeMessage): boolean {
  return entry.retransmissionOf === null && entry.copyOf === null && entry.partOf === null;
}

/** The keys of its sender are known and do not open it: it was damaged, or anyone may have sent it. */
export function isStray({ decryption, payloads }: ExchangeMessage): boolean {
  if (decryption?.kind !== 'opaque') return false;
  const { reason } = decryption;
  return reason === 'integrity-check-failed' || (reason === 'malformed' && payloads.length === 0);
}

/** RFC 7296 §3.1: the R flag is clear. */
export function isRequest(entry: ExchangeMessage): boolean {
  return (entry.message.header.flags & FlagV2.response) === 0;
}

/** The responder's answer to IKE_SA_INIT that ends it: a cookie, or the wish for another group, has no public value and asks for the request anew. */
export const keyedAnswer = (messages: readonly ExchangeMessage[]): ExchangeMessage | undefined =>
  messages.find(
    ({ step, direction, payloads }) =>
      step === 'SA_INIT' &&
      direction === 'r2i' &&
      payloads.some(({ content }) => content.kind === 'key-exchange'),
  );
