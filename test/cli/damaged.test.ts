import { execFileSync } from 'node:child_process';
import {
  closeSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
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
    [
      'an empty file, packed',
      gzipSync(''),
      /^ike-autopsy: x: holds nothing but an empty file, .*\n$/,
    ],
    [
      'a file packed twice',
      gzipSync(gzipSync(sample('capture.pcapng'))),
      /^ike-autopsy: x: is packed twice; .*\n$/,
    ],
    ['a JPEG', jpeg, /^ike-autopsy: x: looks like a JPEG image; .*\n$/],
    [
      'random octets',
      Uint8Array.from({ length: 5000 }, (_, at) => (at * at * 7919) & 0xff),
      /^ike-autopsy: x: .*\n$/,
    ],
    [
      'prose',
      'Dear colleague,\nthe tunnel is down again.\n',
      /^ike-autopsy: x: holds no capture, .*\n$/,
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

  it.each([
    ['keys', (name: string) => ['--keys', name]],
    ['candidates', (name: string) => ['--psk-file', name]],
    ['a router', (name: string) => ['--router', `R1=${name}`]],
  ])('never overwrites an input that an option names: %s', async (_what, option) => {
    const other = sample('r2-debug.txt');
    writeFileSync(join(folder, 'other.txt'), other);
    const debug = { 'r1.txt': sample('r1-debug.txt') };
    const { code, err } = await run(debug, ...option('other.txt'), '-o', './other.txt');
    expect(code).toBe(2);
    expect(err).toMatch(/^ike-autopsy: \.\/other\.txt: is one of the inputs .*\n$/);
    expect(readFileSync(join(folder, 'other.txt')).equals(other)).toBe(true);
  });

  it('never overwrites the report that it renders', async () => {
    await run({ 'r1.txt': sample('r1-debug.txt') }, '--format', 'json', '-o', 'saved.json');
    const before = readFileSync(join(folder, 'saved.json'));
    const io = testIo({ cwd: folder });
    expect(await main(['render', 'saved.json', '-o', 'saved.json'], io)).toBe(2);
    expect(readFileSync(join(folder, 'saved.json')).equals(before)).toBe(true);
  });

  it('leaves a link a link, and writes into a pipe instead of over it', async () => {
    const debug = { 'r1.txt': sample('r1-debug.txt') };
    writeFileSync(join(folder, 'target'), '');
    symlinkSync('target', join(folder, 'link'));
    await run(debug, '--quiet', '-o', 'link');
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'target'), 'utf8')).toContain('keyring-mismatch');

    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const held = openSync(join(folder, 'pipe'), 'r+');
    await run(debug, '--quiet', '-o', 'pipe');
    expect(lstatSync(join(folder, 'pipe')).isFIFO()).toBe(true);
    const octets = Buffer.alloc(1000);
    expect(octets.toString('utf8', 0, readSync(held, octets))).toContain('keyring-mismatch');
    closeSync(held);
  });

  it('exit code 1 when a failure was found, 0 when none was', async () => {
    const failing = await run({ 'r1.txt': sample('r1-debug.txt') }, '--quiet');
    expect(failing.code).toBe(1);
    expect(failing.out.trimEnd().split('\n')).toHaveLength(1);
    const up = readFileSync(new URL('../../samples/01-r1-initiates/r1-debug.txt', import.meta.url));
    expect((await run({ 'up.txt': up }, '--quiet')).code).toBe(0);
  });
});
