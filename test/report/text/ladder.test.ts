import { expect, it } from 'vitest';

import { groupAttempts } from '../../../src/report/attempts.ts';
import { buildLadder } from '../../../src/report/ladder.ts';
import { makePalette } from '../../../src/report/palette.ts';
import { drawLadder, offsetText } from '../../../src/report/text/ladder.ts';
import { displayWidth } from '../../../src/report/text/wrap.ts';
import { referenceReport } from '../../support/report.ts';

const report = referenceReport();
const ladder = buildLadder(groupAttempts(report.negotiations)[0]!, report);

it.each([60, 80, 100, 160])('fits %i columns', (columns) => {
  const lines = drawLadder(ladder, columns, makePalette(false)).split('\n');
  for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
});

it('draws the wire solid, and dotted what only a log tells', () => {
  const drawn = drawLadder(ladder, 80, makePalette(false));
  expect(drawn).toMatch(/─+ MM5 ─+▶/);
  expect(drawn).toMatch(/◀─+ MM4 ─+/);
  const noCapture = { ...report, excerpts: { ...report.excerpts, frames: [] } };
  const dotted = drawLadder(
    buildLadder(groupAttempts(report.negotiations)[0]!, noCapture),
    80,
    makePalette(false),
  );
  expect(dotted).toMatch(/·+ MM5 ·+▶/);
});

it('marks the divergence once', () => {
  expect(drawLadder(ladder, 80, makePalette(false)).match(/diverges here/g)).toHaveLength(1);
});

it('writes offsets within their column', () => {
  expect(offsetText(1020, 1000)).toBe('+0.020 s');
  expect(offsetText(900, 1000)).toBe('-0.100 s');
  expect(offsetText(90_000_000, 0)).toBe('+90000 s');
  expect(offsetText(null, 0)).toBe('');
});
