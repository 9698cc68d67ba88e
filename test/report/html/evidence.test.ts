import { expect, it } from 'vitest';

import { makeAnchors } from '../../../src/report/html/anchors.ts';
import {
  chunks,
  collectCitations,
  framesSection,
  linesSection,
} from '../../../src/report/html/evidence.ts';
import { html } from '../../../src/report/html/markup.ts';
import { referenceReport } from '../../support/report.ts';

const report = referenceReport();
const anchors = makeAnchors(report);
const citations = collectCitations(report, report.findings, anchors);
const input = report.inputs[0]!;

it('knows what findings and decisions rest on', () => {
  expect(citations.get('l-1-15')).toEqual([1]);
  expect(citations.get('l-3-3')).toEqual([2]);
  expect(citations.get('l-2-7')).toEqual([]);
  expect(citations.has('l-1-9')).toBe(false);
});

it('marks cited lines, keeps neighbours for print, and says where lines are missing', () => {
  const lines = [1, 2, 3, 8, 14, 15, 16].map((line) => report.excerpts.logLines[line - 1]!);
  const text = linesSection(input, lines, anchors, citations)!.text;
  expect(text).toContain('<p id="l-1-8" data-n="8" class="cited near">');
  expect(text).toContain('<p id="l-1-2" data-n="2">');
  expect(text).toContain('<p id="l-1-16" data-n="16" class="near">');
  expect(text).toContain('lines 4 to 7 are not shown');
  expect(text).toContain('<a href="#finding-1"');
});

it('shows a line once', () => {
  const line = report.excerpts.logLines[0]!;
  expect(
    linesSection(input, [line, line], anchors, citations)!.text.match(/id="l-1-1"/g),
  ).toHaveLength(1);
});

it('shows payload trees with their octets, and what a frame repeats', () => {
  const text = framesSection(report, anchors, citations)!.text;
  expect(text).toContain('<b>ID type</b> <span class="mono">ID_IPV4_ADDR (1)</span>');
  expect(text).toContain('@8+4');
  expect(text).toContain('repeats <a class="place" href="#f-5-5">');
});

it('cuts long lists into pieces', () => {
  const rows = Array.from({ length: 250 }, () => html`<p>x</p>`);
  expect(chunks(rows)).toHaveLength(3);
  expect(chunks(rows.slice(0, 5))).toHaveLength(1);
  expect(chunks([])).toHaveLength(0);
});
