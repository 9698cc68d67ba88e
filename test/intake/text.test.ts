import { describe, expect, it } from 'vitest';
import { createTextStream, decodeText } from '../../src/intake/text.ts';

/** Given in two pieces and octet by octet. */
function streamed(octets: Uint8Array): readonly string[] {
  const cuts = Array.from({ length: octets.length + 1 }, (_, at) => [at]);
  const each = Array.from({ length: octets.length }, (_, at) => at);
  return [...cuts, each].map((ends) => {
    const stream = createTextStream();
    let text = '';
    let from = 0;
    for (const end of [...ends, octets.length]) {
      // The chunk is not the stream's to keep.
      const chunk = octets.slice(from, end);
      text += stream.push(chunk);
      chunk.fill(0);
      from = end;
    }
    return text + stream.end();
  });
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const utf16 = (text: string, isLittle: boolean): Uint8Array => {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  Array.from(text, (_, at) => view.setUint16(2 * at, text.charCodeAt(at), isLittle));
  return new Uint8Array(view.buffer);
};

describe('createTextStream', () => {
  it.each([
    ['nothing', utf8('')],
    ['one octet', utf8('R')],
    ['ASCII', utf8('*Mar  1 00:01:02.003: ISAKMP:(0):')],
    ['UTF-8 of every length', utf8('a é “ 😀 z')],
    ['a byte order mark, and one that is a character', utf8('\ufeffISAKMP \ufeffx')],
    ['UTF-16, little end first', utf16('\ufeffISAKMP: “é”', true)],
    ['UTF-16, big end first', utf16('\ufeffISAKMP: “é”', false)],
    ['Latin-1', Uint8Array.of(0x49, 0x20, 0xe9, 0x20, 0x93, 0x0a, 0xff)],
    ['UTF-8 that is cut short', utf8('ISAKMP “').subarray(0, -1)],
  ])('reads %s as one that sees it whole', (_, octets) => {
    for (const text of new Set(streamed(octets))) expect(text).toBe(decodeText(octets));
  });

  it('goes on as Latin-1 behind what is no UTF-8', () => {
    const stream = createTextStream();
    const first = stream.push(utf8('“quoted” '));
    expect(first + stream.push(Uint8Array.of(0xe9, 0x20, 0xe9)) + stream.end()).toBe(
      '“quoted” é é',
    );
  });
});
