import { expect, it } from 'vitest';

import { makePalette } from '../../../src/report/palette.ts';
import { drawTable } from '../../../src/report/text/table.ts';
import { displayWidth } from '../../../src/report/text/wrap.ts';

const plain = makePalette(false);

it('is as wide as its content', () => {
  expect(drawTable(['a', 'bee'], [['one', 'two']], 80, plain)).toBe(
    ['a    bee', '───  ───', 'one  two'].join('\n'),
  );
});

it('wraps the widest column until it fits, and cuts nothing', () => {
  const long = 'word '.repeat(30).trim();
  const table = drawTable(
    ['short', 'long'],
    [
      ['value', long],
      ['v', 'x'.repeat(90)],
    ],
    40,
    plain,
  );
  for (const line of table.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(40);
  expect(table.match(/word/g)).toHaveLength(30);
  expect(table.match(/x/g)).toHaveLength(90);
  expect(table).not.toContain('…');
});

it('paints a cell line by line', () => {
  const paint = (text: string): string => `<${text}>`;
  const table = drawTable(['a'], [[{ text: 'one two', paint }]], 6, plain);
  expect(table).toContain('<one>');
  expect(table).toContain('<two>');
});
