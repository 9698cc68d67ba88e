import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { solveExchanges } from '../../src/exchange/decrypt.ts';
import { pairMessages } from '../../src/exchange/pair.ts';
import type { ExchangeMessage } from '../../src/model/exchange.ts';
import { wiresharkTables } from '../../src/report/keys/tables.ts';
import { keysOf, messagesOf } from '../support/exchanges.ts';

/* The tables that we write make tshark decrypt the payloads that we decrypt. */
const root = join(
  process.env.IKE_AUTOPSY_SHARED ??
    join(dirname(fileURLToPath(import.meta.url)), '../../../shared'),
  'captures',
);
const present = existsSync(root);
if (!present) console.warn(`skipped: no captures in ${root}`);

const names = present ? readdirSync(root).filter((name) => /^v\d/.test(name)) : [];
const folder = mkdtempSync(join(tmpdir(), 'ike-autopsy-oracle-'));
let compared = 0;
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** SA payloads list their proposals and transforms; SK, SKF and Cisco's fragments list what is inside them. */
const NESTED: ReadonlySet<number> = new Set([2, 3, 46, 53, 132]);

/** Payload types by frame, as tshark sees them with these tables. */
function tsharkPayloads(capture: string, config: string): ReadonlyMap<number, readonly number[]> {
  const text = execFileSync(
    'tshark',
    [
      '-r',
      capture,
      '-Y',
      'isakmp',
      '-T',
      'fields',
      '-e',
      'frame.number',
      '-e',
      'isakmp.typepayload',
    ],
    { env: { ...process.env, WIRESHARK_CONFIG_DIR: config }, stdio: ['ignore', 'pipe', 'ignore'] },
  ).toString();
  const rows = text.split('\n').filter((line) => line !== '');
  return new Map(
    rows.map((line) => {
      const [frame, types] = line.split('\t');
      const list = (types ?? '')
        .split(',')
        .filter((type) => type !== '')
        .map(Number);
      return [Number(frame), list.filter((type) => !NESTED.has(type))];
    }),
  );
}

function isRepeat(entry: ExchangeMessage): boolean {
  return entry.retransmissionOf !== null || entry.copyOf !== null;
}

describe.skipIf(!present)('Wireshark tables', () => {
  it.each(names)('%s', (name) => {
    const file = readdirSync(join(root, name)).find((one) => one.startsWith('capture.'))!;
    const capture = join(root, name, file);
    const keys = keysOf([readFileSync(join(root, name, 'secrets.json'), 'utf8')]);
    const solved = solveExchanges(
      pairMessages(messagesOf(readFileSync(capture))),
      keys.material,
      keys.candidates,
    );
    const tables = wiresharkTables(solved.flatMap((one) => one.keys ?? []));
    const config = join(folder, name);
    mkdirSync(config);
    if (tables.ikev1 !== null) writeFileSync(join(config, 'ikev1_decryption_table'), tables.ikev1);
    if (tables.ikev2 !== null) writeFileSync(join(config, 'ikev2_decryption_table'), tables.ikev2);
    const theirs = tsharkPayloads(capture, config);

    for (const { exchange, keys: session } of solved) {
      if (session === null || tables.omitted.some((one) => one.exchange === exchange.id)) continue;
      const suite = exchange.transform;
      // tshark 4.0 has no Blowfish, and learns the IKEv1 suite from MM2 alone.
      if (exchange.version === 1 && (suite === null || suite.encryption === 3)) continue;
      // Its IKEv1 IVs follow the order of the capture, so a repeated ciphertext breaks them.
      if (
        exchange.version === 1 &&
        exchange.messages.some((entry) => entry.encrypted && isRepeat(entry))
      )
        continue;
      for (const entry of exchange.messages) {
        const { decryption, message } = entry;
        if (decryption?.kind !== 'decrypted' || entry.partOf !== null) continue;
        // One key an SA is all that its IKEv1 table can hold.
        if (decryption.keyOf === 'responder') continue;
        const ours = entry.payloads.map(({ type }) => type).filter((type) => !NESTED.has(type));
        expect(theirs.get(message.frame), `frame ${message.frame}`).toEqual(ours);
        compared += 1;
      }
    }
  });

  it('compares a good part of all messages', () => {
    expect(compared).toBeGreaterThan(200);
  });
});
