import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { createAddressMap } from '../../src/redact/address-map.ts';
import { redactCapture } from '../../src/redact/capture.ts';
import { sampleNames } from '../support/samples.ts';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;
if (!hasTshark) console.log('skipped: tshark is not installed');

const samples = new URL('../../samples/', import.meta.url);
const FIELDS = [
  'frame.number',
  'frame.time_epoch',
  'frame.len',
  'ip.checksum.status',
  'udp.checksum.status',
  'isakmp.exchangetype',
  'isakmp.typepayload',
  '_ws.malformed',
];

describe.skipIf(!hasTshark)('a redacted capture', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redact-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (path: string): string => {
    const options = [
      '-o',
      'ip.check_checksum:TRUE',
      '-o',
      'udp.check_checksum:TRUE',
      '-T',
      'fields',
    ];
    const { status, stdout } = spawnSync(
      'tshark',
      ['-r', path, ...options, ...FIELDS.flatMap((field) => ['-e', field])],
      { encoding: 'utf8' },
    );
    expect(status).toBe(0);
    return stdout;
  };

  it.each(sampleNames)('%s reads in tshark as before, checksums and all', (name) => {
    const file = ['capture.pcap', 'capture.pcapng']
      .map((end) => new URL(`${name}/${end}`, samples))
      .find((url) => {
        try {
          return readFileSync(url).length > 0;
        } catch {
          return false;
        }
      })!;
    const key = new TextEncoder().encode('a key');
    const rules = { key, addresses: createAddressMap(key), names: true, known: [] };
    const path = join(folder, name);
    writeFileSync(path, redactCapture(new Uint8Array(readFileSync(file)), rules)!);
    const ike = (text: string): readonly string[] =>
      text.split('\n').filter((line) => /\t\d+\t[\d,]*\t$/.test(line));
    const [before, after] = [ike(read(file.pathname)), ike(read(path))];
    expect(before.length).toBeGreaterThan(0);
    expect(after).toEqual(before);
  });
});
