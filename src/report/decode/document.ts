import { hex32 } from '../../bytes/hex.ts';
import { equalOctets } from '../../bytes/span.ts';
import { natHash, natHashName } from '../../exchange/nat.ts';
import { inferContent } from '../../exchange/infer.ts';
import { stopPoint } from '../../exchange/stop.ts';
import type { StopPoint } from '../../exchange/stop.ts';
import { FlagV1, FlagV2 } from '../../isakmp/header.ts';
import { exchangeTypes } from '../../isakmp/registry/exchange-types.ts';
import { notifyTypes } from '../../isakmp/registry/notify-types.ts';
import type { Anomaly } from '../../model/anomaly.ts';
import type { CaptureDecoding, CaptureFormat, CaptureInterface } from '../../model/capture.ts';
import type { Endpoint } from '../../model/datagram.ts';
import type {
  Decryption,
  Exchange,
  ExchangeMessage,
  ExchangeNotification,
  KeyStatus,
  NatVerdict,
} from '../../model/exchange.ts';
import type { IkeMessage, IsakmpHeader, PayloadContent } from '../../model/isakmp.ts';
import { anomalyText } from './anomaly-text.ts';
import { messagesInOrder } from './in-order.ts';
import { exchangeVerdict } from './verdict.ts';
import { named, transformRecord } from './names.ts';
import type { Named, TransformRecord } from './names.ts';
import { payloadRecord } from './payloads.ts';
import type { PayloadRecord } from './payloads.ts';
import { isoTime, timeDigits } from '../../bytes/iso-time.ts';

/** A capture file beside what was decoded from it. */
export type DecodedCapture = {
  readonly path: string;
  /** Null when the file was too large to digest unasked. */
  readonly sha256: string | null;
  readonly decoding: CaptureDecoding;
};

export type AnomalyRecord = {
  readonly code: string;
  /** Octets from the start of the frame. */
  readonly offset: number;
  readonly text: string;
};

export type CaptureRecord = {
  readonly path: string;
  readonly sha256: string | null;
  readonly format: CaptureFormat;
  readonly linkTypes: readonly number[];
  readonly packets: number;
  readonly ikeMessages: number;
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  readonly keepaliveFrames: readonly number[];
  readonly comments: readonly string[];
  readonly anomalies: readonly (AnomalyRecord & { readonly frame: number | null })[];
  /** Anomalies beyond those listed, by code. */
  readonly omitted: readonly { readonly code: string; readonly count: number }[];
};

export type FlagsRecord =
  | {
      readonly encrypted: boolean;
      readonly commit: boolean;
      readonly authentication: boolean;
    }
  | { readonly initiator: boolean; readonly response: boolean; readonly version: boolean };

export type MessageRecord = {
  /** Position of the capture file. */
  readonly capture: number;
  readonly frame: number;
  /** ISO 8601; null where the capture gives it a time that no calendar has. */
  readonly time: string | null;
  readonly src: Endpoint;
  readonly dst: Endpoint;
  readonly transport: 'udp' | 'tcp';
  readonly nonEspMarker: boolean;
  readonly fragmentFrames: readonly number[];
  readonly initiatorCookie: string;
  readonly responderCookie: string;
  readonly version: string;
  readonly exchangeType: Named;
  readonly flags: FlagsRecord;
  /** Eight hex digits. */
  readonly messageId: string;
  readonly length: number;
  readonly step: string;
  readonly exchange: string;
  readonly direction: 'i2r' | 'r2i' | null;
  readonly retransmissionOf: number | null;
  readonly copyOf: number | null;
  readonly partOf: number | null;
  readonly encrypted: boolean;
  readonly decrypted: {
    readonly by: string;
    readonly verified: boolean;
    readonly check: string | null;
    readonly keyOf: 'initiator' | 'responder' | null;
    readonly firstBlockLost: boolean;
  } | null;
  /** Why an encrypted message stayed closed; null when it was opened or was clear. */
  readonly opaque: { readonly reason: string; readonly why: string } | null;
  /** What size and place suggest about a closed message. */
  readonly inference: string | null;
  readonly payloads: readonly PayloadRecord[];
  readonly anomalies: readonly AnomalyRecord[];
};

export type ExchangeRecord = {
  readonly id: string;
  readonly version: 1 | 2;
  readonly mode: string;
  readonly initiator: Endpoint & { readonly cookie: string };
  readonly responder: Endpoint & { readonly cookie: string };
  readonly frames: readonly number[];
  readonly offered: readonly TransformRecord[];
  readonly transform: TransformRecord | null;
  /** Null: the hashes that tell were not all in the capture. */
  readonly natDetected: boolean | null;
  readonly nat: {
    readonly initiatorTranslated: boolean | null;
    readonly responderTranslated: boolean | null;
  };
  readonly retransmissions: readonly number[];
  readonly copies: readonly number[];
  readonly notifications: readonly {
    readonly frame: number;
    readonly direction: 'i2r' | 'r2i' | null;
    readonly type: Named;
    readonly protected: boolean;
  }[];
  readonly keys: {
    readonly status: KeyStatus['status'];
    readonly psk?: { readonly fits: boolean; readonly label: string };
    readonly initiatorPsk: string | null;
    readonly responderPsk: string | null;
    readonly why: string;
  };
  readonly completed: boolean;
  readonly startedBefore: boolean;
  readonly stop: StopPoint;
  /** One sentence. */
  readonly verdict: string;
};

export type DecodeDocument = {
  readonly schema: 'ike-autopsy/decode@1';
  readonly captures: readonly CaptureRecord[];
  readonly messages: readonly MessageRecord[];
  readonly exchanges: readonly ExchangeRecord[];
};

/** The document `ike-autopsy/decode@1`: messages in the order of the captures, exchanges in the order of their first. */
export function decodeDocument(
  captures: readonly DecodedCapture[],
  exchanges: readonly Exchange[],
): DecodeDocument {
  return {
    schema: 'ike-autopsy/decode@1',
    captures: captures.map(captureRecord),
    messages: messageRecords(captures, exchanges),
    exchanges: exchanges.map(exchangeRecord),
  };
}

function messageRecords(
  captures: readonly DecodedCapture[],
  exchanges: readonly Exchange[],
): readonly MessageRecord[] {
  const digits = clockDigits(captures);
  return Array.from(messagesInOrder(exchanges), ({ exchange, entry }) =>
    messageRecord(exchange, entry, digits(entry.message)),
  );
}

/** Decimals of the second that the clock of a message's interface counts. */
export function clockDigits(captures: readonly DecodedCapture[]): (message: IkeMessage) => number {
  const digits = captures.map(({ decoding }) => digitsByInterface(decoding.summary.interfaces));
  return ({ capture, interfaceId }) => digits[capture]?.get(interfaceId) ?? 6;
}

function digitsByInterface(interfaces: readonly CaptureInterface[]): ReadonlyMap<number, number> {
  return new Map(interfaces.map((one) => [one.id, timeDigits(one.timeResolution)]));
}

/** `digits`: decimals of the second that the capture's clock counts. */
export function messageRecord(
  exchange: Exchange,
  entry: ExchangeMessage,
  digits: number,
): MessageRecord {
  const { message, decryption } = entry;
  const { header } = message;
  return {
    capture: message.capture,
    frame: message.frame,
    time: isoTime(message.timeNs, digits),
    src: message.src,
    dst: message.dst,
    transport: message.transport,
    nonEspMarker: message.nonEspMarker,
    fragmentFrames: message.fragmentFrames,
    initiatorCookie: header.initiatorCookie,
    responderCookie: header.responderCookie,
    version: versionText(header),
    exchangeType: exchangeTypeRecord(header.exchangeType),
    flags: flagsRecord(exchange.version, header.flags),
    messageId: hex32(header.messageId),
    length: header.length,
    step: entry.step,
    exchange: exchange.id,
    direction: entry.direction,
    retransmissionOf: entry.retransmissionOf,
    copyOf: entry.copyOf,
    partOf: entry.partOf,
    encrypted: entry.encrypted,
    decrypted: decryptedRecord(decryption),
    opaque: opaqueRecord(decryption),
    inference: inferContent(exchange, entry),
    payloads: payloadRecords(exchange, entry),
    anomalies: entry.anomalies.map(anomalyRecord),
  };
}

export function versionText({ majorVersion, minorVersion }: IsakmpHeader): string {
  return `${majorVersion}.${minorVersion}`;
}

export function exchangeTypeRecord(exchangeType: number): Named {
  return named(exchangeTypes, exchangeType);
}

export function decryptedRecord(decryption: Decryption | null): MessageRecord['decrypted'] {
  if (decryption?.kind !== 'decrypted') return null;
  const { by, verified, check, keyOf, firstBlockLost } = decryption;
  return { by, verified, check, keyOf, firstBlockLost };
}

export function opaqueRecord(decryption: Decryption | null): MessageRecord['opaque'] {
  if (decryption?.kind !== 'opaque') return null;
  return { reason: decryption.reason, why: decryption.why };
}

export function flagsRecord(version: 1 | 2, flags: number): FlagsRecord {
  return version === 1
    ? {
        encrypted: (flags & FlagV1.encrypted) !== 0,
        commit: (flags & FlagV1.commit) !== 0,
        authentication: (flags & FlagV1.authenticationOnly) !== 0,
      }
    : {
        initiator: (flags & FlagV2.initiator) !== 0,
        response: (flags & FlagV2.response) !== 0,
        version: (flags & FlagV2.version) !== 0,
      };
}

const NAT_SOURCE = 16388;
const NAT_DESTINATION = 16389;

/** NAT-D payloads (IKEv1) and notifications (IKEv2) say besides whether they fit the packet that carries them. */
function payloadRecords(exchange: Exchange, entry: ExchangeMessage): readonly PayloadRecord[] {
  let natPayloads = 0;
  return entry.payloads.map((payload) => {
    const record = payloadRecord(exchange.version, payload);
    const { content } = payload;
    const of = natClaimed(exchange.version, content, natPayloads);
    if (content.kind === 'nat-discovery') natPayloads += 1;
    if (of === null || !('data' in content)) return record;
    return { ...record, of, fits: natFits(exchange, entry, of, content.data.bytes) };
  });
}

/** Which end of the packet a payload speaks of; null when it speaks of none. `before`: NAT-D payloads before it. */
export function natClaimed(
  version: 1 | 2,
  content: PayloadContent,
  before: number,
): 'source' | 'destination' | null {
  // RFC 3947 §3.2: the receiver's address comes first.
  if (content.kind === 'nat-discovery') return before === 0 ? 'destination' : 'source';
  if (content.kind !== 'notification' || version === 1) return null;
  if (content.notifyType === NAT_SOURCE) return 'source';
  return content.notifyType === NAT_DESTINATION ? 'destination' : null;
}

export function natFits(
  exchange: Exchange,
  { message }: ExchangeMessage,
  of: 'source' | 'destination',
  data: Uint8Array,
): boolean | null {
  const name = natHashName(message, exchange.transform?.hash ?? null, data.length);
  const end = of === 'source' ? message.src : message.dst;
  const expected = name === undefined ? null : natHash(message, end, name);
  return expected === null ? null : equalOctets(expected, data);
}

export function anomalyRecord(anomaly: Anomaly): AnomalyRecord {
  return { code: anomaly.code, offset: anomaly.offset, text: anomalyText(anomaly.code) };
}

export function captureRecord({ path, sha256, decoding }: DecodedCapture): CaptureRecord {
  const { summary } = decoding;
  const digits = Math.max(6, ...digitsByInterface(summary.interfaces).values());
  const time = (ns: bigint | null): string | null => (ns === null ? null : isoTime(ns, digits));
  return {
    path,
    sha256,
    format: summary.format,
    linkTypes: summary.linkTypes,
    packets: summary.packets,
    ikeMessages: decoding.messages.length,
    firstTime: time(summary.firstTimeNs),
    lastTime: time(summary.lastTimeNs),
    keepaliveFrames: decoding.keepaliveFrames,
    comments: summary.comments,
    anomalies: decoding.anomalies.map((anomaly) => ({
      frame: anomaly.frame,
      ...anomalyRecord(anomaly),
    })),
    omitted: decoding.omitted,
  };
}

export function exchangeRecord(exchange: Exchange): ExchangeRecord {
  const { version, nat, messages, keys } = exchange;
  const frames = (wanted: (entry: ExchangeMessage) => boolean): readonly number[] =>
    messages.filter(wanted).map(({ message }) => message.frame);
  const stop = stopPoint(exchange);
  return {
    id: exchange.id,
    version,
    mode: exchange.mode,
    initiator: { ...exchange.initiator, cookie: exchange.initiatorCookie },
    responder: { ...exchange.responder, cookie: exchange.responderCookie },
    frames: frames(() => true),
    offered: exchange.offered.map((offer) => transformRecord(version, offer)),
    transform: exchange.transform === null ? null : transformRecord(version, exchange.transform),
    natDetected: natDetected(nat),
    nat,
    retransmissions: frames(({ retransmissionOf }) => retransmissionOf !== null),
    copies: frames(({ copyOf }) => copyOf !== null),
    notifications: exchange.notifications.map((one) => notificationRecord(version, one)),
    keys: keysRecord(keys),
    completed: exchange.completed,
    startedBefore: exchange.startedBefore,
    stop,
    verdict: exchangeVerdict(exchange, stop),
  };
}

export function natDetected(nat: NatVerdict): boolean | null {
  const verdicts = [nat.initiatorTranslated, nat.responderTranslated];
  return verdicts.includes(true) ? true : verdicts.includes(null) ? null : false;
}

export function notificationRecord(
  version: 1 | 2,
  notification: ExchangeNotification,
): ExchangeRecord['notifications'][number] {
  return {
    frame: notification.frame,
    direction: notification.direction,
    type: named(notifyTypes(version), notification.notifyType),
    protected: notification.isProtected,
  };
}

export function keysRecord(keys: KeyStatus): ExchangeRecord['keys'] {
  return {
    status: keys.status,
    ...pskRecord(keys),
    initiatorPsk: keys.initiatorPsk,
    responderPsk: keys.responderPsk,
    why: keys.why,
  };
}

/** A key fits when it is proven for one side at least and for neither side another one is. */
function pskRecord(keys: KeyStatus): { psk?: { fits: boolean; label: string } } {
  const proven = keys.initiatorPsk ?? keys.responderPsk;
  if (proven !== null) {
    const other = keys.responderPsk ?? proven;
    return { psk: { fits: other === proven, label: proven } };
  }
  const refuted = keys.candidates.find(({ verdict }) => verdict === 'refuted');
  return refuted === undefined ? {} : { psk: { fits: false, label: refuted.candidate } };
}
