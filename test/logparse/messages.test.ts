import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  matchHead,
  matchSpec,
  matchSqueezed,
  squeeze,
  matchText,
} from '../../src/logparse/matcher.ts';
import { messageTable } from '../../src/logparse/messages/table.ts';
import { compileTemplate } from '../../src/logparse/template.ts';
import { messageList } from '../../src/report/log/message-list.ts';

/** Which records are looked at together: the tag in front of a message tells its family. */
const sameLane = (a: string, b: string): boolean => {
  const lane = (family: string): string =>
    family === 'isakmp' || family === 'ikev2' || family === 'asa' ? family : 'rest';
  return lane(a) === lane(b);
};

describe('the message table', () => {
  it('names each message once', () => {
    const ids = messageTable.filter(({ isForm }) => !isForm).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows each form of a message in a sample', () => {
    for (const { id, template, samples } of messageTable)
      expect(
        samples.some((sample) => template.whole.test(sample)),
        `${id}: ${template.source}`,
      ).toBe(true);
  });

  for (const spec of messageTable.filter(({ isForm }) => !isForm)) {
    it(`${spec.id}: each sample is matched by exactly this record`, () => {
      for (const sample of spec.samples) {
        const fitting = messageTable
          .filter(
            (other) =>
              sameLane(other.family, spec.family) &&
              Boolean(other.general) === Boolean(spec.general),
          )
          .filter((other) => matchSpec(other, sample) !== null)
          .map(({ id }) => id);
        // Among general records the first one wins; a narrow one stands alone.
        if (spec.general) expect(fitting[0]).toBe(spec.id);
        else expect(fitting).toEqual([spec.id]);
        expect(matchText(spec.family, sample)?.spec.id).toBe(spec.id);
      }
    });
  }

  it('takes addresses for samples from the documentation and private ranges only', () => {
    for (const { samples } of messageTable) {
      for (const address of samples
        .join(' ')
        .match(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g) ?? []) {
        expect(address).toMatch(
          /^(?:192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.|255\.|0\.0\.0\.0)/,
        );
      }
    }
  });

  it('knows the letters that each message may begin with', () => {
    expect(compileTemplate('[a|b]<{n:n}|cd[e]|\\[f>g').first).toEqual(new Set('ab0123456789c['));
    expect(compileTemplate('~<x|>[y]z').first).toEqual(new Set('xyz'));
    expect(compileTemplate('[x]{anything:text}').first).toBe(null);
    expect(compileTemplate('<a|>').first).toBe(null);
  });

  it('is what docs/log-messages.md shows', () => {
    expect(readFileSync(new URL('../../docs/log-messages.md', import.meta.url), 'utf8')).toBe(
      messageList(),
    );
  });

  it('is matched in time that grows with the text, not faster', () => {
    // Bounded repetition: a text made to fail late would hold the test up until it is ended.
    for (const spec of messageTable) {
      const { template, samples } = spec;
      for (const filler of ['1.', 'a', '1', 'a1', ': ', ', a']) {
        for (const begin of [template.literal, samples[0]]) {
          const hostile = (begin + filler.repeat(1200)).slice(0, 1199);
          for (const text of [hostile, `${hostile}\u0001`]) {
            const match = matchSpec(spec, text);
            expect(match === null || match.spec === spec, spec.id).toBe(true);
            matchHead(spec.family, text);
            const found = matchSqueezed(spec.family, squeeze([text]));
            expect(found === null || messageTable.includes(found.spec), spec.id).toBe(true);
          }
        }
      }
    }
  });
});
