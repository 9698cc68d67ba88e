import { slice, u32 } from '../bytes/span.ts';
import type { Anomaly, Decoded } from '../model/anomaly.ts';
import type { IsakmpAnomalyCode } from '../model/anomalies/isakmp.ts';
import type { Datagram } from '../model/datagram.ts';
import type { IkeMessage, IsakmpHeader, Payload } from '../model/isakmp.ts';
import type { Span } from '../model/span.ts';
import { CISCO_FRAGMENT, FlagV1, HEADER_LENGTH, readHeader, refusal } from './header.ts';
import { decodePayloads } from './payloads.ts';
import { exchangeTypes } from './registry/exchange-types.ts';

/** RFC 3948 §2.2: four zero octets tell IKE from ESP on port 4500. */
const MARKER = 4;
const NAT_T_PORT = 4500;

/**
 * The IKE message in a datagram. Null when it holds none; `whyNotIsakmp` then says by what rule. What is wrong with a
 * message that is one stands in its anomalies. `capture` is the position among the evidence files.
 */
export function decodeMessage(datagram: Datagram, capture: number): IkeMessage | null {
  const marker = hasMarker(datagram);
  const whole = marker
    ? slice(datagram.payload, MARKER, datagram.payload.bytes.length)
    : datagram.payload;
  if (refusal(whole, datagram.missing) !== null) return null;
  const header = readHeader(whole.bytes);
  const pdu = withinLength(whole, header.length);
  const anomalies: Anomaly[] = [...datagram.anomalies];
  lengthFaults(whole, header, datagram.missing, anomalies);
  const content = contentOf(pdu, header);
  anomalies.push(...(datagram.missing > 0 ? beforeTheCut(content) : content.anomalies));
  return {
    capture,
    frame: datagram.frame,
    fragmentFrames: datagram.fragmentFrames,
    timeNs: datagram.timeNs,
    interfaceId: datagram.interfaceId,
    transport: datagram.transport,
    src: datagram.src,
    dst: datagram.dst,
    nonEspMarker: marker,
    header,
    pdu,
    payloads: content.value,
    anomalies,
  };
}

/** The rule by which `decodeMessage` refused a datagram, and where; null when it is an IKE message. */
export function whyNotIsakmp(datagram: Datagram): Anomaly | null {
  const marker = hasMarker(datagram) ? MARKER : 0;
  const whole = slice(datagram.payload, marker, datagram.payload.bytes.length);
  const code = refusal(whole, datagram.missing);
  return code === null ? null : { code, offset: whole.offset, length: whole.bytes.length };
}

/** The message that Cisco IKE fragments make up: another ISAKMP PDU, header and all. Null when it is none. */
export function decodeReassembled(
  bytes: Uint8Array,
  last: IkeMessage,
  fragmentFrames: readonly number[],
): IkeMessage | null {
  // The octets stand in several frames; offsets count from the start of the reassembled message.
  const whole: Span = { bytes, offset: 0 };
  if (refusal(whole, 0) !== null) return null;
  const header = readHeader(bytes);
  const pdu = withinLength(whole, header.length);
  const anomalies: Anomaly[] = [];
  lengthFaults(whole, header, 0, anomalies);
  const content = contentOf(pdu, header);
  anomalies.push(...content.anomalies);
  return { ...last, fragmentFrames, header, pdu, payloads: content.value, anomalies };
}

/** Encrypted as a whole (IKEv1), or holding an Encrypted payload (IKEv2). */
export function isEncrypted(message: IkeMessage): boolean {
  if (message.header.majorVersion === 1) return isSealed(message.header);
  return message.payloads.some(
    ({ content }) => content.kind === 'encrypted' || content.kind === 'encrypted-fragment',
  );
}

function isSealed(header: IsakmpHeader): boolean {
  return (header.flags & FlagV1.encrypted) !== 0 && header.nextPayload !== CISCO_FRAGMENT;
}

function contentOf(pdu: Span, header: IsakmpHeader): Decoded<readonly Payload[]> {
  if (header.majorVersion === 1 && isSealed(header)) return NOTHING;
  const chain = slice(pdu, HEADER_LENGTH, pdu.bytes.length);
  return decodePayloads(chain, header.nextPayload, header.majorVersion === 1 ? 1 : 2);
}

/** Lengths that run past a cut are no fault of the sender. */
function beforeTheCut(content: Decoded<readonly Payload[]>): readonly Anomaly[] {
  const cut = content.value.at(-1)?.offset ?? 0;
  return content.anomalies.filter(({ offset }) => offset < cut);
}

const NOTHING: Decoded<readonly Payload[]> = { value: [], anomalies: [] };

/** The octets that belong to the message by its header, as far as they are there. */
function withinLength(whole: Span, length: number): Span {
  if (length < HEADER_LENGTH || length >= whole.bytes.length) return whole;
  return slice(whole, 0, length);
}

function lengthFaults(
  whole: Span,
  header: IsakmpHeader,
  missing: number,
  anomalies: Anomaly[],
): void {
  const note = (code: IsakmpAnomalyCode, at: number, length: number): void => {
    anomalies.push({ code, offset: whole.offset + at, length });
  };
  const there = whole.bytes.length;
  if (!exchangeTypes.has(header.exchangeType)) note('exchange-type-unassigned', 18, 1);
  if (header.length < HEADER_LENGTH) note('message-length-below-header', 24, 4);
  else if (header.length > there + missing) note('message-length-overruns', 24, 4);
  else if (header.length < there)
    note('octets-after-message', header.length, there - header.length);
}

/**
 * Ports alone do not tell: NAT moves them, and a cookie may begin with zeros. The length field decides first, the port
 * where it is damaged.
 */
function hasMarker(datagram: Datagram): boolean {
  const { bytes } = datagram.payload;
  if (bytes.length < MARKER + HEADER_LENGTH || u32(bytes, 0) !== 0) return false;
  const total = bytes.length + datagram.missing;
  if (u32(bytes, MARKER + 24) === total - MARKER) return true;
  if (u32(bytes, 24) === total) return false;
  return (
    datagram.transport === 'tcp' ||
    datagram.src.port === NAT_T_PORT ||
    datagram.dst.port === NAT_T_PORT
  );
}
