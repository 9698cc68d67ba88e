import type { LadderNote } from '../ladder-draft.ts';
import type { Ladder, LadderCell, LadderRow, LadderWire } from '../ladder.ts';
import { clockText } from '../labels.ts';
import { shorten } from '../safe-text.ts';
import { offsetText, repeatsText } from '../text/ladder.ts';
import { wrap } from '../text/wrap.ts';
import type { Anchors } from './anchors.ts';
import { html, trusted, type Markup } from './markup.ts';

/** The three lanes as SVG. Colours come from the page's style sheet, so that dark mode and print apply. */

const WIDTH = 1080;
const TIME_X = 8;
const LEFT_X = 392;
const RIGHT_X = 752;
const MIDDLE = (LEFT_X + RIGHT_X) / 2;
const GAP = 14;
const LINE = 17;
const TOP = 58;
/** Columns of text that fit a lane. */
const LANE = 42;
const NOTE_LINES = 3;

type Line = { readonly text: string; readonly kind: string; readonly href: string | null };

type PlacedRow = {
  readonly row: LadderRow;
  readonly y: number;
  readonly height: number;
  readonly left: readonly Line[];
  readonly right: readonly Line[];
  readonly wire: readonly Line[];
  /** Silence before this row, in words. */
  readonly pause: string | null;
};

/** `id` makes the ids within unique in the page. */
export function svgLadder(ladder: Ladder, id: string, anchors: Anchors): Markup {
  const rows = placeRows(ladder, anchors);
  const last = rows.at(-1);
  const height = (last === undefined ? TOP : last.y + last.height) + 16;
  const first = ladder.rows.find(({ atMs }) => atMs !== null)?.atMs ?? null;
  return html`<svg class="ladder" viewBox="0 0 ${WIDTH} ${height}" role="group" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">Ladder of ${laneTitle(ladder, 'left')} and ${laneTitle(ladder, 'right')}</title>
<desc id="${id}-d">${describe(ladder)}</desc>
<defs>${arrowTip(`${id}-a`, 'tip')}${arrowTip(`${id}-b`, 'tip bad')}</defs>
${rows.filter(({ row }) => row.diverges).map(band)}
${lanes(ladder, height)}
${rows.map((row) => drawRow(row, ladder, first, id))}
</svg>`;
}

function arrowTip(id: string, kind: string): Markup {
  return html`<marker id="${id}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path class="${kind}" d="M0 0 10 5 0 10z"/></marker>`;
}

function laneTitle(ladder: Ladder, side: 'left' | 'right'): string {
  return `${shorten(ladder[side].name, 40)} (${side === 'left' ? 'initiator' : 'responder'})`;
}

/** The same in one paragraph, for who does not see the drawing. */
function describe(ladder: Ladder): string {
  const rows = ladder.rows.map((row) => {
    const notes = [...(row.left?.notes ?? []), ...(row.right?.notes ?? [])];
    const told = notes.map(({ text, verdict }) => `${shorten(text, 80)} (${verdict})`);
    return [row.step, ...told, row.diverges ? 'diverges here' : '']
      .filter((word) => word !== '')
      .join(', ');
  });
  return `${rows.join('; ')}.`;
}

function placeRows(ladder: Ladder, anchors: Anchors): readonly PlacedRow[] {
  const rows: PlacedRow[] = [];
  let y = TOP;
  let before: number | null = null;
  for (const row of ladder.rows) {
    const left = cellLines(row, 'left', ladder, anchors);
    const right = cellLines(row, 'right', ladder, anchors);
    const wire = row.wire === null ? [] : wireLines(row.wire, row.atMs, anchors);
    const silence = row.atMs === null || before === null ? 0 : row.atMs - before;
    const pause = silence >= 1000 ? `${(silence / 1000).toFixed(1)} s pass` : null;
    if (pause !== null) y += 26;
    const lines = Math.max(left.length, right.length, wire.length + (row.diverges ? 3 : 2), 2);
    const height = lines * LINE + GAP;
    rows.push({ row, y, height, left, right, wire, pause });
    y += height;
    before = row.atMs ?? before;
  }
  return rows;
}

function cellLines(
  row: LadderRow,
  side: 'left' | 'right',
  ladder: Ladder,
  anchors: Anchors,
): readonly Line[] {
  const cell = row[side];
  const lines: Line[] = [];
  if (cell !== null) {
    const head = cellHead(cell);
    if (head !== '') lines.push({ text: head, kind: 'head', href: hrefOf(cell, anchors) });
    if (cell.state !== null)
      lines.push({ text: shorten(cell.state, LANE), kind: 'state', href: null });
    for (const note of cell.notes) lines.push(...noteLines(note, anchors));
  }
  if (row.direction !== null && cell?.place == null && ladder[side].logged) {
    lines.unshift({ text: `not in this router's log`, kind: 'absent', href: null });
  }
  return lines;
}

function cellHead({ direction, time, repeats }: LadderCell): string {
  if (direction === null) return '';
  const again = repeats === 0 ? '' : ` ×${repeats + 1}`;
  return `${direction}${again}${time === null ? '' : ` ${clockText(time)}`}`;
}

function hrefOf(
  { place }: { readonly place: LadderCell['place'] },
  anchors: Anchors,
): string | null {
  return place === null ? null : anchors.target(place);
}

const MARKS: Readonly<Record<LadderNote['verdict'], string>> = {
  agrees: '✓',
  diverges: '✗',
  unknown: '?',
  log: '»',
};

function noteLines(note: LadderNote, anchors: Anchors): readonly Line[] {
  const href = hrefOf(note, anchors);
  const texts = wrap(shorten(`${MARKS[note.verdict]} ${note.text}`, LANE * NOTE_LINES), LANE);
  return texts.slice(0, NOTE_LINES).map((text) => ({ text, kind: note.verdict, href }));
}

function wireLines(wire: LadderWire, atMs: number | null, anchors: Anchors): readonly Line[] {
  const { frame, retransmissions, copies } = wire;
  const href = anchors.target({ input: frame.input, frame: frame.frame });
  const lines: Line[] = [
    { text: `frame ${frame.frame} · ${frame.length} octets`, kind: 'head', href },
  ];
  if (frame.encrypted) {
    lines.push(
      frame.decryptedBy === null
        ? { text: 'encrypted, stays opaque', kind: 'opaque', href: null }
        : { text: shorten(`decrypted: ${frame.decryptedBy}`, 46), kind: 'opened', href: null },
    );
  }
  if (retransmissions.length > 0) {
    lines.push({
      text: repeatsText(wire, atMs),
      kind: 'again',
      href: null,
    });
  }
  if (copies.length > 0) {
    lines.push({
      text: `seen by another tap: ${shorten(copies.join(', '), 24)}`,
      kind: 'again',
      href: null,
    });
  }
  if (frame.anomalies.length > 0) {
    lines.push({ text: `anomalies: ${frame.anomalies.length}`, kind: 'unknown', href });
  }
  return lines;
}

function band({ y, height }: PlacedRow): Markup {
  return html`<rect class="band" x="0" y="${y - 6}" width="${WIDTH}" height="${height - 2}" rx="8"/>`;
}

function lanes(ladder: Ladder, height: number): Markup {
  const head = (x: number, anchor: Anchor, name: string, about: string): Markup =>
    html`${label('lane', x, 18, anchor, name)}${label('sub', x, 35, anchor, about)}`;
  const side = (which: 'left' | 'right'): readonly [string, string] => {
    const { name, address, logged } = ladder[which];
    const role = which === 'left' ? 'initiator' : 'responder';
    const about = [role, address === name ? null : address, logged ? null : 'no log'];
    return [shorten(name, 30), shorten(about.filter((word) => word !== null).join(' · '), 48)];
  };
  return html`${head(LEFT_X, 'end', ...side('left'))}${head(RIGHT_X, 'start', ...side('right'))}${head(MIDDLE, 'middle', 'wire', ladder.captured ? 'as captured' : 'no capture')}
${lifeline(LEFT_X, height)}${lifeline(RIGHT_X, height)}`;
}

function lifeline(x: number, height: number): Markup {
  return html`<line class="life" x1="${x}" x2="${x}" y1="${TOP - 16}" y2="${height}"/>`;
}

type Anchor = 'start' | 'middle' | 'end';

function label(kind: string, x: number, y: number, anchor: Anchor, text: string): Markup {
  return html`<text class="${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`;
}

function drawRow(placed: PlacedRow, ladder: Ladder, first: number | null, id: string): Markup {
  const { row, y, pause } = placed;
  const time = offsetText(row.atMs, first);
  return html`<g>${pause !== null && label('pause', MIDDLE, y - 13, 'middle', `⋮ ${pause} ⋮`)}${label('time', TIME_X, y + 12, 'start', time)}
${texts(placed.left, LEFT_X - 16, y + 12, 'end')}${texts(placed.right, RIGHT_X + 16, y + 12, 'start')}
${dot(row.left, LEFT_X, y)}${dot(row.right, RIGHT_X, y)}${wireGroup(placed, ladder, id)}</g>
`;
}

function dot(cell: LadderCell | null, x: number, y: number): Markup | null {
  if (cell === null) return null;
  const kind = cell.notes.some(({ verdict }) => verdict === 'diverges') ? 'dot bad' : 'dot';
  return html`<circle class="${kind}" cx="${x}" cy="${y + 24}" r="4.5" />`;
}

function wireGroup({ row, y, wire }: PlacedRow, ladder: Ladder, id: string): Markup {
  const bad = row.diverges ? ' bad' : '';
  const name = label(`step${bad}`, MIDDLE, y + 14, 'middle', shorten(row.step, 24));
  if (row.direction === null) return name;
  const ends = [LEFT_X + 8, RIGHT_X - 8];
  const [from, to] = row.direction === 'i2r' ? ends : ends.toReversed();
  const frame = row.wire?.frame ?? null;
  const lock =
    frame?.encrypted === true && drawLock(MIDDLE - 34, y + 5, frame.decryptedBy !== null);
  const told: Line[] = [...wire];
  if (frame === null && ladder.captured)
    told.push({ text: 'not in the capture', kind: 'absent', href: null });
  if (row.diverges) told.push({ text: 'diverges here', kind: 'diverges', href: null });
  const tip = `url(#${id}-${row.diverges ? 'b' : 'a'})`;
  const kind = `arrow${bad}${frame === null ? ' logged' : ''}`;
  return html`${name}${lock}<line class="${kind}" x1="${from!}" x2="${to!}" y1="${y + 24}" y2="${y + 24}" marker-end="${tip}"/>${texts(told, MIDDLE, y + 41, 'middle')}`;
}

/** Closed when the message stayed opaque. */
function drawLock(x: number, y: number, open: boolean): Markup {
  const shackle = open ? 'M2.5 5V3a2.5 2.5 0 0 1 5-1' : 'M2.5 5V3a2.5 2.5 0 0 1 5 0v2';
  const kind = open ? 'opened' : 'opaque';
  return html`<g class="lock ${kind}" transform="translate(${x} ${y})" aria-hidden="true"><path class="shackle" d="${shackle}"/><rect x="0.5" y="5" width="9" height="6" rx="1.2"/></g>`;
}

function texts(lines: readonly Line[], x: number, y: number, anchor: Anchor): readonly Markup[] {
  return lines.map(({ text, kind, href }, i) => {
    const line = label(kind, x, y + i * LINE, anchor, text);
    return href === null ? line : html`<a href="${href}">${line}</a>`;
  });
}

export const LADDER_STYLE: Markup = trusted(`
.ladder{display:block;width:100%;min-width:740px;height:auto;font:12.5px var(--sans)}
.ladder text{fill:var(--ink)}
.ladder .lane{font-weight:650;font-size:15px}
.ladder .sub,.ladder .time,.ladder .pause,.ladder .again{fill:var(--faint)}
.ladder .time{font:12px var(--mono)}
.ladder .step{font-weight:700;font-size:14px}
.ladder .state{font:12px var(--mono);fill:var(--faint)}
.ladder .absent{fill:var(--warning);font-style:italic}
.ladder .life{stroke:var(--line-strong);stroke-width:2}
.ladder .arrow{stroke:var(--accent);stroke-width:2}
.ladder .arrow.logged{stroke-dasharray:3 5}
.ladder .tip{fill:var(--accent)}
.ladder .dot{fill:var(--surface);stroke:var(--accent);stroke-width:2}
.ladder .agrees,.ladder text.opened{fill:var(--good)}
.ladder .diverges,.ladder .step.bad{fill:var(--failure);font-weight:650}
.ladder .unknown,.ladder text.opaque{fill:var(--warning)}
.ladder .arrow.bad{stroke:var(--failure)}
.ladder .tip.bad{fill:var(--failure)}
.ladder .dot.bad{fill:var(--failure);stroke:var(--failure)}
.ladder .band{fill:var(--failure-soft)}
.ladder .lock{stroke-width:1.5}
.ladder .lock rect{fill:currentColor;stroke:none}
.ladder .lock .shackle{fill:none;stroke:currentColor}
.ladder .lock.opened{color:var(--good)}
.ladder .lock.opaque{color:var(--warning)}
.ladder a:hover text,.ladder a:focus-visible text{text-decoration:underline}
`);
