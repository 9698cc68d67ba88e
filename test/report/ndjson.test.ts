import { expect, it } from 'vitest';

import { renderNdjson } from '../../src/report/ndjson.ts';
import { HOSTILE } from '../support/hostile.ts';
import { mapTexts, referenceReport } from '../support/report.ts';

const linesOf = (report: ReturnType<typeof referenceReport>): readonly string[] =>
  [...renderNdjson(report)].join('').trimEnd().split('\n');

it('writes one object a line, the verdict first', () => {
  const records = linesOf(referenceReport()).map(
    (line) => (JSON.parse(line) as { record: string }).record,
  );
  expect(records).toEqual([
    'verdict',
    ...Array<string>(6).fill('input'),
    'router',
    'router',
    'negotiation',
    'negotiation',
    'finding',
    'finding',
  ]);
});

it('stays one object a line whatever the texts hold', () => {
  for (const text of Object.values(HOSTILE)) {
    const lines = linesOf(mapTexts(referenceReport(), () => text));
    expect(lines).toHaveLength(13);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  }
});
