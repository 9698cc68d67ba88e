import { hashLengths } from '../names.ts';
import { concat } from '../octets.ts';
import { prf, type Prf } from '../prf.ts';
import { encryptionKeyLength, type SuiteV2 } from './suite.ts';

/** Octets that the prf puts out, which is also its preferred key length (RFC 7296 §2.13). */
export function prfLength(name: Prf): number {
  return name.kind === 'hmac' ? hashLengths[name.hash] : 16;
}

/** RFC 7296 §2.13: prf+(K, S) = T1 | T2 | …, T1 = prf(K, S | 1), Tn = prf(K, Tn-1 | S | n). */
export function prfPlus(name: Prf, key: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  let block: Uint8Array = new Uint8Array(0);
  let stream: Uint8Array = new Uint8Array(0);
  for (let count = 1; stream.length < length; count += 1) {
    block = prf(name, key, block, seed, Uint8Array.of(count));
    stream = concat(stream, block);
  }
  return stream.subarray(0, length);
}

/**
 * RFC 7296 §2.14: SKEYSEED = prf(Ni | Nr, g^ir). The two AES prfs have a fixed key length and take
 * the first 8 octets of each nonce.
 */
export function deriveSkeyseed(
  name: Prf,
  nonceI: Uint8Array,
  nonceR: Uint8Array,
  sharedSecret: Uint8Array,
): Uint8Array {
  const key =
    name.kind === 'hmac'
      ? concat(nonceI, nonceR)
      : concat(nonceI.subarray(0, 8), nonceR.subarray(0, 8));
  return prf(name, key, sharedSecret);
}

export type SkKeys = {
  readonly skD: Uint8Array;
  readonly skAi: Uint8Array;
  readonly skAr: Uint8Array;
  readonly skEi: Uint8Array;
  readonly skEr: Uint8Array;
  readonly skPi: Uint8Array;
  readonly skPr: Uint8Array;
};

/** RFC 7296 §2.14: SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr = prf+(SKEYSEED, Ni | Nr | SPIi | SPIr). */
export function deriveSkKeys(
  suite: SuiteV2 & { readonly prf: Prf },
  skeyseed: Uint8Array,
  nonces: Uint8Array,
  spis: Uint8Array,
): SkKeys {
  const p = prfLength(suite.prf);
  const a = suite.integrity?.keyLength ?? 0;
  const e = encryptionKeyLength(suite.encryption);
  const stream = prfPlus(suite.prf, skeyseed, concat(nonces, spis), 3 * p + 2 * a + 2 * e);
  let at = 0;
  const take = (length: number): Uint8Array => stream.subarray(at, (at += length));
  return {
    skD: take(p),
    skAi: take(a),
    skAr: take(a),
    skEi: take(e),
    skEr: take(e),
    skPi: take(p),
    skPr: take(p),
  };
}

const KEY_PAD: Uint8Array = Uint8Array.from('Key Pad for IKEv2', (letter) => letter.charCodeAt(0));

/**
 * What AUTH covers (RFC 7296 §2.15): the side's own first message | the peer's nonce |
 * prf(SK_p, ID payload without its generic header).
 */
export function authOctets(
  name: Prf,
  firstMessage: Uint8Array,
  peerNonce: Uint8Array,
  skP: Uint8Array,
  idBody: Uint8Array,
): Uint8Array {
  return concat(firstMessage, peerNonce, prf(name, skP, idBody));
}

/** RFC 7296 §2.15: AUTH = prf(prf(shared secret, "Key Pad for IKEv2"), octets). */
export function pskAuth(name: Prf, psk: Uint8Array, octets: Uint8Array): Uint8Array {
  return prf(name, prf(name, psk, KEY_PAD), octets);
}
