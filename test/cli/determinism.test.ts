import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyze } from '../../src/index.ts';
import { readSample, sampleNames } from '../support/samples.ts';
import { commandPath } from '../support/workbench.ts';

const sample = fileURLToPath(new URL('../../samples/02-r2-initiates/', import.meta.url));
const evidence = readSample('02-r2-initiates').map(({ path }) => path);
const logs = evidence.filter((path) => path.endsWith('debug.txt'));

/** Places and habits that sort, count, date or write numbers differently. */
const MACHINES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Kathmandu, German': { TZ: 'Asia/Kathmandu', LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' },
  'Newfoundland, Turkish': { TZ: 'America/St_Johns', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
  'Kiritimati, no locale': { TZ: 'Pacific/Kiritimati', LC_ALL: 'C', LANG: 'C', COLUMNS: '200' },
};

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  text: ['analyze', ...evidence],
  json: ['analyze', ...evidence, '--format', 'json'],
  html: ['analyze', ...evidence, '--format', 'html'],
  md: ['analyze', ...evidence, '--format', 'md'],
  redacted: ['analyze', ...evidence, '--format', 'json', '--redact', 'addresses,names'],
  log: ['log', ...logs],
  decode: ['decode', ...evidence.filter((path) => /pcap|keys/.test(path))],
  predict: ['predict', ...evidence.filter((path) => path.includes('config'))],
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ike-autopsy-elsewhere-'));
  cpSync(sample, join(folder, 'copy of it'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(argv: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Buffer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [commandPath, ...argv], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    maxBuffer: 1 << 28,
  });
  expect(stderr.toString()).toBe('');
  expect(status).toBeLessThan(2);
  return stdout;
}

describe('the same evidence gives the same octets', () => {
  const here = { TZ: 'UTC', LC_ALL: 'en_US.UTF-8' };

  it.each(Object.entries(COMMANDS))('%s, whatever place, language and folder', (_, argv) => {
    const expected = run(argv, sample, here);
    expect(expected.length).toBeGreaterThan(1000);
    for (const [name, env] of Object.entries(MACHINES))
      expect(run(argv, join(folder, 'copy of it'), env).equals(expected), name).toBe(true);
  });

  it('in the files of a table and in a bundle', () => {
    const written = (env: Readonly<Record<string, string>>, name: string): readonly Buffer[] => {
      const out = join(folder, name);
      const zip = join(folder, `${name}.zip`);
      run([...COMMANDS['text']!, '--format', 'csv', '-o', out, '--bundle', zip], sample, env);
      const tables = readdirSync(out).map((file) => readFileSync(join(out, file)));
      return [...tables, readFileSync(zip)];
    };
    const expected = written(here, 'here');
    expect(expected).toHaveLength(4);
    for (const [i, env] of Object.values(MACHINES).entries())
      written(env, `there ${i}`).forEach((octets, at) => {
        expect(octets.equals(expected[at]!)).toBe(true);
      });
  });
});

describe('the order in which files are named', () => {
  it.each(sampleNames)('does not matter to what is found: %s', (name) => {
    const files = readSample(name);
    const found = (order: typeof files): unknown => {
      const { verdict, findings, negotiations } = analyze(order);
      return {
        finding: verdict.finding,
        sentence: verdict.summary.split('. ')[0]!.replace(/ Warning.*/, ''),
        // Those of one rank come in the order of the files.
        findings: findings
          .map(({ id, severity, confidence, title }) => [id, severity, confidence, title].join(' '))
          .toSorted(),
        negotiations: negotiations
          .map(({ router, role, outcome, verdict: id, failingStep, frames }) =>
            JSON.stringify([router, role, outcome, id, failingStep, frames]),
          )
          .toSorted(),
      };
    };
    const expected = found(files);
    expect(found(files.toReversed())).toEqual(expected);
    expect(found([...files.slice(3), ...files.slice(0, 3)])).toEqual(expected);
  });
});
