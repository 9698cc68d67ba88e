import type { Palette } from '../palette.ts';
import { displayWidth, wrap } from './wrap.ts';

const GAP = 2;

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
  const lines = [
    header.map((title) => ({ text: title, paint: palette.strong })),
    widths.map((width) => ({ text: '─'.repeat(width), paint: palette.faint })),
    ...rows,
  ];
  return lines.map((cells) => drawRow(cells, widths)).join('\n');
}

/** As many lines as the cell that needs most. */
function drawRow(cells: readonly Cell[], widths: readonly number[]): string {
  const wrapped = cells.map((cell, i) => wrap(textOf(cell), widths[i]!));
  const height = Math.max(...wrapped.map(({ length }) => length));
  return Array.from({ length: height }, (_, at) => {
    let line = '';
    let due = 0;
    for (const [i, cell] of cells.entries()) {
      const text = wrapped[i]![at] ?? '';
      if (text !== '') {
        line += ' '.repeat(due) + (typeof cell === 'string' ? text : cell.paint(text));
        due = 0;
      }
      due += widths[i]! - displayWidth(text) + GAP;
    }
    return line;
  }).join('\n');
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
