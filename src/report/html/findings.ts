import type { Finding, Remedy } from '../../model/finding.ts';
import { CONFIDENCE_MEANS } from '../labels.ts';
import { safeLines } from '../safe-text.ts';
import type { Anchors } from './anchors.ts';
import { html, type Markup } from './markup.ts';

/** One finding with everything that it rests on. `attempts` are the numbers of those it is about. */
export function findingCard(
  finding: Finding,
  number: number,
  attempts: readonly number[],
  anchors: Anchors,
): Markup {
  const { severity, confidence, evidence, remedies, settle, references } = finding;
  return html`<article
    class="card toned ${severity}"
    id="finding-${number}"
    tabindex="-1"
    data-severity="${severity}"
    ${attempts.length > 0 && html` data-attempt="${attempts.join(' ')}"`}
    aria-labelledby="finding-${number}-t"
  >
    <ul class="tags">
      <li class="tag ${severity}">${severity}</li>
      <li class="tag" title="${CONFIDENCE_MEANS[confidence]}">
        ${confidence}: ${CONFIDENCE_MEANS[confidence]}
      </li>
      <li class="tag"><code>${finding.id}</code></li>
    </ul>
    <h3 id="finding-${number}-t">${finding.title}</h3>
    <p>${finding.explanation}</p>
    ${
      evidence.length > 0 &&
      html`<h4>Evidence</h4>
        <ul class="quotes">
          ${evidence.map((place) => html`<li>${anchors.link(place)}<code>${place.text}</code></li>`)}
        </ul>`
    }
    ${
      remedies.length > 0 &&
      html`<h4>Remedy</h4>
        ${remedyList(remedies)}`
    }
    ${
      settle.length > 0 &&
      html`<h4>What would settle it</h4>
        <ul class="plain">
          ${settle.map((text) => html`<li>${text}</li>`)}
        </ul>`
    }
    ${
      references.length > 0 &&
      html`<h4>References</h4>
        <ul class="plain">
          ${references.map((text) => html`<li>${text}</li>`)}
        </ul>`
    }
  </article> `;
}

/** Numbered where there is a choice. */
function remedyList(remedies: readonly Remedy[]): Markup | readonly Markup[] {
  const blocks = remedies.map(remedyBlock);
  return blocks.length < 2
    ? blocks
    : html`<ol class="remedies">
        ${blocks.map((block) => html`<li>${block}</li>`)}
      </ol>`;
}

function remedyBlock(remedy: Remedy): Markup {
  const checked = remedy.verified
    ? html`<span class="tag good">verified by replay</span>`
    : html`<span class="tag">not replayed</span>`;
  const where =
    remedy.router === undefined ? null : html` <span class="tag">on ${remedy.router}</span>`;
  const commands =
    remedy.config === undefined
      ? null
      : html`<pre class="commands" tabindex="0" aria-label="Commands">
${safeLines(remedy.config).join('\n')}</pre>`;
  return html`<p>${remedy.text}</p>
    <p>${checked}${where}</p>
    ${commands}`;
}
