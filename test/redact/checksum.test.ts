import fc from 'fast-check';
import { expect, it } from 'vitest';

import { updateChecksum, updateUdpChecksum, wordSum } from '../../src/redact/checksum.ts';

const fold = (sum: number): number =>
  sum > 0xffff ? fold((sum & 0xffff) + Math.floor(sum / 0x10000)) : sum;
/** RFC 1071, of the whole. */
const full = (bytes: Uint8Array): number => ~fold(wordSum(bytes, 2, bytes.length)) & 0xffff;

it('makes what a whole new sum would make', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 24, maxLength: 60 }),
      fc.uint8Array({ minLength: 8, maxLength: 8 }),
      (bytes, change) => {
        const whole = full(bytes);
        bytes.set([whole >> 8, whole & 0xff]);
        const before = wordSum(bytes, 12, 20);
        bytes.set(change, 12);
        updateChecksum(bytes, 0, before, wordSum(bytes, 12, 20));
        // Of zero there are two forms in one's complement.
        const now = (bytes[0]! << 8) | bytes[1]!;
        expect(
          [full(bytes), full(bytes) ^ 0xffff].includes(now) &&
            (now === full(bytes) || now % 0xffff === 0),
        ).toBe(true);
      },
    ),
    { seed: 8, numRuns: 500 },
  );
});

it('keeps a UDP sum of zero, which means none, and never makes one', () => {
  const none = new Uint8Array(4);
  updateUdpChecksum(none, 0, 1, 2);
  expect([...none]).toEqual([0, 0, 0, 0]);
  const made = Uint8Array.of(0, 1);
  updateUdpChecksum(made, 0, 0xffff, 0xfffe + 2);
  expect([...made].some((octet) => octet !== 0)).toBe(true);
});

it('pads an odd octet', () => {
  expect(wordSum(Uint8Array.of(1, 2, 3), 0, 3)).toBe(0x0102 + 0x0300);
});
