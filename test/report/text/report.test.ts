import { describe, expect, it } from 'vitest';

import type { AnalysisReport } from '../../../src/model/report.ts';
import { makePalette } from '../../../src/report/palette.ts';
import { renderText } from '../../../src/report/text/report.ts';
import { displayWidth } from '../../../src/report/text/wrap.ts';
import { HIDDEN, HOSTILE } from '../../support/hostile.ts';
import { largeReport, mapTexts, referenceReport } from '../../support/report.ts';

const palette = makePalette(false);
const at = (report: AnalysisReport, columns: number): string =>
  renderText(report, { columns, palette });

/** Commands are meant to be pasted, so they keep their length. */
function withoutCommands(report: AnalysisReport): AnalysisReport {
  return {
    ...report,
    findings: report.findings.map((finding) => ({
      ...finding,
      remedies: finding.remedies.map(({ text, verified }) => ({ text, verified })),
    })),
  };
}

describe('the reference incident', () => {
  it('reads as it did on 80 columns', async () => {
    await expect(at(referenceReport(), 80)).toMatchFileSnapshot('../golden/reference-80.txt');
  });

  it('reads as it did on 130 columns', async () => {
    await expect(at(referenceReport(), 130)).toMatchFileSnapshot('../golden/reference-130.txt');
  });

  it('says the verdict first', () => {
    expect(at(referenceReport(), 80).split('\n')[0]).toBe(
      'R1 verified MM5 with another keyring than the one it used',
    );
  });

  it('gives the commands as they are to be typed', () => {
    expect(at(referenceReport(), 80)).toContain(
      '\ncrypto keyring keyring1\n no pre-shared-key address 192.168.0.2\n',
    );
  });

  it('colours through the palette only', () => {
    const coloured = renderText(referenceReport(), { columns: 80, palette: makePalette(true) });
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(at(referenceReport(), 80));
    expect(coloured).not.toBe(at(referenceReport(), 80));
  });
});

it('is one line when it should be quiet', () => {
  const line = renderText(referenceReport(), { columns: 80, palette, quiet: true });
  expect(line.split('\n')).toHaveLength(2);
  expect(line).toMatch(/^keyring-mismatch-after-mm5: R1, responding/);
});

describe.each([80, 100, 132, 200])('on %i columns', (columns) => {
  it('no line is wider', () => {
    for (const line of at(referenceReport(), columns).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it.each(Object.entries(HOSTILE))('no line is wider, and none is obeyed, with %s', (_, text) => {
    const out = at(withoutCommands(mapTexts(referenceReport(), () => text)), columns);
    expect(out).not.toMatch(HIDDEN);
    for (const line of out.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    expect(out.length).toBeLessThan(80_000);
  });
});

it('says so when nothing was found', () => {
  const base = referenceReport();
  const empty: AnalysisReport = {
    ...base,
    negotiations: [],
    findings: [],
    verdict: { finding: null, negotiation: null, summary: 'The inputs hold no IKE.' },
  };
  expect(at(empty, 80)).toMatch(/^No negotiation was found\n\nThe inputs hold no IKE\.\n/);
});

it('names every negotiation of a large incident and stays readable', () => {
  const out = at(largeReport(30, 600), 100);
  expect(out.match(/keyring-mismatch-after-mm5/g)!.length).toBeGreaterThan(30);
  expect(out.split('\n').length).toBeLessThan(220);
});
