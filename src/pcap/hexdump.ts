import { createFaultLog } from '../bytes/fault-log.ts';
import { isCalendarTime } from '../bytes/iso-time.ts';
import type { CaptureSummary, Packet } from '../model/capture.ts';
import { isTableRow, readHexLine, readStamp, withoutPager } from './hexdump-line.ts';
import type { HexLine, Stamp } from './hexdump-line.ts';
import { maxPacketOctets } from './scanner.ts';

const ethernet = 1;
const rawIp = 101;

/** EtherTypes that packets worth dumping begin with: IP, tags, MPLS, PPPoE, ARP. */
const etherTypes: ReadonlySet<number> = new Set([
  0x0800, 0x86dd, 0x8100, 0x88a8, 0x9100, 0x8847, 0x8848, 0x8863, 0x8864, 0x0806,
]);

/** Octets of a line in a dump that shows memory addresses. */
const memoryLineOctets = 16;

const dayNs = 86_400_000_000_000n;

/** The packet being put together. */
type Draft = {
  readonly octets: number[];
  /** Of its first line; offset 0 unless the dump shows memory addresses. */
  readonly isMemory: boolean;
  /** Address that continues it. */
  next: number;
  readonly stamp: Stamp | null;
};

/** Whether a text holds a packet in a hex dump: asked before anything else is tried on it. */
export function looksLikeHexDump(text: string): boolean {
  let isFound = false;
  readHexDump(text.slice(0, 1 << 16), () => {
    isFound = true;
  });
  return isFound;
}

/**
 * Whether octets are dumped anywhere in a text: a packet, or lines of which one continues the other. Asked where
 * nothing may go unseen, so a dump that begins in its middle counts as well.
 */
export function holdsHexDump(text: string): boolean {
  let isFound = false;
  readHexDump(text, () => {
    isFound = true;
  });
  let next = -1;
  for (const written of linesOf(text)) {
    if (isFound) return true;
    const line = readHexLine(withoutPager(written));
    if (line === null) continue;
    isFound = line.address === next;
    next = line.address + line.octets.length;
  }
  return isFound;
}

/**
 * Reads the packets of a hex dump in a text that may hold anything else: text2pcap's form, Wireshark's and tcpdump's, IOS
 * `show monitor capture buffer NAME dump`, ASA `show capture NAME dump`. A packet begins at offset 0 or, where the dump shows memory
 * addresses, after a line that is none of the dump. Frames are counted in the order of the text. Anomaly offsets are line numbers.
 */
export function readHexDump(text: string, onPacket: (packet: Packet) => void): CaptureSummary {
  const faults = createFaultLog();
  const ports = new Map<string, number>();
  const linkTypeOf = new Map<number, number>();
  let frame = 0;
  let draft: Draft | null = null;
  let stamp: Stamp | null = null;
  /** The lines that follow a gap belong to no packet. */
  let isLost = false;
  let isSeparated = true;
  let first: bigint | null = null;
  let last: bigint | null = null;
  /** Times of day begin anew at midnight. */
  let midnights = 0n;
  let before = 0n;

  const timeOf = ({ timeNs, hasDate }: Stamp): bigint => {
    if (hasDate) return timeNs;
    if (before - timeNs > dayNs / 2n) midnights += dayNs;
    before = timeNs;
    return timeNs + midnights;
  };

  const finish = (line: number): void => {
    if (draft === null) return;
    const { isMemory, stamp: its } = draft;
    const bytes = Uint8Array.from(draft.octets);
    draft = null;
    const linkType = linkTypeOfOctets(bytes);
    if (linkType === null) {
      faults.note('hexdump-link-unknown', null, line, 0);
      return;
    }
    frame += 1;
    const name = its?.port ?? '';
    const interfaceId = ports.get(`${name} ${linkType}`) ?? ports.size;
    ports.set(`${name} ${linkType}`, interfaceId);
    linkTypeOf.set(interfaceId, linkType);
    if (its === null) faults.noteOnce('packet-without-time', 0, frame, 0);
    else if (!its.hasDate) faults.noteOnce('hexdump-date-missing', 0, frame, 0);
    const timeNs = its === null ? 0n : timeOf(its);
    if (!isCalendarTime(timeNs)) faults.note('time-out-of-range', frame, line, 0);
    if (its !== null && (first === null || timeNs < first)) first = timeNs;
    if (its !== null && (last === null || timeNs > last)) last = timeNs;
    const declared = declaredLength(bytes, linkType);
    // IOS prints one zero octet more than it captured.
    const isLonger = isMemory && bytes.at(-1) === 0 && bytes.length - 1 <= declared;
    const kept = isLonger ? bytes.subarray(0, -1) : bytes;
    onPacket({
      frame,
      timeNs,
      linkType,
      interfaceId,
      bytes: kept,
      originalLength: Math.max(declared, kept.length),
      comment: null,
    });
  };

  const begin = ({ address, octets }: HexLine): void => {
    const isMemory = address !== 0;
    // The first line of a memory dump may begin inside its 16 octets.
    const end = isMemory
      ? (Math.floor(address / memoryLineOctets) + 1) * memoryLineOctets
      : octets.length;
    draft = { octets: [...octets], isMemory, next: end, stamp };
    stamp = null;
    isLost = false;
  };

  const addLine = (line: HexLine, number: number): void => {
    const { address, octets } = line;
    if (draft !== null && address === draft.next && draft.octets.length < maxPacketOctets) {
      draft.octets.push(...octets);
      draft.next += draft.isMemory ? memoryLineOctets : octets.length;
    } else if (
      draft !== null &&
      !draft.isMemory &&
      address > 0 &&
      address < draft.next &&
      draft.next - address < 32
    ) {
      // The line before ended in characters that look like octets: its true length shows here.
      draft.octets.length = address;
      draft.octets.push(...octets);
      draft.next = address + octets.length;
    } else if (address === 0 || (isSeparated && !isLost && address >= 0x10000)) {
      finish(number);
      begin(line);
    } else if (draft !== null) {
      faults.note('hexdump-offset-gap', null, number, 0);
      finish(number);
      isLost = true;
    }
    isSeparated = false;
  };

  let number = 0;
  for (const written of linesOf(text)) {
    number += 1;
    const line = withoutPager(written);
    const hexLine = isTableRow(line) ? null : readHexLine(line);
    const itsStamp = hexLine === null || hexLine.octets.length < 2 ? readStamp(line) : null;
    if (itsStamp !== null) {
      finish(number);
      stamp = itsStamp;
      isSeparated = true;
      isLost = false;
    } else if (hexLine !== null) addLine(hexLine, number);
    else isSeparated = true;
  }
  finish(number);

  return {
    format: 'hexdump',
    linkTypes: [...new Set(linkTypeOf.values())],
    interfaces: [...ports].map(([key, id]) => ({
      id,
      linkType: linkTypeOf.get(id) ?? ethernet,
      name: key.slice(0, key.lastIndexOf(' ')) || null,
      description: null,
      snapLength: 0,
      timeResolution: { base: 'decimal', exponent: 9 },
      dropped: null,
    })),
    packets: frame,
    firstTimeNs: first,
    lastTimeNs: last,
    comments: [],
    anomalies: faults.anomalies(),
    omitted: faults.omitted(),
  };
}

/** What else stands in a text: the lines of its dumps, and the stamps before them, are left empty. */
export function withoutHexDump(text: string): string {
  const kept: string[] = [];
  let stampAt: number | null = null;
  for (const written of linesOf(text)) {
    const line = withoutPager(written);
    const isDump = isTableRow(line) || readHexLine(line) !== null;
    if (isDump && stampAt !== null) kept[stampAt] = '';
    if (isDump) stampAt = null;
    else if (readStamp(line) !== null) stampAt = kept.length;
    else if (line.trim() !== '') stampAt = null;
    kept.push(isDump ? '' : written);
  }
  return kept.join('\n');
}

function* linesOf(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const stop = end === -1 ? text.length : end;
    yield text.slice(start, text[stop - 1] === '\r' ? stop - 1 : stop);
    start = stop + 1;
  }
}

/** Ethernet or IP by what the first octets say; null when they say neither. */
function linkTypeOfOctets(bytes: Uint8Array): number | null {
  if (bytes.length >= 14 && etherTypes.has((bytes[12]! << 8) | bytes[13]!)) return ethernet;
  if (bytes.length < 20) return null;
  const version = bytes[0]! >> 4;
  if (version === 4 && (bytes[0]! & 15) >= 5 && ((bytes[2]! << 8) | bytes[3]!) >= 20) return rawIp;
  return version === 6 && bytes.length >= 40 ? rawIp : null;
}

/** Length of the packet by its IP header, so that a cut dump is seen to be cut; 0 when it does not tell. */
function declaredLength(bytes: Uint8Array, linkType: number): number {
  let at = 0;
  if (linkType === ethernet) {
    at = 14;
    while (bytes[at - 2] === 0x81 && bytes[at - 1] === 0 && at < 22) at += 4;
    const type = (bytes[at - 2]! << 8) | bytes[at - 1]!;
    if (type !== 0x0800 && type !== 0x86dd) return 0;
  }
  if (bytes.length < at + 20) return 0;
  if (bytes[at]! >> 4 === 4) return at + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
  return bytes[at]! >> 4 === 6 ? at + 40 + ((bytes[at + 4]! << 8) | bytes[at + 5]!) : 0;
}
