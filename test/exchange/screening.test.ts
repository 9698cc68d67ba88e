import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { screenGroups, solveExchanges } from '../../src/exchange/decrypt.ts';
import { pairMessages } from '../../src/exchange/pair.ts';
import { groupCandidates } from '../../src/exchange/psk-groups.ts';
import type { Screening } from '../../src/exchange/screening.ts';
import type { CandidatePsk, KeyMaterial } from '../../src/model/key-material.ts';
import { candidate, keysOf, messagesOf, shuffled } from '../support/exchanges.ts';

const folder = new URL('../fixtures/keys/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.startsWith('v'));

/** What a machine with several cores does: pieces of the list, each on its own. */
function screened(
  exchanges: ReturnType<typeof pairMessages>,
  material: readonly KeyMaterial[],
  candidates: readonly CandidatePsk[],
  piece: number,
): Screening {
  const groups = groupCandidates(candidates);
  const screening = new Map(exchanges.map(({ id }) => [id, new Set<number>()]));
  for (let from = 0; from < groups.length; from += piece) {
    const found = screenGroups(exchanges, material, groups.slice(from, from + piece));
    for (const [at, { id }] of exchanges.entries()) {
      for (const number of found[at]!) screening.get(id)!.add(from + number);
    }
  }
  return screening;
}

describe.each(names)('a screening of %s in pieces', (name) => {
  const files = readdirSync(new URL(name, folder));
  const capture = files.find((file) => file.startsWith('capture.'))!;
  const exchanges = pairMessages(messagesOf(readFileSync(new URL(`${name}/${capture}`, folder))));
  const secrets = keysOf([readFileSync(new URL(`${name}/secrets.json`, folder), 'utf8')]);
  const true1 = secrets.candidates[0]!;
  const others = Array.from({ length: 12 }, (_, at) => candidate(`wrong ${at}`));
  const padded: CandidatePsk = {
    ...true1,
    secret: Uint8Array.from([...true1.secret, 0]),
    label: 'the same with a zero behind it',
  };
  const candidates = shuffled([...secrets.candidates, padded, ...others], 5);
  const shared = secrets.material.map((one): KeyMaterial => {
    if (one.kind === 'ikev1')
      return {
        ...one,
        skeyid: null,
        skeyidA: null,
        skeyidD: null,
        skeyidE: null,
        encryptionKey: null,
      };
    return one;
  });

  it.each([
    ['all material', secrets.material],
    ['g^xy', shared],
    ['nothing else', []],
  ] as const)('gives what the whole list gives, with %s', (_what, material) => {
    const whole = solveExchanges(exchanges, material, candidates);
    for (const piece of [4, 100]) {
      const screening = screened(exchanges, material, candidates, piece);
      expect(solveExchanges(exchanges, material, candidates, screening)).toEqual(whole);
      for (const survivors of screening.values()) {
        expect(survivors.size).toBeLessThanOrEqual(secrets.candidates.length + 1);
      }
    }
  });
});
