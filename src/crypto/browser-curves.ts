import { weierstrass, type WeierstrassPointCons } from '@noble/curves/abstract/weierstrass.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { x448 } from '@noble/curves/ed448.js';
import { brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 } from '@noble/curves/misc.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { coordinateLengths, CURVE25519, CURVE448 } from './names.ts';
import { concat, toBigInt } from './octets.ts';

/** RFC 5114 §2.4 (SEC 2 secp192r1). */
const secp192r1 = weierstrass({
  p: 0xfffffffffffffffffffffffffffffffeffffffffffffffffn,
  n: 0xffffffffffffffffffffffff99def836146bc9b1b4d22831n,
  h: 1n,
  a: 0xfffffffffffffffffffffffffffffffefffffffffffffffcn,
  b: 0x64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1n,
  Gx: 0x188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012n,
  Gy: 0x07192b95ffc8da78631011ed6b24cdd573f977a11e794811n,
});

/** RFC 5114 §2.5 (SEC 2 secp224r1). */
const secp224r1 = weierstrass({
  p: 0xffffffffffffffffffffffffffffffff000000000000000000000001n,
  n: 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn,
  h: 1n,
  a: 0xfffffffffffffffffffffffffffffffefffffffffffffffffffffffen,
  b: 0xb4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4n,
  Gx: 0xb70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21n,
  Gy: 0xbd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34n,
});

/** RFC 5639 §3.3. */
const brainpoolP224r1 = weierstrass({
  p: 0xd7c134aa264366862a18302575d1d787b09f075797da89f57ec8c0ffn,
  n: 0xd7c134aa264366862a18302575d0fb98d116bc4b6ddebca3a5a7939fn,
  h: 1n,
  a: 0x68a5e62ca9ce6c1c299803a6c1530b514e182ad8b0042a59cad29f43n,
  b: 0x2580f63ccfe44138870713b1a92369e33e2135d266dbb372386c400bn,
  Gx: 0x0d9029ad2c7e5cf4340823b2a87dc68c9e4ce3174c1e6efdee12c07dn,
  Gy: 0x58aa56f772c0726f24c6b89e4ecdac24354b9e99caa3f6d3761402cdn,
});

const curves: Readonly<Record<number, WeierstrassPointCons<bigint>>> = {
  19: p256.Point,
  20: p384.Point,
  21: p521.Point,
  25: secp192r1,
  26: secp224r1,
  27: brainpoolP224r1,
  28: brainpoolP256r1.Point,
  29: brainpoolP384r1.Point,
  30: brainpoolP512r1.Point,
};

/** x|y of a point, without the octet that SEC 1 puts before it (RFC 5903 §7). */
function coordinates(point: { toBytes: (compressed: boolean) => Uint8Array }): Uint8Array {
  return point.toBytes(false).slice(1);
}

export function curveShared(
  group: number,
  secret: Uint8Array,
  peer: Uint8Array,
): Uint8Array | null {
  try {
    if (group === CURVE25519) return x25519.getSharedSecret(secret, peer);
    if (group === CURVE448) return x448.getSharedSecret(secret, peer);
    const point = curves[group]?.fromBytes(concat(Uint8Array.of(4), peer));
    if (point === undefined) return null;
    return coordinates(point.multiply(toBigInt(secret))).subarray(0, coordinateLengths[group]);
  } catch {
    return null;
  }
}

export function curvePublic(group: number, secret: Uint8Array): Uint8Array | null {
  try {
    if (group === CURVE25519) return x25519.getPublicKey(secret);
    if (group === CURVE448) return x448.getPublicKey(secret);
    const base = curves[group]?.BASE;
    return base === undefined ? null : coordinates(base.multiply(toBigInt(secret)));
  } catch {
    return null;
  }
}
