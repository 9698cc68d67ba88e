import type { Scanner } from './scanner.ts';

export type Feeder = {
  push(chunk: Uint8Array): void;
  end(): void;
};

/** Gives a scanner the file piece by piece; only a record that straddles two pieces is copied. */
export function createFeeder(scanner: Scanner): Feeder {
  let carry = new Uint8Array(1 << 12);
  let carried = 0;
  let skip = 0;
  /** File offset of the next octet that comes in. */
  let offset = 0;

  const reserve = (octets: number): void => {
    if (carry.length >= octets) return;
    const larger = new Uint8Array(Math.max(octets, 2 * carry.length));
    larger.set(carry.subarray(0, carried));
    carry = larger;
  };

  return {
    push: (chunk) => {
      const base = offset;
      offset += chunk.length;
      let at = 0;
      while (at < chunk.length) {
        if (skip > 0) {
          const step = Math.min(skip, chunk.length - at);
          skip -= step;
          at += step;
        } else if (carried === 0) {
          at = scanner.scan(chunk, at, chunk.length, base, false);
          skip = scanner.skip();
          const rest = chunk.length - at;
          reserve(rest);
          carry.set(chunk.subarray(at), 0);
          carried = rest;
          at = chunk.length;
        } else {
          const wanted = scanner.need();
          reserve(wanted);
          const step = Math.min(Math.max(wanted - carried, 1), chunk.length - at);
          carry.set(chunk.subarray(at, at + step), carried);
          carried += step;
          at += step;
          if (carried < wanted) return;
          const used = scanner.scan(carry, 0, carried, base + at - carried, false);
          skip = scanner.skip();
          const rest = carried - used;
          if (rest <= step) {
            // What is left lies in this piece: go on in place.
            at -= rest;
            carried = 0;
          } else {
            carry.copyWithin(0, used, carried);
            carried = rest;
          }
        }
      }
    },
    end: () => {
      scanner.scan(carry, 0, carried, offset - carried, true);
      carried = 0;
    },
  };
}
