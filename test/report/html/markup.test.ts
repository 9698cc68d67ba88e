import { describe, expect, it } from 'vitest';

import { html, trusted } from '../../../src/report/html/markup.ts';
import { HIDDEN, HOSTILE } from '../../support/hostile.ts';

describe('html', () => {
  it('escapes what is interpolated', () => {
    expect(html`<p title="${'"a" & \'b\''}">${'<b>'}</p>`.text).toBe(
      '<p title="&quot;a&quot; &amp; &#39;b&#39;">&lt;b&gt;</p>',
    );
  });

  it('takes markup, lists of it, numbers and nothing', () => {
    const items = ['a', '<'].map((text) => html`<li>${text}</li>`);
    expect(html`<ul>${items}</ul>${null}${false}${7}${trusted('<hr>')}`.text).toBe(
      '<ul><li>a</li><li>&lt;</li></ul>7<hr>',
    );
  });

  it('lets a long run of characters break, in text only', () => {
    const long = '<'.repeat(250);
    expect(html`<p title="a ${long}">${long}</p>`.text).toBe(
      `<p title="a ${'&lt;'.repeat(250)}">${'&lt;'.repeat(100)}<wbr>${'&lt;'.repeat(100)}<wbr>${'&lt;'.repeat(50)}</p>`,
    );
  });

  it.each(Object.entries(HOSTILE))('leaves no markup and nothing hidden of %s', (_, text) => {
    const { text: escaped } = html`${text}`;
    expect(escaped.replaceAll('<wbr>', '')).not.toMatch(/[<>"']/);
    expect(escaped).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39);)/);
    expect(escaped.replaceAll('\t', '')).not.toMatch(HIDDEN);
  });
});
