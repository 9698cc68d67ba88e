import type { Evidence, Finding, Remedy } from '../model/finding.ts';
import type { EvidencePlace } from '../model/evidence.ts';
import type { AnalysisReport } from '../model/report.ts';
import { groupAttempts, primaryAttempt, type Attempt } from './attempts.ts';
import { basisPlace, decisionRows } from './decisions.ts';
import {
  bySeverity,
  captureClockTexts,
  divergenceTexts,
  CONFIDENCE_MEANS,
  INPUT_KIND,
  modeLabel,
  placeWriter,
  primaryFinding,
  roleText,
  sideName,
  transformText,
  type PlaceWriter,
  phaseHeaders,
} from './labels.ts';
import { buildLadder } from './ladder.ts';
import { makePalette } from './palette.ts';
import { clip, safeLines, safeText } from './safe-text.ts';
import { drawLadder } from './text/ladder.ts';

/** Characters of a quoted line in a ticket; the report file has them all. */
const QUOTE = 1000;
const LADDER_COLUMNS = 110;

/** The diagnosis for a ticket: GitHub flavoured, read well as plain text too. */
export function renderMarkdown(report: AnalysisReport): string {
  const place = placeWriter(report);
  const short = placeWriter(report, 'short');
  const finding = primaryFinding(report);
  const attempt = primaryAttempt(groupAttempts(report.negotiations), report.verdict.negotiation);
  const others = bySeverity(report.findings).filter((other) => other !== finding);
  const blocks = [
    `# ${prose(finding?.title ?? 'IKE incident report')}`,
    prose(report.verdict.summary),
    finding === null ? null : facts(finding),
    ...(attempt === null ? [] : attemptBlocks(report, attempt, short)),
    ...(finding === null ? [] : ['## Finding', ...findingBlocks(finding, place)]),
    ...(others.length === 0 ? [] : ['## Also found']),
    ...others.flatMap((other) => [
      `### ${prose(other.title)}`,
      facts(other),
      ...findingBlocks(other, place),
    ]),
    ...negotiationBlocks(report),
    ...inputBlocks(report, place),
    `${prose(report.tool.name)} ${prose(report.tool.version)}`,
  ];
  return `${blocks.filter((block) => block !== null).join('\n\n')}\n`;
}

/** Text as a paragraph or cell: nothing in it is markup, and no address in it becomes a link. */
export function prose(text: string): string {
  return safeText(text)
    .trim()
    .replace(/[\\`*_[\]<>|~&$]/g, '\\$&')
    .replace(/^[-+=#:]/, '\\$&')
    .replace(/^(\d+)([.)])(?= |$)/, '$1\\$2')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\b(www)\./gi, '$1\\.');
}

/** Text as code in a line. A bar would end a table cell even there. */
export function code(text: string): string {
  const safe = clip(safeText(text), QUOTE);
  if (safe.trim() === '') return '';
  const fence = '`'.repeat(longestRun(safe) + 1);
  const gap = safe.startsWith('`') || safe.endsWith('`') ? ' ' : '';
  return `${fence}${gap}${safe.replaceAll('|', '\\|')}${gap}${fence}`;
}

/** Lines as they stand, behind a fence that is longer than any within. */
export function fenced(lines: readonly string[], language = 'text'): string {
  const fence = '`'.repeat(Math.max(3, ...lines.map((line) => longestRun(line) + 1)));
  return [`${fence}${language}`, ...lines, fence].join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/** Cells are Markdown already. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function facts({ id, severity, confidence }: Finding): string {
  return `${code(id)} · ${severity} · ${confidence} (${CONFIDENCE_MEANS[confidence]})`;
}

function attemptBlocks(
  report: AnalysisReport,
  attempt: Attempt,
  place: PlaceWriter,
): readonly string[] {
  const at = (value: string, where: EvidencePlace): string =>
    `${code(value)} ${prose(place(where))}`;
  const decisions = decisionRows(attempt).map(({ step, router, what, decision }) => {
    const { side, expected, observed, proven, verdict } = decision;
    return [
      step,
      prose(router === null ? side : `${router} (${side})`),
      what,
      expected === undefined ? '' : at(expected.value, basisPlace(expected)),
      observed === undefined ? '' : at(observed.value, observed),
      proven === undefined ? '' : `${at(proven.value, proven)}: ${prose(proven.how)}`,
      verdict === 'diverges' ? '**diverges**' : verdict,
    ];
  });
  const header = ['step', 'side', 'what', 'expected', 'logged', 'on the wire', 'verdict'];
  const ladder = buildLadder(attempt, report);
  return [
    ...(decisions.length === 0 ? [] : ['## Decisions', table(header, decisions)]),
    ...divergenceTexts(attempt.negotiations).map((text) => `**${prose(text)}**`),
    ...(ladder.rows.length === 0
      ? []
      : ['## Ladder', fenced(drawLadder(ladder, LADDER_COLUMNS, makePalette(false)).split('\n'))]),
  ];
}

function findingBlocks(finding: Finding, place: PlaceWriter): readonly string[] {
  const list = (items: readonly string[]): string =>
    items.map((item) => `- ${prose(item)}`).join('\n');
  return [
    prose(finding.explanation),
    ...(finding.evidence.length === 0 ? [] : ['**Evidence**', quotes(finding.evidence, place)]),
    ...finding.remedies.flatMap(remedyBlocks),
    ...(finding.settle.length === 0 ? [] : ['**What would settle it**', list(finding.settle)]),
    ...(finding.references.length === 0 ? [] : ['**References**', list(finding.references)]),
  ];
}

function quotes(evidence: readonly Evidence[], place: PlaceWriter): string {
  const places = evidence.map((at) => safeText(place(at)));
  const width = Math.min(40, Math.max(...places.map((text) => text.length)));
  return fenced(
    evidence.map(({ text }, i) =>
      `${places[i]!.padEnd(width)}  ${clip(safeText(text), QUOTE)}`.trimEnd(),
    ),
  );
}

function remedyBlocks(remedy: Remedy): readonly string[] {
  const checked = remedy.verified ? 'verified by replay' : 'not replayed';
  const where = remedy.router === undefined ? '' : ` on ${code(remedy.router)}`;
  return [
    `**Remedy${where}** (${checked}): ${prose(remedy.text)}`,
    ...(remedy.config === undefined ? [] : [fenced(safeLines(remedy.config))]),
  ];
}

function negotiationBlocks(report: AnalysisReport): readonly string[] {
  if (report.negotiations.length === 0) return [];
  const rows = report.negotiations.map((n) => [
    code(n.id),
    prose(sideName(n)),
    roleText(n),
    prose(n.peerAddress ?? ''),
    modeLabel(n),
    prose(transformText(n) ?? ''),
    n.phase1,
    n.phase2,
    prose(n.failingStep ?? ''),
    code(n.verdict),
  ]);
  const header = [
    'id',
    'router',
    'role',
    'peer',
    'mode',
    'transform',
    ...phaseHeaders(report.negotiations),
    'stopped at',
    'verdict',
  ];
  return ['## Negotiations', table(header, rows)];
}

function inputBlocks(report: AnalysisReport, place: PlaceWriter): readonly string[] {
  const rows = report.inputs.map((input) => [
    prose(input.path),
    INPUT_KIND[input.kind],
    prose(input.router ?? ''),
    String(input.bytes),
    input.sha256 === null ? 'not digested' : code(input.sha256),
  ]);
  const anomalies = report.inputs.flatMap((input) =>
    input.anomalies.map(
      (anomaly) => `- ${prose(place({ ...anomaly, input: input.id }))}: ${prose(anomaly.text)}`,
    ),
  );
  const clocks = captureClockTexts(report.inputs).map((text) => `- ${prose(text)}`);
  const unmatched = report.excerpts.unmatched.map(
    ({ input, firstLine, count, example }) =>
      `- ${prose(place({ input, line: firstLine }))}, ${count === 1 ? 'once' : `${count} times`}: ${code(example)}`,
  );
  return [
    '## Inputs',
    table(['file', 'kind', 'router', 'octets', 'SHA-256'], rows),
    ...(clocks.length === 0 ? [] : [clocks.join('\n')]),
    ...(anomalies.length === 0 ? [] : ['**Damage in the inputs**', anomalies.join('\n')]),
    ...(unmatched.length === 0 ? [] : ['**Not understood**', unmatched.join('\n')]),
  ];
}
