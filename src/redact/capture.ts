import { copyOf } from '../bytes/span.ts';
import { concat } from '../crypto/octets.ts';
import { readU16, readU32 } from '../pcap/scanner.ts';
import { recognisePcap } from '../pcap/pcap.ts';
import { recognisePcapng } from '../pcap/pcapng.ts';
import { renameIdentities } from './identities.ts';
import type { OctetRules } from './ike.ts';
import { createPacketRedactor, type PacketRedactor } from './packet.ts';

/** A packet within a file: its octets share the file's. */
type Record = {
  readonly bytes: Uint8Array;
  readonly linkType: number;
  readonly originalLength: number;
  /** Where the file holds the captured and the original length, and the lengths of the block around them. */
  readonly lengths: readonly number[];
  readonly blocks: readonly number[];
  readonly little: boolean;
};

/**
 * A copy of the capture with addresses replaced in headers and in clear payloads, and everything blanked that is neither
 * IKE nor ESP. Frames keep their numbers and times, and their lengths unless an identity in them is renamed; the file
 * keeps its form. Null: not a capture that can be read here (compressed ones are unpacked first). Octets behind damage
 * are dropped: what they hold cannot be told.
 */
export function redactCapture(file: Uint8Array, rules: OctetRules): Uint8Array | null {
  const read = recognisePcapng(file)
    ? pcapngRecords
    : recognisePcap(file) === null
      ? null
      : pcapRecords;
  if (read === null) return null;
  const copy = copyOf(file);
  const out = rules.names ? withNames(copy, read(copy).records, rules.key) : copy;
  const redactor: PacketRedactor = createPacketRedactor(rules);
  for (const { bytes, linkType, originalLength } of read(out).records) {
    redactor.note(bytes, linkType, originalLength);
  }
  redactor.settle();
  const { records, end } = read(out, true);
  for (const { bytes, linkType, originalLength } of records) {
    redactor.redact(bytes, linkType, originalLength);
  }
  return out.subarray(0, end);
}

/** The file with every identity that stands in one frame called as texts call it, for which the frame grows or shrinks. */
function withNames(file: Uint8Array, records: readonly Record[], key: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  const view = new DataView(file.buffer);
  let at = 0;
  for (const { bytes, linkType, originalLength, lengths, blocks, little } of records) {
    const frame = renameIdentities(bytes, linkType, originalLength, key);
    if (frame === null) continue;
    const size = blocks.length === 0 ? same : padded;
    const add = (place: number, octets: number): void =>
      view.setUint32(place, view.getUint32(place, little) + octets, little);
    for (const place of lengths) add(place, frame.length - bytes.length);
    for (const place of blocks) add(place, size(frame.length) - size(bytes.length));
    const padding = new Uint8Array(size(frame.length) - frame.length);
    pieces.push(file.subarray(at, bytes.byteOffset), frame, padding);
    at = bytes.byteOffset + size(bytes.length);
  }
  return pieces.length === 0 ? file : concat(...pieces, file.subarray(at));
}

type Reading = { readonly records: readonly Record[]; readonly end: number };

function pcapRecords(file: Uint8Array): Reading {
  const variant = recognisePcap(file);
  const records: Record[] = [];
  if (variant === null || file.length < 24) return { records, end: file.length };
  const { little, recordHeaderOctets } = variant;
  const linkType = readU32(file, 20, little) & 0xffff;
  let at = 24;
  while (file.length - at >= recordHeaderOctets) {
    const captured = readU32(file, at + 8, little);
    const start = at + recordHeaderOctets;
    const stop = Math.min(file.length, start + captured);
    const originalLength = readU32(file, at + 12, little);
    const bytes = file.subarray(start, stop);
    records.push({
      bytes,
      linkType,
      originalLength,
      lengths: [at + 8, at + 12],
      blocks: [],
      little,
    });
    at = stop;
    if (start + captured > file.length) break;
  }
  return { records, end: at };
}

const SECTION = 0x0a0d0d0a;
const block = {
  interface: 1,
  packet: 2,
  simple: 3,
  names: 4,
  statistics: 5,
  enhanced: 6,
  secrets: 10,
} as const;

/** Where options begin in the body of a block; of others nothing is kept that is not known. */
const OPTIONS_AT: Readonly<{ readonly [type: number]: number }> = {
  [SECTION]: 16,
  [block.interface]: 8,
  [block.statistics]: 12,
};

/** Options that are numbers and stay: snap length, resolution, offset, counters (draft-ietf-opsawg-pcapng §4.2, §4.6). */
const KEPT_OPTIONS: { readonly [type: number]: ReadonlySet<number> } = {
  [SECTION]: new Set(),
  [block.interface]: new Set([8, 9, 13, 14]),
  [block.statistics]: new Set([2, 3, 4, 5, 6, 7, 8]),
};

/** `blank` empties comments, names and whole blocks that may hold what was to be replaced. */
function pcapngRecords(file: Uint8Array, blank = false): Reading {
  const records: Record[] = [];
  let little = true;
  let links: { readonly linkType: number; readonly snapLength: number }[] = [];
  let at = 0;
  while (file.length - at >= 12) {
    const isSection = readU32(file, at, false) === SECTION;
    if (isSection) {
      little = readU32(file, at + 8, true) === 0x1a2b3c4d;
      links = [];
    }
    const type = readU32(file, at, little);
    const length = readU32(file, at + 4, little);
    const stop = at + length;
    if (length < 12 || length % 4 !== 0 || stop > file.length) break;
    const body = file.subarray(at + 8, stop - 4);
    if (type === block.interface && body.length >= 8) {
      links.push({ linkType: readU16(body, 0, little), snapLength: readU32(body, 4, little) });
    }
    const record = packetOf(type, body, little, links);
    if (record !== null) {
      records.push(record);
      if (blank)
        body.fill(0, padded(record.bytes.byteOffset - body.byteOffset + record.bytes.length));
    } else if (blank) {
      const optionsAt = OPTIONS_AT[type];
      if (optionsAt === undefined) body.fill(0);
      else blankOptions(body.subarray(optionsAt), little, KEPT_OPTIONS[type] ?? new Set());
    }
    at = stop;
  }
  return { records, end: at };
}

const padded = (octets: number): number => (octets + 3) & ~3;
const same = (octets: number): number => octets;

function packetOf(
  type: number,
  body: Uint8Array,
  little: boolean,
  links: readonly { readonly linkType: number; readonly snapLength: number }[],
): Record | null {
  if (type === block.simple && body.length >= 4) {
    const link = links[0];
    if (link === undefined) return null;
    const originalLength = readU32(body, 0, little);
    const most = link.snapLength === 0 ? originalLength : Math.min(originalLength, link.snapLength);
    const bytes = body.subarray(4, 4 + most);
    // A simple block has one length, and that is of the packet as sent.
    const places = { lengths: [body.byteOffset], blocks: blockLengths(body), little };
    return { bytes, linkType: link.linkType, originalLength, ...places };
  }
  if ((type !== block.enhanced && type !== block.packet) || body.length < 20) return null;
  const index = type === block.enhanced ? readU32(body, 0, little) : readU16(body, 0, little);
  const link = links[index];
  if (link === undefined) return null;
  const bytes = body.subarray(20, 20 + readU32(body, 12, little));
  const originalLength = readU32(body, 16, little);
  const lengths = [body.byteOffset + 12, body.byteOffset + 16];
  return {
    bytes,
    linkType: link.linkType,
    originalLength,
    lengths,
    blocks: blockLengths(body),
    little,
  };
}

/** A block tells its length in front of its body and behind it. */
const blockLengths = (body: Uint8Array): readonly number[] => [
  body.byteOffset - 4,
  body.byteOffset + body.length,
];

/** Text of options becomes zeros; their codes and lengths stay, so that the block stays whole. */
function blankOptions(options: Uint8Array, little: boolean, kept: ReadonlySet<number>): void {
  let at = 0;
  while (options.length - at >= 4) {
    const code = readU16(options, at, little);
    const length = readU16(options, at + 2, little);
    if (code === 0) return;
    if (!kept.has(code)) options.fill(0, at + 4, at + 4 + length);
    at += 4 + padded(length);
  }
}
