import { describe, expect, it } from 'vitest';
import { asciiText as inBrowser } from '../../src/bytes/ascii-browser.ts';
import { asciiText } from '../../src/bytes/ascii-node.ts';

const octets = (length: number, at?: number): Uint8Array => {
  const all = Uint8Array.from({ length }, (_, i) => 32 + (i % 95));
  if (at !== undefined) all[at] = 0xe9;
  return all;
};

describe('text of ASCII octets', () => {
  it('is what a decoder makes of them, at any length', () => {
    for (const length of [0, 1, 3, 4, 5, 1023, 1024, 1025, 4099])
      expect(asciiText(octets(length))).toBe(new TextDecoder().decode(octets(length)));
  });

  it('is none where one of them is not', () => {
    for (const at of [0, 3, 4, 1023, 1024, 2049, 2050])
      expect(asciiText(octets(2051, at)), String(at)).toBeNull();
  });

  it('is that of a part of a buffer, wherever that begins', () => {
    for (const at of [1, 4])
      expect(asciiText(octets(16).subarray(at))).toBe(
        new TextDecoder().decode(octets(16).subarray(at)),
      );
  });

  it('is left to a decoder in a browser', () => {
    expect(inBrowser(octets(16))).toBeNull();
  });
});
