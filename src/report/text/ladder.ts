import type { LadderNote } from '../ladder-draft.ts';
import type { Ladder, LadderCell, LadderRow, LadderWire } from '../ladder.ts';
import type { Palette } from '../palette.ts';
import { safeText, shorten } from '../safe-text.ts';
import { centre, displayWidth, fitColumns, wrap } from './wrap.ts';

/** The three lanes in text: initiator's log, wire, responder's log. */

type Line = { readonly text: string; readonly paint: (text: string) => string };

const TIME = 10;
/** ` │ ` */
const SEPARATOR = 3;

/** As wide as `columns`, from 60 on. Notes may refer to places: `place` writes them. */
export function drawLadder(ladder: Ladder, columns: number, palette: Palette): string {
  const room = Math.max(60, Math.min(columns, 160)) - TIME - 2 * SEPARATOR;
  const wire = Math.max(18, Math.min(30, Math.floor(room * 0.3)));
  const lane = Math.floor((room - wire) / 2);
  const first = ladder.rows.find(({ atMs }) => atMs !== null)?.atMs ?? null;
  const join = (time: string, left: Line, middle: Line, right: Line): string => {
    const bar = palette.faint('│');
    const cells = [
      fill(time, palette.faint, TIME),
      fill(left.text, left.paint, lane),
      ` ${bar} `,
      fill(middle.text, middle.paint, wire),
      ` ${bar}`,
      right.text === '' ? '' : ` ${right.paint(right.text)}`,
    ];
    return cells.join('').trimEnd();
  };
  const plain = (text: string): Line => ({ text, paint: (value) => value });
  const head = [
    join(
      '',
      { text: fitColumns(title(ladder, 'left'), lane), paint: palette.strong },
      { text: centre('wire', wire), paint: palette.strong },
      { text: fitColumns(title(ladder, 'right'), lane), paint: palette.strong },
    ),
  ];
  const body = ladder.rows.flatMap((row) => {
    const left = cellLines(row.left, lane, palette);
    const right = cellLines(row.right, lane, palette);
    const middle = wireLines(row, wire, palette);
    const count = Math.max(left.length, middle.length, right.length, 1);
    return Array.from({ length: count }, (_, i) =>
      join(
        i === 0 ? offsetText(row.atMs, first) : '',
        left[i] ?? plain(''),
        middle[i] ?? plain(''),
        right[i] ?? plain(''),
      ),
    );
  });
  return [...head, ...body].join('\n');
}

/** Painted without the spaces that fill it, so that a line can be trimmed. */
function fill(text: string, paint: (text: string) => string, width: number): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return text === '' ? space : paint(text) + space;
}

function title(ladder: Ladder, side: 'left' | 'right'): string {
  const { name, logged } = ladder[side];
  const role = side === 'left' ? 'initiator' : 'responder';
  const isNamed = name !== role && name !== `the ${role}`;
  const known = [...(isNamed ? [role] : []), ...(logged ? [] : ['no log'])].join(', ');
  return `${shorten(safeText(isNamed ? name : `the ${role}`), 40)}${known === '' ? '' : ` (${known})`}`;
}

/** Milliseconds after the first row: `+0.020 s`; from 10 s on with less detail, so that it stays within its column. */
export function offsetText(atMs: number | null, firstMs: number | null): string {
  if (atMs === null || firstMs === null) return '';
  const seconds = Math.round(atMs - firstMs) / 1000;
  const digits = Math.abs(seconds) < 1000 ? 3 : 0;
  return `${seconds < 0 ? '' : '+'}${seconds.toFixed(digits)} s`;
}

/** `sent again ×2 for 20.0 s: frames 6, 7` */
export function repeatsText({ retransmissions, lastMs }: LadderWire, atMs: number | null): string {
  const span = lastMs === null || atMs === null ? 0 : lastMs - atMs;
  const during = span < 100 ? '' : ` for ${(span / 1000).toFixed(1)} s`;
  return `sent again ×${retransmissions.length}${during}: ${shorten(retransmissions.join(', '), 24)}`;
}

/** What the wire showed of a message, in a few words each. */
function wireFacts(wire: LadderWire, atMs: number | null): readonly string[] {
  const { frame, retransmissions, copies } = wire;
  const facts = [`frame ${frame.frame}, ${frame.length} octets`];
  if (frame.encrypted) {
    facts.push(frame.decryptedBy === null ? 'encrypted, opaque' : 'encrypted, decrypted');
  }
  if (retransmissions.length > 0) facts.push(repeatsText(wire, atMs));
  if (copies.length > 0) facts.push(`seen again: ${shorten(copies.join(', '), 24)}`);
  if (frame.anomalies.length > 0) facts.push(`anomalies: ${frame.anomalies.length}`);
  return facts;
}

function wireLines(row: LadderRow, width: number, palette: Palette): readonly Line[] {
  const paint = row.diverges ? palette.failure : palette.strong;
  const facts = row.wire === null ? [] : wireFacts(row.wire, row.atMs);
  return [
    { text: arrow(row, width), paint },
    ...facts.flatMap((fact) =>
      wrap(safeText(fact), width).map((text): Line => ({
        text: centre(text, width).trimEnd(),
        paint: palette.faint,
      })),
    ),
    ...(row.diverges ? [{ text: centre('^ diverges here', width), paint: palette.failure }] : []),
  ];
}

/** Solid when a capture holds the message, dotted when only a log tells of it. */
function arrow(row: LadderRow, width: number): string {
  const label = fitColumns(safeText(row.step), width - 6);
  if (row.direction === null) return centre(label, width);
  const body = centre(` ${label} `, width - 2, row.wire === null ? '·' : '─');
  const end = row.wire === null ? '·' : '─';
  return row.direction === 'i2r' ? `${end}${body}▶` : `◀${body}${end}`;
}

function cellLines(cell: LadderCell | null, width: number, palette: Palette): readonly Line[] {
  if (cell === null) return [];
  const words: string[] = [];
  if (cell.direction !== null) {
    const again = cell.repeats === 0 ? '' : ` ×${cell.repeats + 1}`;
    words.push(`${cell.direction}${again}`);
  }
  if (cell.state !== null) words.push(shorten(safeText(cell.state), 2 * width));
  const head = words.join(' ');
  const lines: Line[] =
    head === '' ? [] : wrap(head, width).map((text) => ({ text, paint: palette.faint }));
  for (const note of cell.notes) {
    const mark = noteMark(note);
    const paint = notePaint(note, palette);
    for (const [i, text] of wrap(shorten(safeText(note.text), 4 * width), width - 2).entries()) {
      lines.push({ text: `${i === 0 ? mark : ' '} ${text}`, paint });
    }
  }
  return lines;
}

function noteMark(note: LadderNote): string {
  switch (note.verdict) {
    case 'agrees':
      return '✓';
    case 'diverges':
      return '✗';
    case 'unknown':
      return '?';
    case 'log':
      return '»';
  }
}

function notePaint(note: LadderNote, palette: Palette): (text: string) => string {
  switch (note.verdict) {
    case 'agrees':
      return palette.good;
    case 'diverges':
      return palette.failure;
    case 'unknown':
      return palette.warning;
    case 'log':
      return (text) => text;
  }
}
