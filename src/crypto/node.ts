/* The Node implementation of `#crypto`. What it exports, browser.ts exports too. */
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hash as hashAtOnce,
  type CipherCCMTypes,
  type CipherGCMTypes,
} from 'node:crypto';
import { decryptBlowfishCbc } from './blowfish.ts';
import { modpGroups } from './modp-groups.ts';
import { modpPower } from './modp-power.ts';
import {
  blockLengths,
  CURVE25519,
  CURVE448,
  coordinateLengths,
  curveNames,
  fitsKeyLength,
  type AeadCipher,
  type BlockCipher,
  type HashName,
} from './names.ts';
import { concat, literal, padLeft } from './octets.ts';

/** The same octets without Buffer's own methods, some of which differ from those of Uint8Array. */
function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

export function hash(name: HashName, ...parts: readonly Uint8Array[]): Uint8Array {
  // In one call: a state of its own costs more than hashing the few hundred octets that there mostly are.
  return plain(hashAtOnce(name, parts.length === 1 ? parts[0]! : concat(...parts), 'buffer'));
}

/** RFC 2104. */
export function hmac(name: HashName, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const state = createHmac(name, key);
  for (const part of parts) state.update(part);
  return plain(state.digest());
}

function cipherName(cipher: BlockCipher, keyLength: number): string | null {
  switch (cipher) {
    // OpenSSL 3 refuses single DES, so `decryptCbc` repeats the key.
    case 'des':
    case '3des':
      return 'des-ede3-cbc';
    case 'aes':
      return `aes-${keyLength * 8}-cbc`;
    case 'camellia':
      return `camellia-${keyLength * 8}-cbc`;
    case 'cast':
      return 'cast5-cbc';
    case 'blowfish':
      return null;
  }
}

/** False where this runtime lacks the cipher: OpenSSL 3 keeps CAST in its legacy provider. */
export function canDecrypt(cipher: BlockCipher): boolean {
  const keyLength = cipher === 'des' ? 8 : cipher === '3des' ? 24 : 16;
  const block = new Uint8Array(blockLengths[cipher]);
  return decryptCbc(cipher, new Uint8Array(keyLength).fill(1), block, block) !== null;
}

/**
 * CBC without padding: as many octets as `ciphertext`, which must be whole blocks.
 * Null for a key or IV of the wrong length, a partial block, or a cipher that the runtime lacks.
 */
export function decryptCbc(
  cipher: BlockCipher,
  key: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | null {
  const block = blockLengths[cipher];
  if (!fitsKeyLength(cipher, key.length)) return null;
  if (iv.length !== block || ciphertext.length % block !== 0) return null;
  const name = cipherName(cipher, key.length);
  if (name === null) return decryptBlowfishCbc(key, iv, ciphertext);
  try {
    const tripled = cipher === 'des' ? concat(key, key, key) : key;
    const state = createDecipheriv(name, tripled, iv);
    state.setAutoPadding(false);
    // Without padding nothing is held back for final().
    return plain(state.update(ciphertext));
  } catch {
    return null;
  }
}

/** AES in ECB mode over whole blocks, for XCBC and CMAC. */
export function encryptAesBlocks(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  const state = createCipheriv(`aes-${key.length * 8}-ecb`, key, null);
  state.setAutoPadding(false);
  return concat(state.update(blocks), state.final());
}

/** AES-CTR with a 16-octet initial counter block. Null for a key of the wrong length. */
export function decryptAesCtr(
  key: Uint8Array,
  counter: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | null {
  if (!fitsKeyLength('aes', key.length) || counter.length !== 16) return null;
  return plain(createDecipheriv(`aes-${key.length * 8}-ctr`, key, counter).update(ciphertext));
}

/** The plaintext, or null when the tag (8, 12 or 16 octets) does not fit or a length is wrong. */
export function openAead(
  cipher: AeadCipher,
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array,
): Uint8Array | null {
  try {
    const options = { authTagLength: tag.length };
    const bits = key.length * 8;
    const state =
      cipher === 'chacha20-poly1305'
        ? createDecipheriv('chacha20-poly1305', key, nonce, options)
        : cipher === 'aes-gcm'
          ? createDecipheriv(`aes-${bits}-gcm` as CipherGCMTypes, key, nonce, options)
          : createDecipheriv(`aes-${bits}-ccm` as CipherCCMTypes, key, nonce, options);
    state.setAuthTag(tag);
    state.setAAD(associated, { plaintextLength: ciphertext.length });
    const plaintext = state.update(ciphertext);
    state.final();
    return plain(plaintext);
  } catch {
    return null;
  }
}

const X_CURVES: Readonly<Record<number, { oid: string; length: number }>> = {
  [CURVE25519]: { oid: '06032b656e', length: 32 },
  [CURVE448]: { oid: '06032b656f', length: 56 },
};

/** PKCS #8 and SubjectPublicKeyInfo of RFC 8410 around a raw key. */
function xPrivate(oid: string, raw: Uint8Array): Uint8Array {
  const key = concat(Uint8Array.of(0x04, raw.length + 2, 0x04, raw.length), raw);
  const inner = concat(literal('020100'), literal('3005'), literal(oid), key);
  return concat(Uint8Array.of(0x30, inner.length), inner);
}

function xPublic(oid: string, raw: Uint8Array): Uint8Array {
  const bits = concat(Uint8Array.of(0x03, raw.length + 1, 0), raw);
  const inner = concat(literal('3005'), literal(oid), bits);
  return concat(Uint8Array.of(0x30, inner.length), inner);
}

function xShared(group: number, secret: Uint8Array, peer: Uint8Array): Uint8Array | null {
  const curve = X_CURVES[group];
  if (curve === undefined || secret.length !== curve.length || peer.length !== curve.length) {
    return null;
  }
  const privateKey = createPrivateKey({
    key: Buffer.from(xPrivate(curve.oid, secret)),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey({
    key: Buffer.from(xPublic(curve.oid, peer)),
    format: 'der',
    type: 'spki',
  });
  return plain(diffieHellman({ privateKey, publicKey }));
}

/**
 * g^xy of an IKE group from one side's private value and the other's KE payload, as IKE hashes it:
 * padded to the group's length (RFC 2409 §5), the x coordinate alone for curves (RFC 5903 §9).
 * Null for an unknown group or a value that is no member of it.
 */
export function dhShared(group: number, secret: Uint8Array, peer: Uint8Array): Uint8Array | null {
  try {
    const modp = modpGroups[group];
    // createDiffieHellman proves the prime anew each time, which takes seconds for the long ones since OpenSSL 3.5.
    if (modp !== undefined) return modpPower(modp, peer, secret);
    const curve = curveNames[group];
    if (curve === undefined) return xShared(group, secret, peer);
    const state = createECDH(curve);
    state.setPrivateKey(secret);
    return padLeft(
      state.computeSecret(concat(Uint8Array.of(4), peer)),
      coordinateLengths[group] ?? 0,
    );
  } catch {
    return null;
  }
}

/** The KE payload that belongs to a private value; null for an unknown group or a value out of range. */
export function dhPublic(group: number, secret: Uint8Array): Uint8Array | null {
  try {
    const modp = modpGroups[group];
    if (modp !== undefined) {
      // Raising the generator is computing a shared secret with a peer whose value is the generator.
      return dhShared(group, secret, literal(modp.generator));
    }
    const curve = curveNames[group];
    if (curve !== undefined) {
      const state = createECDH(curve);
      state.setPrivateKey(secret);
      return new Uint8Array(state.getPublicKey().subarray(1));
    }
    const base = { [CURVE25519]: 9, [CURVE448]: 5 }[group];
    const length = X_CURVES[group]?.length;
    if (base === undefined || length === undefined) return null;
    const point = new Uint8Array(length);
    point[0] = base;
    return xShared(group, secret, point);
  } catch {
    return null;
  }
}
