import type { FaultLog } from '../bytes/fault-log.ts';
import { copyOf } from '../bytes/span.ts';
import type { CaptureInterface, Packet } from '../model/capture.ts';

/**
 * Says whether a packet may carry something that is looked for. Runs once for every packet of the file: it must not allocate.
 * The packet is `bytes[start]` up to but not including `bytes[end]`; the buffer is reused afterwards.
 */
export type CandidateTest = (
  bytes: Uint8Array,
  start: number,
  end: number,
  linkType: number,
) => boolean;

/** Where a scanner puts what it finds; shared by the scanners of all formats. */
export type ScanTarget = {
  readonly isCandidate: CandidateTest;
  readonly onPacket: (packet: Packet) => void;
  readonly faults: FaultLog;
};

/** Reads whole records out of whatever buffer it is given, without keeping it. */
export type Scanner = {
  /**
   * Reads the records of `bytes[from..end)`. `base` is the file offset of `bytes[0]`. With `isLast` nothing follows `end`.
   * Returns the place of the first octet that it could not use yet.
   */
  scan(bytes: Uint8Array, from: number, end: number, base: number, isLast: boolean): number;
  /** How many octets from the returned place the next call wants at least; more than it was given. */
  need(): number;
  /** How many octets after the returned place are of no use; they need not be given again. */
  skip(): number;
  result(): ScanResult;
};

export type ScanResult = {
  readonly packets: number;
  readonly interfaces: readonly CaptureInterface[];
  readonly firstTimeNs: bigint | null;
  readonly lastTimeNs: bigint | null;
  readonly comments: readonly string[];
};

/**
 * No packet is longer: libpcap's MAXIMUM_SNAPLEN, which Wireshark calls WTAP_MAX_PACKET_SIZE_STANDARD.
 * A record that claims more is damaged.
 */
export const maxPacketOctets: number = 262_144;

/** How much is looked at in one go when searching for the next record after damage. */
export const resyncWindow: number = 1 << 20;

/** 32 bits, little-endian if `little`. The caller has proven that four octets are there. */
export function readU32(bytes: Uint8Array, at: number, little: boolean): number {
  return little
    ? (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
    : ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

export function readU16(bytes: Uint8Array, at: number, little: boolean): number {
  return little ? bytes[at]! | (bytes[at + 1]! << 8) : (bytes[at]! << 8) | bytes[at + 1]!;
}

const slabOctets = 1 << 16;

/**
 * Copies packets out of a buffer that is reused. Small ones share slabs: a buffer of its own for each costs more than the packet.
 */
export function createKeeper(): (bytes: Uint8Array, start: number, end: number) => Uint8Array {
  let slab = new Uint8Array(0);
  let used = 0;
  return (bytes, start, end) => {
    const octets = end - start;
    if (octets > slabOctets >> 3) return copyOf(bytes, start, end);
    if (used + octets > slab.length) {
      slab = new Uint8Array(slabOctets);
      used = 0;
    }
    const kept = slab.subarray(used, used + octets);
    kept.set(bytes.subarray(start, end));
    used += octets;
    return kept;
  };
}
