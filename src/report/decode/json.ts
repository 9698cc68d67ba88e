import type { Exchange } from '../../model/exchange.ts';
import { escapeUnsafe } from '../json.ts';
import { captureRecord, exchangeRecord, messageRecords } from './document.ts';
import type { DecodedCapture } from './document.ts';

/**
 * `ike-autopsy/decode@1` in pieces, one record a line: a long capture is longer than the longest string. The pieces
 * together are the same JSON value as `decodeDocument`.
 */
export function* decodeJson(
  captures: readonly DecodedCapture[],
  exchanges: readonly Exchange[],
): Generator<string> {
  yield '{\n  "schema": "ike-autopsy/decode@1",\n';
  yield* list('captures', captures.map(captureRecord), ',\n');
  yield* list('messages', messageRecords(captures, exchanges), ',\n');
  yield* list('exchanges', records(exchanges), '\n');
  yield '}\n';
}

function* list(key: string, items: Iterable<object>, end: string): Generator<string> {
  yield `  "${key}": [`;
  let separator = '\n';
  for (const item of items) {
    yield `${separator}    ${escapeUnsafe(JSON.stringify(item))}`;
    separator = ',\n';
  }
  yield `${separator === '\n' ? '' : '\n  '}]${end}`;
}

function* records(exchanges: readonly Exchange[]): Generator<object> {
  for (const exchange of exchanges) yield exchangeRecord(exchange);
}

/** One JSON value a line, each with its `kind`: `capture`, then every `message`, then every `exchange`. */
export function* decodeNdjson(
  captures: readonly DecodedCapture[],
  exchanges: readonly Exchange[],
): Generator<string> {
  const line = (kind: string, record: object): string =>
    `${escapeUnsafe(JSON.stringify({ kind, ...record }))}\n`;
  for (const capture of captures) {
    yield line('capture', { schema: 'ike-autopsy/decode@1', ...captureRecord(capture) });
  }
  for (const record of messageRecords(captures, exchanges)) yield line('message', record);
  for (const exchange of exchanges) yield line('exchange', exchangeRecord(exchange));
}
