import { isErrorNotification } from '../../isakmp/registry/notify-types.ts';
import type { Endpoint } from '../../model/datagram.ts';
import type { Exchange, ExchangeMessage, ExchangeMode } from '../../model/exchange.ts';
import type { IkeMessage } from '../../model/isakmp.ts';
import { noneLeft } from '../labels.ts';
import type { Palette } from '../palette.ts';
import { safeText, shorten } from '../safe-text.ts';
import { wrap } from '../text/wrap.ts';
import { anomalyText } from './anomaly-text.ts';
import type { DecodedCapture } from './document.ts';
import { captureRecord, clockDigits, messageRecord } from './document.ts';
import { openExchange } from './in-order.ts';
import type { ExchangeSource } from './in-order.ts';
import { transformText } from './names.ts';
import { contentText } from './summary.ts';
import { isCalendarTime, isoTime } from '../../bytes/iso-time.ts';
import { treeLines } from './tree.ts';
import { exchangeVerdict } from './verdict.ts';

export type TextOptions = {
  readonly palette: Palette;
  /** Columns of the terminal; null does not shorten. */
  readonly width: number | null;
  /** Whether only some of the exchanges are told. */
  readonly isPart: boolean;
  /** Every payload with its fields under each message. */
  readonly verbose: boolean;
};

/** Captures, then each exchange: a head line, one line a message, the verdict. Without line feeds. */
export function* decodeLines(
  captures: readonly DecodedCapture[],
  exchanges: ExchangeSource,
  options: TextOptions,
): Generator<string> {
  for (const capture of captures) yield* captureLines(capture, options);
  const digits = clockDigits(captures);
  if (exchanges.length === 0)
    yield options.isPart ? noneLeft('exchange') : 'No IKE message was found.';
  for (let at = 0; at < exchanges.length; at += 1) {
    yield '';
    yield* exchangeLines(openExchange(exchanges, at), options, digits);
  }
}

function* captureLines(capture: DecodedCapture, { palette }: TextOptions): Generator<string> {
  const record = captureRecord(capture);
  yield `${palette.strong(safeText(record.path))}  ${record.format}, ${count(record.packets, 'packet')}, ${count(record.ikeMessages, 'IKE message')}`;
  for (const { frame, code, offset, text } of record.anomalies) {
    const place = frame === null ? `octet ${offset} of the file` : `frame ${frame} octet ${offset}`;
    yield palette.warning(`  ${place}: ${text} (${code})`);
  }
  for (const { code, count: more } of record.omitted) {
    yield palette.warning(`  ${more} more: ${code}`);
  }
  for (const comment of record.comments) yield palette.faint(`  comment: ${safeText(comment)}`);
}

const modeNames: Readonly<Record<ExchangeMode, string>> = {
  main: 'IKEv1 main mode',
  aggressive: 'IKEv1 aggressive mode',
  base: 'IKEv1 base exchange',
  quick: 'IKEv1 quick mode',
  informational: 'IKEv1 informational',
  ikev2: 'IKEv2',
  unknown: 'IKEv1',
};

function* exchangeLines(
  exchange: Exchange,
  options: TextOptions,
  digits: (message: IkeMessage) => number,
): Generator<string> {
  const { palette } = options;
  const { messages } = exchange;
  // Seconds are told since the first message that carries a time.
  const first = messages.find(({ message }) => isCalendarTime(message.timeNs)) ?? messages[0];
  if (first === undefined) return;
  yield [
    palette.strong(exchange.id),
    palette.strong(modeNames[exchange.mode]),
    `${palette.initiator(endpoint(exchange.initiator))} → ${palette.responder(endpoint(exchange.responder))}`,
    palette.faint(`${exchange.initiatorCookie} ${exchange.responderCookie}`),
  ].join('  ');
  const chosen =
    exchange.transform === null ? '' : `  ${transformText(exchange.version, exchange.transform)}`;
  const time = isoTime(first.message.timeNs, digits(first.message)) ?? 'no time';
  yield palette.faint(`    ${time}${chosen}`);
  const rows = messages.map((entry) => rowOf(exchange, entry, first));
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map(({ cells }) => cells[at]!.length)));
  for (const [at, row] of rows.entries()) {
    yield rowLine(row, widths, messages[at]!, options);
    for (const anomaly of messages[at]!.anomalies) {
      yield palette.warning(
        `        octet ${anomaly.offset}: ${anomalyText(anomaly.code)} (${anomaly.code})`,
      );
    }
    if (options.verbose)
      yield* treeLines(
        messageRecord(exchange, messages[at]!, digits(messages[at]!.message)),
        palette,
      );
  }
  const verdict = safeText(exchangeVerdict(exchange));
  const paint = verdictPaint(exchange, palette);
  const verdictLines =
    options.width === null ? [verdict] : wrap(verdict, Math.max(20, options.width - 4));
  for (const line of verdictLines) yield `    ${paint(line)}`;
}

type Row = { readonly cells: readonly string[]; readonly content: string };

/** frame, seconds, ports, direction, step, octets: right-aligned where they are numbers. */
const COLUMNS: readonly ('left' | 'right')[] = ['right', 'right', 'left', 'left', 'left', 'right'];

function rowOf(exchange: Exchange, entry: ExchangeMessage, first: ExchangeMessage): Row {
  const { message } = entry;
  const arrow = entry.direction === 'i2r' ? '→' : entry.direction === 'r2i' ? '←' : '?';
  return {
    cells: [
      String(message.frame),
      secondsText(first.message.timeNs, message.timeNs),
      portsText(exchange, entry),
      arrow,
      entry.step,
      String(message.header.length),
    ],
    content: repeatText(entry) ?? contentText(exchange, entry),
  };
}

function secondsText(from: bigint, to: bigint): string {
  return isCalendarTime(from) && isCalendarTime(to) ? (Number(to - from) / 1e9).toFixed(3) : '-';
}

/** Initiator's port first; empty while both are 500. */
function portsText(exchange: Exchange, { message, direction }: ExchangeMessage): string {
  const [a, b] = direction === 'r2i' ? [message.dst, message.src] : [message.src, message.dst];
  if (a.port === 500 && b.port === 500) {
    return exchange.messages.some((one) => one.message.src.port !== 500) ? '500' : '';
  }
  return a.port === b.port ? String(a.port) : `${a.port}:${b.port}`;
}

function repeatText(entry: ExchangeMessage): string | null {
  if (entry.retransmissionOf !== null) return `sent again (frame ${entry.retransmissionOf})`;
  if (entry.copyOf === null) return null;
  const { src, dst } = entry.message;
  return `seen again (frame ${entry.copyOf}), here ${endpoint(src)} → ${endpoint(dst)}`;
}

function rowLine(
  row: Row,
  widths: readonly number[],
  entry: ExchangeMessage,
  { palette, width }: TextOptions,
): string {
  const cells = row.cells.map((cell, at) =>
    COLUMNS[at] === 'right' ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!),
  );
  const left = `    ${cells.filter((_, at) => widths[at]! > 0).join('  ')}  `;
  const room = width === null ? null : Math.max(20, width - left.length);
  const content = room === null ? row.content : shorten(row.content, room);
  const paint =
    entry.direction === 'i2r'
      ? palette.initiator
      : entry.direction === 'r2i'
        ? palette.responder
        : palette.strong;
  const repeated = entry.retransmissionOf !== null || entry.copyOf !== null;
  return repeated ? palette.faint(left + content) : `${paint(left)}${content}`;
}

function verdictPaint(exchange: Exchange, palette: Palette): (text: string) => string {
  const errors = exchange.notifications.some(({ notifyType }) => isErrorNotification(notifyType));
  if (exchange.completed) return errors ? palette.warning : palette.good;
  return exchange.startedBefore ? palette.warning : palette.failure;
}

function endpoint({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
