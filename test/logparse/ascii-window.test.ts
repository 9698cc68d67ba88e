import { describe, expect, it } from 'vitest';
import { AsciiWindow } from '../../src/logparse/ascii-window.ts';

describe('a window on a text', () => {
  it('shows ASCII alone', () => {
    const window = new AsciiWindow();
    expect(window.show('a plain line\n', 0)).toBe(true);
    expect(window.length).toBe(13);
    for (const text of ['one \u2013 two', '\u00e9', 'a\ud83d\ude00', '\ufeffISAKMP'])
      expect(window.show(text, 0), text).toBe(false);
  });

  it('moves along a text that is longer than it', () => {
    const window = new AsciiWindow();
    const text = `${'x'.repeat(99)}\n`.repeat(1000);
    let read = '';
    for (let at = 0; at < text.length; at += window.length) {
      expect(window.show(text, at)).toBe(true);
      read += new TextDecoder().decode(window.octets.subarray(0, window.length));
    }
    expect(read).toBe(text);
  });

  it('finds ends of lines in what it shows, not in what it showed before', () => {
    const window = new AsciiWindow();
    window.show('one\ntwo\nthree\n', 0);
    window.show('one\ntwo', 0);
    expect([window.lineEnd(0), window.lineEnd(4)]).toEqual([3, -1]);
    window.show('state \t\r\n', 0);
    expect(window.trimmed(0, 8)).toBe(5);
    expect(window.trimmed(6, 8)).toBe(6);
  });
});
