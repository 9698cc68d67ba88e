import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const samples = fileURLToPath(new URL('../../samples', import.meta.url));
const folders = readdirSync(samples).filter((name) => existsSync(join(samples, name, 'make.ts')));
const present = spawnSync('tshark', ['--version']).status === 0;
if (!present) console.info('tshark is not installed: the samples are not compared with it');

type Row = { readonly frame: number; readonly fields: readonly string[] };

/** One row a packet of IKE; `table` gives tshark the keys of the folder. */
const dissect = (folder: string, table: boolean, fields: readonly string[]): readonly Row[] => {
  const capture = readdirSync(folder).find((name) => name.startsWith('capture.'))!;
  const text = execFileSync(
    'tshark',
    [
      ...['-o', 'udp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'],
      ...['-r', join(folder, capture), '-Y', 'isakmp', '-T', 'fields', '-e', 'frame.number'],
      ...fields.flatMap((field) => ['-e', field]),
    ],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        WIRESHARK_CONFIG_DIR: table ? join(folder, 'wireshark') : '/nonexistent',
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [frame, ...rest] = line.split('\t');
      return { frame: Number(frame), fields: rest };
    });
};

describe.skipIf(!present)('tshark on the samples', () => {
  test.each(folders)('%s: no malformed packet and right checksums', (name) => {
    const rows = dissect(join(samples, name), false, [
      '_ws.malformed',
      'ip.checksum.status',
      'udp.checksum.status',
    ]);
    expect(rows.length).toBeGreaterThan(3);
    for (const { frame, fields } of rows) expect(fields, `frame ${frame}`).toEqual(['', '1', '1']);
  });

  test.each(folders)(
    '%s: every first copy of a message decrypts with the table of the folder',
    (name) => {
      const rows = dissect(join(samples, name), true, [
        '_ws.malformed',
        'isakmp.flag_e',
        'isakmp.typepayload',
        'udp.payload',
      ]);
      const seen = new Set<string>();
      let decrypted = 0;
      for (const { frame, fields } of rows) {
        const [malformed, encryptedFlag, types, octets] = fields;
        // tshark gives a repeated message the IV that follows its first copy: only the first one opens there.
        if (seen.has(octets!)) continue;
        seen.add(octets!);
        expect(malformed, `frame ${frame}`).toBe('');
        const payloads = types!.split(',');
        if (encryptedFlag === '1') {
          // Version 1: without the key tshark names no payload of an encrypted message.
          expect(['5', '8'], `frame ${frame}`).toContain(payloads[0]);
        } else if (payloads[0] === '46') {
          // Version 2: without the key there is the encrypted payload alone.
          expect(payloads.length, `frame ${frame}`).toBeGreaterThan(1);
        } else continue;
        decrypted += 1;
      }
      expect(decrypted).toBeGreaterThan(0);
    },
  );
});
