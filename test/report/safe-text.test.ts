import { describe, expect, it } from 'vitest';

import { clip, safeLines, safeText, shorten, visibleText } from '../../src/report/safe-text.ts';
import { HIDDEN, HOSTILE } from '../support/hostile.ts';

describe('safeText', () => {
  it.each(Object.entries(HOSTILE))('leaves nothing hidden of %s', (_, text) => {
    expect(safeText(text)).not.toMatch(HIDDEN);
    expect(safeText(text)).not.toContain('\n');
  });

  it('keeps what can be seen', () => {
    expect(safeText('Ünïcode 鍵 <key#1> “quoted”')).toBe('Ünïcode 鍵 <key#1> “quoted”');
  });

  it('takes the command out of an escape sequence, not the text around it', () => {
    expect(safeText('a\u001b[31mb\u009b0mc')).toBe('a[31mb0mc');
  });

  it('keeps words apart that a line break or a tab kept apart', () => {
    expect(safeText('a\tb\nc\u2028d')).toBe('a b c d');
  });
});

describe('safeLines', () => {
  it('keeps lines and cleans each', () => {
    expect(safeLines('crypto keyring a\r\n no\u0007 key\n')).toEqual([
      'crypto keyring a',
      ' no key',
      '',
    ]);
  });
});

describe('visibleText', () => {
  it('shows what was hidden', () => {
    expect(visibleText('\u001b[1m')).toBe('␛[1m');
    expect(visibleText('a\u202eb')).toBe('a⟨U+202E⟩b');
    expect(visibleText('\u007f')).toBe('␡');
  });

  it.each(Object.entries(HOSTILE))('leaves nothing hidden of %s', (_, text) => {
    expect(visibleText(text).replaceAll('\t', '')).not.toMatch(HIDDEN);
  });
});

describe('clip and shorten', () => {
  it('say how much is missing', () => {
    expect(clip('abcdef', 4)).toBe('abcd… (2 more characters)');
    expect(clip('abcd', 4)).toBe('abcd');
    expect(shorten('abcdef', 4)).toBe('abc…');
  });

  it('do not split a character', () => {
    expect(shorten('😀😀😀', 2)).toBe('😀…');
    expect(clip('😀😀😀', 2)).toBe('😀😀… (1 more characters)');
    expect(shorten('😀😀', 2)).toBe('😀😀');
  });
});
