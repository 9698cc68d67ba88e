import type { AnalysisReport, Negotiation, TimelineItem } from '../../model/report.ts';
import type { Attempt } from '../attempts.ts';
import { basisPlace, decisionRows, type DecisionRow } from '../decisions.ts';
import {
  clockText,
  divergenceTexts,
  modeLabel,
  phaseHeaders,
  roleText,
  sideName,
  transformText,
} from '../labels.ts';
import { buildLadder, type FrameIndex } from '../ladder.ts';
import { makePalette } from '../palette.ts';
import { drawLadder } from '../text/ladder.ts';
import type { Anchors } from './anchors.ts';
import { chunks } from './evidence.ts';
import { svgLadder } from './ladder.ts';
import { html, type Markup } from './markup.ts';
import { stepList } from './steps.ts';
import { dataTable } from './table.ts';

/** Timelines with no more events than this stand open in the primary attempt. */
const SHORT = 120;
const TEXT_COLUMNS = 120;

/** One attempt: ladder, decisions, what each side knows, timeline. */
export function attemptSection(
  attempt: Attempt,
  report: AnalysisReport,
  frames: FrameIndex,
  anchors: Anchors,
  primary: boolean,
  lazy: boolean,
): Markup {
  const { number } = attempt;
  const ladder = buildLadder(attempt, report, frames);
  return html`<section
    class="card${lazy && ' lazy'}"
    id="attempt-${number}"
    tabindex="-1"
    data-attempt="${number}"
    aria-labelledby="attempt-${number}-t"
  >
    <h3 id="attempt-${number}-t">${number}. ${attemptTitle(attempt)}</h3>
    ${divergenceTexts(attempt.negotiations).map((text) => html`<p class="divergence">${text}</p>`)}
    ${
      ladder.rows.length > 0 &&
      html`<h4>Ladder</h4>
        ${stepList(ladder, anchors)}
        <figure>
          <div class="wide drawn" role="region" aria-label="Ladder of negotiation ${number}" tabindex="0">
            ${svgLadder(ladder, `ladder-${number}`, anchors)}
          </div>
          <figcaption>
            Left and right: what each router logged. Middle: the wire. Dotted arrows are known from
            a log only.
          </figcaption>
        </figure>
        <details>
          <summary>The ladder as text</summary>
          <pre tabindex="0" aria-label="Ladder as text">
${drawLadder(ladder, TEXT_COLUMNS, makePalette(false))}</pre>
        </details>`
    }
    ${decisionTable(attempt, anchors)} ${sides(attempt)} ${timeline(attempt, anchors, primary)}
  </section> `;
}

/** `R2 to R1, IKEv1 main mode: failed` */
export function attemptTitle(attempt: Attempt): string {
  const first = attempt.negotiations[0];
  const name = (side: 'initiator' | 'responder'): string => {
    const own = attempt[side];
    if (own !== null) return sideName(own);
    if (first === undefined) return side;
    return (first.role === side ? first.localAddress : first.peerAddress) ?? side;
  };
  const mode = first === undefined ? '' : `, ${modeLabel(first)}`;
  return `${name('initiator')} to ${name('responder')}${mode}: ${attemptOutcome(attempt)}`;
}

/** The worst that either side tells. */
export function attemptOutcome({ negotiations }: Attempt): Negotiation['outcome'] {
  const outcomes = negotiations.map(({ outcome }) => outcome);
  if (outcomes.includes('failed')) return 'failed';
  return outcomes.includes('incomplete') ? 'incomplete' : 'established';
}

function decisionTable(attempt: Attempt, anchors: Anchors): Markup | null {
  const rows = decisionRows(attempt);
  if (rows.length === 0) return null;
  const header = ['Step', 'Side', 'What', 'Expected', 'Logged', 'On the wire', 'Verdict'];
  const label = `Decisions of negotiation ${attempt.number}`;
  return html`<h4>Decisions</h4>
${dataTable(
  label,
  header,
  rows.map((row) => decisionRow(row, anchors)),
)}`;
}

function decisionRow({ step, router, what, decision }: DecisionRow, anchors: Anchors): Markup {
  const { side, expected, observed, proven, verdict } = decision;
  return html`<tr class="${verdict}">
    <td><b>${step}</b></td>
    <td>${router ?? side}${router !== null && html`<span class="how">${side}</span>`}</td>
    <td>${what}</td>
    <td>
      ${expected !== undefined && html`<b>${expected.value}</b>${anchors.link(basisPlace(expected))}<span class="how">rule ${expected.rule}</span>`}
    </td>
    <td>
      ${observed !== undefined && html`<b>${observed.value}</b>${anchors.link({ input: observed.input, line: observed.line })}`}
    </td>
    <td>
      ${proven !== undefined && html`<b>${proven.value}</b>${anchors.link({ input: proven.input, frame: proven.frame })}<span class="how">${proven.how}</span>`}
    </td>
    <td><span class="v ${verdict}">${verdict}</span></td>
  </tr> `;
}

function sides(attempt: Attempt): Markup {
  const header = [
    'Seen by',
    'Role',
    'Addresses',
    'Transform',
    ...phaseHeaders(attempt.negotiations).map((name) => name[0]!.toUpperCase() + name.slice(1)),
    'Stopped at',
    'Verdict',
  ];
  const keys = [
    ...new Set(attempt.negotiations.flatMap((n) => (n.keys === null ? [] : [n.keys.why]))),
  ];
  const paired = attempt.negotiations.flatMap(({ pairedBy }) => pairedBy);
  const label = `Sides of negotiation ${attempt.number}`;
  return html`<h4>What each side tells</h4>
${dataTable(label, header, attempt.negotiations.map(sideRow))}
${keys.map((why) => html`<p class="faint">Keys: ${why}</p>`)}
${paired.length > 0 && html`<p class="faint">Joined by ${[...new Set(paired)].join('; ')}.</p>`}`;
}

function sideRow(n: Negotiation): Markup {
  const seenBy = n.router ?? (n.evidenceLines.length > 0 ? 'unnamed router' : 'capture');
  return html`<tr>
    <td><b>${seenBy}</b><span class="how">${n.id}</span></td>
    <td>${roleText(n)}</td>
    <td>
      ${n.localAddress ?? '?'} →
      ${n.peerAddress ?? '?'}${n.fvrf !== null && html`<span class="how">VRF ${n.fvrf}</span>`}
    </td>
    <td>${transformText(n) ?? ''}</td>
    <td><span class="v ${n.phase1}">${n.phase1}</span></td>
    <td><span class="v ${n.phase2}">${n.phase2}</span></td>
    <td>${n.failingStep ?? ''}</td>
    <td><code>${n.verdict}</code></td>
  </tr> `;
}

function timeline(attempt: Attempt, anchors: Anchors, primary: boolean): Markup | null {
  const items = mergeTimelines(attempt);
  if (items.length === 0) return null;
  const rows = items.map((item) => {
    const place = {
      input: item.input,
      ...(item.line === undefined ? {} : { line: item.line }),
      ...(item.frame === undefined ? {} : { frame: item.frame }),
    };
    const time = item.time === null ? '-' : clockText(item.time);
    return html`<li>${time}<i>${item.clock}</i>${anchors.link(place)}${item.text}</li>
`;
  });
  const open = primary && items.length <= SHORT;
  return html`<details class="tl"${open && ' open'}>
    <summary>
      Timeline <span class="faint">${items.length} events on the reference clock</span>
    </summary>
    ${chunks(rows, 'ol')}
  </details>`;
}

/** All sides on one clock; what has no place on it keeps its place in its own log. */
export function mergeTimelines({ negotiations }: Attempt): readonly TimelineItem[] {
  const seen = new Set<string>();
  const placed: { readonly item: TimelineItem; readonly at: number; readonly order: number }[] = [];
  for (const { timeline } of negotiations) {
    let at = -Infinity;
    for (const item of timeline) {
      at = item.referenceMs ?? at;
      const key = `${item.input} ${item.line} ${item.frame} ${item.kind} ${item.text}`;
      if (seen.has(key)) continue;
      seen.add(key);
      placed.push({ item, at, order: placed.length });
    }
  }
  placed.sort((a, b) => (a.at === b.at ? a.order - b.order : a.at - b.at));
  return placed.map(({ item }) => item);
}
