import { describe, expect, it } from 'vitest';

import { code, fenced, prose, renderMarkdown } from '../../src/report/markdown.ts';
import { HIDDEN, HOSTILE } from '../support/hostile.ts';
import { mapTexts, referenceReport } from '../support/report.ts';

/** The lines outside fences; throws when a fence does not end. */
function outside(markdown: string): readonly string[] {
  const lines: string[] = [];
  let fence: string | null = null;
  for (const line of markdown.split('\n')) {
    const ticks = /^(`{3,})/.exec(line)?.[1] ?? null;
    if (fence === null) {
      if (ticks === null) lines.push(line);
      else fence = ticks;
    } else if (ticks !== null && ticks.length >= fence.length && line === ticks) fence = null;
  }
  if (fence !== null) throw new Error('a fence does not end');
  return lines;
}

/** Without code spans and escapes, what is left is markup or harmless. */
function bare(line: string): string {
  return line
    .replace(/(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)/g, '')
    .replace(/\\[\\`*_[\]<>|~&$#:.+=-]/g, '');
}

it('renders the reference incident as it did', async () => {
  await expect(renderMarkdown(referenceReport())).toMatchFileSnapshot('golden/reference.md');
});

describe('hostile text', () => {
  const headings = (markdown: string): readonly string[] =>
    outside(markdown).flatMap((line) => /^(#+) /.exec(line)?.[1] ?? []);
  const expected = headings(renderMarkdown(referenceReport()));

  it.each(Object.entries(HOSTILE))('adds no markup: %s', (_, text) => {
    const markdown = renderMarkdown(mapTexts(referenceReport(), () => text));
    expect(markdown).not.toMatch(HIDDEN);
    expect(headings(markdown)).toEqual(expected);
    for (const line of outside(markdown)) {
      expect(bare(line)).not.toMatch(/[<[\]]|!\[|https?:\/\//);
      if (line.startsWith('|')) {
        const bars = line.replace(/\\\|/g, '').split('|').length;
        expect([9, 10, 7, 12]).toContain(bars);
      }
    }
  });
});

describe('prose', () => {
  it('escapes markup and leaves words alone', () => {
    expect(prose('a_b *c* [d](e) <f> g|h `i`')).toBe(
      'a\\_b \\*c\\* \\[d\\](e) \\<f\\> g\\|h \\`i\\`',
    );
    expect(prose('1. one')).toBe('1\\. one');
    expect(prose('192.168.0.1')).toBe('192.168.0.1');
    expect(prose('- item')).toBe('\\- item');
    expect(prose('see http://192.0.2.1 or www.example.com')).toBe(
      'see http\\://192.0.2.1 or www\\.example.com',
    );
  });
});

describe('code and fenced', () => {
  it('use more ticks than the text', () => {
    expect(code('a`b``c')).toBe('```a`b``c```');
    expect(code('`a')).toBe('`` `a ``');
    expect(code(' ')).toBe('');
    expect(fenced(['```', 'x'])).toBe('````text\n```\nx\n````');
  });
});
