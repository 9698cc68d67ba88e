import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { canariesIn, plantCanaries } from '../support/canaries.ts';
import { testIo } from '../support/io.ts';
import { concat } from '../support/pcap-files.ts';
import { differences } from '../support/renaming.ts';
import { sampleNames } from '../support/samples.ts';

const FORMATS = ['text', 'md', 'html', 'json', 'ndjson'] as const;
const hidden = ['--redact', 'addresses,names'];

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ike-autopsy-canaries-'));
});
afterAll(() => rmSync(root, { recursive: true }));

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

async function run(cwd: string, ...argv: readonly string[]): Promise<string> {
  const io = testIo({ cwd });
  expect(await main(argv, io), io.err()).toBeLessThan(2);
  return io.out();
}

const filesOf = (folder: string): readonly (readonly [string, Uint8Array])[] =>
  readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]);

describe.each(sampleNames)('%s', (sample) => {
  const { files, canaries } = plantCanaries(sample);
  const names = files.map(({ path }) => path);
  const open = names.filter((name) => !name.endsWith('keys.json'));
  let folder = '';

  const expectNone = (what: string, octets: Uint8Array): void => {
    expect(canariesIn(octets, canaries), what).toEqual([]);
  };

  beforeAll(() => {
    folder = join(root, sample);
    mkdirSync(folder);
    for (const { path, content } of files) writeFileSync(join(folder, path), content);
  });

  it('holds each canary', () => {
    const all = files.map(({ content }) => (typeof content === 'string' ? utf8(content) : content));
    const octets = concat(utf8(names.join(' ')), ...all);
    const { length } = canariesIn(octets, canaries);
    expect(length).toBe(
      canaries.names.length + canaries.secrets.length + canaries.addresses.length,
    );
  });

  it('shows none of them in a redacted report of any form', async () => {
    for (const format of FORMATS) {
      const out = await run(folder, ...names, ...hidden, '--format', format);
      expect(out.length).toBeGreaterThan(500);
      expectNone(format, utf8(out));
    }
    await run(folder, ...names, ...hidden, '--format', 'csv', '-o', 'csv');
    const written = filesOf(join(folder, 'csv'));
    expect(written).toHaveLength(3);
    for (const [name, octets] of written) expectNone(name, octets);
  });

  it('shows none of them in a saved report that is rendered redacted', async () => {
    await run(folder, ...names, '--format', 'json', '-o', 'saved.json');
    const out = await run(folder, 'render', 'saved.json', ...hidden, '--format', 'html');
    expect(out).toBe(await run(folder, ...names, ...hidden, '--format', 'html'));
  });

  it('packs none of them into a bundle', async () => {
    await run(folder, ...names, ...hidden, '--quiet', '--bundle', 'bundle.zip');
    const zip = new Uint8Array(readFileSync(join(folder, 'bundle.zip')));
    expectNone('names in the ZIP', zip);
    const packed = Object.entries(unzipSync(zip));
    expect(packed.length).toBeGreaterThan(6);
    for (const [name, octets] of packed) expectNone(name, octets);
  });

  it('leaves none of them in copies of the evidence, which are diagnosed alike', async () => {
    await run(folder, 'redact', ...names, '--addresses', '--names', '--quiet', '-o', 'clean');
    for (const [name, octets] of filesOf(join(folder, 'clean'))) {
      expectNone(`the name ${name}`, utf8(name));
      expectNone(name, octets);
    }
    // The keys stay behind, and the replacements come of all that is given together.
    await run(folder, 'redact', ...open, '--addresses', '--names', '--quiet', '-o', 'open');
    const copies = open.map((name, i) => `i${i + 1}.${name.split('.').at(-1)!}`);
    const after = await run(join(folder, 'open'), ...copies, '--format', 'json');
    const before = await run(folder, ...open, ...hidden, '--format', 'json');
    expect(differences(comparable(before), comparable(after))).toEqual([]);
  });

  it('says the same, up to the renaming', async () => {
    const before = await run(folder, ...names, '--format', 'json');
    const after = await run(folder, ...names, ...hidden, '--format', 'json');
    expect(differences(JSON.parse(before), JSON.parse(after))).toEqual([]);
  });
});

/** What differs by nature: digests, octets that a report withholds, and lengths of messages whose names were replaced. */
const comparable = (report: string): unknown =>
  JSON.parse(report, (key, value: unknown) =>
    ['sha256', 'bytes', 'tree', 'length'].includes(key) ? null : value,
  );
