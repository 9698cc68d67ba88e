import { describe, expect, it } from 'vitest';

import { createAddressMap, parseAddress } from '../../src/redact/address-map.ts';
import { redactDer } from '../../src/redact/der.ts';
import { concat } from '../support/pcap-files.ts';

const key = new TextEncoder().encode('a key');
const addresses = createAddressMap(key);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (octets: Uint8Array): string => new TextDecoder('latin1').decode(octets);

function tlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(...parts);
  const { length } = body;
  const octets =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return concat(Uint8Array.of(tag, ...octets), body);
}

const ADDRESS = '198.18.7.9';
const long = `http://kestrel.example/${'x'.repeat(300)}/kestrel`;
const built = tlv(
  0x30,
  tlv(0x02, Uint8Array.of(1, 2, 3)),
  tlv(0x0c, utf8('Kestrél Works')),
  tlv(0x1e, Uint8Array.from([...utf8('kestrel')].flatMap((octet) => [0, octet]))),
  tlv(
    0x04,
    tlv(
      0x30,
      tlv(0x82, utf8('kestrel.example')),
      tlv(0x81, utf8('a@kestrel.example')),
      tlv(0x86, utf8(long)),
      tlv(0x87, parseAddress(ADDRESS)!),
      tlv(0xa4, tlv(0x30, tlv(0x13, utf8('kestrel')))),
    ),
  ),
);

describe('redactDer', () => {
  it('leaves no text and no address, wherever they are nested, and every element in its place', () => {
    const out = built.slice();
    redactDer(out, { key, addresses, names: true });
    expect(text(out)).not.toMatch(/kest|works|k\0e/i);
    expect(text(out)).not.toContain(text(parseAddress(ADDRESS)!));
    expect(text(out)).toContain(text(addresses.octets(parseAddress(ADDRESS)!)));
    expect([...out.subarray(0, 9)]).toEqual([...built.subarray(0, 9)]);
    expect(out.length).toBe(built.length);
  });

  it('does so in a certificate that was cut anywhere', () => {
    for (let end = 0; end < built.length; end += 1) {
      const out = built.slice(0, end);
      redactDer(out, { key, addresses, names: true });
      expect(text(out)).not.toMatch(/kest/i);
    }
  });

  it('does only what it is asked', () => {
    const out = built.slice();
    redactDer(out, { key, addresses, names: false });
    expect(text(out)).toContain('kestrel.example');
    expect(text(out)).not.toContain(text(parseAddress(ADDRESS)!));
  });

  it('ends on what nests without end', () => {
    redactDer(new Uint8Array(100_000).fill(0x30), { key, addresses, names: true });
  });
});
