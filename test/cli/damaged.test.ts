import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { AnalysisReport } from '../../src/model/report.ts';
import { testIo } from '../support/io.ts';

const sample = (file: string): Buffer =>
  readFileSync(new URL(`../../samples/02-r2-initiates/${file}`, import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ike-autopsy-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = async (
  files: Readonly<Record<string, Uint8Array | string>>,
  ...options: readonly string[]
): Promise<{ code: number; out: string; err: string }> => {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const io = testIo({ cwd: folder });
  const code = await main(['analyze', ...Object.keys(files), ...options], io);
  return { code, out: io.out(), err: io.err() };
};

const report = async (
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<AnalysisReport> => {
  const { code, out, err } = await run(files, '--format', 'json');
  expect(err).toBe('');
  expect(code).toBeLessThan(2);
  return JSON.parse(out) as AnalysisReport;
};

describe('an input that cannot be read at all', () => {
  const jpeg = Uint8Array.from([
    0xff,
    0xd8,
    0xff,
    0xe0,
    0,
    16,
    0x4a,
    0x46,
    0x49,
    0x46,
    ...new Array<number>(2000).fill(0x80),
  ]);
  it.each([
    ['an empty file', new Uint8Array(0), /^ike-autopsy: x: is empty; .*\n$/],
    ['a JPEG', jpeg, /^ike-autopsy: x: looks like a JPEG image; .*\n$/],
    [
      'random octets',
      Uint8Array.from({ length: 5000 }, (_, at) => (at * at * 7919) & 0xff),
      /^ike-autopsy: x: .*\n$/,
    ],
    [
      'prose',
      'Dear colleague,\nthe tunnel is down again.\n',
      /^ike-autopsy: x: nothing in it is .*\n$/,
    ],
  ])('%s is told in one line, exit code 2', async (_name, content, line) => {
    const { code, out, err } = await run({ x: content });
    expect(err).toMatch(line);
    expect(err.split('\n')).toHaveLength(2);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});

describe('damaged input is analysed as far as it goes', () => {
  it('a capture cut inside a packet', async () => {
    const whole = sample('capture.pcapng');
    const { inputs, negotiations } = await report({
      'cut.pcapng': whole.subarray(0, whole.length - 100),
    });
    expect(inputs[0]?.kind).toBe('capture');
    expect(inputs[0]?.anomalies.length).toBeGreaterThan(0);
    expect(inputs[0]?.anomalies[0]?.offset).toBeGreaterThan(0);
    expect(negotiations).toHaveLength(1);
  });

  it('a capture that holds nothing but its header', async () => {
    const header = Uint8Array.from([
      0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0,
    ]);
    const { inputs, negotiations } = await report({ 'header.pcap': header });
    expect(inputs[0]?.counts['packets']).toBe(0);
    expect(negotiations).toHaveLength(0);
  });

  it('a debug cut inside a word: what was said before it still counts', async () => {
    const whole = sample('r1-debug.txt').toString();
    const cut = whole.slice(0, whole.indexOf('Key not found in keyr') + 12);
    const { negotiations } = await report({ 'cut.txt': cut });
    const keyrings = negotiations[0]?.keyringSelections.map(
      ({ step, keyring }) => `${step} ${keyring ?? ''}`,
    );
    expect(keyrings).toEqual(['mm1 keyring1', 'mm3 keyring1', 'mm5 keyring2']);
    expect(negotiations[0]?.profileMatched?.name).toBe('profile2');
  });
});

describe('output', () => {
  it('never overwrites an input', async () => {
    const capture = sample('capture.pcapng');
    const { code, err } = await run({ 'c.pcapng': capture }, '-o', 'c.pcapng');
    expect(code).toBe(2);
    expect(err).toMatch(/^ike-autopsy: c\.pcapng: is one of the inputs .*\n$/);
    expect(readFileSync(join(folder, 'c.pcapng')).equals(capture)).toBe(true);
  });

  it('exit code 1 when a failure was found, 0 when none was', async () => {
    const failing = await run({ 'r1.txt': sample('r1-debug.txt') }, '--quiet');
    expect(failing.code).toBe(1);
    expect(failing.out.trimEnd().split('\n')).toHaveLength(1);
    const up = readFileSync(new URL('../../samples/01-r1-initiates/r1-debug.txt', import.meta.url));
    expect((await run({ 'up.txt': up }, '--quiet')).code).toBe(0);
  });
});
