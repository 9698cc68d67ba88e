import { fromBigInt, toBigInt } from './octets.ts';

export type RsaPublicKey = { readonly modulus: Uint8Array; readonly exponent: Uint8Array };

/** Certificates come from anywhere: 8192 bits and the exponents in use, and no more work than that. */
const LONGEST_MODULUS = 1024;
const LONGEST_EXPONENT = 4;

function significant(octets: Uint8Array): Uint8Array {
  const first = octets.findIndex((octet) => octet !== 0);
  return first < 0 ? new Uint8Array(0) : octets.subarray(first);
}

/**
 * What a signature was made over, by RFC 8017 §8.2.2 and §9.2 without the hash: the octets behind
 * 00 01 FF … FF 00. Null when there is no such block, or the key or the signature is none.
 */
export function recoverRsa(key: RsaPublicKey, signature: Uint8Array): Uint8Array | null {
  const modulus = significant(key.modulus);
  const exponent = significant(key.exponent);
  const { length } = modulus;
  if (length < 64 || length > LONGEST_MODULUS || signature.length !== length) return null;
  if (exponent.length === 0 || exponent.length > LONGEST_EXPONENT) return null;
  const n = toBigInt(modulus);
  const s = toBigInt(signature);
  if (s >= n) return null;
  let message = 1n;
  // m = s^e mod n, from the highest bit of e.
  for (const bit of toBigInt(exponent).toString(2)) {
    message = (message * message) % n;
    if (bit === '1') message = (message * s) % n;
  }
  const block = fromBigInt(message, length);
  if (block[0] !== 0 || block[1] !== 1) return null;
  const end = block.indexOf(0, 2);
  if (end < 10 || block.subarray(2, end).some((octet) => octet !== 0xff)) return null;
  return block.subarray(end + 1);
}
