import { encryptAesBlocks, hmac } from '#crypto';
import type { HashName } from './names.ts';
import { concat, xor } from './octets.ts';

/** A pseudo-random function of IKE. */
export type Prf =
  | { readonly kind: 'hmac'; readonly hash: HashName }
  | { readonly kind: 'aes-xcbc' }
  | { readonly kind: 'aes-cmac' };

const BLOCK = 16;

function chain(key: Uint8Array, message: Uint8Array, last: Uint8Array): Uint8Array {
  let mac: Uint8Array = new Uint8Array(BLOCK);
  for (let at = 0; at + BLOCK < message.length; at += BLOCK) {
    mac = encryptAesBlocks(key, xor(mac, message.subarray(at, at + BLOCK)));
  }
  return encryptAesBlocks(key, xor(mac, last));
}

/** The final block, padded with one 1 bit where it is short (RFC 3566 §4, RFC 4493 §2.4). */
function finalBlock(message: Uint8Array, whole: Uint8Array, short: Uint8Array): Uint8Array {
  const tail = message.length === 0 ? 0 : message.length - ((message.length - 1) % BLOCK) - 1;
  const rest = message.subarray(tail);
  if (rest.length === BLOCK) return xor(rest, whole);
  const padded = new Uint8Array(BLOCK);
  padded.set(rest);
  padded[rest.length] = 0x80;
  return xor(padded, short);
}

/** AES-XCBC-MAC without truncation, RFC 3566 §4. The key has 16 octets. */
export function aesXcbc(key: Uint8Array, message: Uint8Array): Uint8Array {
  const derived = (octet: number): Uint8Array =>
    encryptAesBlocks(key, new Uint8Array(BLOCK).fill(octet));
  return chain(derived(1), message, finalBlock(message, derived(2), derived(3)));
}

/** Doubling in GF(2^128), RFC 4493 §2.3. */
function double(block: Uint8Array): Uint8Array {
  const shifted = block.map((octet, at) => ((octet << 1) | ((block[at + 1] ?? 0) >> 7)) & 0xff);
  if ((block[0]! & 0x80) !== 0) shifted[BLOCK - 1] = shifted[BLOCK - 1]! ^ 0x87;
  return shifted;
}

/** AES-CMAC, RFC 4493 §2.4. The key has 16 octets. */
export function aesCmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const whole = double(encryptAesBlocks(key, new Uint8Array(BLOCK)));
  return chain(key, message, finalBlock(message, whole, double(whole)));
}

/** RFC 4434 §2: short keys are padded with zeros, long ones shortened by the function itself. */
function xcbcKey(key: Uint8Array): Uint8Array {
  if (key.length > BLOCK) return aesXcbc(new Uint8Array(BLOCK), key);
  return concat(key, new Uint8Array(BLOCK - key.length));
}

/** RFC 4615 §3: every key that has not 16 octets is shortened by the function itself. */
function cmacKey(key: Uint8Array): Uint8Array {
  return key.length === BLOCK ? key : aesCmac(new Uint8Array(BLOCK), key);
}

/** prf(key, parts[0] | parts[1] | …). */
export function prf(name: Prf, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  switch (name.kind) {
    case 'hmac':
      return hmac(name.hash, key, ...parts);
    case 'aes-xcbc':
      return aesXcbc(xcbcKey(key), concat(...parts));
    case 'aes-cmac':
      return aesCmac(cmacKey(key), concat(...parts));
  }
}
