import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/diagnose/rules/index.ts';
import { diagnosisOf, logOf } from '../support/incident.ts';
import type { Given } from '../support/incident.ts';
import { provenDifferent, ruleCases } from './rule-cases.ts';

const root = new URL('../../', import.meta.url);
const ids = rules.map((rule) => rule.id);
const found = (given: Given, id: string): boolean =>
  diagnosisOf(given).findings.some((finding) => finding.id === id);

describe('the catalogue', () => {
  it('has one file, one index row, one page and one test for each rule', () => {
    const files = (folder: string, ending: string): readonly string[] =>
      readdirSync(new URL(folder, root))
        .filter((name) => name.endsWith(ending) && name !== `index${ending}`)
        .map((name) => name.slice(0, -ending.length))
        .sort();
    const sorted = [...ids].sort();
    expect(new Set(ids).size).toBe(ids.length);
    expect(files('src/diagnose/rules/', '.ts')).toEqual(sorted);
    expect(files('docs/rules/', '.md')).toEqual(sorted);
    expect(Object.keys(ruleCases).sort()).toEqual(sorted);
  });

  it.each(ids)('%s says what its page says, and names only rules that exist', (id) => {
    const rule = rules.find((entry) => entry.id === id)!;
    const page = new URL(`docs/rules/${id}.md`, root);
    expect(existsSync(page)).toBe(true);
    const text = readFileSync(page, 'utf8');
    const flat = text.replaceAll(/\s+/g, ' ');
    for (const part of [rule.title, rule.means, rule.recognised, rule.fix])
      expect(flat).toContain(part);
    for (const heading of [
      'What it means',
      'How it is recognised',
      'Known false alarms',
      'How it is fixed',
      'References',
    ]) {
      expect(text).toContain(`## ${heading}`);
    }
    for (const other of [...rule.supersedes, ...(rule.outranks ?? [])]) {
      expect(ids).toContain(other);
      expect(text).toContain(`\`${other}\``);
    }
    expect(rule.references.length).toBeGreaterThan(0);
    expect(rule.needs.length).toBeGreaterThan(0);
  });

  it('keeps each rule small', () => {
    for (const id of ids) {
      const source = readFileSync(new URL(`src/diagnose/rules/${id}.ts`, root), 'utf8');
      expect(source.split('\n').length, id).toBeLessThan(400);
    }
  });
});

describe.each(ids)('%s', (id) => {
  const rule = rules.find((entry) => entry.id === id)!;
  const own = ruleCases[id]!;

  it('fires, with evidence, a title and a confidence', () => {
    const finding = diagnosisOf(own.fires).findings.find((entry) => entry.id === id);
    expect(
      finding,
      `${id} in ${diagnosisOf(own.fires)
        .findings.map((entry) => entry.id)
        .join()}`,
    ).toBeDefined();
    expect(finding!.evidence.length).toBeGreaterThan(0);
    expect(finding!.title).not.toMatch(/undefined|null|\$\{/);
    expect(finding!.explanation).not.toMatch(/undefined|null|\$\{| {2}/);
    expect(finding!.severity).toBe(own.severity ?? rule.severity);
  });

  it('is silent where there is nothing to say', () => {
    expect(found(own.silent, id)).toBe(false);
  });

  it('is not taken in by what nearly looks like it', () => {
    expect(found(own.nearMiss, id)).toBe(false);
  });
});

describe('a crypto map that demands an ISAKMP profile', () => {
  it('is told by profile-not-matched where the peer matched none', () => {
    const given = {
      logs: [
        logOf(['map_db_check_isakmp_profile profile did not match'], {
          phase1: 'complete',
          phase2: 'failed',
          outcome: 'failed',
          profileMatched: { name: null, step: 'mm5', line: 1 },
          verdict: 'profile-not-matched',
          evidenceLines: [1],
        }),
      ],
    } satisfies Given;
    expect(found(given, 'profile-mismatch-phase2')).toBe(false);
    expect(found(given, 'profile-not-matched')).toBe(true);
  });
});

describe('confidence', () => {
  it('is proven when two hashes name two keys', () => {
    const finding = diagnosisOf(provenDifferent).findings.find(
      (entry) => entry.id === 'psk-mismatch',
    );
    expect(finding?.confidence).toBe('proven');
  });

  it('is inferred for a pattern on the wire, observed for a line of a log', () => {
    const of = (given: Given, id: string): string | undefined =>
      diagnosisOf(given).findings.find((entry) => entry.id === id)?.confidence;
    expect(of(ruleCases['peer-unreachable']!.fires, 'peer-unreachable')).toBe('inferred');
    expect(of(ruleCases['psk-mismatch']!.fires, 'psk-mismatch')).toBe('observed');
    expect(of(ruleCases['keyring-ambiguous']!.fires, 'keyring-ambiguous')).toBe('predicted');
    expect(of(ruleCases['ike-policy-mismatch']!.fires, 'ike-policy-mismatch')).toBe('observed');
  });

  it('leaves rules without their evidence unevaluated, and says so', () => {
    const { notEvaluated } = diagnosisOf(ruleCases['peer-unreachable']!.fires);
    expect(notEvaluated.map((entry) => entry.id)).toContain('keyring-ambiguous');
  });
});
