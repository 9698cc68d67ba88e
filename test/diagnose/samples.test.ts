import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { analyzeInputs } from '../../src/analyze.ts';
import type { DigestedInput } from '../../src/analyze.ts';
import { createInputReader } from '../../src/intake/input.ts';
import type { AnalysisReport } from '../../src/model/report.ts';
import { sampleNames } from '../support/samples.ts';

/** What was taken away, as a pattern over the file names of a sample. */
const SUBSETS = {
  nothing: /^$/,
  'the capture': /^capture\./,
  'the keys': /^(?:keys\.json|psk\.txt)$/,
  'the log of R1': /^r1-debug/,
  'the log of R2': /^r2-debug/,
  'both logs': /debug/,
  'the configuration of R1': /^r1-config/,
  'the configuration of R2': /^r2-config/,
  'both configurations': /config/,
  'everything but the logs': /^(?:capture|keys|psk|r\d-config)/,
  'everything but the capture': /^(?:keys|psk|r\d-)/,
} as const;
type Subset = keyof typeof SUBSETS;

const EVIDENCE = /^(?:capture\.pcap(?:ng)?|keys\.json|psk\.txt|r[12]-(?:config|debug)\.txt)$/;

function analyzeWithout(sample: string, removed: RegExp): AnalysisReport {
  let captures = 0;
  const folder = new URL(`../../samples/${sample}/`, import.meta.url);
  const inputs = readdirSync(folder)
    .filter((name) => EVIDENCE.test(name) && !removed.test(name))
    .sort()
    .map((name, index): DigestedInput => {
      const reader = createInputReader({
        id: `i${index + 1}`,
        path: name,
        captureIndex: captures,
        router: null,
        ports: [],
        year: null,
        as: name === 'psk.txt' ? 'psk-list' : 'evidence',
      });
      reader.push(readFileSync(new URL(name, folder)));
      const input = reader.end();
      if (input.kind === 'unreadable') throw new Error(`${name}: ${input.why}`);
      if (input.kind === 'capture') captures += 1;
      return { input, sha256: '' };
    });
  return analyzeInputs(inputs, {
    candidates: [],
    peer: null,
    since: null,
    until: null,
    tz: null,
    showSecrets: false,
  });
}

/** Primary finding and its confidence; a bare word where only the finding is fixed. */
type Expectation = string;
type Row = Readonly<Record<Subset, Expectation>>;

const up = (warning: string | null = null, holder: 'R1' | 'R2' = 'R1'): Row => {
  const withConfig = warning === null ? 'tunnel-up proven' : `${warning} predicted`;
  const without = (router: 'R1' | 'R2'): string =>
    router === holder ? 'tunnel-up proven' : withConfig;
  return {
    nothing: withConfig,
    'the capture': warning === null ? 'tunnel-up observed' : withConfig,
    'the keys': warning === null ? 'tunnel-up observed' : withConfig,
    'the log of R1': withConfig,
    'the log of R2': withConfig,
    'both logs': withConfig,
    'the configuration of R1': without('R1'),
    'the configuration of R2': without('R2'),
    'both configurations': 'tunnel-up proven',
    'everything but the logs': 'tunnel-up observed',
    'everything but the capture': 'tunnel-up inferred',
  };
};

const EXPECTED: Readonly<Record<string, Row>> = {
  '01-r1-initiates': up(),
  '02-r2-initiates': {
    nothing: 'keyring-mismatch-after-mm5 observed',
    'the capture': 'keyring-mismatch-after-mm5 observed',
    'the keys': 'keyring-mismatch-after-mm5 observed',
    'the log of R1': 'keyring-mismatch-after-mm5 predicted',
    'the log of R2': 'keyring-mismatch-after-mm5 observed',
    'both logs': 'keyring-mismatch-after-mm5 predicted',
    'the configuration of R1': 'keyring-mismatch-after-mm5 observed',
    'the configuration of R2': 'keyring-mismatch-after-mm5 observed',
    'both configurations': 'keyring-mismatch-after-mm5 observed',
    'everything but the logs': 'keyring-mismatch-after-mm5 observed',
    'everything but the capture': 'mm5-unanswered inferred',
  },
  '03-different-keys': {
    nothing: 'psk-mismatch proven',
    'the capture': 'psk-mismatch observed',
    'the keys': 'psk-mismatch observed',
    'the log of R1': 'psk-mismatch predicted',
    'the log of R2': 'psk-mismatch proven',
    'both logs': 'psk-mismatch predicted',
    'the configuration of R1': 'psk-mismatch observed',
    'the configuration of R2': 'psk-mismatch proven',
    'both configurations': 'psk-mismatch observed',
    'everything but the logs': 'psk-mismatch observed',
    'everything but the capture': 'mm5-unanswered inferred',
  },
  '04-initiator-without-profile': up(),
  '05-responder-most-specific': {
    nothing: 'psk-mismatch proven',
    'the capture': 'psk-mismatch observed',
    'the keys': 'psk-mismatch observed',
    'the log of R1': 'psk-mismatch predicted',
    'the log of R2': 'psk-mismatch proven',
    'both logs': 'psk-mismatch predicted',
    'the configuration of R1': 'psk-mismatch observed',
    'the configuration of R2': 'psk-mismatch proven',
    'both configurations': 'psk-mismatch observed',
    'everything but the logs': 'psk-mismatch observed',
    'everything but the capture': 'mm5-unanswered inferred',
  },
  '06-same-address-keyrings': up('keyring-ambiguous', 'R1'),
  '07-default-keyring': {
    nothing: 'default-keyring-shadows proven',
    'the capture': 'default-keyring-shadows observed',
    'the keys': 'default-keyring-shadows observed',
    'the log of R1': 'default-keyring-shadows predicted',
    'the log of R2': 'default-keyring-shadows proven',
    'both logs': 'default-keyring-shadows predicted',
    'the configuration of R1': 'psk-mismatch observed',
    'the configuration of R2': 'default-keyring-shadows proven',
    'both configurations': 'psk-mismatch observed',
    'everything but the logs': 'psk-mismatch observed',
    'everything but the capture': 'mm5-unanswered inferred',
  },
  '08-ikev2-unaffected': up(),
  '09-initiator-profile-unset': up(),
  '10-responder-profile': up('profile-overlap', 'R2'),
  '11-wrong-profile-right-keyring': {
    nothing: 'profile-mismatch-phase2 observed',
    'the capture': 'profile-mismatch-phase2 observed',
    'the keys': 'profile-mismatch-phase2 observed',
    'the log of R1': 'profile-mismatch-phase2 observed',
    'the log of R2': 'profile-mismatch-phase2 predicted',
    'both logs': 'profile-mismatch-phase2 predicted',
    'the configuration of R1': 'profile-mismatch-phase2 observed',
    'the configuration of R2': 'profile-mismatch-phase2 observed',
    'both configurations': 'profile-mismatch-phase2 observed',
    'everything but the logs': 'profile-mismatch-phase2 observed',
    // IOS refuses every part of quick mode in the same words.
    'everything but the capture': 'inconclusive inferred',
  },
  '12-certificates': {
    nothing: 'certificate-trustpoint-mismatch observed',
    'the capture': 'certificate-trustpoint-mismatch observed',
    'the keys': 'certificate-trustpoint-mismatch observed',
    'the log of R1': 'certificate-trustpoint-mismatch predicted',
    'the log of R2': 'certificate-trustpoint-mismatch observed',
    'both logs': 'certificate-trustpoint-mismatch predicted',
    'the configuration of R1': 'certificate-trustpoint-mismatch observed',
    'the configuration of R2': 'certificate-trustpoint-mismatch observed',
    'both configurations': 'certificate-trustpoint-mismatch observed',
    'everything but the logs': 'certificate-trustpoint-mismatch observed',
    'everything but the capture': 'mm5-unanswered inferred',
  },
};

const RANK = ['predicted', 'inferred', 'observed', 'proven'];

describe('the samples', () => {
  it('are all in the table', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual([...sampleNames].sort());
  });

  describe.each(Object.keys(EXPECTED))('%s', (sample) => {
    const row = EXPECTED[sample]!;
    const reports = new Map<Subset, AnalysisReport>();
    const reportOf = (subset: Subset): AnalysisReport => {
      const held = reports.get(subset) ?? analyzeWithout(sample, SUBSETS[subset]);
      reports.set(subset, held);
      return held;
    };

    it.each(Object.keys(SUBSETS) as Subset[])('without %s', (subset) => {
      const report = reportOf(subset);
      const finding = report.findings.find((entry) => entry.id === report.verdict.finding);
      expect(`${report.verdict.finding ?? 'none'} ${finding?.confidence ?? ''}`).toBe(row[subset]);
      const full = reportOf('nothing').findings.find((entry) => entry.id === finding?.id);
      if (full !== undefined && finding !== undefined) {
        expect(RANK.indexOf(finding.confidence)).toBeLessThanOrEqual(RANK.indexOf(full.confidence));
      }
      // What is less than certain names the evidence that would make it certain.
      if (
        finding?.severity === 'failure' &&
        finding.confidence !== 'proven' &&
        finding.confidence !== 'observed'
      ) {
        expect(finding.settle.length).toBeGreaterThan(0);
      }
      for (const entry of report.findings) expect(entry.evidence.length).toBeGreaterThan(0);
    });

    it('cites only places that exist', () => {
      const report = reportOf('nothing');
      const ids = new Set(report.inputs.map((input) => input.id));
      for (const finding of report.findings) {
        for (const item of finding.evidence) {
          expect(ids.has(item.input)).toBe(true);
          expect((item.line ?? item.frame ?? 0) > 0).toBe(true);
        }
      }
    });
  });
});

describe('the reference incident', () => {
  const report = analyzeWithout('02-r2-initiates', SUBSETS.nothing);
  const responder = report.negotiations.find((entry) => entry.router === 'R1')!;

  it('names router, role, keyrings, profile, the only working direction and what to type', () => {
    const { summary } = report.verdict;
    for (const part of [
      'R1 (responder)',
      'keyring1',
      'profile profile2',
      'keyring2',
      'when R1 initiates, the tunnel comes up',
      'Type: crypto',
    ]) {
      expect(summary).toContain(part);
    }
    expect(summary).not.toContain('undefined');
  });

  it('finds the divergence at MM5, where the keyring of MM3 is not one of the profile', () => {
    expect(responder.divergence).toEqual({
      step: 'mm5',
      text: expect.stringContaining('keyring2') as string,
    });
    const mm3 = responder.decisions.find(
      (entry) => entry.step === 'mm3' && entry.side === 'responder',
    )!;
    expect(mm3.expected?.value).toBe('keyring1');
    expect(mm3.observed?.value).toBe('keyring1');
    expect(mm3.verdict).toBe('agrees');
    const mm4 = responder.decisions.find((entry) => entry.step === 'mm4')!;
    // Two keyrings hold one value, and no packet can tell them apart.
    expect(mm4.proven?.value).toBe('keyring1 or keyring2');
  });

  it('joins both logs to the capture and sets both clocks', () => {
    expect(report.negotiations).toHaveLength(2);
    for (const negotiation of report.negotiations) {
      expect(negotiation.frames.length).toBeGreaterThan(0);
      expect(negotiation.pairedWith).toHaveLength(2);
      expect(negotiation.pairedBy).toHaveLength(2);
    }
    for (const router of report.routers) expect(router.clock.offsetMs).not.toBeNull();
  });

  it('offers a repair that was replayed', () => {
    const finding = report.findings[0]!;
    expect(finding.id).toBe('keyring-mismatch-after-mm5');
    expect(finding.remedies.some((remedy) => remedy.verified && remedy.config !== undefined)).toBe(
      true,
    );
  });
});

describe('IKEv2', () => {
  const report = analyzeWithout('08-ikev2-unaffected', SUBSETS.nothing);
  const [negotiation] = report.negotiations;

  it('chooses keyring and profile as the configurations say, each side its own', () => {
    expect(
      negotiation!.decisions.map(({ side, what, expected, observed, verdict }) => [
        side,
        what,
        expected?.value,
        observed?.value,
        verdict,
      ]),
    ).toEqual([
      ['initiator', 'keyring', 'keyring1', 'keyring1', 'agrees'],
      ['responder', 'keyring', 'keyring2', 'keyring2', 'agrees'],
      ['responder', 'profile', 'profile2', 'profile2', 'agrees'],
    ]);
  });

  it('counts what the initiator does before its first packet to the attempt', () => {
    const logs = report.inputs.filter(({ kind }) => kind === 'ios-debug');
    expect(logs.map(({ counts }) => counts['negotiations'])).toEqual([1, 1]);
  });
});

describe('a key of which the responder has none', () => {
  it('is named by its phrase, not as the key of a keyring', () => {
    const text = analyzeWithout('03-different-keys', /r1-config/).negotiations[0]!.divergence!.text;
    expect(text).toContain('it was made with the key');
    expect(text).not.toContain('the key of the ');
    expect(text).not.toContain('the key of a key');
  });
});

describe('MM5 that nobody answers', () => {
  const unanswered = (sample: string, removed: RegExp): AnalysisReport['findings'][number] =>
    analyzeWithout(sample, removed).findings.find(({ id }) => id === 'mm5-unanswered')!;

  it('is told with what the configuration of the responder would do to it', () => {
    for (const removed of [/debug|r2-config|keys|psk/, /capture|r1-debug|r2-config|keys|psk/]) {
      const { explanation, evidence, remedies } = unanswered('02-r2-initiates', removed);
      expect(explanation).toContain(
        'at MM3 it takes that of keyring1 for 192.168.0.2, and ISAKMP profile profile2, which this address as identity matches, allows keyring2',
      );
      expect(evidence.map(({ line }) => line)).toEqual(expect.arrayContaining([22, 35]));
      expect(remedies[0]!.verified).toBe(false);
      expect(remedies.slice(1).map(({ verified }) => verified)).toContain(true);
    }
  });

  it('is told without a guess where that would take it', () => {
    // The responder has no configuration here, or one that accepts the keyring.
    for (const [sample, removed] of [
      ['02-r2-initiates', /debug|r1-config|keys|psk/],
      ['05-responder-most-specific', /debug|r2-config|keys|psk/],
    ] as const) {
      const { explanation, remedies } = unanswered(sample, removed);
      expect(explanation).not.toContain('By its configuration');
      expect(remedies).toHaveLength(1);
    }
  });
});
