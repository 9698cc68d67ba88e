import type { PendingExchange } from '../../exchange/pair.ts';
import type { Exchange, ExchangeMessage } from '../../model/exchange.ts';
import type { IkeMessage } from '../../model/isakmp.ts';

/** Exchanges that have been worked out, or that are to be when their first message is written. */
export type ExchangeSource = readonly Exchange[] | readonly PendingExchange[];

export function openExchange(exchanges: ExchangeSource, at: number): Exchange {
  const one = exchanges[at]!;
  return 'open' in one ? one.open() : one;
}

/** One message and the exchange that it belongs to. */
export type PlacedMessage = { readonly exchange: Exchange; readonly entry: ExchangeMessage };

/** Messages by their place: the `at[i]`th of the `exchange[i]`th exchange. A million of them, so no object each. */
type Places = { readonly exchange: Uint32Array; readonly at: Uint32Array };

/** Exchanges as far as placing their messages takes. */
type PlaceSource = Pick<PendingExchange, 'messages'> & Partial<Pick<PendingExchange, 'repeated'>>;

/**
 * Every message once, by time where there are several captures, else in the order of the file. A first message that two
 * exchanges share is listed under the earlier one.
 */
function placesOf(exchanges: readonly PlaceSource[]): Places {
  const most = exchanges.reduce((sum, { messages }) => sum + messages.length, 0);
  const exchange = new Uint32Array(most);
  const at = new Uint32Array(most);
  const seen = new Set<object>();
  let count = 0;
  let several = false;
  let isInOrder = true;
  let before: IkeMessage | null = null;
  for (const [number, { messages, repeated }] of exchanges.entries()) {
    for (let index = repeated ?? 0; index < messages.length; index += 1) {
      const { message } = messages[index]!;
      if (repeated === undefined) {
        if (seen.has(message)) continue;
        seen.add(message);
      }
      several ||= message.capture !== 0;
      isInOrder &&= before === null || order(before, message, several) <= 0;
      before = message;
      exchange[count] = number;
      at[count] = index;
      count += 1;
    }
  }
  const places = { exchange: exchange.subarray(0, count), at: at.subarray(0, count) };
  return isInOrder ? places : sorted(places, exchanges, several);
}

function sorted(places: Places, exchanges: readonly PlaceSource[], byTime: boolean): Places {
  const message = (place: number): IkeMessage =>
    exchanges[places.exchange[place]!]!.messages[places.at[place]!]!.message;
  const turns = places.at.map((_, place) => place);
  turns.sort((a, b) => order(message(a), message(b), byTime) || a - b);
  return {
    exchange: turns.map((place) => places.exchange[place]!),
    at: turns.map((place) => places.at[place]!),
  };
}

function order(first: IkeMessage, second: IkeMessage, byTime: boolean): number {
  if (byTime && first.timeNs !== second.timeNs) return first.timeNs < second.timeNs ? -1 : 1;
  return first.capture - second.capture || first.frame - second.frame;
}

/**
 * The messages in their order. An exchange is opened at its first message and closed behind its last one: what a long
 * capture holds open are the exchanges that overlap. `closed` gets every exchange once, with its index; a few have no
 * message of their own and come last.
 */
export function* messagesInOrder(
  exchanges: ExchangeSource,
  closed?: (exchange: Exchange, at: number) => void,
): Generator<PlacedMessage> {
  const places = placesOf(exchanges);
  const left = new Uint32Array(exchanges.length);
  for (const at of places.exchange) left[at]! += 1;
  // All messages of some stand under an earlier exchange.
  const bare = closed === undefined ? [] : [...left.keys()].filter((at) => left[at] === 0);
  const open = new Map<number, Exchange>();
  for (let place = 0; place < places.at.length; place += 1) {
    const at = places.exchange[place]!;
    let exchange = open.get(at);
    if (exchange === undefined) {
      exchange = openExchange(exchanges, at);
      open.set(at, exchange);
    }
    yield { exchange, entry: exchange.messages[places.at[place]!]! };
    left[at]! -= 1;
    if (left[at]! > 0) continue;
    open.delete(at);
    closed?.(exchange, at);
  }
  for (const at of bare) closed?.(openExchange(exchanges, at), at);
}
