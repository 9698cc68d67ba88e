import { expect, it } from 'vitest';

import { jsonPieces, renderJson } from '../../src/report/json.ts';
import { HIDDEN, HOSTILE } from '../support/hostile.ts';
import { mapTexts, referenceReport } from '../support/report.ts';

it('holds the report, and renders a parsed report to the same bytes', () => {
  const text = renderJson(referenceReport());
  expect(JSON.parse(text)).toEqual(referenceReport());
  expect(renderJson(JSON.parse(text) as ReturnType<typeof referenceReport>)).toBe(text);
  expect(text.endsWith('}\n')).toBe(true);
});

it('is the same in pieces', () => {
  const report = referenceReport();
  const [negotiation] = report.negotiations;
  for (const each of [
    report,
    { ...report, routers: [], findings: [] },
    { ...report, negotiations: [{ ...negotiation!, divergence: null, fvrf: undefined }] },
    mapTexts(report, () => 'a\n"b"\u2028\\'),
  ] as ReturnType<typeof referenceReport>[])
    expect([...jsonPieces(each)].join('')).toBe(renderJson(each));
});

it.each(Object.entries(HOSTILE))(
  'holds %s without a character that a terminal obeys',
  (_, text) => {
    const report = mapTexts(referenceReport(), () => text);
    const json = renderJson(report);
    expect(json.replace(/[\u{e0000}-\u{e007f}\u00ad]/gu, '')).not.toMatch(HIDDEN);
    expect(JSON.parse(json)).toEqual(report);
  },
);
