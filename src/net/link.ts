import { advance, has, stop } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { etherType, layer, pppProtocolBase } from './layers.ts';

/** LINKTYPE_ values (tcpdump.org registry) that are read, and the layer each begins with. */
export const linkTypes: Readonly<
  Record<number, { readonly name: string; readonly first: number }>
> = {
  0: { name: 'null/loopback', first: layer.null },
  1: { name: 'Ethernet', first: layer.ethernet },
  9: { name: 'PPP', first: layer.ppp },
  12: { name: 'raw IP', first: layer.ip },
  14: { name: 'raw IP', first: layer.ip },
  50: { name: 'PPP in HDLC-like framing', first: layer.pppInHdlc },
  51: { name: 'PPPoE', first: etherType.pppoeSession },
  101: { name: 'raw IP', first: layer.ip },
  104: { name: 'Cisco HDLC', first: layer.ciscoHdlc },
  107: { name: 'Frame Relay', first: layer.frameRelay },
  108: { name: 'OpenBSD loopback', first: layer.null },
  113: { name: 'Linux cooked', first: layer.cooked1 },
  166: { name: 'PPP with direction', first: layer.pppWithDirection },
  204: { name: 'PPP with direction', first: layer.pppWithDirection },
  219: { name: 'MPLS', first: etherType.mplsUnicast },
  228: { name: 'raw IPv4', first: layer.ip },
  229: { name: 'raw IPv6', first: layer.ip },
  239: { name: 'Linux netfilter log', first: layer.netfilterLog },
  276: { name: 'Linux cooked v2', first: layer.cooked2 },
};

const short = 'link-header-truncated';

function u16(cursor: Cursor, offset: number): number {
  return (cursor.bytes[cursor.at + offset]! << 8) | cursor.bytes[cursor.at + offset + 1]!;
}

/** An EtherType, or in IEEE 802.3 the length of an LLC frame. */
function etherTypeOrLength(cursor: Cursor, headerOctets: number): void {
  const value = u16(cursor, headerOctets - 2);
  advance(cursor, headerOctets, value < 0x600 ? layer.logicalLink : value);
}

export function readEthernet(cursor: Cursor): void {
  if (has(cursor, 14, short)) etherTypeOrLength(cursor, 14);
}

/** 802.1Q, 802.1ad and what came before it: two octets of tag, then the EtherType. */
export function readVlan(cursor: Cursor): void {
  if (has(cursor, 4, short)) etherTypeOrLength(cursor, 4);
}

/** IEEE 802.2: SNAP with an EtherType (RFC 1042), or IP by its own service access point. */
export function readLogicalLink(cursor: Cursor): void {
  if (!has(cursor, 3, short)) return;
  const { bytes, at } = cursor;
  if (bytes[at] === 0x06 && bytes[at + 1] === 0x06) {
    advance(cursor, 3, layer.ip);
    return;
  }
  if (bytes[at] !== 0xaa || bytes[at + 1] !== 0xaa || bytes[at + 2] !== 3) {
    stop(cursor);
    return;
  }
  if (has(cursor, 8, short)) advance(cursor, 8, u16(cursor, 6));
}

/** LINKTYPE_LINUX_SLL: the protocol is the last field of 16 octets. */
export function readCooked1(cursor: Cursor): void {
  if (!has(cursor, 16, short)) return;
  const protocol = u16(cursor, 14);
  // 1: Novell raw, 4: 802.2; the others below 0x600 are no EtherTypes either.
  advance(cursor, 16, protocol === 4 ? layer.logicalLink : protocol);
}

/** LINKTYPE_LINUX_SLL2: the protocol is the first field of 20 octets. */
export function readCooked2(cursor: Cursor): void {
  if (!has(cursor, 20, short)) return;
  const protocol = u16(cursor, 0);
  advance(cursor, 20, protocol === 4 ? layer.logicalLink : protocol);
}

/** AF_INET, and AF_INET6 of Linux, NetBSD, FreeBSD and macOS. */
const inetFamilies: ReadonlySet<number> = new Set([2, 10, 24, 28, 30]);

/** Four octets of address family in the byte order of the machine that captured; the IP version tells the rest. */
export function readNull(cursor: Cursor): void {
  if (!has(cursor, 4, short)) return;
  const { bytes, at } = cursor;
  const family = bytes[at]! | bytes[at + 3]!;
  if (bytes[at + 1] === 0 && bytes[at + 2] === 0 && inetFamilies.has(family)) {
    advance(cursor, 4, layer.ip);
  } else stop(cursor);
}

/** RFC 1661 §2: the protocol field, one octet if compressed; after the address and control octets of RFC 1662 if they are there. */
export function readPpp(cursor: Cursor): void {
  if (!has(cursor, 2, short)) return;
  if (cursor.bytes[cursor.at] === 0xff && cursor.bytes[cursor.at + 1] === 3) {
    cursor.at += 2;
    if (!has(cursor, 2, short)) return;
  }
  const first = cursor.bytes[cursor.at]!;
  if ((first & 1) === 1) advance(cursor, 1, pppProtocolBase + first);
  else advance(cursor, 2, pppProtocolBase + u16(cursor, 0));
}

/** LINKTYPE_PPP_HDLC: either the octets of RFC 1662, or Cisco HDLC, whose address octet is 0x0f or 0x8f. */
export function readPppInHdlc(cursor: Cursor): void {
  if (!has(cursor, 2, short)) return;
  const address = cursor.bytes[cursor.at]!;
  if (address === 0x0f || address === 0x8f) readCiscoHdlc(cursor);
  else readPpp(cursor);
}

export function readPppWithDirection(cursor: Cursor): void {
  if (has(cursor, 1, short)) advance(cursor, 1, layer.ppp);
}

export function readCiscoHdlc(cursor: Cursor): void {
  if (has(cursor, 4, short)) advance(cursor, 4, u16(cursor, 2));
}

/** Q.922 address, then either Cisco's EtherType or RFC 2427: control 3, NLPID. */
export function readFrameRelay(cursor: Cursor): void {
  if (!has(cursor, 4, short)) return;
  const { bytes, at } = cursor;
  if (bytes[at + 2] === 3 && (bytes[at + 3] === 0xcc || bytes[at + 3] === 0x8e)) {
    advance(cursor, 4, layer.ip);
  } else if (
    bytes[at + 2] === 3 &&
    bytes[at + 3] === 0 &&
    cursor.end - at >= 10 &&
    bytes[at + 4] === 0x80
  ) {
    advance(cursor, 10, u16(cursor, 8));
  } else advance(cursor, 4, u16(cursor, 2));
}

/** RFC 2516 §4: version and type, code 0 for session data, session, length. */
export function readPppoe(cursor: Cursor): void {
  if (!has(cursor, 6, short)) return;
  if (cursor.bytes[cursor.at + 1] !== 0) {
    stop(cursor);
    return;
  }
  advance(cursor, 6, layer.ppp);
}

/** LINKTYPE_NFLOG: attributes of length and type in host byte order; the packet is attribute 9 and comes last. */
export function readNetfilterLog(cursor: Cursor): void {
  if (!has(cursor, 4, short)) return;
  const { bytes } = cursor;
  let at = cursor.at + 4;
  while (cursor.end - at >= 4) {
    const big = bytes[at] === 0 && bytes[at + 2] === 0;
    const length = big ? (bytes[at]! << 8) | bytes[at + 1]! : bytes[at]! | (bytes[at + 1]! << 8);
    const type = (big ? bytes[at + 3]! : bytes[at + 2]!) & 0x7f;
    if (length < 4) break;
    if (type === 9) {
      advance(cursor, at + 4 - cursor.at, layer.ip);
      return;
    }
    at += (length + 3) & ~3;
  }
  stop(cursor);
}
