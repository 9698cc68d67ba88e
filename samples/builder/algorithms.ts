import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  getDiffieHellman,
} from 'node:crypto';
import { concat, toBigInt, uint } from './octets.ts';
import type { Seeded } from './seeded.ts';

export type HashName = 'md5' | 'sha1' | 'sha256';
export type CipherName = '3des' | 'aes128' | 'aes256';
export type GroupNumber = 2 | 5 | 14;

export type Cipher = {
  readonly openssl: string;
  readonly keyOctets: number;
  readonly block: number;
};

export const ciphers: Readonly<Record<CipherName, Cipher>> = {
  '3des': { openssl: 'des-ede3-cbc', keyOctets: 24, block: 8 },
  aes128: { openssl: 'aes-128-cbc', keyOctets: 16, block: 16 },
  aes256: { openssl: 'aes-256-cbc', keyOctets: 32, block: 16 },
};

export const digest = (hash: HashName, ...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(
    createHash(hash)
      .update(concat(...parts))
      .digest(),
  );

export const prf = (hash: HashName, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(
    createHmac(hash, key)
      .update(concat(...parts))
      .digest(),
  );

export const encryptCbc = (
  cipher: CipherName,
  key: Uint8Array,
  iv: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array => {
  const engine = createCipheriv(ciphers[cipher].openssl, key, iv).setAutoPadding(false);
  return concat(engine.update(plaintext), engine.final());
};

export const decryptCbc = (
  cipher: CipherName,
  key: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array => {
  const engine = createDecipheriv(ciphers[cipher].openssl, key, iv).setAutoPadding(false);
  return concat(engine.update(ciphertext), engine.final());
};

const groupNames: Readonly<Record<GroupNumber, string>> = { 2: 'modp2', 5: 'modp5', 14: 'modp14' };

export const modPow = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
};

export type DhPair = { readonly private: bigint; readonly public: Uint8Array };

const primeOf = (group: GroupNumber): Uint8Array => getDiffieHellman(groupNames[group]).getPrime();

/** A private value of 256 bits is ample for these groups and keeps a rebuild quick. */
export const drawDhPair = (group: GroupNumber, seeded: Seeded): DhPair => {
  const prime = primeOf(group);
  const secret = toBigInt(seeded.octets(32));
  return { private: secret, public: uint(modPow(2n, secret, toBigInt(prime)), prime.length) };
};

/** g^xy with its leading zeros, as long as the prime (RFC 2409 section 5, RFC 7296 section 2.14). */
export const sharedSecret = (group: GroupNumber, own: DhPair, peer: Uint8Array): Uint8Array => {
  const prime = primeOf(group);
  return uint(modPow(toBigInt(peer), own.private, toBigInt(prime)), prime.length);
};
