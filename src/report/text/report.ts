import type { EvidencePlace } from '../../model/evidence.ts';
import type { Finding, Remedy } from '../../model/finding.ts';
import type { AnalysisReport, Negotiation } from '../../model/report.ts';
import { groupAttempts, primaryAttempt, type Attempt } from '../attempts.ts';
import { basisPlace, decisionRows, type DecisionRow } from '../decisions.ts';
import {
  bySeverity,
  captureClockTexts,
  divergenceTexts,
  narrowPlaceWriter,
  CONFIDENCE_MEANS,
  INPUT_KIND,
  modeLabel,
  namedRole,
  placeWriter,
  primaryFinding,
  roleText,
  sideName,
  transformText,
  type PlaceWriter,
  phaseHeaders,
  phaseNames,
} from '../labels.ts';
import { buildLadder } from '../ladder.ts';
import type { Palette } from '../palette.ts';
import { clip, safeLines, safeText, shorten } from '../safe-text.ts';
import { drawLadder } from './ladder.ts';
import { drawTable, type Cell } from './table.ts';
import { displayWidth, paragraph, wrap } from './wrap.ts';

export type TextOptions = {
  /** Of the terminal; 80 when it is none. */
  readonly columns: number;
  readonly palette: Palette;
  /** One line: verdict and summary. */
  readonly quiet?: boolean;
};

/** Characters of a quoted line or an explanation; the report file has them all. */
const QUOTE = 400;
const PROSE = 4000;
/** Prose is hard to follow on wider lines. */
const PROSE_COLUMNS = 110;

/** The diagnosis for a terminal: verdict, decisions, ladder, evidence, remedy, then what else was found. */
export function renderText(report: AnalysisReport, options: TextOptions): string {
  if (options.quiet === true) return quietLine(report);
  const columns = Math.max(40, options.columns);
  const view: View = {
    report,
    columns,
    prose: Math.min(columns, PROSE_COLUMNS),
    palette: options.palette,
    place: placeWriter(report),
    short: columns < ROOMY ? narrowPlaceWriter(report) : placeWriter(report, 'short'),
  };
  const attempts = groupAttempts(report.negotiations);
  const attempt = primaryAttempt(attempts, report.verdict.negotiation);
  const finding = primaryFinding(report);
  const sections = [
    verdictSection(view, finding),
    attempt === null ? null : attemptSection(view, attempt),
    attempt === null ? null : decisionSection(view, attempt),
    attempt === null ? null : ladderSection(view, attempt),
    finding === null ? null : evidenceSection(view, finding),
    finding === null ? null : remedySection(view, finding),
    finding === null ? null : settleSection(view, finding),
    otherFindings(view, finding),
    report.negotiations.length > 2 ? negotiationSection(view, attempts) : null,
    inputSection(view),
  ];
  return `${sections.filter((section) => section !== null).join('\n\n')}\n`;
}

type View = {
  readonly report: AnalysisReport;
  readonly columns: number;
  readonly prose: number;
  readonly palette: Palette;
  readonly place: PlaceWriter;
  readonly short: PlaceWriter;
};

function quietLine(report: AnalysisReport): string {
  const id =
    report.verdict.finding ??
    (report.negotiations.length === 0 ? 'nothing-examined' : 'no-failure');
  return `${id}: ${shorten(safeText(report.verdict.summary), PROSE)}\n`;
}

function verdictSection({ report, palette, prose }: View, finding: Finding | null): string {
  const paint = finding === null ? palette.good : palette[finding.severity];
  const title = safeText(finding?.title ?? titleWithout(report));
  const lines = wrap(clip(title, QUOTE), prose).map(paint);
  const sure =
    finding === null
      ? null
      : palette.faint(
          wrap(
            `${finding.id} · ${finding.severity} · ${finding.confidence} (${CONFIDENCE_MEANS[finding.confidence]})`,
            prose,
          ).join('\n'),
        );
  const summary = paragraph(clip(safeText(report.verdict.summary), PROSE), prose);
  return [...lines, sure, '', summary].filter((line) => line !== null).join('\n');
}

function titleWithout(report: AnalysisReport): string {
  if (report.negotiations.length === 0) return 'No negotiation was found';
  return report.negotiations.every(({ outcome }) => outcome === 'established')
    ? 'No failure was found'
    : 'The evidence does not decide';
}

function heading({ palette }: View, text: string): string {
  return palette.heading(text);
}

/** Who with whom, how far, with what. */
function attemptSection(view: View, attempt: Attempt): string {
  const facts = attempt.negotiations.map((negotiation) => {
    const [first, second] = phaseNames(negotiation.ikeVersion);
    const parts = [
      namedRole(negotiation),
      `${negotiation.localAddress ?? 'an address not logged'} to ${negotiation.peerAddress ?? 'one not logged'}`,
      modeLabel(negotiation),
      transformText(negotiation),
      `${first} ${negotiation.phase1}, ${second} ${negotiation.phase2}`,
      negotiation.failingStep === null ? null : `stopped at ${negotiation.failingStep}`,
      negotiation.verdict,
    ];
    const text = parts
      .filter((part) => part !== null)
      .map(safeText)
      .join(' · ');
    return paragraph(shorten(text, QUOTE), view.columns, '    ', '  ');
  });
  return [heading(view, 'Negotiation'), ...facts, ...keyFacts(view, attempt)].join('\n');
}

function keyFacts(view: View, attempt: Attempt): readonly string[] {
  const texts = attempt.negotiations.flatMap(({ keys }) =>
    keys === null || keys.why === '' ? [] : [keys.why],
  );
  return [...new Set(texts)].map((text) =>
    paragraph(shorten(safeText(`Keys: ${text}`), QUOTE), view.columns, '    ', '  '),
  );
}

/** Below this many columns the table leaves out what the other sections tell as well. */
const ROOMY = 110;

function decisionSection(view: View, attempt: Attempt): string | null {
  const rows = decisionRows(attempt);
  if (rows.length === 0) return null;
  const { palette, columns } = view;
  const table = drawTable(
    ['step', 'side', 'what', 'expected', 'logged', 'on the wire', 'verdict'],
    rows.map((row) => decisionCells(view, row)),
    columns,
    palette,
  );
  const told = divergenceTexts(attempt.negotiations)
    .map((text) => shorten(safeText(text), PROSE))
    .flatMap((text) => wrap(text, view.prose).map(palette.failure));
  return [heading(view, 'Decisions'), table, ...told].join('\n');
}

function decisionCells(view: View, { step, router, what, decision }: DecisionRow): readonly Cell[] {
  const { side, expected, observed, proven, verdict } = decision;
  const roomy = view.columns >= ROOMY;
  const at = (value: string, place: EvidencePlace): string => `${value} ${view.short(place)}`;
  const how = roomy && proven !== undefined ? ` (${proven.how})` : '';
  const texts = [
    step,
    router === null ? side : roomy ? `${router} ${side}` : router,
    what,
    expected === undefined ? '' : at(expected.value, basisPlace(expected)),
    observed === undefined ? '' : at(observed.value, observed),
    proven === undefined ? '' : `${at(proven.value, proven)}${how}`,
  ];
  const paint = { agrees: 'good', diverges: 'failure', unknown: 'warning' } as const;
  return [
    ...texts.map((text) => shorten(safeText(text), 200)),
    { text: verdict, paint: view.palette[paint[verdict]] },
  ];
}

function ladderSection(view: View, attempt: Attempt): string | null {
  const ladder = buildLadder(attempt, view.report);
  if (ladder.rows.length === 0) return null;
  return `${heading(view, 'Ladder')}\n${drawLadder(ladder, view.columns, view.palette)}`;
}

function evidenceSection(view: View, finding: Finding): string {
  return [
    heading(view, 'Evidence'),
    paragraph(clip(safeText(finding.explanation), PROSE), view.prose),
    ...quotes(view, finding),
  ].join('\n');
}

function quotes(view: View, finding: Finding): readonly string[] {
  return finding.evidence.map((evidence) => {
    const place = shorten(safeText(view.place(evidence)), 120);
    const quote = clip(safeText(evidence.text).trim(), QUOTE);
    const { palette, columns } = view;
    const oneLine = displayWidth(place) + displayWidth(quote) + 4 <= columns;
    if (oneLine) return `  ${palette.place(place)}  ${quote}`;
    const where = wrap(place, columns - 2).map((line) => `  ${palette.place(line)}`);
    return [...where, paragraph(quote, columns, '      ')].join('\n');
  });
}

function remedySection(view: View, finding: Finding): string | null {
  if (finding.remedies.length === 0) return null;
  return [
    heading(view, 'Remedy'),
    ...finding.remedies.map((remedy, index, all) =>
      remedyText(view, remedy, all.length > 1 ? `${String(index + 1)}. ` : ''),
    ),
  ].join('\n');
}

/** The commands stand at the left edge, so that they can be selected and pasted as they are. */
function remedyText(view: View, remedy: Remedy, number: string): string {
  const { palette, prose, columns } = view;
  const checked = remedy.verified
    ? palette.good('Verified by replay.')
    : palette.warning('Not replayed.');
  const where = remedy.router === undefined ? '' : ` On ${shorten(safeText(remedy.router), 60)}:`;
  const text = paragraph(
    clip(safeText(remedy.text), PROSE),
    prose,
    ' '.repeat(number.length),
    number,
  );
  if (remedy.config === undefined) return `${text}\n${checked}`;
  const rule = palette.faint('─'.repeat(Math.min(columns, 72)));
  const commands = safeLines(remedy.config);
  return [text, `${checked}${where}`, rule, ...commands, rule].join('\n');
}

function settleSection(view: View, finding: Finding): string | null {
  if (finding.settle.length === 0) return null;
  const items = finding.settle.map((text) =>
    paragraph(clip(safeText(text), QUOTE), view.prose, '    ', '  - '),
  );
  return [heading(view, 'What would settle it'), ...items].join('\n');
}

/** In short; the primary finding has been told. */
function otherFindings(view: View, primary: Finding | null): string | null {
  const others = bySeverity(view.report.findings).filter((finding) => finding !== primary);
  if (others.length === 0) return null;
  const { palette, prose } = view;
  const texts = others.map((finding) => {
    const title = paragraph(shorten(safeText(finding.title), QUOTE), prose, '    ');
    const head = `  ${palette[finding.severity](finding.severity)} ${finding.id} ${palette.faint(`(${finding.confidence})`)}`;
    const remedies = finding.remedies
      .slice(0, 1)
      .map((remedy) =>
        paragraph(shorten(safeText(`Remedy: ${remedy.text}`), QUOTE), prose, '    '),
      );
    return [head, title, ...quotes(view, finding).slice(0, 3), ...remedies].join('\n');
  });
  return [heading(view, 'Also found'), ...texts].join('\n');
}

function negotiationSection(view: View, attempts: readonly Attempt[]): string {
  const rows = attempts.flatMap(({ number, negotiations }) =>
    negotiations.map((n) => [String(number), ...negotiationCells(n)]),
  );
  const phases = phaseHeaders(view.report.negotiations);
  const header = ['#', 'router', 'role', 'peer', ...phases, 'verdict'];
  return `${heading(view, 'All negotiations')}\n${drawTable(header, rows, view.columns, view.palette)}`;
}

function negotiationCells(n: Negotiation): readonly string[] {
  const cells = [sideName(n), roleText(n), n.peerAddress ?? '', n.phase1, n.phase2, n.verdict];
  return cells.map((text) => shorten(safeText(text), 80));
}

function inputSection(view: View): string {
  const rows = view.report.inputs.map((input) => [
    shorten(safeText(input.path), 120),
    INPUT_KIND[input.kind],
    shorten(safeText(input.router ?? ''), 40),
    Object.entries(input.counts)
      .map(([name, count]) => `${safeText(name)} ${count}`)
      .join(', '),
    input.anomalies.length === 0 ? '' : String(input.anomalies.length),
  ]);
  const table = drawTable(
    ['input', 'kind', 'router', 'holds', 'anomalies'],
    rows,
    view.columns,
    view.palette,
  );
  const clocks = captureClockTexts(view.report.inputs).map((text) =>
    paragraph(safeText(text), view.columns, '      ', '  '),
  );
  const notes = [...clocks, ...anomalyLines(view), ...unmatchedLines(view)];
  return [heading(view, 'Inputs'), table, ...notes].join('\n');
}

function anomalyLines(view: View): readonly string[] {
  const all = view.report.inputs.flatMap(({ id, anomalies }) =>
    anomalies.map((anomaly) => {
      const where = view.place({ ...anomaly, input: id });
      return paragraph(
        shorten(safeText(`${where}  ${anomaly.text}`), QUOTE),
        view.columns,
        '      ',
        '  ',
      );
    }),
  );
  return all.length <= 10
    ? all
    : [...all.slice(0, 10), `  … and ${all.length - 10} more anomalies`];
}

function unmatchedLines(view: View): readonly string[] {
  const { unmatched } = view.report.excerpts;
  const count = unmatched
    .filter(({ kind }) => kind !== 'annotation')
    .reduce((sum, shape) => sum + shape.count, 0);
  return count === 0 ? [] : [`  Not understood: ${count} lines of ${unmatched.length} kinds.`];
}
