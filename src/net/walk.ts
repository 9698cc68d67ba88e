import { stopAt } from './cursor.ts';
import type { Cursor, Outcome } from './cursor.ts';
import {
  readAuthenticationHeader,
  readIp,
  readIpv4,
  readIpv6,
  readIpv6Extension,
  readIpv6Fragment,
} from './ip.ts';
import { etherType, ipProtocol, ipProtocolBase, layer, pppProtocolBase } from './layers.ts';
import {
  linkTypes,
  readCiscoHdlc,
  readCooked1,
  readCooked2,
  readEthernet,
  readFrameRelay,
  readLogicalLink,
  readNetfilterLog,
  readNull,
  readPpp,
  readPppInHdlc,
  readPppWithDirection,
  readPppoe,
  readVlan,
} from './link.ts';
import { readErspan3, readGre, readMpls } from './tunnels.ts';

type Read = (cursor: Cursor) => void;

function endAt(outcome: Outcome, protocol: number): Read {
  return (cursor) => {
    cursor.outcome = outcome;
    cursor.protocol = protocol;
  };
}

/** Every layer that is read. What is not here ends the walk. */
const readers: ReadonlyMap<number, Read> = new Map<number, Read>([
  [etherType.ipv4, readIpv4],
  [etherType.ipv6, readIpv6],
  [etherType.vlan, readVlan],
  // 802.1ad, and the numbers that were used for stacked tags before it.
  [0x88a8, readVlan],
  [0x9100, readVlan],
  [0x9200, readVlan],
  [0x9300, readVlan],
  [etherType.transparentEthernet, readEthernet],
  [etherType.ppp, readPpp],
  [etherType.mplsUnicast, readMpls],
  [etherType.mplsMulticast, readMpls],
  [etherType.pppoeSession, readPppoe],
  [etherType.erspan3, readErspan3],
  [layer.ethernet, readEthernet],
  [layer.logicalLink, readLogicalLink],
  [layer.cooked1, readCooked1],
  [layer.cooked2, readCooked2],
  [layer.ip, readIp],
  [layer.null, readNull],
  [layer.ppp, readPpp],
  [layer.pppInHdlc, readPppInHdlc],
  [layer.pppWithDirection, readPppWithDirection],
  [layer.ciscoHdlc, readCiscoHdlc],
  [layer.netfilterLog, readNetfilterLog],
  [layer.frameRelay, readFrameRelay],
  [pppProtocolBase + 0x21, readIpv4],
  [pppProtocolBase + 0x57, readIpv6],
  [pppProtocolBase + 0x281, readMpls],
  [pppProtocolBase + 0x283, readMpls],
  [ipProtocolBase + ipProtocol.hopByHop, readIpv6Extension],
  [ipProtocolBase + ipProtocol.routing, readIpv6Extension],
  [ipProtocolBase + ipProtocol.destinationOptions, readIpv6Extension],
  [ipProtocolBase + ipProtocol.mobility, readIpv6Extension],
  [ipProtocolBase + ipProtocol.hip, readIpv6Extension],
  [ipProtocolBase + ipProtocol.shim6, readIpv6Extension],
  [ipProtocolBase + ipProtocol.fragment, readIpv6Fragment],
  [ipProtocolBase + ipProtocol.ah, readAuthenticationHeader],
  [ipProtocolBase + ipProtocol.ipv4, readIpv4],
  [ipProtocolBase + ipProtocol.ipv6, readIpv6],
  [ipProtocolBase + ipProtocol.gre, readGre],
  [ipProtocolBase + ipProtocol.mpls, readMpls],
  [ipProtocolBase + ipProtocol.udp, endAt('udp', ipProtocol.udp)],
  [ipProtocolBase + ipProtocol.tcp, endAt('tcp', ipProtocol.tcp)],
  [ipProtocolBase + ipProtocol.esp, endAt('esp', ipProtocol.esp)],
]);

/** Headers in one packet beyond which it is an attack and no encapsulation. */
const maxLayers = 40;

function proceed(cursor: Cursor): void {
  cursor.outcome = 'walking';
  cursor.fault = null;
  cursor.ipVersion = 0;
  for (let depth = 0; cursor.outcome === 'walking'; depth += 1) {
    if (depth === maxLayers) {
      stopAt(cursor, 'encapsulation-too-deep', cursor.at);
      return;
    }
    const read = readers.get(cursor.next);
    if (read === undefined) cursor.outcome = 'other';
    else read(cursor);
  }
}

/**
 * Walks from the link layer to the innermost transport header or IP fragment of the packet `bytes[start..end)`, whose length on
 * the wire was `originalLength`. The result stands in the cursor.
 */
export function walkFrame(
  cursor: Cursor,
  bytes: Uint8Array,
  start: number,
  end: number,
  linkType: number,
  originalLength: number,
): void {
  const link = linkTypes[linkType];
  cursor.bytes = bytes;
  cursor.at = start;
  cursor.end = end;
  cursor.declaredEnd = start + Math.max(originalLength, end - start);
  if (link === undefined) {
    cursor.outcome = 'unsupported';
    cursor.fault = null;
    return;
  }
  cursor.next = link.first;
  proceed(cursor);
}

/** As `walkFrame`, for the reassembled payload of an IP packet, which was `octets` long. */
export function walkPayload(
  cursor: Cursor,
  bytes: Uint8Array,
  octets: number,
  protocol: number,
): void {
  cursor.bytes = bytes;
  cursor.at = 0;
  cursor.end = bytes.length;
  cursor.declaredEnd = octets;
  cursor.next = ipProtocolBase + protocol;
  proceed(cursor);
}
