import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createAddressMap, parseAddress } from '../../src/redact/address-map.ts';

const map = createAddressMap(new TextEncoder().encode('a key'));
const v4 = (text: string): string => map.text(text)!;

const shared = (a: Uint8Array, b: Uint8Array): number => {
  for (let bit = 0; bit < a.length * 8; bit += 1) {
    if (((a[bit >> 3]! ^ b[bit >> 3]!) & (0x80 >> (bit & 7))) !== 0) return bit;
  }
  return a.length * 8;
};

describe('createAddressMap', () => {
  it.each([4, 16])('keeps what two addresses of %i octets share, and nothing more', (size) => {
    const address = fc.uint8Array({ minLength: size, maxLength: size });
    fc.assert(
      fc.property(address, address, fc.nat(size * 8), (a, b, common) => {
        // Half of the pairs share a prefix, which two random addresses seldom do.
        const twin = Uint8Array.from(b, (octet, i) => (i * 8 + 8 <= common ? a[i]! : octet));
        expect(shared(map.octets(a), map.octets(twin))).toBe(shared(a, twin));
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  it('keeps private addresses in their block, and public ones out of it', () => {
    expect(v4('10.1.2.3')).toMatch(/^10\./);
    expect(v4('192.168.0.1')).toMatch(/^192\.168\./);
    expect(v4('172.20.0.1')).toMatch(/^172\.(?:1[6-9]|2\d|3[01])\./);
    for (let i = 0; i < 256; i += 16) {
      const second = Number(v4(`172.${i}.0.1`).split('.')[1]);
      expect(second >= 16 && second < 32).toBe(i === 16);
    }
    expect(v4('fe80::1')).toMatch(/^fe80::/);
  });

  it('keeps masks, loopback, multicast and the unspecified address', () => {
    for (const text of [
      '0.0.0.0',
      '255.255.255.0',
      '0.0.0.255',
      '127.0.0.1',
      '224.0.0.5',
      '::',
      '::1',
      'ff02::1',
    ]) {
      expect(map.text(text)).toBe(text);
    }
  });

  it('gives another address, and another one for another key', () => {
    expect(v4('203.0.113.77')).not.toBe('203.0.113.77');
    expect(createAddressMap(new Uint8Array([1])).text('203.0.113.77')).not.toBe(v4('203.0.113.77'));
    expect(map.text('2001:db8::77')).toMatch(/^2001:db8:/);
    expect(map.text('2001:db8::77')).not.toBe('2001:db8::77');
  });

  it('maps an IPv4 address within IPv6 as the IPv4 address that it is', () => {
    const inner = parseAddress(v4('203.0.113.77'))!;
    const outer = map.octets(parseAddress('::ffff:203.0.113.77')!);
    expect(outer.subarray(12)).toEqual(inner);
  });

  it('is no address, it says', () => {
    for (const text of ['1.2.3', '1.2.3.256', '12:28:44', 'abc', ''])
      expect(map.text(text)).toBeNull();
  });
});
