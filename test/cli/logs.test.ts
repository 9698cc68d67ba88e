import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { testIo } from '../support/io.ts';

const sample = fileURLToPath(new URL('../../samples/02-r2-initiates/', import.meta.url));
const forms = ['text', 'json', 'ndjson', 'csv'];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ike-autopsy-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Run = { readonly code: number; readonly out: string; readonly err: string };

async function run(argv: readonly string[], stdin?: Uint8Array): Promise<Run> {
  const io = testIo({ cwd: sample, ...(stdin && { stdin }) });
  const code = await main(['log', ...argv], io);
  return { code, out: io.out(), err: io.err() };
}

const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describe.each(forms)('log --format %s', (form) => {
  it('refuses what is no log, whatever it is', async () => {
    const empty = put('empty.txt', '');
    const prose = put('prose.txt', 'nothing works\n');
    for (const path of [empty, prose, 'capture.pcapng', 'r1-config.txt', 'missing.txt']) {
      const { code, out, err } = await run([path, '--format', form]);
      expect({ path, code, out }).toEqual({ path, code: 2, out: '' });
      expect(err.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('reads standard input and packed files as it reads a file', async () => {
    const debug = new Uint8Array(readFileSync(join(sample, 'r2-debug.txt')));
    const told = await run(['r2-debug.txt', '--format', form]);
    expect(told.code).toBe(1);
    const piped = await run(['-', '--format', form], debug);
    // Standard input as it is named in text, in JSON and, so that it is no formula, in CSV.
    expect(piped.out.replace(/^-$|(?<="path":")-(?=")|^'-(?=,)/gm, 'r2-debug.txt')).toBe(told.out);
    const packed = put('r2-debug.txt.gz', gzipSync(debug));
    const unpacked = await run([packed, '--format', form]);
    expect(unpacked.out.replaceAll(packed, 'r2-debug.txt')).toBe(told.out);
  });
});

it('tells events and negotiations alike in JSON and NDJSON', async () => {
  const logs = ['r1-debug.txt', 'r2-debug.txt'];
  type Row = { kind?: string; router?: string | null };
  const document = JSON.parse((await run([...logs, '--format', 'json'])).out) as {
    events: Row[];
    negotiations: Row[];
  };
  const lines = (await run([...logs, '--format', 'ndjson'])).out.trimEnd().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as Row);
  const of = (wanted: string): Row[] =>
    rows.filter(({ kind }) => kind === wanted).map((row) => ({ ...row, kind: undefined }));
  expect(of('negotiation')).toEqual(document.negotiations);
  // What names the router may stand further down than the line.
  const unnamed = (row: Row): Row => ({ ...row, router: null });
  expect(of('event').map(unnamed)).toEqual(document.events.map(unnamed));
});

it('names the router of every event once the log is read', async () => {
  const debug = readFileSync(join(sample, 'r2-debug.txt'), 'utf8').replace(/^R2[#>].*\n/gm, '');
  const path = put('late.txt', `${debug}\nR9#undebug all\n`);
  const { out } = await run([path, '--format', 'json']);
  const { events } = JSON.parse(out) as { events: { router: string | null }[] };
  expect(new Set(events.map(({ router }) => router))).toEqual(new Set(['R9']));
});
