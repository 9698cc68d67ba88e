import { describe, expect, it } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import { aesCmac, aesXcbc, prf } from '../../src/crypto/prf.ts';

const octets = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, 'hex'));
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at);

describe('aesXcbc', () => {
  // RFC 3566 §4.6, test cases 1-4.
  it.each([
    [0, '75f0251d528ac01c4573dfd584d79f29'],
    [3, '5b376580ae2f19afe7219ceef172756f'],
    [16, 'd2a246fa349b68a79998a4394ff7a263'],
    [20, '47f51b4564966215b8985c63055ed308'],
  ])('of %i octets', (length, mac) => {
    expect(hex(aesXcbc(counting(16), counting(length)))).toBe(mac);
  });
});

describe('aesCmac', () => {
  const key = octets('2b7e151628aed2a6abf7158809cf4f3c');
  const message = octets(
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411',
  );
  // RFC 4493 §4, examples 1-3.
  it.each([
    [0, 'bb1d6929e95937287fa37d129b756746'],
    [16, '070a16b46b4d4144f79bdd9dd04a287c'],
    [40, 'dfa66747de9ae63030ca32611497c827'],
  ])('of %i octets', (length, mac) => {
    expect(hex(aesCmac(key, message.subarray(0, length)))).toBe(mac);
  });
});

describe('prf', () => {
  const long = octets('000102030405060708090a0b0c0d0e0fedcb');
  // RFC 4434 §2 and RFC 4615 §4: keys of 16, 10 and 18 octets over the same 20.
  it.each([
    ['aes-xcbc', counting(16), '47f51b4564966215b8985c63055ed308'],
    ['aes-xcbc', counting(10), '0fa087af7d866e7653434e602fdde835'],
    ['aes-xcbc', long, '8cd3c93ae598a9803006ffb67c40e9e4'],
    ['aes-cmac', counting(16), '980ae87b5f4c9c5214f5b6a8455e4c2d'],
    ['aes-cmac', counting(10), '290d9e112edb09ee141fcf64c0b72f3d'],
    ['aes-cmac', long, '84a348a4a45d235babfffc0d2b4da09a'],
  ] as const)('%s', (kind, key, mac) => {
    expect(hex(prf({ kind }, key, counting(20)))).toBe(mac);
    expect(hex(prf({ kind }, key, counting(20).subarray(0, 7), counting(20).subarray(7)))).toBe(
      mac,
    );
  });
});
