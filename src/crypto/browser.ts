/* The browser implementation of `#crypto`. What it exports, node.ts exports too. */
import { cbc, ctr, ecb, gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hmac as nobleHmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { CBC as makeCbc, DES, EDE } from 'des.js';
import { decryptBlowfishCbc } from './blowfish.ts';
import { curveShared, curvePublic } from './browser-curves.ts';
import { openAesCcm } from './ccm.ts';
import { modpGroups } from './modp-groups.ts';
import { modpPower } from './modp-power.ts';
import {
  blockLengths,
  fitsKeyLength,
  type AeadCipher,
  type BlockCipher,
  type HashName,
} from './names.ts';
import { concat, literal } from './octets.ts';

const hashes = { md5, sha1, sha256, sha384, sha512 };

export function hash(name: HashName, ...parts: readonly Uint8Array[]): Uint8Array {
  const state = hashes[name].create();
  for (const part of parts) state.update(part);
  return state.digest();
}

/** RFC 2104. */
export function hmac(name: HashName, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const state = nobleHmac.create(hashes[name], key);
  for (const part of parts) state.update(part);
  return state.digest();
}

/** False for Camellia and CAST, of which the page holds no implementation. */
export function canDecrypt(cipher: BlockCipher): boolean {
  return cipher !== 'camellia' && cipher !== 'cast';
}

const DesCbc = makeCbc.instantiate(DES);
const TripleDesCbc = makeCbc.instantiate(EDE);

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
  if (ciphertext.length === 0) return new Uint8Array(0);
  switch (cipher) {
    case 'des':
    case '3des': {
      const Cipher = cipher === 'des' ? DesCbc : TripleDesCbc;
      const state = Cipher.create({ type: 'decrypt', key, iv, padding: false });
      return Uint8Array.from([...state.update(ciphertext), ...state.final()]);
    }
    case 'aes':
      return cbc(key, iv, { disablePadding: true }).decrypt(ciphertext);
    case 'blowfish':
      return decryptBlowfishCbc(key, iv, ciphertext);
    case 'camellia':
    case 'cast':
      return null;
  }
}

/** AES in ECB mode over whole blocks, for XCBC and CMAC. */
export function encryptAesBlocks(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  return ecb(key, { disablePadding: true }).encrypt(blocks);
}

/** AES-CTR with a 16-octet initial counter block. Null for a key of the wrong length. */
export function decryptAesCtr(
  key: Uint8Array,
  counter: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | null {
  if (!fitsKeyLength('aes', key.length) || counter.length !== 16) return null;
  return ctr(key, counter).decrypt(ciphertext);
}

function openGcm(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array,
): Uint8Array | null {
  if (tag.length === 16) return gcm(key, nonce, associated).decrypt(concat(ciphertext, tag));
  // Shorter tags (RFC 5282 §3): the library knows only 16 octets, so the plaintext is sealed again
  // and the beginning of that tag compared. NIST SP 800-38D §7.1: the data's counter begins at 2.
  const plaintext = decryptAesCtr(key, concat(nonce, Uint8Array.of(0, 0, 0, 2)), ciphertext);
  if (plaintext === null) return null;
  const sealed = gcm(key, nonce, associated).encrypt(plaintext);
  const fits = tag.every((octet, at) => sealed[ciphertext.length + at] === octet);
  return fits ? plaintext : null;
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
    switch (cipher) {
      case 'aes-gcm':
        return openGcm(key, nonce, associated, ciphertext, tag);
      case 'aes-ccm':
        return openAesCcm(encryptAesBlocks, decryptAesCtr, {
          key,
          nonce,
          associated,
          ciphertext,
          tag,
        });
      case 'chacha20-poly1305':
        return chacha20poly1305(key, nonce, associated).decrypt(concat(ciphertext, tag));
    }
  } catch {
    return null;
  }
}

/**
 * g^xy of an IKE group from one side's private value and the other's KE payload, as IKE hashes it:
 * padded to the group's length (RFC 2409 §5), the x coordinate alone for curves (RFC 5903 §9).
 * Null for an unknown group or a value that is no member of it.
 */
export function dhShared(group: number, secret: Uint8Array, peer: Uint8Array): Uint8Array | null {
  const modp = modpGroups[group];
  if (modp === undefined) return curveShared(group, secret, peer);
  return modpPower(modp, peer, secret);
}

/** The KE payload that belongs to a private value; null for an unknown group or a value out of range. */
export function dhPublic(group: number, secret: Uint8Array): Uint8Array | null {
  const modp = modpGroups[group];
  return modp === undefined
    ? curvePublic(group, secret)
    : dhShared(group, secret, literal(modp.generator));
}
