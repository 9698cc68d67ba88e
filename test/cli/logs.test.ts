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

it('ends with 1 for a tunnel that came up and was lost, and with 0 for one that is up', async () => {
  const up = readFileSync(
    new URL('../fixtures/logparse/05-tunnel-up-xe.txt', import.meta.url),
    'utf8',
  );
  const id = /ISAKMP: \((\d{4})\)/.exec(up)![1]!;
  const lost = `Feb 29 2024 08:00:00.000: ISAKMP: (${id}):peer 198.51.100.129 not responding!
Feb 29 2024 08:00:00.001: ISAKMP: (${id}):deleting SA reason "Dead Peer Detection" state (I) QM_IDLE       (peer 198.51.100.129)
`;
  expect((await run([put('up.txt', up)])).code).toBe(0);
  expect((await run([put('lost.txt', `${up}\n${lost}`)])).code).toBe(1);
});

it('tells events and negotiations alike in JSON and NDJSON', async () => {
  const logs = ['r1-debug.txt', 'r2-debug.txt'];
  type Row = { kind?: string | undefined; router?: string | null };
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

describe('a part of a log', () => {
  type Part = {
    readonly negotiations: readonly { readonly peerAddress: string; readonly events: number }[];
    readonly events: readonly { readonly line: number }[];
  };
  const peers = async (...bounds: readonly string[]): Promise<readonly string[]> => {
    const { out, err } = await run([three(), '--format', 'json', ...bounds]);
    expect(err).toBe('');
    const { negotiations, events } = JSON.parse(out) as Part;
    // Nothing but the events of what is told.
    if (bounds.length > 0)
      expect(events).toHaveLength(negotiations.reduce((sum, each) => sum + each.events, 0));
    return negotiations.map(({ peerAddress }) => peerAddress);
  };
  /** Two attempts on the third of September of no year, one on the 29th of February 2024. */
  const three = (): string =>
    put(
      'three.txt',
      [
        join(sample, 'r1-debug.txt'),
        join(sample, '../09-initiator-profile-unset/r1-debug.txt'),
        fileURLToPath(new URL('../fixtures/logparse/05-tunnel-up-xe.txt', import.meta.url)),
      ]
        .map((path) => readFileSync(path, 'utf8'))
        .join(''),
    );

  it('is what one peer did', async () => {
    expect(await peers()).toEqual(['192.168.0.2', '192.168.0.2', '198.51.100.129']);
    expect(await peers('--peer', '198.51.100.129')).toEqual(['198.51.100.129']);
    expect(await peers('--peer', '198.51.100.65')).toEqual(['198.51.100.129']);
    expect(await peers('--peer', '203.0.113.1')).toEqual([]);
  });

  it('is what happened in a span of time, in the year that was asked for where the log names none', async () => {
    expect(await peers('--since', '2024-02-29', '--until', '2024-03-01')).toEqual([
      '198.51.100.129',
    ]);
    const morning = ['--since', '2025-09-03T14:22:10Z', '--until', '2025-09-03T14:30:00Z'];
    expect(await peers(...morning)).toEqual(['192.168.0.2']);
    expect(await peers('--until', '2019-01-01', '--year', '2020')).toEqual([]);
  });

  it('is said to be one, and told alike in every form', async () => {
    const bounds = ['--peer', '198.51.100.129'];
    const text = (await run([three(), ...bounds])).out;
    expect(text).toContain('1 negotiation selected');
    expect(text).not.toContain('192.168.0.2');
    const none = (await run([three(), '--peer', '203.0.113.1'])).out;
    expect(none).toContain('Without --peer, --since and --until all are told');
    for (const form of ['ndjson', 'csv']) {
      const { out } = await run([three(), ...bounds, '--format', form]);
      expect(out.trimEnd().split('\n').length).toBeGreaterThan(50);
      expect(out).not.toContain('192.168.0.2');
    }
  });
});

describe('log of a paste that holds a configuration', () => {
  const paste = [
    'R1#show run | section crypto',
    'crypto keyring Branch-Lyon-1',
    ' pre-shared-key address 192.0.2.9 key Branch-Lyon-1',
    ' pre-shared-key address 192.0.2.10 key Quartz-77-Lamp',
    'crypto isakmp key Basalt-Lamp-8 address 192.0.2.11',
    'crypto isakmp key "Quartz-77-Lamp" address 192.0.2.12',
    'R1#',
    '*Sep  3 14:22:07.550: ISAKMP:(0):found peer pre-shared key matching 192.0.2.9',
    '*Sep  3 14:22:07.552: ISAKMP: Found key for 192.0.2.9 in keyring Branch-Lyon-1',
    '*Sep  3 14:22:07.553: ISAKMP: somebody typed Quartz-77-Lamp here',
    'Jean says Basalt-Lamp-8 is what they have',
  ].join('\n');

  it.each([
    ['text', '--unmatched'],
    ['json', '--no-color'],
    ['csv', '--no-color'],
  ])('hides its keys wherever they stand: %s', async (form, option) => {
    const { out } = await run([put('paste.txt', paste), '--format', form, option]);
    expect(out).not.toMatch(/Quartz|Basalt/);
    expect(out).toContain('in keyring Branch-Lyon-1');
    expect(out).toMatch(/somebody typed <key#\d> here/);
  });

  it('calls equal keys alike and others otherwise', async () => {
    const { out } = await run([put('paste.txt', paste), '--unmatched']);
    const tokens = Array.from(
      out.matchAll(/(?:isakmp key|10 key|says) (\S+)/g),
      ([, token]) => token,
    );
    expect(tokens).toHaveLength(4);
    const [ring, global, quoted, said] = tokens;
    expect(global).toBe(said);
    expect(new Set([ring, global]).size).toBe(2);
    expect(quoted).toMatch(/^<key#\d>$/);
  });
});
