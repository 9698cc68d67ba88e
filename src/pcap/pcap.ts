import type { CaptureInterface } from '../model/capture.ts';
import { createKeeper, maxPacketOctets, readU16, readU32, resyncWindow } from './scanner.ts';
import type { ScanTarget, Scanner } from './scanner.ts';

/** draft-ietf-opsawg-pcap §4. */
const fileHeaderOctets = 24;

type Variant = {
  readonly little: boolean;
  readonly nanoseconds: boolean;
  /** The record header: 16 octets, or 24 where Kuznetzov's patch added interface, protocol and packet type. */
  readonly recordHeaderOctets: 16 | 24;
};

const variants: Readonly<Record<string, Omit<Variant, 'little'>>> = {
  a1b2c3d4: { nanoseconds: false, recordHeaderOctets: 16 },
  a1b23c4d: { nanoseconds: true, recordHeaderOctets: 16 },
  a1b2cd34: { nanoseconds: false, recordHeaderOctets: 24 },
};

/** The byte order and the kind of pcap that the first four octets announce; null when they announce none. */
export function recognisePcap(head: Uint8Array): Variant | null {
  if (head.length < 4) return null;
  for (const little of [true, false]) {
    const variant = variants[readU32(head, 0, little).toString(16)];
    if (variant !== undefined) return { ...variant, little };
  }
  return null;
}

/** Two records further apart than this are not neighbours: a week, in seconds. Only used to find the next record after damage. */
const neighbourSeconds = 7 * 86_400;

/** Records that must follow one another before damage is taken to be over. */
const chainLength = 3;

export function createPcapScanner(variant: Variant, target: ScanTarget): Scanner {
  const { isCandidate, onPacket, faults } = target;
  const keep = createKeeper();
  const { little, nanoseconds, recordHeaderOctets } = variant;
  const fractions = nanoseconds ? 1_000_000_000 : 1_000_000;
  const nsPerFraction = nanoseconds ? 1 : 1000;

  /** Over the buffer that is being scanned; made once for each, and quicker to read than its octets. */
  let view: DataView = new DataView(new ArrayBuffer(0));
  const u32 = (at: number): number => view.getUint32(at, little);

  let headerRead = false;
  let linkType = 0;
  let snapLength = 0;
  /** Before version 2.4 some writers put the two lengths the other way round. */
  let mayBeSwapped = false;
  let frame = 0;
  let need = fileHeaderOctets;
  /** File offset where damage began; -1 while all is well. */
  let lostAt = -1;
  /** File offset of the last record that was searched for others inside it. */
  let reopenedAt = -Infinity;
  let firstSeconds = Infinity;
  let firstFraction = 0;
  let lastSeconds = -1;
  let lastFraction = 0;
  /** Of the last good record. */
  let nearSeconds = -1;

  /** The second of the packet before, in nanoseconds: most packets share it. */
  let sameSecond = -1;
  let sameSecondNs = 0n;

  const timeNs = (seconds: number, fraction: number): bigint => {
    if (seconds !== sameSecond) {
      sameSecond = seconds;
      sameSecondNs = BigInt(seconds) * 1_000_000_000n;
    }
    return sameSecondNs + BigInt(fraction * nsPerFraction);
  };

  const readHeader = (bytes: Uint8Array, at: number, base: number): void => {
    headerRead = true;
    const major = readU16(bytes, at + 4, little);
    if (major !== 2) faults.note('pcap-version-unknown', null, base + at + 4, 4);
    mayBeSwapped = major === 2 && readU16(bytes, at + 6, little) < 4;
    snapLength = u32(at + 16);
    // The upper bits tell about a frame check sequence, which the IP length excludes anyway.
    linkType = u32(at + 20) & 0xffff;
    need = recordHeaderOctets;
  };

  /** Whether a record may begin here; strict, since it is asked of arbitrary octets. Null: more octets are needed. */
  const mayBegin = (start: number, end: number, isLast: boolean): boolean | null => {
    let at = start;
    let seconds = nearSeconds;
    for (let link = 0; link < chainLength; link += 1) {
      if (at + recordHeaderOctets > end) return isLast ? at === end && link > 0 : null;
      const captured = u32(at + 8);
      const original = u32(at + 12);
      if (captured === 0 || captured > maxPacketOctets || captured > original) return false;
      if (original > maxPacketOctets || u32(at + 4) >= fractions) return false;
      const here = u32(at);
      if (seconds >= 0 && Math.abs(here - seconds) > neighbourSeconds) return false;
      seconds = here;
      at += recordHeaderOctets + captured;
    }
    if (at > end) return isLast ? false : null;
    return true;
  };

  /** Searches for the next record. Returns its place, or the place from where to go on with more octets. */
  const resynchronise = (from: number, end: number, base: number, isLast: boolean): number => {
    for (let at = from; at < end; at += 1) {
      const begins = mayBegin(at, end, isLast);
      if (begins === null && end - at < resyncWindow) {
        need = resyncWindow;
        return at;
      }
      if (begins === true) {
        faults.note('resynchronised', null, lostAt, base + at - lostAt);
        lostAt = -1;
        need = recordHeaderOctets;
        return at;
      }
    }
    need = recordHeaderOctets;
    return end;
  };

  const isFar = (seconds: number): boolean =>
    nearSeconds >= 0 && Math.abs(seconds - nearSeconds) > neighbourSeconds;

  /** Whether the length on the wire leads from a record whose captured length is damaged to the next one. */
  const leadsOn = (at: number, original: number, end: number, isLast: boolean): boolean => {
    if (original === 0 || original > maxPacketOctets) return false;
    const next = at + recordHeaderOctets + original;
    return (isLast && next === end) || mayBegin(next, end, isLast) === true;
  };

  /** Whether the octets at `at` cannot be the header of a record. Twelve and four octets are there. */
  const isDamaged = (at: number): boolean => {
    const captured = u32(at + 8);
    if (captured > maxPacketOctets) return true;
    const fraction = u32(at + 4);
    const seconds = u32(at);
    // All zero: left over from a disk that filled up or a machine that stopped.
    if (captured === 0 && fraction === 0 && seconds === 0) {
      return u32(at + 12) === 0;
    }
    return fraction >= fractions && isFar(seconds);
  };

  /**
   * A record that leads to no other may have told a length too large and so reach over good ones. Returns where the first of them
   * begins, or `next`. Done at most once for the length of a packet, so that the time stays linear.
   */
  const endOfRecord = (
    start: number,
    next: number,
    end: number,
    base: number,
    isLast: boolean,
  ): number => {
    if (base + start < reopenedAt + maxPacketOctets) return next;
    reopenedAt = base + start;
    for (let at = start + 1; at < Math.min(next, end); at += 1) {
      if (mayBegin(at, end, isLast) === true) return at;
    }
    return next;
  };

  const noteTime = (seconds: number, fraction: number): void => {
    if (seconds < firstSeconds || (seconds === firstSeconds && fraction < firstFraction)) {
      firstSeconds = seconds;
      firstFraction = fraction;
    }
    if (seconds > lastSeconds || (seconds === lastSeconds && fraction > lastFraction)) {
      lastSeconds = seconds;
      lastFraction = fraction;
    }
  };

  const deliver = (
    bytes: Uint8Array,
    start: number,
    end: number,
    seconds: number,
    fraction: number,
    originalLength: number,
  ): void => {
    onPacket({
      frame,
      timeNs: timeNs(seconds, fraction),
      linkType,
      interfaceId: 0,
      bytes: keep(bytes, start, end),
      originalLength,
      comment: null,
    });
  };

  /** The last record, cut short by the end of the file: what is there is handed on. */
  const readCutRecord = (bytes: Uint8Array, at: number, end: number, base: number): void => {
    faults.note('file-truncated', null, base + at, end - at);
    if (end - at <= recordHeaderOctets) return;
    frame += 1;
    const seconds = u32(at);
    const fraction = u32(at + 4);
    noteTime(seconds, fraction);
    const start = at + recordHeaderOctets;
    if (isCandidate(bytes, start, end, linkType)) {
      const captured = u32(at + 8);
      deliver(bytes, start, end, seconds, fraction, Math.max(captured, u32(at + 12)));
    }
  };

  const scan: Scanner['scan'] = (bytes, from, end, base, isLast) => {
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = from;
    if (!headerRead) {
      if (end - at < fileHeaderOctets) {
        if (isLast) faults.note('file-truncated', null, base + at, end - at);
        return isLast ? end : at;
      }
      readHeader(bytes, at, base);
      at += fileHeaderOctets;
    }
    for (;;) {
      if (lostAt >= 0) {
        at = resynchronise(at, end, base, isLast);
        if (lostAt >= 0) return at;
      }
      if (end - at < recordHeaderOctets) break;
      let captured = u32(at + 8);
      let original = u32(at + 12);
      if (captured > original && mayBeSwapped) [captured, original] = [original, captured];
      const start = at + recordHeaderOctets;
      if (isDamaged(at)) {
        // Enough octets to see whether the record's other length leads to the next record.
        if (!isLast && end - at < resyncWindow) {
          need = resyncWindow;
          break;
        }
        const isLength = captured > maxPacketOctets;
        const code = isLength ? 'record-length-corrupt' : 'record-header-implausible';
        faults.note(code, null, base + at, recordHeaderOctets);
        if (!isLength || !leadsOn(at, original, end, isLast)) {
          lostAt = base + at;
          at += 1;
          continue;
        }
        captured = original;
      }
      let next = start + captured;
      // The next header is looked at before this record is believed.
      if (next + recordHeaderOctets > end && !isLast) {
        need = next + recordHeaderOctets - at;
        break;
      }
      if (next > end || (next + recordHeaderOctets <= end && isDamaged(next))) {
        if (!isLast && end - at < resyncWindow) {
          need = resyncWindow;
          break;
        }
        const nextOriginal = next > end ? 0 : u32(next + 12);
        if (next > end || !leadsOn(next, nextOriginal, end, isLast)) {
          const stop = endOfRecord(start, next, end, base, isLast);
          if (stop !== next) faults.note('record-length-swallows', frame + 1, 0, 0);
          captured = stop - start;
          next = stop;
        }
        if (next > end) break;
      }
      frame += 1;
      const seconds = u32(at);
      const fraction = u32(at + 4);
      if (fraction >= fractions) faults.note('time-fraction-out-of-range', frame, 0, 0);
      if (captured > original) faults.note('record-longer-than-original', frame, 0, 0);
      if (captured > snapLength && snapLength !== 0) {
        faults.note('record-exceeds-snaplen', frame, 0, 0);
      }
      noteTime(seconds, fraction);
      nearSeconds = seconds;
      if (isCandidate(bytes, start, next, linkType)) {
        deliver(bytes, start, next, seconds, fraction, original);
      }
      at = next;
      need = recordHeaderOctets;
    }
    if (!isLast) return at;
    if (at < end) readCutRecord(bytes, at, end, base);
    return end;
  };

  const finish = (): void => {
    if (lostAt < 0) return;
    faults.note('resynchronisation-failed', null, lostAt, 0);
    lostAt = -1;
  };

  return {
    scan,
    need: () => need,
    skip: () => 0,
    result: () => {
      finish();
      const theInterface: CaptureInterface = {
        id: 0,
        linkType,
        name: null,
        description: null,
        snapLength,
        timeResolution: { base: 'decimal', exponent: nanoseconds ? 9 : 6 },
        dropped: null,
      };
      return {
        packets: frame,
        interfaces: headerRead ? [theInterface] : [],
        firstTimeNs: frame === 0 ? null : timeNs(firstSeconds, firstFraction),
        lastTimeNs: frame === 0 ? null : timeNs(lastSeconds, lastFraction),
        comments: [],
      };
    },
  };
}
