import { hash } from '#crypto';
import { describe, expect, it } from 'vitest';

import { derName } from '../../samples/builder/x509.ts';
import { u16 } from '../../src/bytes/span.ts';
import { createAddressMap, parseAddress } from '../../src/redact/address-map.ts';
import { redactCapture } from '../../src/redact/capture.ts';
import type { OctetRules } from '../../src/redact/ike.ts';
import { nameFor } from '../../src/redact/rename.ts';
import { readAll } from '../support/captures.ts';
import { CKY_I, CKY_R, clear, octets, payload, sealed, tlv } from '../support/isakmp.ts';
import { ethernet, fragments, ipv4, udp } from '../support/packets.ts';
import {
  concat,
  enhanced,
  interfaceBlock,
  pcapFile,
  section,
  textOption,
} from '../support/pcap-files.ts';

const SRC = '192.0.2.1';
const DST = '198.51.100.2';
const INSIDE = '10.20.30.40';
const key = new TextEncoder().encode('a key');
const addresses = createAddressMap(key);
const rules: OctetRules = { key, addresses, names: true, known: [parseAddress(INSIDE)!] };
const mapped = (text: string): Uint8Array => addresses.octets(parseAddress(text)!);

const fold = (sum: number): number => (sum > 0xffff ? fold((sum & 0xffff) + (sum >>> 16)) : sum);
function sum(bytes: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < bytes.length; i += 2) total += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  return fold(total);
}

/** With header checksum and UDP checksum as a host would write them. */
function sealedPacket(message: Uint8Array, src = SRC, dst = DST): Uint8Array {
  const packet = ipv4(udp(message), { src, dst });
  const header = ~sum(packet.subarray(0, 20)) & 0xffff;
  packet.set([header >> 8, header & 0xff], 10);
  const pseudo = concat(packet.subarray(12, 20), Uint8Array.of(0, 17), packet.subarray(24, 26));
  const datagram = ~sum(concat(pseudo, packet.subarray(20))) & 0xffff;
  packet.set([datagram >> 8, datagram & 0xff], 26);
  return packet;
}

function expectSums(packet: Uint8Array): void {
  expect(sum(packet.subarray(0, 20))).toBe(0xffff);
  const pseudo = concat(packet.subarray(12, 20), Uint8Array.of(0, 17), packet.subarray(24, 26));
  expect(sum(concat(pseudo, packet.subarray(20)))).toBe(0xffff);
}

const natHash = (address: Uint8Array, port = 500): Uint8Array =>
  hash('md5', octets(CKY_I), octets(CKY_R), address, Uint8Array.of(port >> 8, port & 0xff));

const header = { initiator: CKY_I, responder: CKY_R, exchange: 2 };
const withNat = (...hashes: readonly Uint8Array[]): Uint8Array =>
  clear(header, ...hashes.map((value) => payload(20, value)));

const ETHERNET = 14;
const only = (file: Uint8Array): Uint8Array =>
  readAll(redactCapture(file, rules)!).packets[0]!.bytes.subarray(ETHERNET);
const pcapOf = (...packets: readonly Uint8Array[]): Uint8Array =>
  pcapFile(packets.map((bytes) => ({ seconds: 1, fraction: 0, bytes: ethernet(bytes) })));

describe('redactCapture', () => {
  it('replaces the addresses of the header and keeps the checksums right', () => {
    const packet = only(pcapOf(sealedPacket(withNat(natHash(parseAddress(SRC)!)))));
    expect(packet.subarray(12, 16)).toEqual(mapped(SRC));
    expect(packet.subarray(16, 20)).toEqual(mapped(DST));
    expectSums(packet);
  });

  it('computes NAT-D hashes anew: of the ends, of a known host behind a NAT, and of nobody', () => {
    const unknown = natHash(parseAddress('172.31.9.9')!);
    const message = withNat(natHash(parseAddress(DST)!), natHash(parseAddress(INSIDE)!), unknown);
    const packet = only(pcapOf(sealedPacket(message)));
    const value = (i: number): Uint8Array =>
      packet.subarray(28 + 28 + i * 20 + 4, 28 + 28 + i * 20 + 20);
    expect(value(0)).toEqual(natHash(mapped(DST)));
    expect(value(1)).toEqual(natHash(mapped(INSIDE)));
    expect(value(2)).not.toEqual(unknown);
    expect(value(2)).not.toEqual(natHash(mapped('172.31.9.9')));
    expectSums(packet);
  });

  it('replaces identities in clear: addresses, and names as texts call them, whatever their length', () => {
    const id = (type: number, data: Uint8Array): Uint8Array =>
      concat(Uint8Array.of(type, 17, 1, 244), data);
    const name = new TextEncoder().encode('kestrel.example');
    const message = clear(
      { ...header, exchange: 4 },
      payload(5, id(1, parseAddress(INSIDE)!)),
      payload(5, id(2, name)),
    );
    const frames = [sealedPacket(message), sealedPacket(sealed(header))].map((p) => ethernet(p));
    const pcap = pcapFile(frames.map((bytes) => ({ seconds: 1, fraction: 0, bytes })));
    const blocks = frames.map((bytes) => enhanced(0, 1_000_000_000n, bytes));
    for (const file of [pcap, concat(section(true), interfaceBlock(1), ...blocks)]) {
      const { packets } = readAll(redactCapture(file, rules)!);
      expect(packets.map(({ bytes, originalLength }) => originalLength - bytes.length)).toEqual([
        0, 0,
      ]);
      const packet = packets[0]!.bytes.subarray(ETHERNET);
      expect(packet.subarray(28 + 28 + 8, 28 + 28 + 12)).toEqual(mapped(INSIDE));
      const called = nameFor(key, 'kestrel.example');
      expect(new TextDecoder('latin1').decode(packet.subarray(-called.length))).toBe(called);
      const grown = called.length - name.length;
      expect(u16(packet, 2)).toBe(packet.length);
      expect(u16(packet, 24)).toBe(packet.length - 20);
      expect(u16(packet, 28 + 26)).toBe(message.length + grown);
      expectSums(packet);
      expect(packets[1]!.bytes.subarray(ETHERNET + 28)).toEqual(sealed(header));
    }
  });

  it('renames a distinguished name and keeps its structure', () => {
    const dn = derName([
      { kind: 'cn', value: 'kestrel gateway '.repeat(6) },
      { kind: 'hostname', value: 'r1.kestrel.example' },
    ]);
    const id = payload(5, Uint8Array.of(9, 17, 1, 244), dn);
    const packet = only(pcapOf(sealedPacket(clear({ ...header, exchange: 4 }, id))));
    expectSums(packet);
    const made = packet.subarray(28 + 28 + 8);
    expect(made[1]! & 0x80).toBe(0x80);
    expect(new TextDecoder('latin1').decode(made)).not.toContain('kestrel');
    const names = ['kestrel gateway '.repeat(6), 'r1.kestrel.example'].map((n) => nameFor(key, n));
    for (const called of names) expect(new TextDecoder('latin1').decode(made)).toContain(called);
  });

  describe('attributes sent in clear', () => {
    const text = (value: string): Uint8Array => new TextEncoder().encode(value);
    const attributes = concat(
      Uint8Array.of(2, 0, 0, 1),
      tlv(1, parseAddress(INSIDE)!),
      tlv(2, parseAddress('255.255.255.0')!),
      tlv(28676, concat(parseAddress(SRC)!, parseAddress('255.255.0.0')!, new Uint8Array(6))),
      tlv(16521, text('eve')),
      tlv(16522, text('Harbour-Lamp-31')),
      tlv(28674, text('kestrel.example')),
    );
    const transaction = clear({ ...header, exchange: 6 }, payload(14, attributes));
    const auth = clear({ ...header, exchange: 35, version: 0x20 }, payload(47, attributes));

    it.each([transaction, auth])('lose addresses and names, and keep masks', (message) => {
      const packet = only(pcapOf(sealedPacket(message)));
      const body = packet.subarray(28 + 28 + 4 + 4);
      expect(body.subarray(4, 8)).toEqual(mapped(INSIDE));
      expect(body.subarray(12, 16)).toEqual(parseAddress('255.255.255.0'));
      expect(body.subarray(20, 24)).toEqual(mapped(SRC));
      expect(body.subarray(24, 28)).toEqual(parseAddress('255.255.0.0'));
      expect(new TextDecoder('latin1').decode(body)).not.toMatch(/eve|Harbour|kestrel/);
      expect(packet.length).toBe(sealedPacket(message).length);
      expectSums(packet);
    });

    const V6 = '2001:db8::7';
    const v4 = parseAddress(INSIDE)!;
    const v6 = parseAddress(V6)!;
    const length = Uint8Array.of(64);
    const mask = parseAddress('128.0.0.0')!;
    const server = concat(Uint8Array.of(0, 1, 1, 15), v4, text('kestrel.example'));
    const home = concat(Uint8Array.of(0, 0, 14, 16), v6, length);
    const starred = (data: Uint8Array): Uint8Array => new Uint8Array(data.length).fill(0x2a);

    it.each([
      ['INTERNAL_IP4_DNS, twice', 3, concat(v4, v4), concat(mapped(INSIDE), mapped(INSIDE))],
      ['INTERNAL_IP6_ADDRESS', 8, concat(v6, length), concat(mapped(V6), length)],
      ['INTERNAL_IP6_NBNS', 11, v6, mapped(V6)],
      ['INTERNAL_IP4_SUBNET', 13, concat(v4, mask), concat(mapped(INSIDE), mask)],
      ['MIP6_HOME_PREFIX', 16, home, starred(home)],
      ['INTERNAL_IP6_PREFIX', 18, concat(v6, length), concat(mapped(V6), length)],
      ['HOME_AGENT_ADDRESS', 19, v6, mapped(V6)],
      ['HOME_AGENT_ADDRESS', 19, concat(v6, v4), concat(mapped(V6), mapped(INSIDE))],
      [
        'EXTERNAL_SOURCE_IP4_NAT_INFO',
        23,
        concat(v4, Uint8Array.of(17, 148)),
        starred(concat(v4, new Uint8Array(2))),
      ],
      ['ENCDNS_IP4', 27, server, starred(server)],
      ['ENCDNS_IP6', 28, server, starred(server)],
    ])('lose the addresses of %s', (_, type, data, expected) => {
      const cp = payload(47, concat(Uint8Array.of(2, 0, 0, 0), tlv(type, data)));
      const message = clear({ ...header, exchange: 35, version: 0x20 }, cp);
      const made = only(pcapOf(sealedPacket(message))).subarray(28 + 28 + 4 + 4 + 4);
      expect(made).toEqual(expected);
    });

    it('lose the name of a DNS server where names go and addresses stay', () => {
      const cp = payload(47, concat(Uint8Array.of(2, 0, 0, 0), tlv(27, server), tlv(3, v4)));
      const message = clear({ ...header, exchange: 35, version: 0x20 }, cp);
      const out = redactCapture(pcapOf(sealedPacket(message)), { ...rules, addresses: null })!;
      expect(new TextDecoder('latin1').decode(out)).not.toContain('kestrel');
      expect(out.subarray(-4)).toEqual(v4);
    });

    it.each([transaction, auth])('lose the password, whatever is asked for', (message) => {
      const bare = { ...rules, addresses: null, names: false };
      const out = new TextDecoder('latin1').decode(
        redactCapture(pcapOf(sealedPacket(message)), bare),
      );
      expect(out).not.toContain('Harbour');
      expect(out).toContain('***************');
      expect(out).toContain('kestrel.example');
    });
  });

  it('leaves what is encrypted as it is', () => {
    const message = sealed(header);
    const packet = only(pcapOf(sealedPacket(message)));
    expect(packet.subarray(28)).toEqual(message);
    expectSums(packet);
  });

  it('blanks what is not IKE, and keeps the number and the length of every frame', () => {
    const secret = new TextEncoder().encode('GET /kestrel HTTP/1.1 host kestrel.example');
    const file = pcapOf(
      ipv4(udp(secret, 5000, 53)),
      ipv4(secret, { protocol: 1 }),
      sealedPacket(sealed(header)),
    );
    const out = redactCapture(file, rules)!;
    expect(out.length).toBe(file.length);
    expect(new TextDecoder('latin1').decode(out)).not.toContain('kestrel');
    expect(readAll(out).packets.at(-1)?.frame).toBe(3);
  });

  it('replaces the addresses of every header of a tunnel', () => {
    const gre = concat(Uint8Array.of(0, 0, 8, 0), sealedPacket(sealed(header)));
    const out = redactCapture(
      pcapOf(ipv4(gre, { protocol: 47, src: INSIDE, dst: '10.20.30.41' })),
      rules,
    )!;
    const text = Array.from(out).join(',');
    for (const address of [SRC, DST, INSIDE, '10.20.30.41']) {
      expect(text).not.toContain(Array.from(parseAddress(address)!).join(','));
      expect(text).toContain(Array.from(mapped(address)).join(','));
    }
  });

  it('keeps the fragments of an IKE message, in whatever order, and blanks other fragments', () => {
    const message = sealed(header, 400);
    const [first, second] = fragments(udp(message), 200, { src: SRC, dst: DST, id: 7 });
    const other = ipv4(new TextEncoder().encode('kestrel '.repeat(4)), { id: 9, offset: 64 });
    const out = redactCapture(pcapOf(second!, first!, other), rules)!;
    const text = Array.from(out).join(',');
    expect(text).toContain(Array.from(second!.subarray(20)).join(','));
    expect(new TextDecoder('latin1').decode(out)).not.toContain('kestrel');
  });

  it('empties comments, names and secrets of pcapng, and keeps what the packets need', () => {
    const file = concat(
      section(true, [textOption(1, 'kestrel lab'), textOption(2, 'kestrel-host')]),
      interfaceBlock(1, { options: [textOption(2, 'kestrel0'), [9, Uint8Array.of(9)]] }),
      enhanced(0, 1_000_000_000n, ethernet(sealedPacket(sealed(header))), {
        options: [textOption(1, 'kestrel comment')],
      }),
    );
    const out = redactCapture(file, rules)!;
    expect(out.length).toBe(file.length);
    expect(new TextDecoder('latin1').decode(out)).not.toContain('kestrel');
    const { packets } = readAll(out);
    expect(packets).toHaveLength(1);
    expect(packets[0]!.timeNs).toBe(1_000_000_000n);
    expect(packets[0]!.bytes.subarray(ETHERNET + 12, ETHERNET + 16)).toEqual(mapped(SRC));
  });

  it('replaces hardware addresses', () => {
    const out = redactCapture(pcapOf(sealedPacket(sealed(header))), rules)!;
    const frame = readAll(out).packets[0]!.bytes;
    expect(frame.subarray(0, 6)).not.toEqual(Uint8Array.of(2, 0, 0, 0, 0, 1));
    expect(frame[0]! & 3).toBe(2);
  });

  it('gives the same for a buffer of Node and leaves that as it is', () => {
    const file = pcapOf(sealedPacket(withNat(natHash(parseAddress(SRC)!))));
    const buffer = Buffer.from(file);
    expect(redactCapture(buffer, rules)).toEqual(redactCapture(file, rules));
    expect(new Uint8Array(buffer)).toEqual(file);
  });

  it('is no capture, it says', () => {
    expect(redactCapture(new TextEncoder().encode('crypto keyring'), rules)).toBeNull();
    expect(redactCapture(new Uint8Array(0), rules)).toBeNull();
  });

  it('survives every prefix and damage anywhere', () => {
    const file = concat(
      section(true, [textOption(1, 'x')]),
      interfaceBlock(1),
      enhanced(0, 1n, ethernet(sealedPacket(withNat(natHash(parseAddress(SRC)!))))),
    );
    const plain = pcapOf(
      sealedPacket(withNat(natHash(parseAddress(SRC)!))),
      sealedPacket(sealed(header)),
    );
    for (const whole of [file, plain]) {
      for (let end = 0; end <= whole.length; end += 1) redactCapture(whole.subarray(0, end), rules);
      for (let at = 0; at < whole.length; at += 1) {
        for (const flip of [0xff, 0x01, 0x80]) {
          const broken = whole.slice();
          broken[at]! ^= flip;
          redactCapture(broken, rules);
        }
      }
    }
  });
});
