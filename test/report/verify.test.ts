import { describe, expect, it } from 'vitest';

import type { AnalysisReport } from '../../src/model/report.ts';
import { orderEvidence, verifyReport } from '../../src/report/verify.ts';
import { mapTexts, referenceReport } from '../support/report.ts';

const saved = referenceReport();

/** The report as it would be made from evidence in which some text reads otherwise. */
function changed(from: string, to: string): AnalysisReport {
  return JSON.parse(JSON.stringify(referenceReport()).replaceAll(from, to)) as AnalysisReport;
}

describe('verifyReport', () => {
  it('finds nothing in a report made from the same evidence', () => {
    const { checked, broken, added } = verifyReport(saved, referenceReport());
    expect(broken).toEqual([]);
    expect(added).toEqual([]);
    expect(checked).toBeGreaterThan(200);
  });

  it('names the digest of a changed file, and nothing else where nothing rests on the change', () => {
    const { broken } = verifyReport(saved, changed('3'.repeat(64), 'a'.repeat(64)));
    expect(broken).toEqual([
      {
        kind: 'input',
        place: { input: 'i3' },
        claim: `SHA-256 of r1.cfg: ${'3'.repeat(64)}`,
        now: 'a'.repeat(64),
      },
    ]);
  });

  it('names every claim that rests on a changed line, and only those', () => {
    const line = 'ISAKMP:(1012):Key not found in keyrings of profile , aborting exchange';
    const now = changed(line, line.replace('aborting', 'abXrting'));
    const { broken } = verifyReport(saved, now);
    expect(broken.map(({ kind, place }) => [kind, place])).toEqual([
      ['line', { input: 'i1', line: 15 }],
      ['event', { input: 'i1', line: 15 }],
    ]);
  });

  it('names decision, evidence and verdict that no longer follow', () => {
    const negotiations = saved.negotiations.map((negotiation) =>
      negotiation.id === 'n1'
        ? {
            ...negotiation,
            divergence: null,
            verdict: 'inconclusive',
            decisions: negotiation.decisions.slice(0, 2),
          }
        : negotiation,
    );
    const now: AnalysisReport = {
      ...saved,
      negotiations,
      findings: saved.findings.slice(1),
      verdict: { ...saved.verdict, finding: null },
    };
    const { broken } = verifyReport(saved, now);
    const kinds = new Map<string, number>();
    for (const { kind } of broken) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    expect(Object.fromEntries(kinds)).toEqual({
      negotiation: 2,
      decision: 3,
      finding: 7,
      evidence: 5,
      remedy: 2,
      verdict: 1,
    });
    expect(broken.find(({ kind }) => kind === 'evidence')?.now).toBeNull();
  });

  it('names the frame that reads otherwise', () => {
    const frames = saved.excerpts.frames.map((frame) =>
      frame.frame === 5 ? { ...frame, decryptedBy: null, opaqueWhy: 'no candidate fits' } : frame,
    );
    const now = { ...saved, excerpts: { ...saved.excerpts, frames } };
    const { broken } = verifyReport(saved, now);
    expect(broken.map(({ place }) => place)).toEqual([
      { input: 'i5', frame: 5 },
      { input: 'i5', frame: 5 },
    ]);
  });

  it('tells findings that the report does not hold', () => {
    const { broken, added } = verifyReport({ ...saved, findings: saved.findings.slice(1) }, saved);
    expect(broken).toEqual([]);
    expect(added).toEqual([`keyring-mismatch-after-mm5: ${saved.findings[0]!.title}`]);
  });

  it('holds each text of a report to the evidence', () => {
    const { broken, checked } = verifyReport(
      saved,
      mapTexts(saved, (text) => `${text}.`),
    );
    expect(broken.length).toBeGreaterThan(checked / 2);
  });
});

describe('orderEvidence', () => {
  const file = (path: string, digit: string): { path: string; sha256: string } => ({
    path,
    sha256: digit.repeat(64),
  });

  it('finds the files by digest whatever they are called, and by name when they changed', () => {
    const files = [
      file('/x/keys.txt', '6'),
      file('/x/renamed.cfg', '3'),
      file('/x/r1-debug.txt', 'a'),
      file('/x/r2-debug.txt', '2'),
      file('/x/path.pcap', '5'),
      file('/x/other.cfg', 'b'),
    ];
    const { files: ordered, missing } = orderEvidence(saved, files);
    expect(ordered.map(({ path }) => path)).toEqual([
      '/x/r1-debug.txt',
      '/x/r2-debug.txt',
      '/x/renamed.cfg',
      '/x/other.cfg',
      '/x/path.pcap',
      '/x/keys.txt',
    ]);
    expect(missing).toEqual([]);
  });

  it('says what is missing', () => {
    const { missing } = orderEvidence(saved, [file('keys.txt', '6')]);
    expect(missing).toHaveLength(5);
    expect(missing).not.toContain('keys.txt');
  });

  it('keeps files that the report does not know at the end', () => {
    const all = saved.inputs.map(({ path, sha256 }) => ({ path, sha256: sha256! }));
    const { files } = orderEvidence(saved, [file('more.txt', '9'), ...all]);
    expect(files.at(-1)?.path).toBe('more.txt');
  });
});
