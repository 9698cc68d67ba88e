import { hmac } from '#crypto';

import { u16 } from '../bytes/span.ts';
import { createCursor, type Cursor } from '../net/cursor.ts';
import { classifyPayload } from '../net/udp-payload.ts';
import { walkFrame } from '../net/walk.ts';
import { updateChecksum, updateUdpChecksum, wordSum } from './checksum.ts';
import { redactIke, type End, type OctetRules } from './ike.ts';

/** Addresses in the headers of one captured packet replaced in place, checksums kept as right as they were. */
export type PacketRedactor = {
  /** First pass: which IP fragments carry IKE. */
  readonly note: (bytes: Uint8Array, linkType: number, originalLength: number) => void;
  /** Second pass. */
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

const UDP = 17;
const UDP_HEADER = 8;
const IKE_PORTS: ReadonlySet<number> = new Set([500, 4500, 848]);

export function createPacketRedactor(rules: OctetRules): PacketRedactor {
  const cursor = createCursor();
  const ikeFragments = new Set<string>();
  const fragmentKey = (bytes: Uint8Array): string =>
    `${addressOf(bytes, cursor, 0).join('.')} ${addressOf(bytes, cursor, 1).join('.')} ${cursor.fragmentId}`;
  const startsIke = (bytes: Uint8Array): boolean =>
    cursor.protocol === UDP &&
    cursor.end - cursor.at >= UDP_HEADER &&
    (IKE_PORTS.has(u16(bytes, cursor.at)) || IKE_PORTS.has(u16(bytes, cursor.at + 2)));

  return {
    note: (bytes, linkType, originalLength) => {
      walkFrame(cursor, bytes, 0, bytes.length, linkType, originalLength);
      if (cursor.outcome !== 'fragment' || cursor.fragmentOffset !== 0) return;
      if (startsIke(bytes)) ikeFragments.add(fragmentKey(bytes));
    },
    redact: (bytes, linkType, originalLength) => {
      walkFrame(cursor, bytes, 0, bytes.length, linkType, originalLength);
      const { outcome } = cursor;
      const isFirst = outcome === 'fragment' && cursor.fragmentOffset === 0;
      const isLater = outcome === 'fragment' && !isFirst;
      if ((outcome === 'udp' || isFirst) && cursor.end - cursor.at >= UDP_HEADER) {
        if (startsIke(bytes)) redactDatagram(bytes, cursor, rules);
        else bytes.fill(0, cursor.at + UDP_HEADER);
      } else if (isLater) {
        if (!ikeFragments.has(fragmentKey(bytes))) bytes.fill(0, cursor.at);
      } else if (outcome === 'tcp') {
        blankTcp(bytes, cursor);
      } else if (outcome !== 'esp') {
        // ARP, ICMP with the headers of others, whatever is not read: nothing of it matters to IKE.
        bytes.fill(
          0,
          cursor.ipVersion === 0 ? afterLink(bytes, linkType) : Math.min(cursor.at, bytes.length),
        );
      }
      redactHeaders(bytes, linkType, originalLength, rules);
      if (rules.addresses !== null) redactHardware(bytes, linkType, rules.key);
    },
  };
}

/** Source (0) or destination (1) of the IP header that the cursor stands on. */
function addressOf(bytes: Uint8Array, { ipAt, ipVersion }: Cursor, which: 0 | 1): Uint8Array {
  const [offset, size] = ipVersion === 4 ? [12, 4] : [8, 16];
  const at = ipAt + offset + which * size;
  return bytes.slice(at, at + size);
}

/** The IKE message within, and what the change means for the checksum. */
function redactDatagram(bytes: Uint8Array, cursor: Cursor, rules: OctetRules): void {
  const { at } = cursor;
  const src: End = { address: addressOf(bytes, cursor, 0), port: u16(bytes, at) };
  const dst: End = { address: addressOf(bytes, cursor, 1), port: u16(bytes, at + 2) };
  const from = at + UDP_HEADER;
  const end = Math.min(cursor.end, at + Math.max(UDP_HEADER, u16(bytes, at + 4)));
  const octets = u16(bytes, at + 4) - UDP_HEADER;
  const kind = classifyPayload(bytes, from, end, octets, src.port, dst.port);
  const marker = kind === 'ike-marked' ? 4 : 0;
  if (kind === 'esp' || kind === 'esp-draft' || kind === 'keepalive') return;
  const before = wordSum(bytes, from, end);
  redactIke(bytes, from + marker, end, src, dst, rules);
  updateUdpChecksum(bytes, at + 6, before, wordSum(bytes, from, end));
}

/** A stream that is not IKE's keeps its header only. */
function blankTcp(bytes: Uint8Array, { at, end }: Cursor): void {
  if (end - at < 20) {
    bytes.fill(0, at);
    return;
  }
  const carriesIke = IKE_PORTS.has(u16(bytes, at)) || IKE_PORTS.has(u16(bytes, at + 2));
  if (!carriesIke) bytes.fill(0, Math.min(bytes.length, at + (bytes[at + 12]! >> 4) * 4));
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

/** Locally administered, and as much a group's as before. */
function redactHardware(bytes: Uint8Array, linkType: number, key: Uint8Array): void {
  for (const [at, size] of HARDWARE[linkType] ?? []) {
    if (bytes.length < at + size) continue;
    const address = bytes.slice(at, at + size);
    if (address.every((octet) => octet === 0xff) || address.every((octet) => octet === 0)) continue;
    const made = hmac('sha256', key, Uint8Array.of(linkType), address).slice(0, size);
    made[0] = (made[0]! & 0xfc) | 2 | (address[0]! & 1);
    bytes.set(made, at);
  }
}
