import type { KeysDocument, KeysExchange } from '../report/keys/document.ts';
import { html, type Markup } from '../report/html/markup.ts';
import { dataTable } from '../report/html/table.ts';

/** Rows shown of one matrix; with more, those that fit come first and the rest are counted. */
const mostRows = 400;

/** The matrix of candidate keys, one table an exchange. Keys stand as tokens. */
export function keysView({ exchanges, candidates }: KeysDocument): Markup {
  if (exchanges.length === 0)
    return html`<p class="card">Keys are tested against captures. Drop a capture to see which key each side used.</p>`;
  return html`<p class="faint">${candidates.length} candidate ${candidates.length === 1 ? 'key' : 'keys'}. Equal keys have equal tokens.</p>
${exchanges.map(exchangeCard)}`;
}

function exchangeCard(exchange: KeysExchange): Markup {
  const { id, initiator, responder, matrix, garbage } = exchange;
  const fits = matrix.filter(({ verdict }) => verdict === 'verified');
  const rest = matrix.filter(({ verdict }) => verdict !== 'verified');
  const shown = [...fits, ...rest].slice(0, mostRows);
  const tone = fits.length > 0 ? 'good' : 'note';
  return html`<section class="card toned ${tone}" aria-label="Keys of ${id}">
<h3>${initiator.address} to ${responder.address} <span class="faint">${exchange.version === 1 ? `IKEv1 ${exchange.mode} mode` : 'IKEv2'} · ${initiator.cookie}</span></h3>
<p>${exchange.why}</p>
${(['initiator', 'responder'] as const).map((side) => provenLine(exchange, side))}
${shown.length > 0 && matrixTable(id, shown)}
${matrix.length > shown.length && html`<p class="faint">${matrix.length - shown.length} more tests are not shown.</p>`}
${garbage.map(
  (reading) =>
    html`<p class="divergence">Frame ${reading.frame} read with ${reading.candidate}: reserved octet ${reading.reserved}, next payload ${reading.nextPayload}, length ${reading.payloadLength}; octets <code>${reading.firstOctets}</code>${reading.trueOctets !== null && html`, in truth <code>${reading.trueOctets}</code>`}</p>`,
)}
</section>`;
}

function provenLine(exchange: KeysExchange, side: 'initiator' | 'responder'): Markup {
  const key = exchange.proven[side];
  if (key === null) return html``;
  const holders = key.keyrings.map(({ router, keyring }) =>
    router === null ? keyring : `${router} ${keyring}`,
  );
  return html`<p><span class="tag good">${side}</span> used <b>${key.token}</b> (${key.labels.join(', ')})${holders.length > 0 && html`; held by ${holders.join(', ')}: ${key.keyring ?? ''}`}</p>`;
}

const verdictClass = {
  verified: 'agrees',
  refuted: 'diverges',
  'not-testable': 'unknown',
} as const;
const verdictWords = {
  verified: 'fits',
  refuted: 'does not fit',
  'not-testable': 'cannot be tested',
} as const;

function matrixTable(id: string, rows: KeysExchange['matrix']): Markup {
  return dataTable(
    `Candidate keys of ${id}`,
    ['Side', 'Candidate', 'Key', 'Verdict', 'By', 'Why'],
    rows.map(
      (row) => html`<tr>
<td>${row.side}</td><td><b>${row.candidate}</b></td><td><code>${row.token}</code></td>
<td><span class="v ${verdictClass[row.verdict]}">${verdictWords[row.verdict]}</span></td>
<td>${row.by ?? ''}${row.frame !== null && html`<span class="how">frame ${row.frame}</span>`}</td>
<td>${row.why}</td>
</tr>`,
    ),
  );
}
