import { advance, has, stop } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { etherType, layer } from './layers.ts';

const short = 'link-header-truncated';

/** RFC 3032: four octets a label, the last one marked. What follows is not named: IP by its version, or a pseudowire. */
export function readMpls(cursor: Cursor): void {
  const { bytes, end } = cursor;
  let at = cursor.at;
  let isLast = false;
  while (!isLast && end - at >= 4) {
    isLast = (bytes[at + 2]! & 1) === 1;
    at += 4;
  }
  if (!isLast || at >= end) {
    has(cursor, Infinity, short);
    return;
  }
  const version = bytes[at]! >> 4;
  if (version === 4 || version === 6) advance(cursor, at - cursor.at, layer.ip);
  else advance(cursor, at - cursor.at + (hasControlWord(bytes, at, end) ? 4 : 0), layer.ethernet);
}

/**
 * RFC 4448 §4.6: an Ethernet pseudowire may begin with a control word, whose first nibble is 0. So may an address: the EtherType
 * stands 12 octets behind the one that is there.
 */
function hasControlWord(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at]! >> 4 !== 0) return false;
  const isRead = (place: number): boolean =>
    place + 2 <= end && carried.has((bytes[place]! << 8) | bytes[place + 1]!);
  return isRead(at + 16) || !isRead(at + 12);
}

const carried: ReadonlySet<number> = new Set([
  etherType.ipv4,
  etherType.ipv6,
  etherType.vlan,
  0x88a8,
  etherType.mplsUnicast,
  etherType.pppoeSession,
]);

/** RFC 2784 and RFC 2890; version 1 is PPTP's (RFC 2637). */
export function readGre(cursor: Cursor): void {
  if (!has(cursor, 4, short)) return;
  const { bytes, at } = cursor;
  const flags = bytes[at]!;
  const version = bytes[at + 1]! & 7;
  const protocol = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  const hasSequence = (flags & 0x10) !== 0;
  let octets = 4;
  if (version === 0) {
    // Source routes (RFC 1701) are of a length that only reading them tells; nobody sends them.
    if ((flags & 0x40) !== 0) {
      stop(cursor);
      return;
    }
    if ((flags & 0x80) !== 0) octets += 4;
  }
  if ((flags & 0x20) !== 0) octets += 4;
  if (hasSequence) octets += 4;
  if (version === 1 && (bytes[at + 1]! & 0x80) !== 0) octets += 4;
  if (protocol === etherType.erspan2 && hasSequence) octets += 8;
  if (!has(cursor, octets, short)) return;
  if (protocol === etherType.erspan2) advance(cursor, octets, layer.ethernet);
  else advance(cursor, octets, protocol);
}

/** ERSPAN type III (draft-foschiano-erspan): 12 octets, and 8 more if the last bit says so. */
export function readErspan3(cursor: Cursor): void {
  if (!has(cursor, 12, short)) return;
  const hasSubheader = (cursor.bytes[cursor.at + 11]! & 1) === 1;
  if (has(cursor, hasSubheader ? 20 : 12, short)) {
    advance(cursor, hasSubheader ? 20 : 12, layer.ethernet);
  }
}
