import { hex, hex32 } from '../../bytes/hex.ts';
import { inferContent } from '../../exchange/infer.ts';
import type { Endpoint } from '../../model/datagram.ts';
import type { Decryption, Exchange, ExchangeMessage } from '../../model/exchange.ts';
import type { IkeMessage, Payload, PayloadContent } from '../../model/isakmp.ts';
import { escapeUnsafe } from '../json.ts';
import {
  anomalyRecord,
  decryptedRecord,
  exchangeTypeRecord,
  flagsRecord,
  natClaimed,
  natFits,
  opaqueRecord,
  versionText,
} from './document.ts';
import { payloadFields, payloadHead } from './payloads.ts';
import { createTimeText } from '../../bytes/iso-time.ts';

/** The text of `messageRecord` as JSON, without the opening brace. */
export type MessageWriter = (exchange: Exchange, entry: ExchangeMessage, digits: number) => string;

/**
 * Writes messages without making their records: a long capture spends most of its time here. What comes again and again
 * (flags, addresses, proposals, vendor ids) is written once and remembered, in pieces as long as can be: each one that is
 * joined costs memory and time. A test holds it to `messageRecord`.
 */
export function createMessageWriter(): MessageWriter {
  const timeText = createTimeText();
  const kinds = new Map<number, string>();
  const decryptions = new WeakMap<Decryption, string>();
  const bodies = createBodies();

  const kindText = (version: 1 | 2, { message }: ExchangeMessage): string => {
    const { majorVersion, minorVersion, exchangeType, flags } = message.header;
    const key = (majorVersion << 21) | (minorVersion << 17) | (exchangeType << 9) | (flags << 1);
    const known = kinds.get(key | (version - 1));
    if (known !== undefined) return known;
    const text = `"version":"${versionText(message.header)}","exchangeType":${json(
      exchangeTypeRecord(exchangeType),
    )},"flags":${json(flagsRecord(version, flags))},"messageId":"`;
    kinds.set(key | (version - 1), text);
    return text;
  };

  const decryptionText = (decryption: Decryption | null): string => {
    if (decryption === null) return NO_DECRYPTION;
    const known = decryptions.get(decryption);
    if (known !== undefined) return known;
    const text = `"decrypted":${json(decryptedRecord(decryption))},"opaque":${json(opaqueRecord(decryption))}`;
    decryptions.set(decryption, text);
    return text;
  };

  const payloadsText = (exchange: Exchange, entry: ExchangeMessage): string => {
    let text = '';
    let natPayloads = 0;
    for (const payload of entry.payloads) {
      const { content } = payload;
      text += `${text === '' ? '{' : ',{'}${bodies.head(exchange.version, payload)}`;
      text += bodies.fields(exchange.version, payload);
      const of = natClaimed(exchange.version, content, natPayloads);
      if (content.kind === 'nat-discovery') natPayloads += 1;
      if (of !== null && 'data' in content) {
        text += `,"of":"${of}","fits":${String(natFits(exchange, entry, of, content.data.bytes))}`;
      }
      text += '}';
    }
    return text;
  };

  /** Where the message goes and what is known of it besides its payloads. */
  const stateText = (exchange: Exchange, entry: ExchangeMessage): string => {
    const { direction, retransmissionOf, copyOf, partOf, encrypted, decryption } = entry;
    const inference = inferContent(exchange, entry);
    const isPlain =
      retransmissionOf === null &&
      copyOf === null &&
      partOf === null &&
      decryption === null &&
      inference === null;
    if (isPlain) return (encrypted ? ENCRYPTED : CLEAR)[direction ?? 'unknown'];
    return (
      `,"direction":${direction === null ? 'null' : `"${direction}"`},` +
      `"retransmissionOf":${String(retransmissionOf)},"copyOf":${String(copyOf)},` +
      `"partOf":${String(partOf)},"encrypted":${String(encrypted)},` +
      `${decryptionText(decryption)},"inference":${inference === null ? 'null' : json(inference)}`
    );
  };

  const endsText = createPairText<Endpoint>(
    (src, dst) => `,"src":${endpointText(src)},"dst":${endpointText(dst)},`,
  );
  const cookiesText = createPairText<string>(
    (initiator, responder) => `"initiatorCookie":"${initiator}","responderCookie":"${responder}",`,
  );

  return (exchange, entry, digits) => {
    const { message } = entry;
    const time = timeText(message.timeNs, digits);
    const { header } = message;
    return (
      `"capture":${message.capture},"frame":${message.frame},` +
      `"time":${time === null ? 'null' : `"${time}"`}${endsText(message.src, message.dst)}` +
      `${carriedText(message)}${cookiesText(header.initiatorCookie, header.responderCookie)}` +
      `${kindText(exchange.version, entry)}${messageIdText(header.messageId)},"length":${header.length},` +
      `"step":"${entry.step}","exchange":"${exchange.id}"${stateText(exchange, entry)}` +
      `,"payloads":[${payloadsText(exchange, entry)}],` +
      `"anomalies":${entry.anomalies.length === 0 ? '[]' : json(entry.anomalies.map(anomalyRecord))}}`
    );
  };
}

/** Remembers the texts of the last few pairs: messages of one exchange come together, from either side. */
function createPairText<T>(
  write: (first: T, second: T) => string,
): (first: T, second: T) => string {
  const recent: { readonly first: T; readonly second: T; readonly text: string }[] = [];
  let oldest = 0;
  return (first, second) => {
    for (const one of recent) {
      if (one.first === first && one.second === second) return one.text;
    }
    const text = write(first, second);
    recent[oldest] = { first, second, text };
    oldest = (oldest + 1) % PAIRS;
    return text;
  };
}

const PAIRS = 4;

function carriedText({ transport, nonEspMarker, fragmentFrames }: IkeMessage): string {
  if (transport === 'udp' && fragmentFrames.length === 0) {
    return nonEspMarker ? MARKED_UDP : PLAIN_UDP;
  }
  return `"transport":"${transport}","nonEspMarker":${String(nonEspMarker)},"fragmentFrames":[${fragmentFrames.join(',')}],`;
}

const PLAIN_UDP = '"transport":"udp","nonEspMarker":false,"fragmentFrames":[],';
const MARKED_UDP = '"transport":"udp","nonEspMarker":true,"fragmentFrames":[],';

function messageIdText(id: number): string {
  return id === 0 ? '00000000"' : `${hex32(id)}"`;
}

const NO_DECRYPTION = '"decrypted":null,"opaque":null';

/** What is said of messages that are neither repeated nor opened, by direction. */
const CLEAR = plainStates(false);
const ENCRYPTED = plainStates(true);

function plainStates(encrypted: boolean): Readonly<Record<'i2r' | 'r2i' | 'unknown', string>> {
  const of = (direction: string): string =>
    `,"direction":${direction},"retransmissionOf":null,"copyOf":null,"partOf":null,"encrypted":${String(encrypted)},${NO_DECRYPTION},"inference":null`;
  return { i2r: of('"i2r"'), r2i: of('"r2i"'), unknown: of('null') };
}

function json(value: unknown): string {
  return escapeUnsafe(JSON.stringify(value));
}

/** Addresses are written by our own decoders: nothing in them needs escaping. */
function endpointText({ address, port }: Endpoint): string {
  return `{"address":"${address}","port":${port}}`;
}

type Bodies = {
  /** Type and place. */
  head(version: 1 | 2, payload: Payload): string;
  /** The fields of the kind, each with the comma before it. */
  fields(version: 1 | 2, payload: Payload): string;
};

function createBodies(): Bodies {
  const heads = new Map<number, string>();
  const known = new WeakMap<PayloadContent, string>();

  const headText = (version: 1 | 2, payload: Payload): string => {
    const key = payload.type * 2 + version - 1;
    const known = heads.get(key);
    if (known !== undefined) return known;
    const text = json(payloadHead(version, payload)).slice(1, -1);
    heads.set(key, text);
    return text;
  };

  /** Bodies that come again and again share their content (see isakmp/shared-bodies.ts). */
  const remembered = (version: 1 | 2, content: PayloadContent): string => {
    const before = known.get(content);
    if (before !== undefined) return before;
    const text = fieldsText(version, content);
    known.set(content, text);
    return text;
  };

  return {
    head: (version, payload) => {
      const critical = version === 2 && (payload.reserved & CRITICAL) !== 0;
      return `${headText(version, payload)},"offset":${payload.offset},"length":${payload.length}${critical ? ',"critical":true' : ''}`;
    },
    fields: (version, payload) => {
      const { content } = payload;
      switch (content.kind) {
        case 'hash':
        case 'signature':
        case 'nonce':
        case 'nat-discovery':
        case 'unknown':
          return `,"data":"${hex(content.data.bytes)}"`;
        case 'key-exchange':
          if (content.group === null) return `,"data":"${hex(content.data.bytes)}"`;
          break;
        case 'sa-v1':
        case 'sa-v2':
        case 'vendor-id':
        case 'notification':
        case 'identification':
        case 'certificate-request':
          return remembered(version, content);
        case 'certificate':
        case 'delete':
        case 'configuration':
        case 'nat-original-address':
        case 'authentication':
        case 'traffic-selectors':
        case 'eap':
        case 'encrypted':
        case 'encrypted-fragment':
        case 'cisco-fragment':
          break;
      }
      return fieldsText(version, content);
    },
  };
}

const CRITICAL = 0x80;

function fieldsText(version: 1 | 2, content: PayloadContent): string {
  const text = json(payloadFields(version, content)).slice(1, -1);
  return text === '' ? '' : `,${text}`;
}
