import { advance, has, noteAt, stop, stopAt } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { ipProtocol, ipProtocolBase } from './layers.ts';

const short = 'ip-header-truncated';

export function readIp(cursor: Cursor): void {
  if (!has(cursor, 1, short)) return;
  const version = cursor.bytes[cursor.at]! >> 4;
  if (version === 4) readIpv4(cursor);
  else if (version === 6) readIpv6(cursor);
  else stopAt(cursor, 'ip-version-wrong', cursor.at);
}

/** Narrows what is left to the length that an IP header declares. Zero is what a capture before segmentation offload shows. */
function narrow(cursor: Cursor, octets: number): void {
  const declaredEnd = octets === 0 ? cursor.declaredEnd : cursor.ipAt + octets;
  if (declaredEnd > cursor.declaredEnd) noteAt(cursor, 'ip-length-overruns', cursor.ipAt);
  else cursor.declaredEnd = declaredEnd;
  cursor.end = Math.min(cursor.end, cursor.declaredEnd);
}

/** RFC 791 §3.1. */
export function readIpv4(cursor: Cursor): void {
  if (!has(cursor, 20, short)) return;
  const { bytes, at } = cursor;
  if (bytes[at]! >> 4 !== 4) {
    stopAt(cursor, 'ip-version-wrong', at);
    return;
  }
  const headerOctets = (bytes[at]! & 15) * 4;
  if (headerOctets < 20) {
    stopAt(cursor, 'ip-header-length-invalid', at);
    return;
  }
  const total = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  if (total < headerOctets && total !== 0) {
    stopAt(cursor, 'ip-length-below-header', at + 2);
    return;
  }
  if (!has(cursor, headerOctets, short)) return;
  cursor.ipVersion = 4;
  cursor.ipAt = at;
  narrow(cursor, total);
  const fragment = (bytes[at + 6]! << 8) | bytes[at + 7]!;
  cursor.fragmentOffset = (fragment & 0x1fff) * 8;
  cursor.moreFragments = (fragment & 0x2000) !== 0;
  cursor.fragmentId = (bytes[at + 4]! << 8) | bytes[at + 5]!;
  advance(cursor, headerOctets, ipProtocolBase + bytes[at + 9]!);
  if (cursor.fragmentOffset !== 0 || cursor.moreFragments) endAtFragment(cursor, bytes[at + 9]!);
}

/** RFC 8200 §3. */
export function readIpv6(cursor: Cursor): void {
  if (!has(cursor, 40, short)) return;
  const { bytes, at } = cursor;
  if (bytes[at]! >> 4 !== 6) {
    stopAt(cursor, 'ip-version-wrong', at);
    return;
  }
  const payload = (bytes[at + 4]! << 8) | bytes[at + 5]!;
  cursor.ipVersion = 6;
  cursor.ipAt = at;
  cursor.fragmentOffset = 0;
  cursor.moreFragments = false;
  narrow(cursor, payload === 0 ? 0 : payload + 40);
  advance(cursor, 40, ipProtocolBase + bytes[at + 6]!);
}

/** Extension headers of the common form: next header, length in 8 octets beyond the first 8. */
export function readIpv6Extension(cursor: Cursor): void {
  if (!has(cursor, 8, 'ipv6-extension-truncated')) return;
  const octets = (cursor.bytes[cursor.at + 1]! + 1) * 8;
  if (!has(cursor, octets, 'ipv6-extension-truncated')) return;
  advance(cursor, octets, ipProtocolBase + cursor.bytes[cursor.at]!);
}

/** RFC 8200 §4.5. An atomic fragment (RFC 6946) is a whole packet. */
export function readIpv6Fragment(cursor: Cursor): void {
  if (!has(cursor, 8, 'ipv6-extension-truncated')) return;
  const { bytes, at } = cursor;
  const fragment = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  cursor.fragmentOffset = fragment & 0xfff8;
  cursor.moreFragments = (fragment & 1) === 1;
  cursor.fragmentId =
    ((bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!) >>>
    0;
  advance(cursor, 8, ipProtocolBase + bytes[at]!);
  if (cursor.fragmentOffset !== 0 || cursor.moreFragments) endAtFragment(cursor, bytes[at]!);
}

/** RFC 4302 §2.2: length in 4 octets, minus 2. */
export function readAuthenticationHeader(cursor: Cursor): void {
  if (!has(cursor, 12, 'ipv6-extension-truncated')) return;
  const octets = (cursor.bytes[cursor.at + 1]! + 2) * 4;
  if (!has(cursor, octets, 'ipv6-extension-truncated')) return;
  advance(cursor, octets, ipProtocolBase + cursor.bytes[cursor.at]!);
}

/** Protocols that may lead to IKE: those are worth reassembling. */
const reassembled: ReadonlySet<number> = new Set<number>([
  ipProtocol.hopByHop,
  ipProtocol.ipv4,
  ipProtocol.tcp,
  ipProtocol.udp,
  ipProtocol.ipv6,
  ipProtocol.routing,
  ipProtocol.gre,
  ipProtocol.ah,
  ipProtocol.destinationOptions,
  ipProtocol.mpls,
]);

function endAtFragment(cursor: Cursor, protocol: number): void {
  if (!reassembled.has(protocol)) {
    stop(cursor);
    return;
  }
  cursor.outcome = 'fragment';
  cursor.protocol = protocol;
}
