import { slice, u16, u32 } from '../bytes/span.ts';
import type { Anomaly, Decoded } from '../model/anomaly.ts';
import type { IsakmpAnomalyCode } from '../model/anomalies/isakmp.ts';
import type { Datagram, Endpoint } from '../model/datagram.ts';
import type { IkeMessage, IsakmpHeader, Payload } from '../model/isakmp.ts';
import type { Span } from '../model/span.ts';
import type { Captured } from './cut-header.ts';
import { withWholeHeader } from './cut-header.ts';
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

/** What a message says of itself beside its octets, its ends and its time: nearly always the same as of the one before. */
type Around = {
  readonly capture: number;
  readonly interfaceId: number;
  readonly transport: 'udp' | 'tcp';
  readonly nonEspMarker: boolean;
  readonly fragmentFrames: readonly number[];
  /** What was wrong around the payloads. */
  readonly outer: readonly Anomaly[];
  readonly isCut: boolean;
};

/**
 * A capture may hold a million messages, so one keeps no more than where its octets are. Header, payloads and anomalies are
 * worked out when they are asked for: payloads take ten times the room of the octets. To copy one by spreading, take its
 * `plainMessage`.
 */
class WireMessage implements IkeMessage {
  readonly frame: number;
  readonly timeNs: bigint;
  readonly src: Endpoint;
  readonly dst: Endpoint;
  readonly #around: Around;
  /** Shared with the messages beside it; a view of its own would be as large as all the rest. */
  readonly #memory: ArrayBufferLike;
  readonly #start: number;
  readonly #octets: number;
  readonly #offset: number;

  constructor(
    { frame, timeNs, src, dst }: Pick<Datagram, 'frame' | 'timeNs' | 'src' | 'dst'>,
    around: Around,
    pdu: Span,
  ) {
    this.frame = frame;
    this.timeNs = timeNs;
    this.src = src;
    this.dst = dst;
    this.#around = around;
    this.#memory = pdu.bytes.buffer;
    this.#start = pdu.bytes.byteOffset;
    this.#octets = pdu.bytes.length;
    this.#offset = pdu.offset;
  }

  get capture(): number {
    return this.#around.capture;
  }

  get interfaceId(): number {
    return this.#around.interfaceId;
  }

  get transport(): 'udp' | 'tcp' {
    return this.#around.transport;
  }

  get nonEspMarker(): boolean {
    return this.#around.nonEspMarker;
  }

  get fragmentFrames(): readonly number[] {
    return this.#around.fragmentFrames;
  }

  get pdu(): Span {
    return viewOf(this).pdu;
  }

  get header(): IsakmpHeader {
    return viewOf(this).header;
  }

  get payloads(): readonly Payload[] {
    return messageContent(this).payloads;
  }

  get anomalies(): readonly Anomaly[] {
    return messageContent(this).anomalies;
  }

  view(): View {
    const bytes = new Uint8Array(this.#memory, this.#start, this.#octets);
    return { of: this, pdu: { bytes, offset: this.#offset }, header: readHeader(bytes) };
  }

  content(): MessageContent {
    const { outer, isCut } = this.#around;
    const content = contentOf(this.pdu, this.header);
    const inner = isCut ? beforeTheCut(content) : content.anomalies;
    return {
      payloads: content.value,
      anomalies: inner.length === 0 ? outer : outer.length === 0 ? inner : [...outer, ...inner],
    };
  }
}

type View = { readonly of: WireMessage; readonly pdu: Span; readonly header: IsakmpHeader };

/** The messages of an exchange are asked for header and octets many times while it is worked out. A power of two. */
const VIEWS = 256;
const views: (View | undefined)[] = new Array<View | undefined>(VIEWS).fill(undefined);

function viewOf(message: WireMessage): View {
  const place = message.frame & (VIEWS - 1);
  const known = views[place];
  if (known?.of === message) return known;
  const made = message.view();
  views[place] = made;
  return made;
}

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
  const { capture, frame, fragmentFrames, timeNs, interfaceId, transport } = message;
  const { src, dst, nonEspMarker, header, pdu } = message;
  return {
    ...{ capture, frame, fragmentFrames, timeNs, interfaceId, transport },
    ...{ src, dst, nonEspMarker, header, pdu },
    ...messageContent(message),
  };
}

/**
 * The IKE message in a datagram. Null when it holds none; `whyNotIsakmp` then says by what rule. What is wrong with a
 * message that is one stands in its anomalies. `capture` is the position among the evidence files.
 */
export function decodeMessage(datagram: Datagram, capture: number): IkeMessage | null {
  const { fragmentFrames, interfaceId, transport } = datagram;
  const nonEspMarker = hasMarker(datagram);
  const { whole, missing, isHeaderCut } = capturedOf(datagram, nonEspMarker);
  if (refusal(whole, missing) !== null) return null;
  const { offset } = whole;
  const anomalies = isHeaderCut
    ? [...datagram.anomalies, { code: 'header-cut' as const, offset, length: HEADER_LENGTH }]
    : datagram.anomalies;
  const outer = withLengthFaults(whole, missing, anomalies);
  const isCut = datagram.missing > 0;
  return new WireMessage(
    datagram,
    shared({ capture, interfaceId, transport, nonEspMarker, fragmentFrames, outer, isCut }),
    withinLength(whole),
  );
}

function capturedOf({ payload, missing }: Datagram, isMarked: boolean): Captured {
  const whole = isMarked ? slice(payload, MARKER, payload.bytes.length) : payload;
  return withWholeHeader(whole, missing);
}

let last: Around | null = null;

/** The one of the message before, where nothing differs. */
function shared(around: Around): Around {
  if (
    last === null ||
    last.capture !== around.capture ||
    last.interfaceId !== around.interfaceId ||
    last.transport !== around.transport ||
    last.nonEspMarker !== around.nonEspMarker ||
    last.isCut !== around.isCut ||
    !isSameList(last.fragmentFrames, around.fragmentFrames) ||
    !isSameList(last.outer, around.outer)
  ) {
    last = around;
  }
  return last;
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one === other || (one.length === 0 && other.length === 0);
}

/** The rule by which `decodeMessage` refused a datagram, and where; null when it is an IKE message. */
export function whyNotIsakmp(datagram: Datagram): Anomaly | null {
  const { whole, missing } = capturedOf(datagram, hasMarker(datagram));
  const code = refusal(whole, missing);
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
  const { capture, interfaceId, transport, nonEspMarker } = last;
  const outer = withLengthFaults(whole, 0, []);
  return new WireMessage(
    last,
    { capture, interfaceId, transport, nonEspMarker, fragmentFrames, outer, isCut: false },
    withinLength(whole),
  );
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
function withinLength(whole: Span): Span {
  const length = declaredLength(whole);
  if (length < HEADER_LENGTH || length >= whole.bytes.length) return whole;
  return slice(whole, 0, length);
}

function declaredLength(whole: Span): number {
  return u32(whole.bytes, 24);
}

function withLengthFaults(
  whole: Span,
  missing: number,
  anomalies: readonly Anomaly[],
): readonly Anomaly[] {
  const there = whole.bytes.length;
  const declared = declaredLength(whole);
  const isAssigned = exchangeTypes.has(whole.bytes[18]!);
  if (isAssigned && declared === there && there >= HEADER_LENGTH) return anomalies;
  const all = [...anomalies];
  const note = (code: IsakmpAnomalyCode, at: number, length: number): void => {
    all.push({ code, offset: whole.offset + at, length });
  };
  if (!isAssigned) note('exchange-type-unassigned', 18, 1);
  if (declared < HEADER_LENGTH) note('message-length-below-header', 24, 4);
  else if (declared > there + missing) note('message-length-overruns', 24, 4);
  else if (declared < there) note('octets-after-message', declared, there - declared);
  return all;
}

/**
 * Ports alone do not tell: NAT moves them, and a cookie may begin with zeros. The length field decides first, the port
 * where it is damaged.
 */
function hasMarker(datagram: Datagram): boolean {
  const { bytes } = datagram.payload;
  const total = bytes.length + datagram.missing;
  if (bytes.length < MARKER || total < MARKER + HEADER_LENGTH || u32(bytes, 0) !== 0) return false;
  if (bytes.length < MARKER + HEADER_LENGTH) return isNatTraversal(datagram);
  if (u32(bytes, MARKER + 24) === total - MARKER) return true;
  if (u32(bytes, 24) === total) return false;
  return datagram.transport === 'tcp' || isNatTraversal(datagram);
}

const isNatTraversal = ({ src, dst }: Datagram): boolean =>
  src.port === NAT_T_PORT || dst.port === NAT_T_PORT;
