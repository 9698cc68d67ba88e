import { hash, hmac } from '#crypto';
import { hashLengths, type HashName } from './names.ts';

/*
 * Hashes of a few octets, and HMAC for search: many keys, each with a few short messages. A call into the
 * runtime costs more than hashing the handful of blocks that an IKE key schedule or NAT-D needs, so MD5,
 * SHA-1 and SHA-256 are here as bare compression functions, and the states behind the two key blocks of
 * HMAC are kept for each key.
 */

/** One step of Merkle and Damgard: mixes `block` (16 words) into `state`. */
type Compress = (state: Int32Array, block: Int32Array) => void;

type Digest = {
  readonly compress: Compress;
  readonly initial: Int32Array;
  /** MD5 counts octets of a word from the low end. */
  readonly littleEndian: boolean;
};

/** RFC 1321 §3.4: T[i] is the integer part of 2^32 |sin i|. */
const MD5_T: Int32Array = Int32Array.from({ length: 64 }, (_, at) =>
  Math.floor(2 ** 32 * Math.abs(Math.sin(at + 1))),
);
const MD5_SHIFTS: Int32Array = Int32Array.of(
  ...[7, 12, 17, 22],
  ...[5, 9, 14, 20],
  ...[4, 11, 16, 23],
  ...[6, 10, 15, 21],
);

/** RFC 1321 §3.4, one loop a round. */
const md5: Compress = (state, block) => {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let at = 0;
  for (; at < 16; at += 1) {
    const sum = (a + ((b & c) | (~b & d)) + block[at]! + MD5_T[at]!) | 0;
    const by = MD5_SHIFTS[at & 3]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << by) | (sum >>> (32 - by)))) | 0;
  }
  for (; at < 32; at += 1) {
    const sum = (a + ((b & d) | (c & ~d)) + block[(5 * at + 1) & 15]! + MD5_T[at]!) | 0;
    const by = MD5_SHIFTS[4 + (at & 3)]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << by) | (sum >>> (32 - by)))) | 0;
  }
  for (; at < 48; at += 1) {
    const sum = (a + (b ^ c ^ d) + block[(3 * at + 5) & 15]! + MD5_T[at]!) | 0;
    const by = MD5_SHIFTS[8 + (at & 3)]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << by) | (sum >>> (32 - by)))) | 0;
  }
  for (; at < 64; at += 1) {
    const sum = (a + (c ^ (b | ~d)) + block[(7 * at) & 15]! + MD5_T[at]!) | 0;
    const by = MD5_SHIFTS[12 + (at & 3)]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << by) | (sum >>> (32 - by)))) | 0;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
};

const schedule: Int32Array = new Int32Array(80);

/** FIPS 180-4 §6.1.2, one loop for each function and constant of §4.1.1 and §4.2.1. */
const sha1: Compress = (state, block) => {
  const w = schedule;
  for (let at = 0; at < 16; at += 1) w[at] = block[at]!;
  for (let at = 16; at < 80; at += 1) {
    const mixed = w[at - 3]! ^ w[at - 8]! ^ w[at - 14]! ^ w[at - 16]!;
    w[at] = (mixed << 1) | (mixed >>> 31);
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let at = 0;
  for (; at < 20; at += 1) {
    const next = (((a << 5) | (a >>> 27)) + ((b & c) | (~b & d)) + e + w[at]! + 0x5a827999) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (; at < 40; at += 1) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + w[at]! + 0x6ed9eba1) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (; at < 60; at += 1) {
    const most = (b & c) | (b & d) | (c & d);
    const next = (((a << 5) | (a >>> 27)) + most + e + w[at]! + (0x8f1bbcdc | 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (; at < 80; at += 1) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + w[at]! + (0xca62c1d6 | 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
  state[4] = state[4]! + e;
};

/** FIPS 180-4 §4.2.2: the first 32 bits of the fractions of the cube roots of the first 64 primes. */
const SHA256_K: Int32Array = Int32Array.from([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

/** FIPS 180-4 §6.2.2. */
const sha256: Compress = (state, block) => {
  const w = schedule;
  for (let at = 0; at < 16; at += 1) w[at] = block[at]!;
  for (let at = 16; at < 64; at += 1) {
    const p = w[at - 15]!;
    const q = w[at - 2]!;
    const s0 = ((p >>> 7) | (p << 25)) ^ ((p >>> 18) | (p << 14)) ^ (p >>> 3);
    const s1 = ((q >>> 17) | (q << 15)) ^ ((q >>> 19) | (q << 13)) ^ (q >>> 10);
    w[at] = w[at - 16]! + s0 + w[at - 7]! + s1;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let at = 0; at < 64; at += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const first = (h + s1 + ((e & f) ^ (~e & g)) + SHA256_K[at]! + w[at]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
  state[4] = state[4]! + e;
  state[5] = state[5]! + f;
  state[6] = state[6]! + g;
  state[7] = state[7]! + h;
};

const SHA1_INITIAL: readonly number[] = [
  0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0,
];

const digests: Readonly<Partial<Record<HashName, Digest>>> = {
  md5: { compress: md5, initial: Int32Array.from(SHA1_INITIAL.slice(0, 4)), littleEndian: true },
  sha1: { compress: sha1, initial: Int32Array.from(SHA1_INITIAL), littleEndian: false },
  sha256: {
    compress: sha256,
    initial: Int32Array.of(
      ...[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a],
      ...[0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
    ),
    littleEndian: false,
  },
};

const BLOCK = 64;
const WORDS = 16;

/* Scratch space: nothing here is kept from one call to the next. */
const block: Int32Array = new Int32Array(WORDS);
const state: Int32Array = new Int32Array(8);

/** Fills `block` with the octets from `from` on, and zeros behind the end. */
function load(octets: Uint8Array, from: number, littleEndian: boolean): void {
  const words = Math.min(WORDS, (octets.length - from) >> 2);
  let at = from;
  for (let word = 0; word < words; word += 1, at += 4) {
    block[word] = littleEndian
      ? octets[at]! | (octets[at + 1]! << 8) | (octets[at + 2]! << 16) | (octets[at + 3]! << 24)
      : (octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!;
  }
  for (let word = Math.max(0, words); word < WORDS; word += 1) block[word] = 0;
  const end = Math.min(octets.length, from + BLOCK);
  for (; at < end; at += 1) place(at - from, octets[at]!, littleEndian);
}

function place(at: number, octet: number, littleEndian: boolean): void {
  const shift = littleEndian ? (at & 3) * 8 : 24 - (at & 3) * 8;
  block[at >> 2] = block[at >> 2]! | (octet << shift);
}

/** Behind a message stands an octet 0x80 and, in the last two words, its length in bits, which fits one of them. */
const PADDING = 9;

/** Hashes a message to its end into `state`, which has taken `before` octets already. */
function absorb({ compress, littleEndian }: Digest, message: Uint8Array, before: number): void {
  const { length } = message;
  for (let from = 0; from < length + PADDING; from += BLOCK) {
    load(message, from, littleEndian);
    if (length >= from && length < from + BLOCK) place(length - from, 0x80, littleEndian);
    if (length + PADDING <= from + BLOCK) block[littleEndian ? 14 : 15] = (before + length) * 8;
    compress(state, block);
  }
}

function writeOctets(words: number, littleEndian: boolean, out: Uint8Array): void {
  for (let word = 0, at = 0; word < words; word += 1, at += 4) {
    const value = state[word]!;
    out[at] = littleEndian ? value : value >>> 24;
    out[at + 1] = littleEndian ? value >>> 8 : value >>> 16;
    out[at + 2] = littleEndian ? value >>> 16 : value >>> 8;
    out[at + 3] = littleEndian ? value >>> 24 : value;
  }
}

const INNER_PAD = 0x36363636;
const OUTER_PAD = 0x5c5c5c5c;

/** Sets `own` to the state behind the first block, which is the key xor a pad. `block` holds the key. */
function stateBehind({ compress, initial }: Digest, pad: number, own: Int32Array): void {
  own.set(initial);
  for (let word = 0; word < WORDS; word += 1) block[word] = block[word]! ^ pad;
  compress(own, block);
  for (let word = 0; word < WORDS; word += 1) block[word] = block[word]! ^ pad;
}

/** Longer messages are hashed faster by the runtime, whatever the call costs. */
const LONGEST = 1024;

/** The same value as `hash`, for a few octets. */
export function shortHash(name: HashName, message: Uint8Array): Uint8Array {
  const digest = digests[name];
  if (digest === undefined || message.length > LONGEST) return hash(name, message);
  const words = digest.initial.length;
  for (let word = 0; word < words; word += 1) state[word] = digest.initial[word]!;
  absorb(digest, message, 0);
  const out = new Uint8Array(words * 4);
  writeOctets(words, digest.littleEndian, out);
  return out;
}

/** HMAC under one key after another, in the same memory. */
export type HmacSlot = {
  /** Whatever is signed from now on is signed under this key, whose octets must stay as they are. */
  readonly rekey: (key: Uint8Array) => void;
  /** Writes the code of a message to the front of `out`, which may be a part of the message. */
  readonly sign: (message: Uint8Array, out: Uint8Array) => void;
};

/** RFC 2104: HMAC(K, m) = H(K xor opad | H(K xor ipad | m)), for keys that are used on a few short messages. */
export function hmacSlot(name: HashName): HmacSlot {
  const digest = digests[name];
  let key: Uint8Array = new Uint8Array(0);
  const atOnce = (message: Uint8Array, out: Uint8Array): void => out.set(hmac(name, key, message));
  if (digest === undefined) {
    return {
      rekey: (next) => {
        key = next;
      },
      sign: atOnce,
    };
  }
  const { littleEndian, compress, initial } = digest;
  const words = initial.length;
  const inner = new Int32Array(words);
  const outer = new Int32Array(words);
  return {
    rekey: (next) => {
      key = next;
      if (key.length > BLOCK) return;
      load(key, 0, littleEndian);
      stateBehind(digest, INNER_PAD, inner);
      stateBehind(digest, OUTER_PAD, outer);
    },
    sign: (message, out) => {
      if (message.length > LONGEST || key.length > BLOCK) {
        atOnce(message, out);
        return;
      }
      for (let word = 0; word < words; word += 1) state[word] = inner[word]!;
      absorb(digest, message, BLOCK);
      // What the inner hash gives is the message of the outer one.
      for (let word = 0; word < WORDS; word += 1) block[word] = word < words ? state[word]! : 0;
      place(words * 4, 0x80, littleEndian);
      block[littleEndian ? 14 : 15] = (BLOCK + words * 4) * 8;
      for (let word = 0; word < words; word += 1) state[word] = outer[word]!;
      compress(state, block);
      writeOctets(words, littleEndian, out);
    },
  };
}

/** HMAC under one key. */
export type KeyedHmac = (message: Uint8Array) => Uint8Array;

/** The same value as `hmac`, for a key that is used on a few short messages. */
export function keyedHmac(name: HashName, key: Uint8Array): KeyedHmac {
  const slot = hmacSlot(name);
  slot.rekey(key);
  return (message) => {
    const out = new Uint8Array(hashLengths[name]);
    slot.sign(message, out);
    return out;
  };
}
