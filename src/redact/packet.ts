import { hmac } from '#crypto';

import { copyOf, u16 } from '../bytes/span.ts';
import { createCursor } from '../net/cursor.ts';
import { walkFrame } from '../net/walk.ts';
import { updateChecksum, updateUdpChecksum, wordSum } from './checksum.ts';
import { redactDatagram } from './datagram.ts';
import { addressOf, endsOf, isIke, tcpData, TCP_HEADER, UDP, UDP_HEADER } from './ends.ts';
import type { OctetRules } from './ike.ts';
import { createSpreadMessages } from './spread-messages.ts';

/** Addresses in the headers of captured packets replaced in place, checksums kept as right as they were. */
export type PacketRedactor = {
  /** First pass: what of IKE is spread over several packets. */
  readonly note: (bytes: Uint8Array, linkType: number, originalLength: number) => void;
  /** Behind the first pass: rewrites it. */
  readonly settle: () => void;
  /** Second pass: everything else. */
  readonly redact: (bytes: Uint8Array, linkType: number, originalLength: number) => void;
};

/** Of the link layer: where hardware addresses stand, by link type (tcpdump.org/linktypes.html). */
const HARDWARE: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  1: [
    [0, 6],
    [6, 6],
  ],
  113: [[6, 8]],
  276: [[12, 8]],
};

export function createPacketRedactor(rules: OctetRules): PacketRedactor {
  const cursor = createCursor();
  const spread = createSpreadMessages(rules);
  return {
    note: (bytes, linkType, originalLength) => {
      walkFrame(cursor, bytes, 0, bytes.length, linkType, originalLength);
      spread.note(bytes, cursor);
    },
    settle: spread.settle,
    redact: (bytes, linkType, originalLength) => {
      walkFrame(cursor, bytes, 0, bytes.length, linkType, originalLength);
      const { outcome, at, end } = cursor;
      if (outcome === 'udp' && end - at >= UDP_HEADER) {
        const { src, dst } = endsOf(bytes, cursor);
        if (isIke(bytes, cursor)) redactDatagram(bytes, at, end, src, dst, rules);
        else blankData(bytes, at + UDP_HEADER, end, at + 6, updateUdpChecksum);
      } else if (outcome === 'tcp') {
        if (end - at < TCP_HEADER) bytes.fill(0, at);
        else if (!isIke(bytes, cursor))
          blankData(bytes, tcpData(bytes, cursor), end, at + 16, updateChecksum);
      } else if (outcome !== 'esp' && outcome !== 'fragment') {
        // ARP, ICMP with the headers of others, whatever is not read: nothing of it matters to IKE.
        bytes.fill(
          0,
          cursor.ipVersion === 0 ? afterLink(bytes, linkType) : Math.min(at, bytes.length),
        );
      }
      // Behind the packet: padding of the link, or what a host left in it.
      if (cursor.ipVersion !== 0) bytes.fill(0, Math.min(end, bytes.length));
      redactHeaders(bytes, linkType, originalLength, rules);
      if (rules.addresses !== null) redactHardware(bytes, linkType, rules.key);
    },
  };
}

/** What stands behind a header and is not IKE's, emptied. */
function blankData(
  bytes: Uint8Array,
  from: number,
  end: number,
  sumAt: number,
  update: typeof updateChecksum,
): void {
  if (from < end) update(bytes, sumAt, wordSum(bytes, from, end), 0);
  bytes.fill(0, Math.min(from, bytes.length));
}

function afterLink(bytes: Uint8Array, linkType: number): number {
  const octets: Readonly<Record<number, number>> = { 0: 4, 1: 14, 113: 16, 276: 20 };
  return Math.min(bytes.length, octets[linkType] ?? 0);
}

/** Every IP header, the innermost first: a walk that may not go further ends at the one around it. */
function redactHeaders(
  bytes: Uint8Array,
  linkType: number,
  originalLength: number,
  { addresses }: OctetRules,
): void {
  if (addresses === null) return;
  const cursor = createCursor();
  for (let end = bytes.length; end > 0; end = cursor.ipAt) {
    walkFrame(cursor, bytes, 0, end, linkType, originalLength);
    const { ipVersion, ipAt, outcome, at } = cursor;
    if (ipVersion === 0 || ipAt >= end) return;
    if (ipVersion === 4) blankIpOptions(bytes, ipAt, end);
    const [offset, size] = ipVersion === 4 ? [12, 8] : [8, 32];
    const from = ipAt + offset;
    const before = wordSum(bytes, from, from + size);
    for (const which of [0, 1] as const) {
      bytes.set(addresses.octets(addressOf(bytes, cursor, which)), from + (which * size) / 2);
    }
    const after = wordSum(bytes, from, from + size);
    if (ipVersion === 4 && u16(bytes, ipAt + 10) !== 0)
      updateChecksum(bytes, ipAt + 10, before, after);
    // The pseudo header of UDP (RFC 768) and TCP (RFC 9293) holds the addresses; only the first fragment has the sum.
    const isStart =
      outcome === 'udp' ||
      outcome === 'tcp' ||
      (outcome === 'fragment' && cursor.fragmentOffset === 0);
    const isUdp = cursor.protocol === UDP;
    const sumAt = at + (isUdp ? 6 : 16);
    if (isStart && sumAt + 2 <= end) {
      (isUdp ? updateUdpChecksum : updateChecksum)(bytes, sumAt, before, after);
    }
    if (ipAt === 0) return;
  }
}

/** Routes and their like (RFC 791 §3.1), which hold addresses; zeros end the list of options. */
function blankIpOptions(bytes: Uint8Array, ipAt: number, end: number): void {
  const from = ipAt + 20;
  const to = Math.min(end, ipAt + (bytes[ipAt]! & 15) * 4);
  if (from >= to) return;
  if (u16(bytes, ipAt + 10) !== 0) updateChecksum(bytes, ipAt + 10, wordSum(bytes, from, to), 0);
  bytes.fill(0, from, to);
}

/** Locally administered, and as much a group's as before. */
function redactHardware(bytes: Uint8Array, linkType: number, key: Uint8Array): void {
  for (const [at, size] of HARDWARE[linkType] ?? []) {
    if (bytes.length < at + size) continue;
    const address = copyOf(bytes, at, at + size);
    if (address.every((octet) => octet === 0xff) || address.every((octet) => octet === 0)) continue;
    const made = hmac('sha256', key, Uint8Array.of(linkType), address).subarray(0, size);
    made[0] = (made[0]! & 0xfc) | 2 | (address[0]! & 1);
    bytes.set(made, at);
  }
}
