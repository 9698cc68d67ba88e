import { isOriginal, isRequest } from '../exchange/entries.ts';
import type { ExchangeMessage } from '../model/exchange.ts';

/** A CREATE_CHILD_SA and its answer. */
export type ChildExchange = {
  readonly request: ExchangeMessage;
  readonly response: ExchangeMessage;
};

/** Either end counts its own requests (RFC 7296 section 2.2). */
const keyOf = (asker: ExchangeMessage['direction'], { message }: ExchangeMessage): string =>
  `${asker ?? ''} ${message.header.messageId}`;

/** Every CREATE_CHILD_SA among these messages that is answered, in the order of the requests. */
export function childExchanges(messages: readonly ExchangeMessage[]): readonly ChildExchange[] {
  const own = messages.filter((entry) => entry.step === 'CREATE_CHILD_SA' && isOriginal(entry));
  const answers = new Map<string, ExchangeMessage>();
  for (const entry of own) {
    if (isRequest(entry) || entry.direction === null) continue;
    const key = keyOf(entry.direction === 'i2r' ? 'r2i' : 'i2r', entry);
    if (!answers.has(key)) answers.set(key, entry);
  }
  return own.filter(isRequest).flatMap((request) => {
    const response = answers.get(keyOf(request.direction, request));
    return response === undefined ? [] : [{ request, response }];
  });
}
