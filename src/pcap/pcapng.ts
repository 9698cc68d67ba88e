import { isCalendarTime } from '../bytes/iso-time.ts';
import { interfaceOf, noteTime, toNs } from './pcapng-interface.ts';
import type { Port } from './pcapng-interface.ts';
import { readOptions, readText, readU64 } from './pcapng-options.ts';
import { createKeeper, maxPacketOctets, readU16, readU32, resyncWindow } from './scanner.ts';
import type { ScanTarget, Scanner } from './scanner.ts';

/** Block types, draft-ietf-opsawg-pcapng §4 and §11.1. */
const sectionHeader = 0x0a0d0d0a;
const interfaceDescription = 1;
const packetBlock = 2;
const simplePacket = 3;
const interfaceStatistics = 5;
const enhancedPacket = 6;

/** Blocks that hold nothing that is looked for here: names, journal, secrets, custom, system calls. */
const passedOver: ReadonlySet<number> = new Set([
  4, 7, 8, 9, 10, 0x201, 0x202, 0x203, 0x204, 0x205, 0x206, 0x207, 0x208, 0x209, 0x210, 0x211,
  0x212, 0x213, 0xbad, 0x40000bad, 0x80000001,
]);

/** Type and total length before the body, total length again after it. */
const blockOverhead = 12;

/** A packet of the largest size with room for its options. */
const maxPacketBlockOctets = maxPacketOctets + (1 << 18);

/** Wireshark's bound for other blocks. */
const maxBlockOctets = 16 << 20;

const byteOrderMagic = 0x1a2b3c4d;

export function recognisePcapng(head: Uint8Array): boolean {
  return head.length >= 4 && readU32(head, 0, false) === sectionHeader;
}

export function createPcapngScanner(target: ScanTarget): Scanner {
  const { isCandidate, onPacket, faults } = target;
  const keep = createKeeper();
  const ports: Port[] = [];
  const comments: string[] = [];
  let little = true;
  /** Index in `ports` of the first interface of this section. */
  let sectionStart = 0;
  let frame = 0;
  let need = blockOverhead;
  let skip = 0;
  let lostAt = -1;

  /** Over the buffer that is being scanned; made once for each, and quicker to read than its octets. */
  let view: DataView = new DataView(new ArrayBuffer(0));
  const u32 = (at: number): number => view.getUint32(at, little);

  const addComment = (bytes: Uint8Array, start: number, end: number): void => {
    if (comments.length < 1000) comments.push(readText(bytes, start, end));
  };

  const readSectionHeader = (bytes: Uint8Array, at: number, end: number): void => {
    sectionStart = ports.length;
    const isWhole = readOptions(bytes, at + 24, end, little, (code, start, stop) => {
      if (code === 1) addComment(bytes, start, stop);
    });
    if (!isWhole) faults.note('option-overruns', null, at, 0);
  };

  const readInterface = (bytes: Uint8Array, at: number, end: number, offset: number): void => {
    let name: string | null = null;
    let description: string | null = null;
    let resolution = 6;
    let offsetSeconds = 0n;
    const isWhole = readOptions(bytes, at + 16, end, little, (code, start, stop) => {
      if (code === 1) addComment(bytes, start, stop);
      else if (code === 2) name = readText(bytes, start, stop);
      else if (code === 3) description = readText(bytes, start, stop);
      else if (code === 9 && stop > start) resolution = bytes[start]!;
      else if (code === 14 && stop - start >= 8) {
        offsetSeconds = BigInt.asIntN(64, readU64(bytes, start, little));
      }
    });
    if (!isWhole) faults.note('option-overruns', null, offset, end - at);
    ports.push({
      id: ports.length,
      linkType: readU16(bytes, at + 8, little),
      name,
      description,
      snapLength: u32(at + 12),
      base: (resolution & 0x80) === 0 ? 'decimal' : 'binary',
      exponent: resolution & 0x7f,
      offsetSeconds,
      dropped: null,
      packets: 0,
      firstHigh: 0,
      firstLow: 0,
      lastHigh: 0,
      lastLow: 0,
    });
  };

  const readStatistics = (bytes: Uint8Array, at: number, end: number): void => {
    const port = ports[sectionStart + u32(at + 8)];
    if (port === undefined) return;
    const lost: number[] = [];
    readOptions(bytes, at + 20, end, little, (code, start, stop) => {
      if (code === 1) addComment(bytes, start, stop);
      // isb_ifdrop and isb_osdrop
      if ((code === 5 || code === 7) && stop - start >= 8) {
        lost.push(Number(readU64(bytes, start, little)));
      }
    });
    if (lost.length > 0) port.dropped = lost.reduce((sum, count) => sum + count, 0);
  };

  const readComment = (bytes: Uint8Array, from: number, end: number): string | null => {
    const found: string[] = [];
    const isWhole = readOptions(bytes, from, end, little, (code, start, stop) => {
      if (code === 1) found.push(readText(bytes, start, stop));
    });
    if (!isWhole) faults.note('option-overruns', frame, 0, 0);
    return found.length === 0 ? null : found.join('\n');
  };

  /** Enhanced and (obsolete) packet blocks: they differ in how the interface is written. */
  const readPacket = (bytes: Uint8Array, at: number, end: number, isEnhanced: boolean): void => {
    frame += 1;
    const start = at + 28;
    if (start > end) {
      faults.note('block-too-short', frame, 0, 0);
      return;
    }
    const index = isEnhanced ? u32(at + 8) : readU16(bytes, at + 8, little);
    const port = ports[sectionStart + index];
    if (port === undefined) {
      faults.note('interface-unknown', frame, 0, 0);
      return;
    }
    let captured = u32(at + 20);
    if (captured > end - start) {
      faults.note('block-too-short', frame, 0, 0);
      captured = end - start;
    }
    const high = u32(at + 12);
    const low = u32(at + 16);
    noteTime(port, high, low);
    const stop = start + captured;
    if (!isCandidate(bytes, start, stop, port.linkType)) return;
    const original = u32(at + 24);
    if (captured > original) faults.note('record-longer-than-original', frame, 0, 0);
    const timeNs = toNs(port, high, low);
    if (!isCalendarTime(timeNs)) faults.note('time-out-of-range', frame, 0, 0);
    onPacket({
      frame,
      timeNs,
      linkType: port.linkType,
      interfaceId: port.id,
      bytes: keep(bytes, start, stop),
      originalLength: original,
      comment: readComment(bytes, start + ((captured + 3) & ~3), end),
    });
  };

  const readSimplePacket = (bytes: Uint8Array, at: number, end: number): void => {
    frame += 1;
    const start = at + 12;
    const port = ports[sectionStart];
    if (port === undefined || start > end) {
      faults.note(port === undefined ? 'interface-unknown' : 'block-too-short', frame, 0, 0);
      return;
    }
    const original = u32(at + 8);
    const allowed = port.snapLength === 0 ? original : Math.min(original, port.snapLength);
    if (allowed > end - start) faults.note('block-too-short', frame, 0, 0);
    const stop = start + Math.min(allowed, end - start);
    if (!isCandidate(bytes, start, stop, port.linkType)) return;
    faults.noteOnce('packet-without-time', port.id, frame, 0);
    onPacket({
      frame,
      timeNs: 0n,
      linkType: port.linkType,
      interfaceId: port.id,
      bytes: keep(bytes, start, stop),
      originalLength: original,
      comment: null,
    });
  };

  /** `end` is the place of the trailing length. The length of the block has been checked. */
  const readBlock = (
    bytes: Uint8Array,
    at: number,
    end: number,
    type: number,
    base: number,
  ): void => {
    if (type === enhancedPacket) readPacket(bytes, at, end, true);
    else if (type === packetBlock) readPacket(bytes, at, end, false);
    else if (type === simplePacket) readSimplePacket(bytes, at, end);
    else if (type === sectionHeader) readSectionHeader(bytes, at, end);
    else if (type === interfaceDescription) {
      if (end - at < 16) faults.note('block-too-short', null, base + at, end - at);
      else readInterface(bytes, at, end, base + at);
    } else if (type === interfaceStatistics && end - at >= 20) readStatistics(bytes, at, end);
    else if (!passedOver.has(type)) faults.noteOnce('block-type-unknown', type, null, base + at);
  };

  /** Sets the byte order by the section header at `at`; false when it names none. Twelve octets are there. */
  const setByteOrder = (bytes: Uint8Array, at: number): boolean => {
    for (const order of [true, false]) {
      if (readU32(bytes, at + 8, order) === byteOrderMagic) {
        little = order;
        return true;
      }
    }
    return false;
  };

  /** Whether a block that is worth reading begins here: asked of arbitrary octets. Null: more octets are needed. */
  const mayBegin = (
    bytes: Uint8Array,
    at: number,
    end: number,
    isLast: boolean,
  ): boolean | null => {
    if (end - at < blockOverhead) return isLast ? false : null;
    const type = u32(at);
    if (type === sectionHeader)
      return (
        readU32(bytes, at + 8, true) === byteOrderMagic ||
        readU32(bytes, at + 8, false) === byteOrderMagic
      );
    if (type === 0 || (type > enhancedPacket && !passedOver.has(type))) return false;
    const total = u32(at + 4);
    if (total < blockOverhead || total % 4 !== 0 || total > maxPacketBlockOctets) return false;
    if (at + total > end) return isLast ? false : null;
    return u32(at + total - 4) === total;
  };

  const resynchronise = (
    bytes: Uint8Array,
    from: number,
    end: number,
    base: number,
    isLast: boolean,
  ): number => {
    for (let at = from; at < end; at += 1) {
      const begins = mayBegin(bytes, at, end, isLast);
      if (begins === null && end - at < resyncWindow) {
        need = resyncWindow;
        return at;
      }
      if (begins === true) {
        faults.note('resynchronised', null, lostAt, base + at - lostAt);
        lostAt = -1;
        need = blockOverhead;
        return at;
      }
    }
    need = blockOverhead;
    return end;
  };

  const lose = (code: 'section-header-corrupt' | 'block-length-corrupt', offset: number): void => {
    faults.note(code, null, offset, 8);
    lostAt = offset;
  };

  const scan: Scanner['scan'] = (bytes, from, end, base, isLast) => {
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = from;
    skip = 0;
    need = blockOverhead;
    for (;;) {
      if (lostAt >= 0) {
        at = resynchronise(bytes, at, end, base, isLast);
        if (lostAt >= 0) return at;
      }
      if (end - at < blockOverhead) break;
      const type = u32(at);
      if (type === sectionHeader && !setByteOrder(bytes, at)) {
        lose('section-header-corrupt', base + at);
        at += 1;
        continue;
      }
      const total = u32(at + 4);
      const isPacket = type === enhancedPacket || type === packetBlock || type === simplePacket;
      if (
        total < blockOverhead ||
        total % 4 !== 0 ||
        total > (isPacket ? maxPacketBlockOctets : maxBlockOctets)
      ) {
        lose('block-length-corrupt', base + at + 4);
        at += 1;
        continue;
      }
      if (total > maxPacketBlockOctets) {
        // Too large to be kept until its end is there, and nothing in it is looked for.
        if (!passedOver.has(type)) faults.noteOnce('block-type-unknown', type, null, base + at);
        skip = Math.max(0, at + total - end);
        at = Math.min(at + total, end);
        continue;
      }
      if (at + total > end) {
        need = total;
        break;
      }
      const trailer = at + total - 4;
      if (u32(trailer) !== total) {
        // Which of the two lengths is wrong shows in what follows.
        const next = mayBegin(bytes, at + total, end, isLast);
        if (next === null && end - at < resyncWindow) {
          need = resyncWindow;
          break;
        }
        faults.note('block-trailer-differs', null, base + trailer, 4);
        if (next !== true && !(isLast && at + total === end)) {
          lostAt = base + at;
          at += 1;
          continue;
        }
      }
      readBlock(bytes, at, trailer, type, base);
      at += total;
    }
    if (!isLast) return at;
    if (at < end) readCutBlock(bytes, at, end, base);
    return end;
  };

  /** The last block, cut short by the end of the file. */
  const readCutBlock = (bytes: Uint8Array, at: number, end: number, base: number): void => {
    faults.note('file-truncated', null, base + at, end - at);
    if (end - at <= 28) return;
    const type = u32(at);
    if (type !== enhancedPacket && type !== packetBlock) return;
    readPacket(bytes, at, end, type === enhancedPacket);
  };

  return {
    scan,
    need: () => need,
    skip: () => skip,
    result: () => {
      if (lostAt >= 0) {
        faults.note('resynchronisation-failed', null, lostAt, 0);
        lostAt = -1;
      }
      const used = ports.filter((port) => port.packets > 0);
      const firsts = used.map((port) => toNs(port, port.firstHigh, port.firstLow));
      const lasts = used.map((port) => toNs(port, port.lastHigh, port.lastLow));
      return {
        packets: frame,
        interfaces: ports.map(interfaceOf),
        firstTimeNs: firsts.length === 0 ? null : firsts.reduce((a, b) => (b < a ? b : a)),
        lastTimeNs: lasts.length === 0 ? null : lasts.reduce((a, b) => (b > a ? b : a)),
        comments,
      };
    },
  };
}
