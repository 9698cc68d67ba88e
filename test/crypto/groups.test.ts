import { describe, expect, it } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import * as browser from '../../src/crypto/browser.ts';
import { modpGroups } from '../../src/crypto/modp-groups.ts';
import * as node from '../../src/crypto/node.ts';

const octets = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, 'hex'));

const implementations = [
  { name: 'node', crypto: node },
  { name: 'browser', crypto: browser },
];

/** floor(2^bits * pi), by Machin: pi = 16 atan(1/5) - 4 atan(1/239). */
function scaledPi(bits: bigint): bigint {
  const guard = 64n;
  const one = 1n << (bits + guard);
  const atan = (inverse: bigint): bigint => {
    let power = one / inverse;
    let sum = power;
    for (let odd = 3n, sign = -1n; power > 0n; odd += 2n, sign = -sign) {
      power /= inverse * inverse;
      sum += (sign * power) / odd;
    }
    return sum;
  };
  return (16n * atan(5n) - 4n * atan(239n)) >> guard;
}

describe('MODP primes', () => {
  // RFC 2409 §6.1-6.2 and RFC 3526 §2-7: p = 2^n - 2^(n-64) - 1 + 2^64 * ([2^(n-130) pi] + c).
  it.each([
    [1, 768n, 149686n],
    [2, 1024n, 129093n],
    [5, 1536n, 741804n],
    [14, 2048n, 124476n],
    [15, 3072n, 1690314n],
    [16, 4096n, 240904n],
    [17, 6144n, 929484n],
    [18, 8192n, 4743158n],
  ])('group %i is the prime of its formula', (group, n, c) => {
    const prime = (1n << n) - (1n << (n - 64n)) - 1n + (1n << 64n) * (scaledPi(n - 130n) + c);
    expect(BigInt(`0x${modpGroups[group]!.prime}`)).toBe(prime);
    expect(modpGroups[group]!.generator).toBe('02');
  });

  // RFC 5114 §2.1-2.3 give the order q of the subgroup that g generates.
  it.each([
    [22, 'F518AA8781A8DF278ABA4E7D64B7CB9D49462353'],
    [23, '801C0D34C58D93FE997177101F80535A4738CEBCBF389A99B36371EB'],
    [24, '8CF83642A709A097B447997640129DA299B1A47D1EB3750BA308B0FE64F5FBD3'],
  ])('group %i has a generator of the given order', (group, q) => {
    const row = modpGroups[group]!;
    const prime = BigInt(`0x${row.prime}`);
    const order = BigInt(`0x${q}`);
    expect((prime - 1n) % order).toBe(0n);
    let power = 1n;
    for (const bit of order.toString(2)) {
      power = (power * power) % prime;
      if (bit === '1') power = (power * BigInt(`0x${row.generator}`)) % prime;
    }
    expect(power).toBe(1n);
  });
});

describe.each(implementations)('$name', ({ crypto }) => {
  it('ECP 256', () => {
    // RFC 5903 §8.1.
    const i = octets('C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433');
    const gi =
      'dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3';
    const r = octets('C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53');
    const gr =
      'd12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab';
    const shared = 'd6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de';
    expect(hex(crypto.dhPublic(19, i)!)).toBe(gi);
    expect(hex(crypto.dhPublic(19, r)!)).toBe(gr);
    expect(hex(crypto.dhShared(19, i, octets(gr))!)).toBe(shared);
    expect(hex(crypto.dhShared(19, r, octets(gi))!)).toBe(shared);
  });

  it('brainpoolP256r1', () => {
    // RFC 7027 appendix A.1 (the curve of RFC 6954 group 28).
    const a = octets('81DB1EE100150FF2EA338D708271BE38300CB54241D79950F77B063039804F1D');
    const ga =
      '44106e913f92bc02a1705d9953a8414db95e1aaa49e81d9e85f929a8e3100be58ab4846f11caccb73ce49cbdd120f5a900a69fd32c272223f789ef10eb089bdc';
    const b = octets('55E40BC41E37E3E2AD25C3C6654511FFA8474A91A0032087593852D3E7D76BD3');
    expect(hex(crypto.dhPublic(28, a)!)).toBe(ga);
    expect(hex(crypto.dhShared(28, b, octets(ga))!)).toBe(
      '89afc39d41d3b327814b80940b042590f96556ec91e6ae7939bce31f3a18bf2b',
    );
  });

  it('curve25519', () => {
    // RFC 7748 §6.1.
    const b = octets('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb');
    const ga = octets('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
    expect(hex(crypto.dhPublic(31, b)!)).toBe(
      'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
    );
    expect(hex(crypto.dhShared(31, b, ga)!)).toBe(
      '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742',
    );
  });

  it('says null for an unknown group and a peer value outside the group', () => {
    expect(crypto.dhShared(99, Uint8Array.of(5), Uint8Array.of(7))).toBeNull();
    expect(crypto.dhPublic(99, Uint8Array.of(5))).toBeNull();
    expect(crypto.dhShared(19, new Uint8Array(32).fill(1), new Uint8Array(64).fill(1))).toBeNull();
    expect(crypto.dhShared(2, Uint8Array.of(5), new Uint8Array(128).fill(0xff))).toBeNull();
    expect(crypto.dhShared(31, Uint8Array.of(5), new Uint8Array(32))).toBeNull();
  });
});

describe('every group', () => {
  const groups = [
    1, 2, 5, 14, 15, 16, 17, 18, 22, 23, 24, 19, 20, 21, 25, 26, 27, 28, 29, 30, 31, 32,
  ];
  it.each(groups)('%i gives both sides and both implementations one secret', (group) => {
    const length = group === 31 ? 32 : group === 32 ? 56 : 20;
    const one = Uint8Array.from({ length }, (_, at) => 64 + at);
    const two = Uint8Array.from({ length }, (_, at) => 200 - at);
    const publicOne = node.dhPublic(group, one)!;
    const publicTwo = browser.dhPublic(group, two)!;
    const shared = hex(node.dhShared(group, one, publicTwo)!);
    expect(hex(browser.dhPublic(group, one)!)).toBe(hex(publicOne));
    expect(hex(browser.dhShared(group, two, publicOne)!)).toBe(shared);
    expect(hex(node.dhShared(group, two, publicOne)!)).toBe(shared);
    expect(hex(browser.dhShared(group, one, publicTwo)!)).toBe(shared);
  });
});
