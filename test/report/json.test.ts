import { expect, it } from 'vitest';

import { renderJson } from '../../src/report/json.ts';
import { HIDDEN, HOSTILE } from '../support/hostile.ts';
import { mapTexts, referenceReport } from '../support/report.ts';

it('holds the report, and renders a parsed report to the same bytes', () => {
  const text = renderJson(referenceReport());
  expect(JSON.parse(text)).toEqual(referenceReport());
  expect(renderJson(JSON.parse(text) as ReturnType<typeof referenceReport>)).toBe(text);
  expect(text.endsWith('}\n')).toBe(true);
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
