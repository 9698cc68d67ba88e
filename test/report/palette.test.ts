import { expect, it } from 'vitest';

import { makePalette } from '../../src/report/palette.ts';

it('changes nothing when colour is off', () => {
  for (const paint of Object.values(makePalette(false))) expect(paint('text')).toBe('text');
});

it('colours when it is on, whatever the terminal', () => {
  for (const paint of Object.values(makePalette(true)))
    expect(paint('text')).toMatch(/^\u001b\[.+text\u001b\[/);
});
