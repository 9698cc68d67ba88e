import { describe, expect, it } from 'vitest';
import { cleanLine } from '../../src/logparse/clean.ts';

describe('cleanLine', () => {
  it('takes a message out of a string, and gets through one that does not end', () => {
    expect(cleanLine(String.raw`"log": "first\nISAKMP:(0): second"  ], `)).toBe(
      'first\nISAKMP:(0): second',
    );
    const blanks = ' '.repeat(200_000);
    expect(cleanLine(String.raw`first\nISAKMP "${blanks}x`)).toBe(`first\nISAKMP "${blanks}x`);
  });
});
