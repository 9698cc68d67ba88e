import { describe, expect, it } from 'vitest';
import { secrecyOf } from '../../src/redact/secrecy.ts';

describe('secrecyOf', () => {
  it('knows the keys of commands that a text quotes', () => {
    const text =
      '    3     1      unknown user@vty3     |crypto isakmp key hunter22 address 192.0.2.1';
    const { hide } = secrecyOf({ configs: [], texts: [text], candidates: [] });
    expect(hide('It was hunter22.')).toBe('It was <key#1>.');
  });

  it('looks at a line in time that grows with it', () => {
    const texts = ['@', 'a@', '@ ', 'executed '].map((filler) => filler.repeat(100_000));
    secrecyOf({ configs: [], texts, candidates: [] });
  });
});
