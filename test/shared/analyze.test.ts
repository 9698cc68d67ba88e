import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyzeInputs } from '../../src/analyze.ts';
import { createInputReader } from '../../src/intake/input.ts';
import type { AnalysisReport } from '../../src/model/report.ts';

const shared =
  process.env.IKE_AUTOPSY_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const captures = join(shared, 'captures');
const examples = join(shared, 'ios-debug', 'examples');
const reference = join(shared, 'reference', 'keyring-and-profile-selection.txt');
const present = existsSync(captures) && existsSync(examples) && existsSync(reference);
if (!present) console.warn(`skipped: no shared evidence at ${shared} (set IKE_AUTOPSY_SHARED)`);

type File = { readonly name: string; readonly content: Uint8Array };

function analyze(files: readonly File[]): AnalysisReport {
  let captureIndex = 0;
  const inputs = files.map(({ name, content }, index) => {
    const reader = createInputReader({
      id: `i${index + 1}`,
      path: name,
      captureIndex,
      router: null,
      ports: [],
      year: null,
      as: 'evidence',
    });
    reader.push(content);
    const input = reader.end();
    if (input.kind === 'unreadable') throw new Error(`${name}: ${input.why}`);
    if (input.kind === 'capture') captureIndex += 1;
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

const read = (path: string): File => ({
  name: path.split('/').at(-1)!,
  content: readFileSync(path),
});
const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** Words of the capture truth in ours. */
const VERDICTS: Readonly<Record<string, readonly string[]>> = {
  success: ['tunnel-up'],
  'no-response': ['peer-unreachable'],
  'no-proposal': ['ike-policy-mismatch'],
  'peer-id-rejected': ['identity-mismatch'],
  'responder-no-psk': ['no-psk-for-peer'],
  'phase2-id-mismatch': ['proxy-identity-mismatch'],
  'phase2-no-proposal': ['transform-set-mismatch', 'pfs-mismatch'],
  'truncated-capture': ['capture-truncated'],
};

type CaptureTruth = {
  readonly negotiations: readonly {
    readonly initiatorCookie: string;
    readonly verdictCode: string;
  }[];
};

const cases = present ? readdirSync(captures).filter((name) => /^v\d/.test(name)) : [];

describe.skipIf(!present)('captures of real daemons', () => {
  it.each(cases)('%s from packets alone', (name) => {
    const folder = join(captures, name);
    const file = readdirSync(folder).find((entry) => entry.startsWith('capture.'))!;
    const truth = json(join(folder, 'expected.json')) as CaptureTruth;
    const report = analyze([read(join(folder, file))]);
    for (const { initiatorCookie, verdictCode } of truth.negotiations) {
      const own = report.negotiations.filter((entry) => entry.initiatorCookie === initiatorCookie);
      const wanted = VERDICTS[verdictCode] ?? [verdictCode];
      expect(
        own.some((entry) => wanted.includes(entry.verdict)),
        `${initiatorCookie} ${verdictCode}: ${own.map((entry) => entry.verdict).join()}`,
      ).toBe(true);
    }
    expect(report.negotiations).toHaveLength(truth.negotiations.length);
    for (const finding of report.findings.filter((entry) => entry.id === 'psk-mismatch')) {
      expect(finding.confidence).toBe('inferred');
    }
  });

  it.each(cases)('%s with the keys of the daemons', (name) => {
    const folder = join(captures, name);
    const file = readdirSync(folder).find((entry) => entry.startsWith('capture.'))!;
    const truth = json(join(folder, 'expected.json')) as CaptureTruth;
    const report = analyze([read(join(folder, file)), read(join(folder, 'secrets.json'))]);
    for (const { initiatorCookie, verdictCode } of truth.negotiations) {
      const own = report.negotiations.filter((entry) => entry.initiatorCookie === initiatorCookie);
      const wanted = VERDICTS[verdictCode] ?? [verdictCode];
      expect(
        own.some((entry) => wanted.includes(entry.verdict)),
        `${initiatorCookie} ${verdictCode}: ${own.map((entry) => entry.verdict).join()}`,
      ).toBe(true);
    }
  });
});

type LogTruth = {
  readonly primaryVerdict: string;
  readonly primaryNegotiation: string;
  readonly negotiations: readonly {
    readonly id: string;
    readonly role: string;
    readonly verdict: string;
    readonly evidenceLines?: readonly number[];
  }[];
};

const folders = present ? readdirSync(examples).filter((name) => /^\d\d-/.test(name)) : [];

describe.skipIf(!present)('example debugs', () => {
  it.each(folders)('%s', (name) => {
    const folder = join(examples, name);
    const files = ['log.txt', 'config.txt'].filter((file) => existsSync(join(folder, file)));
    const truth = json(join(folder, 'expected.json')) as LogTruth;
    const report = analyze(files.map((file) => read(join(folder, file))));
    expect(report.verdict.finding).toBe(truth.primaryVerdict);
    expect(report.negotiations.map((entry) => entry.verdict)).toEqual(
      truth.negotiations.map((entry) => entry.verdict),
    );
    const primary = truth.negotiations.find((entry) => entry.id === truth.primaryNegotiation)!;
    const spoken = report.negotiations.find((entry) => entry.id === report.verdict.negotiation)!;
    expect(spoken.role).toBe(primary.role);
    for (const negotiation of truth.negotiations) {
      const cited = report.findings
        .filter((finding) => finding.id === negotiation.verdict)
        .flatMap((finding) => finding.evidence.map((item) => item.line));
      expect(cited).toEqual(expect.arrayContaining([...(negotiation.evidenceLines ?? [])]));
    }
  });
});

/** The listings of the reference as they stand, prose and page breaks included. */
function listing(from: string, to: string): File {
  const lines = readFileSync(reference, 'utf8').split('\n');
  const first = lines.findIndex((line) => line.startsWith(from));
  const end = lines.findIndex((line, index) => index > first && line.startsWith(to));
  return {
    name: 'paste.txt',
    content: new TextEncoder().encode(lines.slice(first, end).join('\n')),
  };
}

describe.skipIf(!present)('listings of the reference', () => {
  it('R1 initiates: two routers spliced into one paste', () => {
    const report = analyze([
      listing('R1# debug crypto isakmp', 'This scenario works correctly only'),
    ]);
    expect(report.verdict.finding).toBe('tunnel-up');
    const initiator = report.negotiations.find((entry) => entry.role === 'initiator')!;
    const responder = report.negotiations.find((entry) => entry.role === 'responder')!;
    expect(initiator.pairedWith).toEqual([responder.id]);
    expect(
      initiator.keyringSelections.map((entry) => `${entry.step} ${entry.keyring ?? '?'}`),
    ).toEqual(['mm1 keyring2', 'mm2 keyring2', 'mm4 keyring2']);
    expect(responder.profileMatched?.name).toBe('profile1');
  });

  it('R2 initiates', () => {
    const report = analyze([listing('R2#ping', 'The previous scenarios used')]);
    expect(report.verdict.finding).toBe('keyring-mismatch-after-mm5');
    const responder = report.negotiations.find((entry) => entry.role === 'responder')!;
    expect(responder.profileMatched?.name).toBe('profile2');
    expect(responder.divergence?.step).toBe('mm5');
    expect(report.negotiations.map((entry) => entry.verdict)).toEqual([
      'keyring-mismatch-after-mm5',
      'keyring-mismatch-after-mm5',
    ]);
  });

  it('different keys', () => {
    const report = analyze([
      listing('*Jul 16 20:21:25.317', 'This is a summary of the keyring selection'),
    ]);
    expect(report.verdict.finding).toBe('psk-mismatch');
    expect(report.negotiations[0]?.role).toBe('responder');
  });
});
