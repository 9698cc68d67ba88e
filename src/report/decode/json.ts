import { createTextStore } from '../../bytes/text-store.ts';
import type { TextStore } from '../../bytes/text-store.ts';
import type { PendingExchange } from '../../exchange/pair.ts';
import type { Exchange } from '../../model/exchange.ts';
import { escapeUnsafe } from '../json.ts';
import { captureRecord, clockDigits, placesOf } from './document.ts';
import type { DecodedCapture } from './document.ts';
import { createExchangeWriter } from './exchange-json.ts';
import { createMessageWriter } from './message-json.ts';

/** Exchanges that have been worked out, or that are to be when their first message is written. */
export type ExchangeSource = readonly Exchange[] | readonly PendingExchange[];

/**
 * `ike-autopsy/decode@1` in pieces, one record a line: a long capture is longer than the longest string. The pieces
 * together are the same JSON value as `decodeDocument`.
 */
export function* decodeJson(
  captures: readonly DecodedCapture[],
  exchanges: ExchangeSource,
): Generator<string> {
  const records = createTextStore(exchanges.length);
  yield '{\n  "schema": "ike-autopsy/decode@1",\n';
  yield* list('captures', captures.map(captureRecord).map(text), ',\n');
  yield* list('messages', messageTexts(captures, exchanges, records, '{'), ',\n');
  yield* list('exchanges', records.all(), '\n');
  yield '}\n';
}

function* list(key: string, items: Iterable<string>, end: string): Generator<string> {
  yield `  "${key}": [`;
  let separator = '\n';
  for (const item of items) {
    yield `${separator}    ${item}`;
    separator = ',\n';
  }
  yield `${separator === '\n' ? '' : '\n  '}]${end}`;
}

/** One JSON value a line, each with its `kind`: `capture`, then every `message`, then every `exchange`. */
export function* decodeNdjson(
  captures: readonly DecodedCapture[],
  exchanges: ExchangeSource,
): Generator<string> {
  for (const capture of captures) {
    yield `${text({ kind: 'capture', schema: 'ike-autopsy/decode@1', ...captureRecord(capture) })}\n`;
  }
  const records = createTextStore(exchanges.length);
  for (const line of messageTexts(captures, exchanges, records, '{"kind":"message",')) {
    yield `${line}\n`;
  }
  for (const record of records.all()) yield `{"kind":"exchange",${record.slice(1)}\n`;
}

function text(value: object): string {
  return escapeUnsafe(JSON.stringify(value));
}

/**
 * The messages in their order. An exchange is opened at its first message, and after its last one only the text of its
 * record is left, in `records`: what a long capture holds open are the exchanges that overlap.
 */
function* messageTexts(
  captures: readonly DecodedCapture[],
  exchanges: ExchangeSource,
  records: TextStore,
  start: string,
): Generator<string> {
  const digits = clockDigits(captures);
  const write = createMessageWriter();
  const writeExchange = createExchangeWriter();
  const places = placesOf(exchanges);
  const left = new Uint32Array(exchanges.length);
  for (const at of places.exchange) left[at]! += 1;
  const open = new Map<number, Exchange>();
  const opened = (at: number): Exchange => {
    const one = exchanges[at]!;
    return 'open' in one ? one.open() : one;
  };
  const close = (at: number, exchange: Exchange): void => {
    records.put(at, writeExchange(exchange));
    open.delete(at);
  };
  for (let place = 0; place < places.at.length; place += 1) {
    const at = places.exchange[place]!;
    let exchange = open.get(at);
    if (exchange === undefined) {
      exchange = opened(at);
      open.set(at, exchange);
    }
    const entry = exchange.messages[places.at[place]!]!;
    yield `${start}${write(exchange, entry, digits(entry.message))}`;
    left[at]! -= 1;
    if (left[at] === 0) close(at, exchange);
  }
  // All of its messages stand under an earlier exchange.
  for (let at = 0; at < exchanges.length; at += 1) {
    if (!records.has(at)) close(at, opened(at));
  }
}
