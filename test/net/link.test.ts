import { describe, expect, it } from 'vitest';
import { linkTypes } from '../../src/net/link.ts';
import { packet, readTraffic } from '../support/captures.ts';
import { be, ethernet, ike, ipv4, ipv6, udp } from '../support/packets.ts';
import { concat } from '../support/pcap-files.ts';

const message = ike(84);
const datagram = udp(message);
const v4 = ipv4(datagram);
const v6 = ipv6(datagram);
const snap = (type: number): Uint8Array =>
  concat(Uint8Array.of(0xaa, 0xaa, 3, 0, 0, 0), be(['u16', type]));
const vlan = (id: number, type: number, payload: Uint8Array): Uint8Array =>
  concat(be(['u16', id], ['u16', type]), payload);
const lengthField = (payload: Uint8Array): Uint8Array => ethernet(payload, payload.length);
const mpls = (label: number, isLast: boolean): Uint8Array =>
  be(['u32', (label << 12) | (isLast ? 0x140 : 0x40)]);
const ppp4 = concat(be(['u16', 0x0021]), v4);
const pppoe = concat(be(['u8', 0x11], ['u8', 0], ['u16', 7], ['u16', ppp4.length]), ppp4);
const gre = (
  type: number,
  payload: Uint8Array,
  flags = 0,
  extra: Uint8Array = new Uint8Array(0),
): Uint8Array => ipv4(concat(be(['u16', flags], ['u16', type]), extra, payload), { protocol: 47 });
const cooked1 = (type: number, payload: Uint8Array): Uint8Array =>
  concat(be(['u16', 0], ['u16', 1], ['u16', 6]), new Uint8Array(8), be(['u16', type]), payload);
const cooked2 = (type: number, payload: Uint8Array): Uint8Array =>
  concat(
    be(['u16', type], ['u16', 0], ['u32', 2], ['u16', 1], ['u8', 0], ['u8', 6]),
    new Uint8Array(8),
    payload,
  );
const v6Extension = (next: number, payload: Uint8Array): Uint8Array =>
  concat(Uint8Array.of(next, 1), new Uint8Array(14), payload);
const sequence = be(['u32', 1]);

/** Every way in which an IKE message may be wrapped: name, LINKTYPE_ value, octets. */
const wrapped: readonly (readonly [name: string, linkType: number, bytes: Uint8Array])[] = [
  ['Ethernet, IPv4', 1, ethernet(v4)],
  ['Ethernet, IPv6', 1, ethernet(v6, 0x86dd)],
  [
    'Ethernet padded to its least length',
    1,
    concat(ethernet(ipv4(udp(ike(28)))), new Uint8Array(9)),
  ],
  ['802.1Q', 1, ethernet(vlan(5, 0x0800, v4), 0x8100)],
  ['802.1ad with 802.1Q', 1, ethernet(vlan(5, 0x8100, vlan(6, 0x86dd, v6)), 0x88a8)],
  ['QinQ of before 802.1ad', 1, ethernet(vlan(5, 0x8100, vlan(6, 0x0800, v4)), 0x9100)],
  ['802.3 with LLC and SNAP', 1, lengthField(concat(snap(0x0800), v4))],
  ['802.3 with LLC alone', 1, lengthField(concat(Uint8Array.of(6, 6, 3), v4))],
  [
    '802.1Q with LLC and SNAP',
    1,
    ethernet(vlan(5, 8 + v4.length, concat(snap(0x0800), v4)), 0x8100),
  ],
  ['Linux cooked', 113, cooked1(0x0800, v4)],
  ['Linux cooked, IPv6', 113, cooked1(0x86dd, v6)],
  ['Linux cooked, 802.1Q', 113, cooked1(0x8100, vlan(5, 0x0800, v4))],
  ['Linux cooked v2', 276, cooked2(0x0800, v4)],
  ['raw IP', 101, v4],
  ['raw IP, IPv6', 101, v6],
  ['raw IP of BSD', 12, v4],
  ['raw IP of OpenBSD', 14, v6],
  ['raw IPv4', 228, v4],
  ['raw IPv6', 229, v6],
  ['null, little-endian', 0, concat(Uint8Array.of(2, 0, 0, 0), v4)],
  ['null, big-endian, IPv6', 0, concat(Uint8Array.of(0, 0, 0, 30), v6)],
  ['OpenBSD loopback', 108, concat(Uint8Array.of(0, 0, 0, 24), v6)],
  ['PPP', 9, ppp4],
  ['PPP with HDLC octets', 9, concat(Uint8Array.of(0xff, 3), ppp4)],
  ['PPP with compressed protocol', 9, concat(Uint8Array.of(0x21), v4)],
  ['PPP in HDLC', 50, concat(Uint8Array.of(0xff, 3), be(['u16', 0x57]), v6)],
  ['Cisco HDLC in a PPP capture', 50, concat(Uint8Array.of(0x0f, 0), be(['u16', 0x0800]), v4)],
  ['Cisco HDLC', 104, concat(Uint8Array.of(0x0f, 0), be(['u16', 0x0800]), v4)],
  ['PPP with direction', 204, concat(Uint8Array.of(1), ppp4)],
  ['PPP with direction, older', 166, concat(Uint8Array.of(0, 0xff, 3), ppp4)],
  ['Frame Relay by Cisco', 107, concat(Uint8Array.of(0x18, 0x41), be(['u16', 0x0800]), v4)],
  ['Frame Relay by RFC 2427', 107, concat(Uint8Array.of(0x18, 0x41, 3, 0xcc), v4)],
  ['PPPoE', 1, ethernet(pppoe, 0x8864)],
  ['PPPoE capture', 51, pppoe],
  ['PPPoE in 802.1Q', 1, ethernet(vlan(7, 0x8864, pppoe), 0x8100)],
  ['MPLS', 1, ethernet(concat(mpls(17, true), v4), 0x8847)],
  [
    'MPLS, three labels, IPv6',
    1,
    ethernet(concat(mpls(17, false), mpls(18, false), mpls(19, true), v6), 0x8847),
  ],
  ['MPLS capture', 219, concat(mpls(17, true), v4)],
  [
    'Ethernet in MPLS with control word',
    1,
    ethernet(concat(mpls(17, true), new Uint8Array(4), ethernet(v4)), 0x8847),
  ],
  [
    'Ethernet in MPLS without control word, to an address that begins with 0',
    1,
    ethernet(concat(mpls(17, true), Uint8Array.of(0, ...ethernet(v4).subarray(1))), 0x8847),
  ],
  ['MPLS in PPP', 9, concat(be(['u16', 0x281]), mpls(17, true), v4)],
  ['GRE', 1, ethernet(gre(0x0800, v4))],
  ['GRE with checksum, key and sequence', 1, ethernet(gre(0x86dd, v6, 0xb000, new Uint8Array(12)))],
  ['GRE with Ethernet', 1, ethernet(gre(0x6558, ethernet(v4)))],
  ['GRE over IPv6', 1, ethernet(ipv6(concat(be(['u16', 0], ['u16', 0x0800]), v4), 47), 0x86dd)],
  ['PPTP', 1, ethernet(gre(0x880b, ppp4, 0x3081, new Uint8Array(12)))],
  ['ERSPAN type I', 1, ethernet(gre(0x88be, ethernet(v4)))],
  [
    'ERSPAN type II',
    1,
    ethernet(gre(0x88be, concat(new Uint8Array(8), ethernet(v4)), 0x1000, sequence)),
  ],
  [
    'ERSPAN type III',
    1,
    ethernet(gre(0x22eb, concat(new Uint8Array(12), ethernet(v4)), 0x1000, sequence)),
  ],
  [
    'ERSPAN type III with subheader',
    1,
    ethernet(
      gre(
        0x22eb,
        concat(new Uint8Array(11), Uint8Array.of(1), new Uint8Array(8), ethernet(v4)),
        0x1000,
        sequence,
      ),
    ),
  ],
  ['IP in IP', 101, ipv4(v4, { protocol: 4 })],
  ['IPv6 in IPv4', 101, ipv4(v6, { protocol: 41 })],
  ['IPv4 in IPv6', 101, ipv6(v4, 4)],
  ['MPLS in IP', 101, ipv4(concat(mpls(17, true), v4), { protocol: 137 })],
  ['IPv4 with options', 1, ethernet(ipv4(datagram, { options: new Uint8Array(40).fill(1) }))],
  [
    'IPv6 with extension headers',
    101,
    ipv6(v6Extension(43, v6Extension(60, v6Extension(17, datagram))), 0),
  ],
  [
    'IPv6 with an atomic fragment',
    101,
    ipv6(concat(Uint8Array.of(17, 0, 0, 0, 0, 0, 0, 9), datagram), 44),
  ],
  [
    'authentication header',
    101,
    ipv4(concat(Uint8Array.of(17, 4), new Uint8Array(22), datagram), { protocol: 51 }),
  ],
  [
    'netfilter log',
    239,
    concat(
      Uint8Array.of(2, 0, 0, 0, 8, 0, 1, 0),
      new Uint8Array(4),
      Uint8Array.of(v4.length + 4, 0, 9, 0),
      v4,
    ),
  ],
];

describe('what IKE is wrapped in', () => {
  for (const [name, linkType, bytes] of wrapped) {
    it(`reads ${name}`, () => {
      const { datagrams, anomalies } = readTraffic([packet(1, bytes, linkType)]);
      expect(anomalies).toEqual([]);
      expect(datagrams).toHaveLength(1);
      const { payload, src, dst } = datagrams[0]!;
      expect(bytes.subarray(payload.offset, payload.offset + payload.bytes.length)).toEqual(
        payload.bytes,
      );
      expect(payload.bytes[17]).toBe(0x10);
      expect([src.port, dst.port]).toEqual([500, 500]);
      expect([
        ['192.0.2.1', '198.51.100.2'],
        ['2001:db8::1', '2001:db8::2'],
      ]).toContainEqual([src.address, dst.address]);
    });
  }

  it('covers every link type of the table', () => {
    expect(new Set(wrapped.map(([, linkType]) => linkType))).toEqual(
      new Set(Object.keys(linkTypes).map(Number)),
    );
  });

  it('reads every prefix without a fault in the reader, and finds no message in what is cut before it', () => {
    for (const [, linkType, bytes] of wrapped) {
      for (let length = 0; length < bytes.length; length += 1) {
        const cut = packet(1, bytes.slice(0, length), linkType, { originalLength: bytes.length });
        const { datagrams } = readTraffic([cut]);
        for (const { payload, missing } of datagrams) {
          expect(payload.offset + payload.bytes.length).toBeLessThanOrEqual(length);
          expect(payload.bytes.length + missing).toBeGreaterThanOrEqual(28);
        }
      }
    }
  });

  it('stops at encapsulation without end', () => {
    let deep = v4;
    for (let depth = 0; depth < 60; depth += 1) deep = ipv4(deep, { protocol: 4 });
    const { datagrams, anomalies } = readTraffic([packet(1, deep, 101)]);
    expect(datagrams).toEqual([]);
    expect(anomalies.map(({ code }) => code)).toEqual(['encapsulation-too-deep']);
  });

  it('leaves alone what is no IKE', () => {
    const others = [
      ethernet(ipv4(udp(message, 53, 5353))),
      ethernet(ipv4(new Uint8Array(40), { protocol: 1 })),
      ethernet(new Uint8Array(46), 0x0806),
      ethernet(ipv6(udp(message, 53, 5353)), 0x86dd),
      lengthField(new Uint8Array(46).fill(0x42)),
    ];
    const { candidates } = readTraffic(others.map((bytes, index) => packet(index + 1, bytes)));
    expect(candidates).toEqual([]);
  });
});
