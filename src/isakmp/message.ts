import { slice, u16, u32 } from '../bytes/span.ts';
import type { Anomaly, Decoded } from '../model/anomaly.ts';
import type { IsakmpAnomalyCode } from '../model/anomalies/isakmp.ts';
import type { Datagram, Endpoint } from '../model/datagram.ts';
import type { IkeMessage, IsakmpHeader, Payload } from '../model/isakmp.ts';
import type { Span } from '../model/span.ts';
import { CISCO_FRAGMENT, FlagV1, HEADER_LENGTH, readHeader, refusal } from './header.ts';
import { decodePayloads } from './payloads.ts';
import { exchangeTypes } from './registry/exchange-types.ts';

/** RFC 3948 §2.2: four zero octets tell IKE from ESP on port 4500. */
const MARKER = 4;
const NAT_T_PORT = 4500;

/** RFC 7383 §2.5. */
const SKF = 53;

/** What a message holds: its clear-text payloads, and everything that is wrong with it. */
export type MessageContent = Pick<IkeMessage, 'payloads' | 'anomalies'>;

/**
 * Header and octets; what the octets mean is worked out when it is asked for and not kept, since a capture may hold a
 * million of these and payloads take ten times the room of the octets. To copy one by spreading, take its `plainMessage`.
 */
class WireMessage implements IkeMessage {
  readonly capture: number;
  readonly frame: number;
  readonly fragmentFrames: readonly number[];
  readonly timeNs: bigint;
  readonly interfaceId: number;
  readonly transport: 'udp' | 'tcp';
  readonly src: Endpoint;
  readonly dst: Endpoint;
  readonly nonEspMarker: boolean;
  readonly header: IsakmpHeader;
  readonly pdu: Span;
  /** What was wrong around the payloads. */
  readonly #outer: readonly Anomaly[];
  readonly #isCut: boolean;

  constructor(
    from: Pick<Datagram, Exclude<Shared, 'capture' | 'nonEspMarker'>>,
    capture: number,
    nonEspMarker: boolean,
    fragmentFrames: readonly number[],
    whole: Span,
    missing: number,
    outer: readonly Anomaly[],
  ) {
    const header = readHeader(whole.bytes);
    this.capture = capture;
    this.frame = from.frame;
    this.fragmentFrames = fragmentFrames;
    this.timeNs = from.timeNs;
    this.interfaceId = from.interfaceId;
    this.transport = from.transport;
    this.src = from.src;
    this.dst = from.dst;
    this.nonEspMarker = nonEspMarker;
    this.header = header;
    this.pdu = withinLength(whole, header.length);
    this.#outer = withLengthFaults(whole, header, missing, outer);
    this.#isCut = missing > 0;
  }

  content(): MessageContent {
    const content = contentOf(this.pdu, this.header);
    const inner = this.#isCut ? beforeTheCut(content) : content.anomalies;
    const outer = this.#outer;
    return {
      payloads: content.value,
      anomalies: inner.length === 0 ? outer : outer.length === 0 ? inner : [...outer, ...inner],
    };
  }

  get payloads(): readonly Payload[] {
    return messageContent(this).payloads;
  }

  get anomalies(): readonly Anomaly[] {
    return messageContent(this).anomalies;
  }
}

type Shared =
  'capture' | 'frame' | 'timeNs' | 'interfaceId' | 'transport' | 'src' | 'dst' | 'nonEspMarker';

let asked: IkeMessage | null = null;
let answer: MessageContent = { payloads: [], anomalies: [] };

/** Payloads and anomalies of a message. The last ones are remembered, for they are mostly asked for one after another. */
export function messageContent(message: IkeMessage): MessageContent {
  if (!(message instanceof WireMessage)) return message;
  if (asked === message) return answer;
  answer = message.content();
  asked = message;
  return answer;
}

/** A message with everything worked out: one that can be copied by spreading. */
export function plainMessage(message: IkeMessage): IkeMessage {
  return { ...message, ...messageContent(message) };
}

/**
 * The IKE message in a datagram. Null when it holds none; `whyNotIsakmp` then says by what rule. What is wrong with a
 * message that is one stands in its anomalies. `capture` is the position among the evidence files.
 */
export function decodeMessage(datagram: Datagram, capture: number): IkeMessage | null {
  const { payload, missing, fragmentFrames, anomalies } = datagram;
  const marker = hasMarker(datagram);
  const whole = marker ? slice(payload, MARKER, payload.bytes.length) : payload;
  if (refusal(whole, missing) !== null) return null;
  return new WireMessage(datagram, capture, marker, fragmentFrames, whole, missing, anomalies);
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
  return new WireMessage(last, last.capture, last.nonEspMarker, fragmentFrames, whole, 0, []);
}

/** Encrypted as a whole (IKEv1), or holding an Encrypted payload (IKEv2). */
export function isEncrypted(
  message: IkeMessage,
  content: Pick<MessageContent, 'payloads'> = message,
): boolean {
  if (message.header.majorVersion === 1) return isSealed(message.header);
  return content.payloads.some(
    ({ content }) => content.kind === 'encrypted' || content.kind === 'encrypted-fragment',
  );
}

/** Whether a look at the payload headers finds one that IKE fragments have; cheap, and never wrong when it says no. */
export function mayBeFragment({ header, pdu }: IkeMessage): boolean {
  const isV1 = header.majorVersion === 1;
  if (isV1 && isSealed(header)) return false;
  const wanted = isV1 ? CISCO_FRAGMENT : SKF;
  const { bytes } = pdu;
  let type = header.nextPayload;
  let at = HEADER_LENGTH;
  while (type !== 0 && bytes.length - at >= 4) {
    if (type === wanted) return true;
    const length = u16(bytes, at + 2);
    if (length < 4) return false;
    type = bytes[at]!;
    at += length;
  }
  return false;
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

function withLengthFaults(
  whole: Span,
  header: IsakmpHeader,
  missing: number,
  anomalies: readonly Anomaly[],
): readonly Anomaly[] {
  const there = whole.bytes.length;
  const isAssigned = exchangeTypes.has(header.exchangeType);
  if (isAssigned && header.length === there && there >= HEADER_LENGTH) return anomalies;
  const all = [...anomalies];
  const note = (code: IsakmpAnomalyCode, at: number, length: number): void => {
    all.push({ code, offset: whole.offset + at, length });
  };
  if (!isAssigned) note('exchange-type-unassigned', 18, 1);
  if (header.length < HEADER_LENGTH) note('message-length-below-header', 24, 4);
  else if (header.length > there + missing) note('message-length-overruns', 24, 4);
  else if (header.length < there)
    note('octets-after-message', header.length, there - header.length);
  return all;
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
