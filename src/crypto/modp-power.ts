import type { modpGroups } from './modp-groups.ts';
import { fromBigInt, toBigInt } from './octets.ts';

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/**
 * base^exponent in a MODP group, padded to its length. Null for a base outside 1 < base < p - 1: the two
 * ends generate no group (RFC 2631 §2.1.5).
 */
export function modpPower(
  group: (typeof modpGroups)[number],
  base: Uint8Array,
  exponent: Uint8Array,
): Uint8Array | null {
  const prime = BigInt(`0x${group.prime}`);
  const value = toBigInt(base);
  if (value <= 1n || value >= prime - 1n) return null;
  return fromBigInt(power(value, toBigInt(exponent), prime), group.prime.length / 2);
}
