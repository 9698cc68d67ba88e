import { html, type Markup } from './markup.ts';

/** A table that scrolls by itself where the page is narrow. `rows` are `tr` elements. */
export function dataTable(
  label: string,
  header: readonly string[],
  rows: readonly Markup[],
): Markup {
  return html`<div class="wide" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr>${header.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>`;
}
