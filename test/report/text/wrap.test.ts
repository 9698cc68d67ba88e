import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  centre,
  displayWidth,
  fitColumns,
  paragraph,
  wrap,
} from '../../../src/report/text/wrap.ts';

describe('wrap', () => {
  it('breaks at spaces, and a word only when it has to', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl']);
    expect(wrap('', 5)).toEqual(['']);
  });

  it('loses nothing and never exceeds the width', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 2, max: 40 }),
        (text, width) => {
          const lines = wrap(text, width);
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
      { seed: 8, numRuns: 300 },
    );
  });
});

it('measures columns, not characters', () => {
  expect(displayWidth('key')).toBe(3);
  expect(displayWidth('鍵')).toBe(2);
  expect(displayWidth('e\u0301')).toBe(1);
  expect(displayWidth('\u001b[31mred\u001b[39m')).toBe(3);
});

it('fills to a width', () => {
  expect(centre('ab', 5)).toBe(' ab  ');
  expect(centre('x', 5, '-')).toBe('--x--');
});

it('indents a paragraph', () => {
  expect(paragraph('one two three four', 14, '  ', '- ')).toBe('- one two\n  three four');
});

it('shortens to columns', () => {
  expect(fitColumns('abc', 3)).toBe('abc');
  expect(fitColumns('abcd', 3)).toBe('ab…');
  expect(fitColumns('鍵鍵', 3)).toBe('鍵…');
});
