import Table from 'cli-table3';

import type { Palette } from '../palette.ts';
import { displayWidth, wrap } from './wrap.ts';

const GAP = 2;

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

export type Cell = string | { readonly text: string; readonly paint: (text: string) => string };

/** Columns as wide as their content, the widest ones wrapped until the table fits. */
export function drawTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  columns: number,
  palette: Palette,
): string {
  const column = (i: number): readonly string[] => [
    header[i] ?? '',
    ...rows.map((row) => textOf(row[i] ?? '')),
  ];
  const measure = (size: (text: string) => number): number[] =>
    header.map((_, i) => Math.max(...column(i).map(size)));
  const words = measure(longestWord).map((width) => Math.min(width, WORD));
  const widths = fit(measure(displayWidth), words, columns - GAP * (header.length - 1));
  const table = new Table({
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths: widths,
  });
  table.push(
    header.map(palette.strong),
    widths.map((width) => palette.faint('─'.repeat(width))),
  );
  for (const row of rows) table.push(row.map((cell, i) => drawCell(cell, widths[i] ?? GAP)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Longest words stay whole up to this. */
const WORD = 16;
const NARROWEST = 6;

/** Takes from the widest column until the sum fits; words are broken only when nothing else helps. */
function fit(wanted: readonly number[], words: readonly number[], room: number): number[] {
  const widths = [...wanted];
  for (const floors of [words, words.map(() => NARROWEST)]) {
    while (total(widths) > room) {
      const spare = widths.map((width, i) => (width > floors[i]! ? width : 0));
      const most = Math.max(...spare);
      if (most === 0) break;
      widths[spare.indexOf(most)]! -= 1;
    }
  }
  return widths;
}

function longestWord(text: string): number {
  return Math.max(...text.split(' ').map(displayWidth));
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0);
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

/** Wrapped here, since the table would cut a word that is too long; painted line by line, so that no colour runs on. */
function drawCell(cell: Cell, width: number): string {
  const lines = wrap(textOf(cell), width);
  return (typeof cell === 'string' ? lines : lines.map(cell.paint)).join('\n');
}
