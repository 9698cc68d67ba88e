import { createTextStore } from '../../bytes/text-store.ts';
import type { TextStore } from '../../bytes/text-store.ts';
import { jsonLine, jsonList } from '../json.ts';
import { captureRecord, clockDigits } from './document.ts';
import type { DecodedCapture } from './document.ts';
import { createExchangeWriter } from './exchange-json.ts';
import { messagesInOrder } from './in-order.ts';
import type { ExchangeSource } from './in-order.ts';
import { createMessageWriter } from './message-json.ts';

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
  yield* jsonList('captures', captures.map(captureRecord).map(jsonLine), ',\n');
  yield* jsonList('messages', messageTexts(captures, exchanges, records), ',\n');
  yield* jsonList('exchanges', records.all(), '\n');
  yield '}\n';
}

/**
 * One JSON value a line, each with its `kind`: every `capture`, then every `message` in its order, with each `exchange`
 * behind the last of its messages.
 */
export function* decodeNdjson(
  captures: readonly DecodedCapture[],
  exchanges: ExchangeSource,
): Generator<string> {
  for (const capture of captures) {
    yield `${jsonLine({ kind: 'capture', schema: 'ike-autopsy/decode@1', ...captureRecord(capture) })}\n`;
  }
  const digits = clockDigits(captures);
  const write = createMessageWriter();
  const writeExchange = createExchangeWriter();
  const ended: string[] = [];
  const messages = messagesInOrder(exchanges, (exchange) => {
    ended.push(`{"kind":"exchange",${writeExchange(exchange)}\n`);
  });
  for (const { exchange, entry } of messages) {
    if (ended.length > 0) yield* ended.splice(0);
    yield `{"kind":"message",${write(exchange, entry, digits(entry.message))}\n`;
  }
  yield* ended;
}

/** The messages; only the text of its record is left of an exchange behind its last one. */
function* messageTexts(
  captures: readonly DecodedCapture[],
  exchanges: ExchangeSource,
  records: TextStore,
): Generator<string> {
  const digits = clockDigits(captures);
  const write = createMessageWriter();
  const writeExchange = createExchangeWriter();
  const messages = messagesInOrder(exchanges, (exchange, at) => {
    records.put(at, `{${writeExchange(exchange)}`);
  });
  for (const { exchange, entry } of messages) {
    yield `{${write(exchange, entry, digits(entry.message))}`;
  }
}
