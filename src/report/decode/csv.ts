import { hex32 } from '../../bytes/hex.ts';
import type { Exchange } from '../../model/exchange.ts';
import { csvPieces } from '../csv.ts';
import { clockDigits } from './document.ts';
import type { DecodedCapture } from './document.ts';
import { messagesInOrder } from './in-order.ts';
import type { ExchangeSource, PlacedMessage } from './in-order.ts';
import { exchangeTypeName, notifyName } from './names.ts';
import { contentText } from './summary.ts';
import { isoTime } from '../../bytes/iso-time.ts';

/** One row a message, in pieces. */
export function* decodeCsv(
  captures: readonly DecodedCapture[],
  exchanges: ExchangeSource,
): Generator<string> {
  const digits = clockDigits(captures);
  yield* csvPieces<PlacedMessage>(
    [
      ['capture', ({ entry }) => captures[entry.message.capture]?.path],
      ['frame', ({ entry }) => entry.message.frame],
      ['time', ({ entry }) => isoTime(entry.message.timeNs, digits(entry.message))],
      ['exchange', ({ exchange }) => exchange.id],
      [
        'version',
        ({ entry }) => `${entry.message.header.majorVersion}.${entry.message.header.minorVersion}`,
      ],
      ['mode', ({ exchange }) => exchange.mode],
      ['step', ({ entry }) => entry.step],
      ['direction', ({ entry }) => entry.direction],
      ['srcAddress', ({ entry }) => entry.message.src.address],
      ['srcPort', ({ entry }) => entry.message.src.port],
      ['dstAddress', ({ entry }) => entry.message.dst.address],
      ['dstPort', ({ entry }) => entry.message.dst.port],
      ['nonEspMarker', ({ entry }) => entry.message.nonEspMarker],
      ['initiatorCookie', ({ entry }) => entry.message.header.initiatorCookie],
      ['responderCookie', ({ entry }) => entry.message.header.responderCookie],
      ['exchangeType', ({ entry }) => exchangeTypeName(entry.message.header.exchangeType)],
      ['messageId', ({ entry }) => hex32(entry.message.header.messageId)],
      ['length', ({ entry }) => entry.message.header.length],
      ['encrypted', ({ entry }) => entry.encrypted],
      ['decrypted', ({ entry }) => entry.decryption?.kind === 'decrypted'],
      ['retransmissionOf', ({ entry }) => entry.retransmissionOf],
      ['copyOf', ({ entry }) => entry.copyOf],
      ['fragmentFrames', ({ entry }) => entry.message.fragmentFrames.join(' ')],
      ['content', ({ exchange, entry }) => contentText(exchange, entry)],
      ['notifications', ({ exchange, entry }) => notifications(exchange, entry)],
      [
        'anomalies',
        ({ entry }) => entry.anomalies.map(({ code, offset }) => `${code}@${offset}`).join(' '),
      ],
    ],
    messagesInOrder(exchanges),
  );
}

function notifications(exchange: Exchange, entry: PlacedMessage['entry']): string {
  return entry.payloads
    .flatMap(({ content }) =>
      content.kind === 'notification' ? [notifyName(exchange.version, content.notifyType)] : [],
    )
    .join(' ');
}
