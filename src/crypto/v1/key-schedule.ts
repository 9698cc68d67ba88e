import { hash } from '#crypto';
import { blockLengths, hashLengths, type HashName } from '../names.ts';
import { concat } from '../octets.ts';
import { hmacSlot, keyedHmac } from '../short-hmac.ts';
import type { SuiteV1 } from './suite.ts';

/** RFC 2409 §5, pre-shared keys: SKEYID = prf(pre-shared-key, Ni_b | Nr_b). `nonces` is Ni_b | Nr_b. */
export function deriveSkeyidPsk(name: HashName, psk: Uint8Array, nonces: Uint8Array): Uint8Array {
  return keyedHmac(name, psk)(nonces);
}

/** RFC 2409 §5, signatures: SKEYID = prf(Ni_b | Nr_b, g^xy). */
export function deriveSkeyidSignature(
  name: HashName,
  nonces: Uint8Array,
  sharedSecret: Uint8Array,
): Uint8Array {
  return keyedHmac(name, nonces)(sharedSecret);
}

export type SkeyidKeys = {
  readonly skeyidD: Uint8Array;
  readonly skeyidA: Uint8Array;
  readonly skeyidE: Uint8Array;
};

/**
 * RFC 2409 §5:
 * SKEYID_d = prf(SKEYID, g^xy | CKY-I | CKY-R | 0)
 * SKEYID_a = prf(SKEYID, SKEYID_d | g^xy | CKY-I | CKY-R | 1)
 * SKEYID_e = prf(SKEYID, SKEYID_a | g^xy | CKY-I | CKY-R | 2)
 */
export function deriveSkeyidKeys(
  name: HashName,
  skeyid: Uint8Array,
  sharedSecret: Uint8Array,
  cookies: Uint8Array,
): SkeyidKeys {
  return skeyidSchedule(name, sharedSecret, cookies)(skeyid);
}

/** `deriveSkeyidKeys` for one SKEYID after another, in the same memory. */
function skeyidSchedule(
  name: HashName,
  sharedSecret: Uint8Array,
  cookies: Uint8Array,
): (skeyid: Uint8Array) => SkeyidKeys {
  const { rekey, sign } = hmacSlot(name);
  const length = hashLengths[name];
  const octets = (): Uint8Array => new Uint8Array(length);
  const keys: SkeyidKeys = { skeyidD: octets(), skeyidA: octets(), skeyidE: octets() };
  const input = concat(octets(), sharedSecret, cookies, Uint8Array.of(0));
  const step = (before: Uint8Array, number: number, key: Uint8Array): void => {
    input.set(before);
    input[input.length - 1] = number;
    sign(input, key);
  };
  const first = input.subarray(length);
  return (skeyid) => {
    rekey(skeyid);
    input[input.length - 1] = 0;
    sign(first, keys.skeyidD);
    step(keys.skeyidD, 1, keys.skeyidA);
    step(keys.skeyidA, 2, keys.skeyidE);
    return keys;
  };
}

/**
 * Ka. RFC 2409 Appendix B: where SKEYID_e is too short, Ka is the beginning of K1 | K2 | … with
 * K1 = prf(SKEYID_e, 0) and Kn = prf(SKEYID_e, Kn-1); otherwise the beginning of SKEYID_e.
 */
export function deriveCipherKey(suite: SuiteV1, skeyidE: Uint8Array): Uint8Array {
  return cipherKeyExpansion(suite)(skeyidE);
}

/** `deriveCipherKey` for one SKEYID_e after another, in the same memory. */
function cipherKeyExpansion({
  hash: name,
  keyLength,
}: SuiteV1): (skeyidE: Uint8Array) => Uint8Array {
  const { rekey, sign } = hmacSlot(name);
  const length = hashLengths[name];
  const expanded = new Uint8Array(Math.ceil(keyLength / length) * length);
  const blocks = Array.from({ length: expanded.length / length }, (_, at) =>
    expanded.subarray(at * length, (at + 1) * length),
  );
  const zero = Uint8Array.of(0);
  const key = expanded.subarray(0, keyLength);
  return (skeyidE) => {
    if (skeyidE.length >= keyLength) return skeyidE.subarray(0, keyLength);
    rekey(skeyidE);
    blocks.forEach((block, at) => sign(at === 0 ? zero : blocks[at - 1]!, block));
    return key;
  };
}

/** Ka for one PSK after another, in the same memory: a key is gone with the next call. */
export function cipherKeySearch(
  suite: SuiteV1,
  nonces: Uint8Array,
  sharedSecret: Uint8Array,
  cookies: Uint8Array,
): (psk: Uint8Array) => Uint8Array {
  const { rekey, sign } = hmacSlot(suite.hash);
  const skeyid = new Uint8Array(hashLengths[suite.hash]);
  const schedule = skeyidSchedule(suite.hash, sharedSecret, cookies);
  const expand = cipherKeyExpansion(suite);
  return (psk) => {
    rekey(psk);
    sign(nonces, skeyid);
    return expand(schedule(skeyid).skeyidE);
  };
}

/** RFC 2409 Appendix B: the first IV of phase 1 is hash(g^xi | g^xr). */
export function phase1Iv(suite: SuiteV1, publicI: Uint8Array, publicR: Uint8Array): Uint8Array {
  return hash(suite.hash, publicI, publicR).subarray(0, blockLengths[suite.cipher]);
}

/**
 * RFC 2409 Appendix B: the first IV of a quick mode, informational, mode-config or new group
 * exchange is hash(last phase 1 ciphertext block | M-ID).
 */
export function phase2Iv(suite: SuiteV1, lastBlock: Uint8Array, messageId: Uint8Array): Uint8Array {
  return hash(suite.hash, lastBlock, messageId).subarray(0, blockLengths[suite.cipher]);
}

export type HashInputs = {
  /** g^x of the side that made the hash, then of the other. */
  readonly ownPublic: Uint8Array;
  readonly peerPublic: Uint8Array;
  readonly ownCookie: Uint8Array;
  readonly peerCookie: Uint8Array;
  /** Body of the whole SA payload of the first message. */
  readonly saBody: Uint8Array;
  /** Body of the ID payload, without its generic header. */
  readonly idBody: Uint8Array;
};

/**
 * What HASH_I and HASH_R cover (RFC 2409 §5):
 * HASH_I = prf(SKEYID, g^xi | g^xr | CKY-I | CKY-R | SAi_b | IDii_b)
 * HASH_R = prf(SKEYID, g^xr | g^xi | CKY-R | CKY-I | SAi_b | IDir_b)
 */
export function phase1HashInput(inputs: HashInputs): Uint8Array {
  return concat(
    inputs.ownPublic,
    inputs.peerPublic,
    inputs.ownCookie,
    inputs.peerCookie,
    inputs.saBody,
    inputs.idBody,
  );
}

/** RFC 2409 §5.5 and §5.7: HASH(1) = prf(SKEYID_a, M-ID | everything behind the hash payload). */
export function hash1(
  name: HashName,
  skeyidA: Uint8Array,
  messageId: Uint8Array,
  rest: Uint8Array,
): Uint8Array {
  return keyedHmac(name, skeyidA)(concat(messageId, rest));
}

/** RFC 2409 §5.5: HASH(2) = prf(SKEYID_a, M-ID | Ni_b | everything behind the hash payload). */
export function hash2(
  name: HashName,
  skeyidA: Uint8Array,
  messageId: Uint8Array,
  nonceI: Uint8Array,
  rest: Uint8Array,
): Uint8Array {
  return keyedHmac(name, skeyidA)(concat(messageId, nonceI, rest));
}

/** RFC 2409 §5.5: HASH(3) = prf(SKEYID_a, 0 | M-ID | Ni_b | Nr_b). */
export function hash3(
  name: HashName,
  skeyidA: Uint8Array,
  messageId: Uint8Array,
  nonceI: Uint8Array,
  nonceR: Uint8Array,
): Uint8Array {
  return keyedHmac(name, skeyidA)(concat(Uint8Array.of(0), messageId, nonceI, nonceR));
}
