import { constants, createPrivateKey, createSign, privateEncrypt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { modPow } from './algorithms.ts';
import { toBigInt, uint } from './octets.ts';
import type { Seeded } from './seeded.ts';

export type RsaKey = {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
  readonly private: KeyObject;
};

const witnesses = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n];

/** Miller-Rabin; a dozen bases are plenty for a key that guards nothing. */
const isPrime = (n: bigint): boolean => {
  if (witnesses.some((w) => n % w === 0n)) return witnesses.includes(n);
  let odd = n - 1n;
  let twos = 0;
  for (; odd % 2n === 0n; odd /= 2n) twos += 1;
  return witnesses.every((w) => {
    let x = modPow(w, odd, n);
    if (x === 1n || x === n - 1n) return true;
    for (let i = 1; i < twos; i += 1) {
      x = (x * x) % n;
      if (x === n - 1n) return true;
    }
    return false;
  });
};

const drawPrime = (seeded: Seeded): bigint => {
  // The two highest bits set make the product exactly 1024 bits long.
  let candidate = toBigInt(seeded.octets(64)) | (3n << 510n) | 1n;
  while (candidate % 65_537n === 1n || !isPrime(candidate)) candidate += 2n;
  return candidate;
};

const inverse = (a: bigint, modulus: bigint): bigint => {
  let [r0, r1, s0, s1] = [a % modulus, modulus, 1n, 0n];
  while (r1 !== 0n) {
    const q = r0 / r1;
    [r0, r1, s0, s1] = [r1, r0 - q * r1, s1, s0 - q * s1];
  }
  return ((s0 % modulus) + modulus) % modulus;
};

const base64url = (value: bigint, octets: number): string =>
  Buffer.from(uint(value, octets)).toString('base64url');

/** A 1024-bit key from the generator, so that no private key lies in the repository. */
export const drawRsaKey = (seeded: Seeded): RsaKey => {
  const p = drawPrime(seeded);
  const q = drawPrime(seeded);
  const e = 65_537n;
  const d = inverse(e, (p - 1n) * (q - 1n));
  const jwk = {
    kty: 'RSA',
    n: base64url(p * q, 128),
    e: 'AQAB',
    d: base64url(d, 128),
    p: base64url(p, 64),
    q: base64url(q, 64),
    dp: base64url(d % (p - 1n), 64),
    dq: base64url(d % (q - 1n), 64),
    qi: base64url(inverse(q, p), 64),
  };
  return {
    modulus: uint(p * q, 128),
    exponent: uint(e, 3),
    private: createPrivateKey({ key: jwk, format: 'jwk' }),
  };
};

/** RFC 2409 section 5.1: the HASH itself is padded and signed, without naming its algorithm. */
export const signIkeHash = (key: RsaKey, hash: Uint8Array): Uint8Array =>
  Uint8Array.from(privateEncrypt({ key: key.private, padding: constants.RSA_PKCS1_PADDING }, hash));

export const signSha256 = (key: RsaKey, data: Uint8Array): Uint8Array =>
  Uint8Array.from(createSign('sha256').update(data).sign(key.private));
