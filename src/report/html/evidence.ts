import type { Finding } from '../../model/finding.ts';
import type {
  AnalysisReport,
  FrameExcerpt,
  InputRecord,
  LineExcerpt,
  TreeNode,
} from '../../model/report.ts';
import { clockText, INPUT_KIND } from '../labels.ts';
import type { Anchors } from './anchors.ts';
import { html, type Markup } from './markup.ts';

/** The evidence itself: frames with their payloads, log and configuration lines with their neighbours. */

/** Rows that are laid out together, once they come into view. */
const CHUNK = 100;
/** Printed around a cited line. */
const NEAR = 3;
/** Frames shown open when there are no more than these. */
const FEW = 12;

/** Places that findings, decisions and divergences rest on: by anchor id, the findings' numbers. */
export type Citations = ReadonlyMap<string, readonly number[]>;

export function collectCitations(
  report: AnalysisReport,
  findings: readonly Finding[],
  anchors: Anchors,
): Citations {
  const citations = new Map<string, number[]>();
  const cite = (
    input: string,
    line: number | undefined,
    frame: number | undefined,
    by?: number,
  ): void => {
    const id =
      line !== undefined
        ? anchors.lineId(input, line)
        : frame !== undefined
          ? anchors.frameId(input, frame)
          : null;
    if (id === null) return;
    const known = citations.get(id) ?? [];
    if (by !== undefined && !known.includes(by)) known.push(by);
    citations.set(id, known);
  };
  for (const [i, finding] of findings.entries()) {
    for (const { input, line, frame } of finding.evidence) cite(input, line, frame, i + 1);
  }
  for (const { expected, observed, proven } of report.negotiations.flatMap((n) => n.decisions)) {
    if (expected !== undefined) cite(expected.input, expected.basis, undefined);
    if (observed !== undefined) cite(observed.input, observed.line, undefined);
    if (proven !== undefined) cite(proven.input, undefined, proven.frame);
  }
  return citations;
}

export function framesSection(
  report: AnalysisReport,
  anchors: Anchors,
  citations: Citations,
): Markup | null {
  const { frames, omitted } = report.excerpts;
  if (frames.length === 0) return null;
  const shown = frames.map((frame) => {
    const id = anchors.frameId(frame.input, frame.frame);
    const cited = citations.has(id);
    return frameEntry(frame, id, anchors, cited || frames.length <= FEW, citations.get(id) ?? []);
  });
  return html`<section class="card${frames.length > FEW ? ' lazy' : ''}" aria-labelledby="frames">
    <h3 id="frames">Frames</h3>
    ${omitted.frames > 0 && html`<p class="faint">${omitted.frames} frames of other exchanges were left out.</p>`}
    ${shown}
  </section>`;
}

function frameEntry(
  frame: FrameExcerpt,
  id: string,
  anchors: Anchors,
  open: boolean,
  cited: readonly number[],
): Markup {
  const again =
    frame.copyOf !== null
      ? html` · ${anchors.link({ input: frame.input, frame: frame.copyOf })} as another tap saw it`
      : frame.retransmissionOf !== null
        ? html` · repeats ${anchors.link({ input: frame.input, frame: frame.retransmissionOf })}`
        : null;
  const secrecy = !frame.encrypted
    ? html`<span class="tag">in clear</span>`
    : frame.decryptedBy !== null
      ? html`<span class="tag good">decrypted with ${frame.decryptedBy}</span>`
      : html`<span class="tag warning">opaque: ${frame.opaqueWhy ?? 'no key'}</span>`;
  return html`<article class="frame" id="${id}" tabindex="-1"><p><b>Frame ${frame.frame} · ${frame.step}</b> <span class="faint">${clockText(frame.time)} · ${frame.src} → ${frame.dst} · ${frame.length} octets${again}</span> ${secrecy}${citedBy(cited)}</p>
<details${open && frame.tree.length > 0 ? html` open` : null}><summary>${frame.summary === '' ? 'Payloads' : frame.summary}</summary>${tree(frame.tree, 'tree')}</details>
${
  frame.anomalies.length > 0 &&
  html`<ul class="plain">
    ${frame.anomalies.map((anomaly) => html`<li class="faint">${anomaly.code}: ${anomaly.text}${anomaly.offset !== undefined && html` (octet ${anomaly.offset})`}</li>`)}
  </ul>`
}</article>
`;
}

function tree(nodes: readonly TreeNode[], kind: string): Markup {
  return html`<ul${kind !== '' && html` class="${kind}"`}>${nodes.map((node) => {
    const length = node.length === undefined ? '' : `+${node.length}`;
    const at =
      node.offset === undefined
        ? null
        : html`<span class="at" title="octet offset and length">@${node.offset}${length}</span>`;
    const value = node.value === undefined ? null : html` <span class="mono">${node.value}</span>`;
    const children =
      node.children === undefined || node.children.length === 0 ? null : tree(node.children, '');
    return html`<li><b>${node.label}</b>${value}${at}${children}</li>`;
  })}</ul>`;
}

/** One section an input, its lines in order, with a mark wherever lines are missing between two. */
export function linesSection(
  input: InputRecord,
  lines: readonly LineExcerpt[],
  anchors: Anchors,
  citations: Citations,
): Markup | null {
  if (lines.length === 0) return null;
  const ordered = uniqueLines(lines);
  const cited = ordered
    .filter(({ line }) => citations.has(anchors.lineId(input.id, line)))
    .map(({ line }) => line);
  const near = nearLines(cited);
  const rows = ordered.map((excerpt, i) => {
    const before = ordered[i - 1]?.line ?? 0;
    const gap = excerpt.line > before + 1 && i > 0 ? hole(before + 1, excerpt.line - 1) : null;
    const id = anchors.lineId(input.id, excerpt.line);
    const by = citations.get(id);
    const kind = by !== undefined ? 'cited near' : near.has(excerpt.line) ? 'near' : null;
    const words = lineMeaning(input, excerpt);
    const means = words === null ? null : html` <i>${words}</i>`;
    return html`${gap}<p id="${id}" data-n="${excerpt.line}"${kind !== null && html` class="${kind}"`}>${excerpt.text}${means}${by !== undefined && citedBy(by)}</p>
`;
  });
  const router = input.router === undefined ? null : html`${input.router}: `;
  return html`<section class="card" aria-label="${input.path}">
    <h3>${router}${input.path}</h3>
    <p class="faint">
      ${INPUT_KIND[input.kind]} · ${ordered.length} lines
      shown${cited.length > 0 && html` · cited: ${cited.slice(0, 40).map((line) => html`<a href="#${anchors.lineId(input.id, line)}">${line}</a> `)}`}
    </p>
    <div class="box" role="region" aria-label="Lines of ${input.path}" tabindex="0">
      ${chunks(rows)}
    </div>
  </section>`;
}

/** Of a configuration only what is out of the ordinary. */
const CONFIG_STATE: Readonly<Record<string, string>> = {
  unknown: 'not understood',
  'not-modelled': 'not modelled',
  'modelled-with-conditions': 'modelled in part',
};

function lineMeaning({ kind }: InputRecord, { means }: LineExcerpt): string | null {
  return kind === 'ios-config' && means !== null ? (CONFIG_STATE[means] ?? null) : means;
}

function hole(first: number, last: number): Markup {
  const what = first === last ? `line ${first} is` : `lines ${first} to ${last} are`;
  return html`<div class="hole">${what} not shown</div>`;
}

function uniqueLines(lines: readonly LineExcerpt[]): readonly LineExcerpt[] {
  const byLine = new Map<number, LineExcerpt>();
  for (const excerpt of lines) if (!byLine.has(excerpt.line)) byLine.set(excerpt.line, excerpt);
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}

function nearLines(cited: readonly number[]): ReadonlySet<number> {
  return new Set(
    cited.flatMap((line) => Array.from({ length: 2 * NEAR + 1 }, (_, i) => line - NEAR + i)),
  );
}

/** Long lists are laid out piece by piece as they come into view. */
export function chunks(rows: readonly Markup[], tag: 'div' | 'ol' = 'div'): readonly Markup[] {
  const pieces: Markup[] = [];
  for (let at = 0; at < rows.length; at += CHUNK) {
    const piece = rows.slice(at, at + CHUNK);
    const kind = rows.length > CHUNK ? 'chunk' : 'rows';
    pieces.push(
      tag === 'ol'
        ? html`<ol class="${kind}">${piece}</ol>`
        : html`<div class="${kind}">${piece}</div>`,
    );
  }
  return pieces;
}

function citedBy(findings: readonly number[]): Markup | null {
  if (findings.length === 0) return null;
  return html` <span class="faint">${findings.map((number) => html` <a href="#finding-${number}" title="the finding that rests on this">finding ${number}</a>`)}</span>`;
}
