import { u16, u32 } from '../bytes/span.ts';
import type { Cursor } from '../net/cursor.ts';
import { nextMessage, prefixAt } from '../net/tcp-stream.ts';
import { classifyPayload } from '../net/udp-payload.ts';
import { updateChecksum, updateUdpChecksum, wordSum } from './checksum.ts';
import { redactDatagram } from './datagram.ts';
import { addressOf, endsOf, isIke, tcpData, TCP_HEADER, UDP, UDP_HEADER } from './ends.ts';
import { redactIke, type End, type OctetRules } from './ike.ts';
import { createPieces, inSequence, rewriteSpread, runsOf, type Pieces } from './spread.ts';

/** Messages that stand in several packets: IP fragments, fragments of IKE's own, TCP streams. */
export type SpreadMessages = {
  readonly note: (bytes: Uint8Array, cursor: Cursor) => void;
  readonly settle: () => void;
};

type Ends = { readonly src: End; readonly dst: End };

/** Data whose checksum must follow what happens to them. */
type Summed = { readonly before: number; readonly after: () => number; readonly update: Update };
type Update = (before: number, after: number) => void;

/** ISAKMP header, generic header, then id, number and flags of a Cisco fragment. */
const CISCO_FRAGMENT = 132;
const FRAGMENT_DATA = 36;

/** RFC 9329 §3: the length of a message with its own two octets, the marker of IKE. */
const LENGTH = 2;
const MARKER = 4;

export function createSpreadMessages(rules: OctetRules): SpreadMessages {
  const packets = createPieces();
  const messages = createPieces();
  const streams = createPieces();
  const endsOfMessage = new Map<Uint8Array, Ends>();
  const firstOctet = new Map<string, number>();
  const summed: Summed[] = [];

  const keepSum = (bytes: Uint8Array, from: number, end: number, update: Update): void => {
    const after = (): number => wordSum(bytes, from, end);
    summed.push({ before: after(), after, update });
  };

  const noteFragment = (bytes: Uint8Array, cursor: Cursor): void => {
    const { at, end, fragmentId, fragmentOffset } = cursor;
    const [src, dst] = [addressOf(bytes, cursor, 0), addressOf(bytes, cursor, 1)];
    const octets = bytes.subarray(at, end);
    if (cursor.protocol !== UDP) {
      octets.fill(0, fragmentOffset === 0 ? UDP_HEADER : 0);
      return;
    }
    const address = { src: { address: src, port: 0 }, dst: { address: dst, port: 0 } };
    endsOfMessage.set(octets, address);
    packets.add(`${src.join('.')} ${dst.join('.')} ${fragmentId}`, {
      offset: fragmentOffset,
      octets,
    });
  };

  const noteDatagram = (bytes: Uint8Array, cursor: Cursor): void => {
    const { at, end } = cursor;
    if (end - at < UDP_HEADER || !isIke(bytes, cursor)) return;
    const ends = endsOf(bytes, cursor);
    const from = at + UDP_HEADER;
    const length = u16(bytes, at + 4) - UDP_HEADER;
    const kind = classifyPayload(bytes, from, end, length, ends.src.port, ends.dst.port);
    const start = from + (kind === 'ike-marked' ? MARKER : 0);
    if (kind === 'unknown' || end - start < FRAGMENT_DATA || bytes[start + 16] !== CISCO_FRAGMENT)
      return;
    const octets = bytes.subarray(start + FRAGMENT_DATA, Math.min(end, from + length));
    endsOfMessage.set(octets, ends);
    const { src, dst } = ends;
    const cookies = bytes.subarray(start, start + 16).join('.');
    const id = u16(bytes, start + FRAGMENT_DATA - 4);
    keepSum(bytes, from, end, (before, after) => updateUdpChecksum(bytes, at + 6, before, after));
    messages.add(`${src.address.join('.')} ${dst.address.join('.')} ${cookies} ${id}`, {
      offset: bytes[start + FRAGMENT_DATA - 2]!,
      octets,
    });
  };

  const noteSegment = (bytes: Uint8Array, cursor: Cursor): void => {
    const { at, end } = cursor;
    if (end - at < TCP_HEADER || !isIke(bytes, cursor)) return;
    const from = tcpData(bytes, cursor);
    if (from >= end) return;
    const ends = endsOf(bytes, cursor);
    const { src, dst } = ends;
    const stream = `${src.address.join('.')} ${src.port} ${dst.address.join('.')} ${dst.port}`;
    const sequence = u32(bytes, at + 4);
    const first = firstOctet.get(stream) ?? sequence;
    firstOctet.set(stream, first);
    const octets = bytes.subarray(from, end);
    endsOfMessage.set(octets, ends);
    keepSum(bytes, from, end, (before, after) => updateChecksum(bytes, at + 16, before, after));
    // What was sent before may have come after: it stands in front of the first.
    streams.add(stream, { offset: (sequence - first) | 0, octets });
  };

  const settle = (pieces: Pieces, rewrite: (whole: Uint8Array, ends: Ends) => void): void => {
    for (const group of pieces.groups()) {
      const ends = endsOfMessage.get(group[0]!.octets)!;
      const runs =
        pieces === streams ? runsOf(group) : [pieces === messages ? inSequence(group, 1) : group];
      for (const run of runs) rewriteSpread(run, (whole) => rewrite(whole, ends));
    }
  };

  return {
    note: (bytes, cursor) => {
      if (cursor.outcome === 'fragment') noteFragment(bytes, cursor);
      else if (cursor.outcome === 'udp') noteDatagram(bytes, cursor);
      else if (cursor.outcome === 'tcp') noteSegment(bytes, cursor);
    },
    settle: () => {
      settle(packets, (whole, ends) => redactFragmented(whole, ends, rules));
      settle(messages, (whole, { src, dst }) => redactIke(whole, 0, whole.length, src, dst, rules));
      settle(streams, (whole, ends) => redactStream(whole, ends, rules));
      for (const { before, after, update } of summed) update(before, after());
    },
  };
}

/** What was put together from IP fragments. Only UDP on a port of IKE is kept. */
function redactFragmented(whole: Uint8Array, { src, dst }: Ends, rules: OctetRules): void {
  if (whole.length < UDP_HEADER || !isIke(whole, { at: 0 })) {
    if (whole.length > UDP_HEADER)
      updateUdpChecksum(whole, 6, wordSum(whole, UDP_HEADER, whole.length), 0);
    whole.fill(0, UDP_HEADER);
    return;
  }
  const from = { ...src, port: u16(whole, 0) };
  redactDatagram(whole, 0, whole.length, from, { ...dst, port: u16(whole, 2) }, rules);
}

/** What does not read as a message, as behind octets that are missing, is not kept up to the next one that does. */
function redactStream(stream: Uint8Array, ends: Ends, rules: OctetRules): void {
  for (let at = 0; at < stream.length;) {
    const start = nextMessage(stream, at) ?? stream.length;
    stream.fill(0, at, start);
    at = redactMessages(stream, start, ends, rules);
  }
}

/** Message by message, the last of them as far as it is there; returns where something else begins. */
function redactMessages(
  stream: Uint8Array,
  start: number,
  { src, dst }: Ends,
  rules: OctetRules,
): number {
  let at = start + prefixAt(stream, start);
  while (stream.length - at >= LENGTH) {
    const end = at + u16(stream, at);
    const stop = Math.min(end, stream.length);
    const body = at + LENGTH + MARKER;
    const isMessage = stop >= body && u32(stream, at + LENGTH) === 0;
    if (end < at + LENGTH || (!isMessage && end > stream.length)) break;
    if (isMessage) redactIke(stream, body, stop, src, dst, rules);
    at = stop;
  }
  return at;
}
