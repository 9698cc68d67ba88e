import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyzeInputs } from '../../src/analyze.ts';
import { createInputReader } from '../../src/intake/input.ts';
import { diagnosisOf, payloads, wire, type Sent } from '../support/incident.ts';
import { createRandom } from '../support/random.ts';
import { sampleNames } from '../support/samples.ts';

const root = new URL('../../samples/', import.meta.url);
const files = sampleNames.flatMap((sample) =>
  readdirSync(new URL(`${sample}/`, root))
    .filter((name) => /^(?:capture|keys|r\d-)/.test(name))
    .map((name) => ({ name, content: readFileSync(new URL(`${sample}/${name}`, root)) })),
);

/** Evidence that belongs together only by chance, cut and mixed: whatever comes out cites what exists and says something. */
describe('hostile mixtures', () => {
  it('never throw, never cite what is not there, and come out the same twice', () => {
    const random = createRandom(20240619);
    for (let round = 0; round < 60; round += 1) {
      let captureIndex = 0;
      const inputs = Array.from(
        { length: 1 + random(5) },
        () => files[random(files.length)]!,
      ).flatMap(({ name, content }, index) => {
        const cut = random(2) === 0 ? content : content.subarray(0, 1 + random(content.length));
        const reader = createInputReader({
          id: `i${index + 1}`,
          path: name,
          captureIndex,
          router: null,
          ports: [],
          year: null,
          as: 'evidence',
        });
        reader.push(Uint8Array.from(cut));
        const input = reader.end();
        if (input.kind === 'unreadable') return [];
        if (input.kind === 'capture') captureIndex += 1;
        return [{ input, sha256: '' }];
      });
      const options = {
        candidates: [],
        peer: null,
        since: null,
        until: null,
        tz: null,
        showSecrets: false,
      };
      const report = analyzeInputs(inputs, options);
      const ids = new Set(inputs.map(({ input }) => input.id));
      const negotiations = new Set(report.negotiations.map((entry) => entry.id));
      expect(report.verdict.summary).not.toBe('');
      for (const finding of report.findings) {
        expect(finding.evidence.length, `${finding.id}: ${finding.title}`).toBeGreaterThan(0);
        for (const item of finding.evidence) expect(ids.has(item.input)).toBe(true);
        for (const id of finding.negotiations) expect(negotiations.has(id)).toBe(true);
        expect(`${finding.title} ${finding.explanation}`).not.toMatch(/undefined|\bnull\b|NaN/);
      }
      expect(report.negotiations.every((entry) => entry.verdict !== '')).toBe(true);
      if (round % 20 === 0)
        expect(JSON.stringify(analyzeInputs(inputs, options))).toBe(JSON.stringify(report));
    }
  }, 60_000);
});

describe('a NO_PROPOSAL_CHOSEN in clear', () => {
  const init: readonly Sent[] = [
    { step: 'SA_INIT', way: '>', at: 0 },
    { step: 'SA_INIT', way: '<', at: 10, notify: 14, length: 36 },
  ];
  const found = (sent: readonly Sent[], completed: boolean): readonly string[] =>
    diagnosisOf({ exchanges: [wire(sent, { version: 2, completed })] }).findings.map(
      ({ id }) => id,
    );

  it('is no failure of an exchange that goes on', () => {
    const auth = { contents: [payloads.auth(2)], opened: { check: 'AUTH' } };
    const up: readonly Sent[] = [
      ...init,
      { step: 'SA_INIT', way: '<', at: 20 },
      { step: 'AUTH', way: '>', at: 40, length: 280, ...auth },
      { step: 'AUTH', way: '<', at: 60, length: 240, ...auth },
    ];
    expect(found(up, true)).not.toContain('ikev2-no-proposal-chosen');
  });

  it('is one where nothing follows', () => {
    expect(found(init, false)).toContain('ike-policy-mismatch');
  });
});

/** RFC 7296 §2.21: what is not protected is a hint at most. */
describe('an AUTHENTICATION_FAILED in clear', () => {
  const found = (answer: Sent): readonly string[] =>
    diagnosisOf({
      exchanges: [
        wire(
          [
            { step: 'SA_INIT', way: '>', at: 0 },
            { step: 'SA_INIT', way: '<', at: 20 },
            { step: 'AUTH', way: '>', at: 40, length: 280 },
            { step: 'AUTH', way: '<', at: 50, clear: true, notify: 24, length: 36 },
            answer,
          ],
          { version: 2 },
        ),
      ],
    }).findings.map(({ id }) => id);

  it('does not hide the protected one', () => {
    expect(
      found({ step: 'AUTH', way: '<', at: 60, length: 80, notify: 24, opened: { check: 'ICV' } }),
    ).toContain('ikev2-auth-failed');
  });

  it('refutes no answer that fits', () => {
    const opened = { check: 'AUTH' };
    const contents = [payloads.auth(2)];
    expect(found({ step: 'AUTH', way: '<', at: 60, length: 240, contents, opened })).not.toContain(
      'ikev2-auth-failed',
    );
  });
});
