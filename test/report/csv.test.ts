import { describe, expect, it } from 'vitest';

import { renderCsv, toCsv } from '../../src/report/csv.ts';
import { HIDDEN, HOSTILE } from '../support/hostile.ts';
import { mapTexts, referenceReport } from '../support/report.ts';

/** RFC 4180, as strict as it is. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      at += 1;
      while (text[at] !== '"' || text[at + 1] === '"') {
        if (at >= text.length) throw new Error('a quoted cell does not end');
        if (text[at] === '"') at += 1;
        cell += text[at] ?? '';
        at += 1;
      }
      at += 1;
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
        if (text[at] === '"') throw new Error('a quote within a bare cell');
        cell += text[at] ?? '';
        at += 1;
      }
    }
    row.push(cell);
    if (text[at] === ',') at += 1;
    else if (text.startsWith('\r\n', at)) {
      rows.push(row);
      row = [];
      at += 2;
    } else if (at < text.length) throw new Error('text after a quoted cell');
  }
  return rows;
}

const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

describe('renderCsv', () => {
  const files = renderCsv(referenceReport());

  it('has a header row and one row for each', () => {
    const { findings, negotiations, timeline } = files;
    expect(parseCsv(findings).map((row) => row[0])).toEqual([
      'id',
      'keyring-mismatch-after-mm5',
      'keyring-ambiguous',
    ]);
    expect(parseCsv(negotiations).map((row) => row[0])).toEqual(['id', 'n1', 'n2']);
    expect(parseCsv(timeline)).toHaveLength(1 + 16 + 7 + 11);
    for (const file of [findings, negotiations, timeline]) {
      const [header, ...rows] = parseCsv(file);
      for (const row of rows) expect(row).toHaveLength(header!.length);
    }
  });

  it.each(Object.entries(HOSTILE))('has no cell that runs, for %s', (_, text) => {
    for (const file of Object.values(renderCsv(mapTexts(referenceReport(), () => text)))) {
      const rows = parseCsv(file);
      for (const cell of rows.flat()) {
        expect(cell).not.toMatch(FORMULA);
        expect(cell).not.toMatch(HIDDEN);
      }
      for (const row of rows) expect(row).toHaveLength(rows[0]!.length);
    }
  });
});

describe('toCsv', () => {
  it('writes nothing for null and undefined, and numbers as they are', () => {
    const csv = toCsv<{ a: number | null }>(
      [
        ['a', (row) => row.a],
        ['b', () => undefined],
      ],
      [{ a: 7 }, { a: null }],
    );
    expect(csv).toBe('a,b\r\n7,\r\n,\r\n');
  });
});
