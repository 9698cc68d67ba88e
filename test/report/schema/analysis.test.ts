import { describe, expect, it } from 'vitest';

import { renderJson } from '../../../src/report/json.ts';
import { analysisSchema } from '../../../src/report/schema/analysis.ts';
import { HOSTILE } from '../../support/hostile.ts';
import { largeReport, mapTexts, referenceReport } from '../../support/report.ts';

const parse = (document: unknown): boolean => analysisSchema.safeParse(document).success;

describe('analysisSchema', () => {
  it('accepts what the renderer writes', () => {
    expect(analysisSchema.parse(JSON.parse(renderJson(referenceReport())))).toEqual(
      referenceReport(),
    );
    expect(parse(largeReport(3, 60))).toBe(true);
  });

  it('accepts any text where text stands', () => {
    for (const text of Object.values(HOSTILE)) {
      expect(parse(mapTexts(referenceReport(), () => text))).toBe(true);
    }
  });

  it('refuses what is not the document', () => {
    const report = referenceReport();
    expect(parse({ ...report, schema: 'ike-autopsy/analysis@2' })).toBe(false);
    expect(parse({ ...report, more: 1 })).toBe(false);
    expect(parse({ ...report, findings: [{ ...report.findings[0], severity: 'fatal' }] })).toBe(
      false,
    );
    expect(parse({ ...report, inputs: [{ ...report.inputs[0], sha256: 'short' }] })).toBe(false);
    const lacking = Object.entries(report).filter(([key]) => key !== 'findings');
    expect(parse(Object.fromEntries(lacking))).toBe(false);
  });
});
