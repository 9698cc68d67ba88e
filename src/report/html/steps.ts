import type { LadderNote } from '../ladder-draft.ts';
import type { Ladder, LadderCell, LadderRow } from '../ladder.ts';
import { offsetText, repeatsText } from '../text/ladder.ts';
import type { Anchors } from './anchors.ts';
import { html, trusted, type Markup } from './markup.ts';

/** The ladder as a list of steps, for screens on which three lanes do not fit side by side. */
export function stepList(ladder: Ladder, anchors: Anchors): Markup {
  const first = ladder.rows.find(({ atMs }) => atMs !== null)?.atMs ?? null;
  return html`<ol class="steps">${ladder.rows.map((row) => stepItem(row, ladder, first, anchors))}</ol>`;
}

function stepItem(row: LadderRow, ladder: Ladder, first: number | null, anchors: Anchors): Markup {
  const { left, right } = ladder;
  const way =
    row.direction === null
      ? null
      : row.direction === 'i2r'
        ? html`${left.name} → ${right.name}`
        : html`${right.name} → ${left.name}`;
  return html`<li${row.diverges && html` class="bad"`}><p><b>${row.step}</b> ${way} <span class="faint">${offsetText(row.atMs, first)}</span></p>
${wireLine(row, anchors)}${cellLines(row.left, left.name, anchors)}${cellLines(row.right, right.name, anchors)}</li>
`;
}

function wireLine({ wire, atMs }: LadderRow, anchors: Anchors): Markup | null {
  if (wire === null) return null;
  const { frame, retransmissions } = wire;
  const state = !frame.encrypted
    ? ''
    : frame.decryptedBy === null
      ? ', encrypted, stays opaque'
      : `, decrypted: ${frame.decryptedBy}`;
  const again = retransmissions.length === 0 ? '' : `, ${repeatsText(wire, atMs)}`;
  return html`<p>${anchors.link({ input: frame.input, frame: frame.frame })}, ${frame.length} octets${state}${again}</p>`;
}

function cellLines(cell: LadderCell | null, name: string, anchors: Anchors): Markup | null {
  if (cell === null) return null;
  const words = [cell.direction, cell.state].filter((word) => word !== null).join(' ');
  return html`<p><span class="faint">${name}:</span> ${words}${cell.notes.map((note) => noteLine(note, anchors))}</p>`;
}

function noteLine({ text, verdict, place }: LadderNote, anchors: Anchors): Markup {
  return html` <span class="v ${verdict}">${text}</span>${place !== null && html` ${anchors.link(place)}`}`;
}

export const STEPS_STYLE: Markup = trusted(`
.steps{display:none;list-style:none;margin:0;padding:0;border-left:2px solid var(--line-strong)}
.steps li{padding:.45rem .8rem}
.steps li.bad{background:var(--failure-soft);border-left:4px solid var(--failure);margin-left:-3px}
.steps p{margin:0}
.steps .v{white-space:normal}
@media(max-width:700px){.steps{display:block}.wide.drawn,.wide.drawn+figcaption{display:none}}
@media print{.steps{display:none}.wide.drawn{display:block}}
`);
