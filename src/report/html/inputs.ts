import type {
  AnalysisReport,
  InputRecord,
  RouterRecord,
  UnmatchedExcerpt,
} from '../../model/report.ts';
import { INPUT_KIND, captureClockTexts } from '../labels.ts';
import type { Anchors } from './anchors.ts';
import { html, type Markup } from './markup.ts';
import { dataTable } from './table.ts';

/** What was read: files with digests, routers with clocks, damage, and what was not understood. */

export function inputsSection(report: AnalysisReport, anchors: Anchors): Markup {
  const header = ['File', 'Kind', 'Router', 'Octets', 'Holds', 'SHA-256'];
  const rows = report.inputs.map((input) => inputRow(input, anchors));
  const clocks = captureClockTexts(report.inputs).map((text) => html`<li>${text}</li>`);
  return html`<h2 id="inputs">Inputs</h2>
<section class="card" aria-label="Files">${dataTable('Files', header, rows)}${clocks.length > 0 && html`<ul class="plain">${clocks}</ul>`}</section>
${report.routers.length > 0 && routersCard(report.routers)}`;
}

function inputRow(input: InputRecord, anchors: Anchors): Markup {
  const counts = Object.entries(input.counts).map(([name, count]) => `${name} ${count}`);
  return html`<tr id="${anchors.inputId(input.id)}">
    <td><b>${input.path}</b></td>
    <td>${INPUT_KIND[input.kind]}</td>
    <td>${input.router ?? ''}</td>
    <td class="num">${input.bytes}</td>
    <td>${counts.join(', ')}</td>
    <td class="sha">${input.sha256 === null ? 'not digested' : html`<code>${input.sha256}</code>`}</td>
  </tr> `;
}

function routersCard(routers: readonly RouterRecord[]): Markup {
  const header = ['Router', 'Addresses', 'Clock', 'Rests on'];
  const rows = routers.map(
    ({ name, addresses, clock }) => html`<tr>
    <td><b>${name ?? 'unnamed'}</b></td>
    <td>${addresses.join(', ')}</td>
    <td>${clockOffset(clock)}</td>
    <td>${clock.basis}</td>
  </tr>`,
  );
  return html`<section class="card" aria-label="Routers">${dataTable('Routers', header, rows)}</section>`;
}

function clockOffset({ offsetMs, jitterMs }: RouterRecord['clock']): string {
  if (offsetMs === null) return 'offset not known';
  const jitter = jitterMs === null ? '' : `, jitter ${jitterMs} ms`;
  return `${offsetMs < 0 ? '' : '+'}${offsetMs} ms${jitter}`;
}

export function unknownSection(report: AnalysisReport, anchors: Anchors): Markup {
  const { unmatched, omitted } = report.excerpts;
  const damage = report.inputs.flatMap(({ id, anomalies }) =>
    anomalies.map((anomaly) => ({ ...anomaly, input: id })),
  );
  const nothing = unmatched.length === 0 && damage.length === 0;
  const broken = damage.map(
    (anomaly) =>
      html`<li>${anchors.link(anomaly)}: ${anomaly.text} <code>${anomaly.code}</code></li>`,
  );
  const rows = unmatched.map(
    ({ input, firstLine, kind, count, example }) => html`<tr>
    <td>${anchors.link({ input, line: firstLine })}</td>
    <td>${UNMATCHED_KIND[kind]}</td>
    <td>${count}</td>
    <td><code>${example}</code></td>
  </tr>`,
  );
  return html`<h2 id="unknown">Not understood</h2>
<section class="card" aria-label="Not understood">
${nothing && html`<p>Every line was understood, and no input is damaged.</p>`}
${broken.length > 0 && html`<h3>Damage in the inputs</h3><ul class="plain">${broken}</ul>`}
${rows.length > 0 && html`<h3>Lines that no table knows</h3>${dataTable('Lines not understood', ['First at', 'Kind', 'Times', 'Example'], rows)}`}
${omitted.logLines > 0 && html`<p class="faint">${omitted.logLines} log lines were left out to keep this page readable.</p>`}
</section>`;
}

const UNMATCHED_KIND: Readonly<Record<UnmatchedExcerpt['kind'], string>> = {
  annotation: 'text around the log',
  'unknown-message': 'debug message',
  'unknown-command': 'configuration command',
};
