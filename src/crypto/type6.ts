import { encryptAesBlocks, hash, hmac } from '#crypto';

const SALT = 8;
const MAC = 4;
const BLOCK = 16;
const CODED = /^(?:[A-Z[\\\]^_`a-i]{3})+$/;

/** Base 41: three characters from `A` on are two octets; the last pair says how many of it count. */
function decode(stored: string): Uint8Array | null {
  if (!CODED.test(stored)) return null;
  const octets = new Uint8Array((stored.length / 3) * 2);
  for (let at = 0; at < stored.length; at += 3) {
    const [x, y, z] = [0, 1, 2].map((i) => stored.charCodeAt(at + i) - 65) as [
      number,
      number,
      number,
    ];
    const value = (x * 41 + y) * 41 + z;
    if (value > 0xffff) return null;
    octets[(at / 3) * 2] = value >> 8;
    octets[(at / 3) * 2 + 1] = value & 0xff;
  }
  return octets.subarray(0, octets.length - (octets.at(-1) === 0 ? 1 : 2));
}

function block(salt: Uint8Array, last: number): Uint8Array {
  const octets = new Uint8Array(BLOCK);
  octets.set(salt);
  octets[BLOCK - 1] = last;
  return octets;
}

/**
 * The key behind a type 6 string of an IOS configuration: AES in counter mode under a key made of the MD5 of the master
 * key and a salt, with four octets of HMAC-SHA-1. Null when it was stored under another master key, or is no such string.
 * Published by Cisco: github.com/CiscoDevNet/Type-6-Password-Encode.
 */
export function openType6(stored: string, masterKey: Uint8Array): Uint8Array | null {
  const octets = decode(stored);
  if (octets === null || octets.length < SALT + MAC) return null;
  const salt = octets.subarray(0, SALT);
  const hidden = octets.subarray(SALT, octets.length - MAC);
  const master = hash('md5', masterKey);
  const mac = hmac('sha1', encryptAesBlocks(master, block(salt, 0)), hidden);
  const told = octets.subarray(octets.length - MAC);
  if (told.some((octet, i) => octet !== mac[i])) return null;
  const counters = new Uint8Array(Math.ceil(hidden.length / BLOCK) * BLOCK);
  for (let i = 0; i * BLOCK < counters.length; i += 1) counters[i * BLOCK + 3] = i;
  const stream = encryptAesBlocks(encryptAesBlocks(master, block(salt, 1)), counters);
  const clear = hidden.map((octet, i) => octet ^ stream[i]!);
  const end = clear.findLastIndex((octet) => octet !== 0);
  return clear.subarray(0, end + 1);
}
