import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { solveExchanges } from '../../../src/exchange/decrypt.ts';
import { pairMessages } from '../../../src/exchange/pair.ts';
import { keysDocument } from '../../../src/report/keys/document.ts';
import { wiresharkTables } from '../../../src/report/keys/tables.ts';
import { keysText } from '../../../src/report/keys/text.ts';
import { makePalette } from '../../../src/report/palette.ts';
import { candidate, keysOf, messagesOf } from '../../support/exchanges.ts';

const folder = new URL('../../fixtures/keys/v05/', import.meta.url);
const messages = messagesOf(readFileSync(new URL('capture.pcap', folder)));
const secrets = keysOf([readFileSync(new URL('secrets.json', folder), 'utf8')]);
const held = (psk: string, keyring: string, router = 'R1') => ({
  ...candidate(psk, `${router} ${keyring}`),
  router,
  keyring,
});
const candidates = [
  held('Spring2024', 'keyring1'),
  held('Spring2024', 'keyring2'),
  held('Summer2024', 'keyring3'),
  held('Autumn2024', 'keyring4'),
];
const solved = solveExchanges(pairMessages(messages), secrets.material, candidates);
const exchanges = solved.map(({ exchange }) => exchange);

describe('keysDocument', () => {
  const document = keysDocument(exchanges, candidates);
  it('gives equal keys equal tokens and shows none', () => {
    expect(document.candidates.map(({ token }) => token)).toEqual([
      '<key#1>',
      '<key#1>',
      '<key#2>',
      '<key#3>',
    ]);
    expect(JSON.stringify(document)).not.toMatch(/Spring2024|Summer2024|Autumn2024/);
    for (const { secret } of candidates) {
      expect(JSON.stringify(document)).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });
  it('names the keyring only where one alone holds the value', () => {
    const { proven } = document.exchanges[0]!;
    expect(proven.initiator).toMatchObject({
      token: '<key#1>',
      keyring: 'undecidable from packets',
    });
    expect(proven.responder).toMatchObject({ token: '<key#2>', keyring: 'keyring3' });
  });
  it('holds one row for each side and candidate', () => {
    const { matrix, garbage } = document.exchanges[0]!;
    expect(matrix).toHaveLength(2 * candidates.length);
    expect(
      matrix
        .filter(({ verdict }) => verdict === 'verified')
        .map(({ side, candidate: label }) => [side, label]),
    ).toEqual([
      ['initiator', 'R1 keyring1'],
      ['initiator', 'R1 keyring2'],
      ['responder', 'R1 keyring3'],
    ]);
    expect(garbage[0]).toMatchObject({
      candidate: 'R1 keyring3',
      trueOctets: expect.stringMatching(/^0800000c/) as string,
    });
  });
  it('shows keys when told to', () => {
    const shown = keysDocument(
      exchanges,
      [...candidates, { ...candidate('x'), secret: Uint8Array.of(0xff, 0) }],
      { showSecrets: true },
    );
    expect(shown.candidates.map(({ psk }) => psk)).toEqual([
      'Spring2024',
      'Spring2024',
      'Summer2024',
      'Autumn2024',
      'hex:ff00',
    ]);
  });
});

describe('keysText', () => {
  it('leads with what is proven and holds no key', () => {
    const text = keysText(keysDocument(exchanges, candidates), {
      palette: makePalette(false),
      columns: 120,
      isPart: false,
    });
    expect(text).toMatch(/undecidable from packets/);
    expect(text).toMatch(/which only R1 keyring3 holds/);
    expect(text).toMatch(/reserved octet \d+ \(not zero\)/);
    expect(text).toMatch(/initiator +R1 keyring1 +<key#1> +verified +HASH_I/);
    expect(text).not.toMatch(/Spring2024|Summer2024|Autumn2024/);
  });
  it('tells a capture without IKE from a part of which nothing is left', () => {
    const options = { palette: makePalette(false), columns: 120 };
    const nothing = keysDocument([], candidates);
    expect(keysText(nothing, { ...options, isPart: false })).toMatch(/^No IKE exchange is in/);
    expect(keysText(nothing, { ...options, isPart: true })).toMatch(/^No exchange is left\. /);
  });
  it('counts instead of listing thousands', () => {
    const many = Array.from({ length: 50 }, (_, at) => candidate(`wrong ${at}`));
    const [first] = solveExchanges(pairMessages(messages), secrets.material, [
      ...candidates,
      ...many,
    ]);
    const text = keysText(keysDocument([first!.exchange], [...candidates, ...many]), {
      palette: makePalette(false),
      columns: 120,
      isPart: false,
    });
    expect(text).toMatch(/more tests, none of which fits/);
    expect(text.split('\n').length).toBeLessThan(20);
  });
});

describe('wiresharkTables', () => {
  it("writes the initiator's key, as the daemons had it", () => {
    const tables = wiresharkTables(solved.flatMap(({ keys }) => keys ?? []));
    expect(tables.ikev1).toBe(readFileSync(new URL('ikev1_decryption_table', folder), 'utf8'));
    expect(tables).toMatchObject({ ikev2: null, omitted: [] });
  });
});
