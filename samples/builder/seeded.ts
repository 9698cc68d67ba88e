import { createHash } from 'node:crypto';
import { concat, toBigInt, u32, utf8 } from './octets.ts';

/** Everything that a router would draw at random: cookies, nonces, DH values, SPIs, jitter. */
export type Seeded = {
  octets(count: number): Uint8Array;
  /** Uniform enough for jitter and identifiers: 0 <= result < limit. */
  below(limit: number): number;
  /** A 32-bit number whose highest bit is set now and then, as real ones are. */
  word(): number;
  /** A generator of its own, so that one more draw here does not move all that follows there. */
  branch(name: string): Seeded;
};

/** SHA-256 in counter mode over a name: the same name gives the same sample on every machine. */
export const createSeeded = (name: string): Seeded => {
  let counter = 0;
  let pool = new Uint8Array();
  const octets = (count: number): Uint8Array => {
    while (pool.length < count) {
      const block = createHash('sha256').update(utf8(name)).update(u32(counter)).digest();
      counter += 1;
      pool = Uint8Array.from(concat(pool, block));
    }
    const drawn = pool.slice(0, count);
    pool = pool.slice(count);
    return drawn;
  };
  return {
    octets,
    below: (limit) => Number(toBigInt(octets(6)) % BigInt(limit)),
    word: () => Number(toBigInt(octets(4))),
    branch: (branch) => createSeeded(`${name}/${branch}`),
  };
};
