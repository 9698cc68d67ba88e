import type { Finding, Severity } from '../../model/finding.ts';
import type { AnalysisReport, LineExcerpt } from '../../model/report.ts';
import { groupAttempts, primaryAttempt, type Attempt } from '../attempts.ts';
import {
  bySeverity,
  CONFIDENCE_MEANS,
  modeLabel,
  primaryFinding,
  SEVERITY_ORDER,
  sideName,
  transformText,
} from '../labels.ts';
import { indexFrames } from '../ladder.ts';
import { shorten } from '../safe-text.ts';
import { makeAnchors, type Anchors } from './anchors.ts';
import { attemptOutcome, attemptSection, attemptTitle } from './attempts.ts';
import { collectCitations, framesSection, linesSection, type Citations } from './evidence.ts';
import { findingCard } from './findings.ts';
import { inputsSection, unknownSection } from './inputs.ts';
import { LADDER_STYLE } from './ladder.ts';
import { html, trusted, type Markup } from './markup.ts';
import { STEPS_STYLE } from './steps.ts';
import { PAGE_STYLE } from './style.ts';
import { dataTable } from './table.ts';

/** Nothing may be fetched, run, framed or sent from the page. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** More attempts than this are too many for a filter to help. */
const FILTERED_ATTEMPTS = 100;

/** More attempts than this are laid out only when they come into view. */
const FEW_ATTEMPTS = 4;

/** What a page about a report is made of; `title` is plain text, the rest is markup. */
export type ReportParts = {
  readonly title: string;
  readonly verdict: Markup;
  readonly filters: Markup;
  /** The style rules that the filters need. */
  readonly filterRules: Markup;
  readonly incident: Markup | null;
  readonly findings: Markup;
  readonly attempts: Markup | null;
  readonly evidence: Markup;
  readonly inputs: Markup;
  readonly unknown: Markup;
};

/** The report in parts, for the page below and for the workbench. */
export function reportParts(report: AnalysisReport): ReportParts {
  const attempts = groupAttempts(report.negotiations);
  const primary = primaryAttempt(attempts, report.verdict.negotiation);
  const first = primaryFinding(report);
  const findings = bySeverity(report.findings).toSorted(
    (a, b) => Number(b === first) - Number(a === first),
  );
  const anchors = makeAnchors(report);
  const citations = collectCitations(report, findings, anchors);
  return {
    title: shorten(first?.title ?? 'IKE incident report', 90),
    verdict: verdictHeader(report, first, primary),
    filters: filters(attempts, report),
    filterRules: filterRules(attempts),
    incident: incidentSection(report, attempts),
    findings: html`<h2 id="findings">Findings</h2>
${findings.length === 0 && html`<p class="card">Nothing was found.</p>`}
${findings.map((finding, i) => findingCard(finding, i + 1, attemptNumbers(finding, attempts), anchors))}`,
    attempts: attemptsSection(report, attempts, primary, anchors),
    evidence: evidenceSection(report, anchors, citations),
    inputs: inputsSection(report, anchors),
    unknown: unknownSection(report, anchors),
  };
}

/** The whole report as one page that opens from disk, without script, font or network. */
export function renderHtml(report: AnalysisReport): string {
  const parts = reportParts(report);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${report.tool.name} ${report.tool.version}">
<title>${parts.title}</title>
<style>${PAGE_STYLE}${LADDER_STYLE}${STEPS_STYLE}${parts.filterRules}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
<div class="page">
<header class="head"><p class="brand">IKE autopsy · incident report</p>${parts.verdict}</header>
<div class="side"><div class="card">${contents(report)}${parts.filters}</div></div>
<main class="main">
${parts.incident}
${parts.findings}
${parts.attempts}
${parts.evidence}
${parts.inputs}
${parts.unknown}
<footer><p>Made by ${report.tool.name} ${report.tool.version} · ${report.schema}</p></footer>
</main>
</div>
</body>
</html>
`;
  return page.text;
}

function verdictHeader(
  report: AnalysisReport,
  finding: Finding | null,
  attempt: Attempt | null,
): Markup {
  const up =
    report.negotiations.length > 0 &&
    report.negotiations.every(({ outcome }) => outcome === 'established');
  const tone = finding?.severity ?? (up ? 'good' : 'note');
  const title =
    finding?.title ??
    (report.negotiations.length === 0
      ? 'No negotiation was found'
      : up
        ? 'No failure was found'
        : 'The evidence does not decide');
  return html`<section class="verdict ${tone}" aria-labelledby="verdict">
      <ul class="tags">
        ${
          finding !== null &&
          html`<li class="tag ${finding.severity}">${finding.severity}</li>
            <li class="tag">${finding.confidence}: ${CONFIDENCE_MEANS[finding.confidence]}</li>
            <li class="tag"><code>${finding.id}</code></li>`
        }
      </ul>
      <h1 id="verdict">${title}</h1>
      <p class="summary">${report.verdict.summary}</p>
      ${attempt !== null && verdictFacts(attempt)}
    </section>`;
}

function verdictFacts(attempt: Attempt): Markup {
  const { initiator, responder, negotiations } = attempt;
  const any = negotiations[0]!;
  const end = (side: 'initiator' | 'responder'): string => {
    const own = attempt[side];
    const address = any.role === side ? any.localAddress : any.peerAddress;
    if (own === null) return address ?? 'not known';
    const name = sideName(own);
    return address === null || name === address ? name : `${name} (${address})`;
  };
  const stopped = (responder ?? initiator ?? any).failingStep;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Initiator', end('initiator')],
    ['Responder', end('responder')],
    ['Exchange', modeLabel(any)],
    ['Transform', transformText(any)],
    ['Outcome', attemptOutcome(attempt)],
    ['Stopped at', stopped],
  ];
  return html`<dl class="facts">
    ${facts.flatMap(([name, value]) =>
      value === null
        ? []
        : [
            html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
          ],
    )}
  </dl>`;
}

const SECTIONS: readonly (readonly [string, string])[] = [
  ['incident', 'Incident'],
  ['findings', 'Findings'],
  ['attempts', 'Negotiations'],
  ['evidence', 'Evidence'],
  ['inputs', 'Inputs'],
  ['unknown', 'Not understood'],
];

function contents(report: AnalysisReport): Markup {
  const empty = report.negotiations.length === 0;
  const links = SECTIONS.filter(([id]) => !(empty && (id === 'incident' || id === 'attempts')));
  return html`<nav aria-label="Contents">
    <ol>
      ${links.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}
    </ol>
  </nav>`;
}

/** Radio buttons and boxes; the style sheet does the rest. */
function filters(attempts: readonly Attempt[], report: AnalysisReport): Markup {
  const counts = (severity: Severity): number =>
    report.findings.filter((finding) => finding.severity === severity).length;
  const boxes = SEVERITY_ORDER.filter((severity) => counts(severity) > 0);
  const radios = attempts.length > 1 && attempts.length <= FILTERED_ATTEMPTS;
  return html`<div role="search" aria-label="Filters">
    ${
      radios &&
      html`<fieldset>
        <legend>Show negotiation</legend>
        <div class="scroll">
          <label><input type="radio" name="show" id="show-all" checked />all ${attempts.length}</label>${attempts.map((attempt) => html`<label><input type="radio" name="show" id="show-${attempt.number}" /><span>${attempt.number}. ${attemptTitle(attempt)}</span></label>`)}
        </div>
      </fieldset>`
    }
    ${
      boxes.length > 0 &&
      html`<fieldset>
        <legend>Show findings</legend>
        ${boxes.map((severity) => html`<label><input type="checkbox" id="show-${severity}" checked />${severity} (${counts(severity)})</label>`)}
      </fieldset>`
    }
  </div>`;
}

/** What decides stands before the main part, so that the rules cost nothing while that is being read. */
function filterRules(attempts: readonly Attempt[]): Markup {
  const severities = SEVERITY_ORDER.map(
    (severity) =>
      `.side:has(#show-${severity}:not(:checked)) ~ .main [data-severity=${severity}]{display:none}`,
  );
  const numbers = attempts.length > FILTERED_ATTEMPTS ? [] : attempts.map(({ number }) => number);
  const rules = numbers.map(
    (number) =>
      `.side:has(#show-${number}:checked) ~ .main [data-attempt]:not([data-attempt~="${number}"]){display:none}`,
  );
  return trusted([...severities, ...rules].join('\n'));
}

function attemptNumbers(finding: Finding, attempts: readonly Attempt[]): readonly number[] {
  return attempts
    .filter(({ negotiations }) => negotiations.some(({ id }) => finding.negotiations.includes(id)))
    .map(({ number }) => number);
}

function incidentSection(report: AnalysisReport, attempts: readonly Attempt[]): Markup | null {
  if (report.negotiations.length === 0) return null;
  const rows = attempts.map((attempt) => {
    const outcome = attemptOutcome(attempt);
    const stops = attempt.negotiations.flatMap(({ failingStep }) => failingStep ?? []);
    const verdicts = new Set(attempt.negotiations.map(({ verdict }) => verdict));
    return html`<tr data-attempt="${attempt.number}">
    <td class="num">${attempt.number}</td>
    <td><a href="#attempt-${attempt.number}">${attemptTitle(attempt)}</a></td>
    <td><span class="v ${outcome}">${outcome}</span></td>
    <td>${[...new Set(stops)].join(', ')}</td>
    <td>${[...verdicts].map((id) => html`<code>${id}</code> `)}</td>
  </tr>`;
  });
  const table = dataTable(
    'Negotiations in short',
    ['#', 'Negotiation', 'Outcome', 'Stopped at', 'Verdict'],
    rows,
  );
  return html`<h2 id="incident">Incident</h2>
<section class="card" aria-label="Negotiations in short">${table}</section>`;
}

function attemptsSection(
  report: AnalysisReport,
  attempts: readonly Attempt[],
  primary: Attempt | null,
  anchors: Anchors,
): Markup | null {
  if (attempts.length === 0) return null;
  const frames = indexFrames(report.excerpts.frames);
  const ordered = attempts.toSorted((a, b) => Number(b === primary) - Number(a === primary));
  return html`<h2 id="attempts">Negotiations</h2>
    ${ordered.map((attempt) => attemptSection(attempt, report, frames, anchors, attempt === primary, attempts.length > FEW_ATTEMPTS))}`;
}

function evidenceSection(report: AnalysisReport, anchors: Anchors, citations: Citations): Markup {
  const lines = new Map<string, LineExcerpt[]>();
  for (const excerpt of [...report.excerpts.logLines, ...report.excerpts.configLines]) {
    const same = lines.get(excerpt.input);
    if (same === undefined) lines.set(excerpt.input, [excerpt]);
    else same.push(excerpt);
  }
  const sections = report.inputs.map((input) =>
    linesSection(input, lines.get(input.id) ?? [], anchors, citations),
  );
  const shown = [...sections, framesSection(report, anchors, citations)].filter(
    (section) => section !== null,
  );
  return html`<h2 id="evidence">Evidence</h2>
    ${shown.length === 0 && html`<p class="card">The report carries none of its evidence.</p>`}${shown}`;
}
