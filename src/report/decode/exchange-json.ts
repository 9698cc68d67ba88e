import { stopPoint } from '../../exchange/stop.ts';
import type { StopPoint } from '../../exchange/stop.ts';
import type { Endpoint } from '../../model/datagram.ts';
import type { Exchange, KeyStatus, NegotiatedTransform } from '../../model/exchange.ts';
import { escapeUnsafe } from '../json.ts';
import { keysRecord, natDetected, notificationRecord } from './document.ts';
import { transformRecord } from './names.ts';
import { exchangeVerdict } from './verdict.ts';

/**
 * Writes the text of `exchangeRecord` as JSON, without its opening brace and without making the record. What exchanges
 * share (transforms, the state of their keys) is written once and remembered by the object. A test holds it to
 * `exchangeRecord`.
 */
export function createExchangeWriter(): (exchange: Exchange) => string {
  const transforms = new WeakMap<NegotiatedTransform, string>();
  const states = new WeakMap<KeyStatus, string>();

  const transformText = (version: 1 | 2, transform: NegotiatedTransform): string => {
    const known = transforms.get(transform);
    if (known !== undefined) return known;
    const text = json(transformRecord(version, transform));
    transforms.set(transform, text);
    return text;
  };

  const keysText = (keys: KeyStatus): string => {
    const known = states.get(keys);
    if (known !== undefined) return known;
    const text = json(keysRecord(keys));
    states.set(keys, text);
    return text;
  };

  return (exchange) => {
    const { version, messages, offered, transform, nat, notifications } = exchange;
    const stop = stopPoint(exchange);
    let frames = '';
    let retransmissions = '';
    let copies = '';
    for (const { message, retransmissionOf, copyOf } of messages) {
      frames = joined(frames, message.frame);
      if (retransmissionOf !== null) retransmissions = joined(retransmissions, message.frame);
      if (copyOf !== null) copies = joined(copies, message.frame);
    }
    return (
      `"id":"${exchange.id}","version":${version},"mode":"${exchange.mode}",` +
      `"initiator":${endText(exchange.initiator, exchange.initiatorCookie)},` +
      `"responder":${endText(exchange.responder, exchange.responderCookie)},` +
      `"frames":[${frames}],` +
      `"offered":[${offered.map((offer) => transformText(version, offer)).join(',')}],` +
      `"transform":${transform === null ? 'null' : transformText(version, transform)},` +
      `"natDetected":${String(natDetected(nat))},` +
      `"nat":{"initiatorTranslated":${String(nat.initiatorTranslated)},"responderTranslated":${String(nat.responderTranslated)}},` +
      `"retransmissions":[${retransmissions}],"copies":[${copies}],` +
      `"notifications":${notifications.length === 0 ? '[]' : json(notifications.map((one) => notificationRecord(version, one)))},` +
      `"keys":${keysText(exchange.keys)},` +
      `"completed":${String(exchange.completed)},"startedBefore":${String(exchange.startedBefore)},` +
      `"stop":${stopText(stop)},` +
      `"verdict":${json(exchangeVerdict(exchange, stop))}}`
    );
  };
}

function joined(list: string, frame: number): string {
  return list === '' ? String(frame) : `${list},${frame}`;
}

/** Addresses are written by our own decoders: nothing in them needs escaping. */
function endText({ address, port }: Endpoint, cookie: string): string {
  return `{"address":"${address}","port":${port},"cookie":"${cookie}"}`;
}

function stopText({
  lastStep,
  lastFrame,
  expected,
  silent,
  repeating,
  insteadFrames,
  resends,
}: StopPoint): string {
  return (
    `{"lastStep":${quoted(lastStep)},"lastFrame":${String(lastFrame)},"expected":${quoted(expected)},` +
    `"silent":${quoted(silent)},"repeating":${quoted(repeating)},"insteadFrames":[${insteadFrames.join(',')}],` +
    `"resends":${resends.length === 0 ? '[]' : json(resends)}}`
  );
}

function quoted(word: string | null): string {
  return word === null ? 'null' : `"${word}"`;
}

function json(value: unknown): string {
  return escapeUnsafe(JSON.stringify(value));
}
