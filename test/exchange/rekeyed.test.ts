import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exchangeVerdict } from '../../src/report/decode/verdict.ts';
import { decrypted, keysOf, messagesOf, sealedOf } from '../support/exchanges.ts';

const read = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/keys/ikev2-rekey/${name}`, import.meta.url));
const messages = messagesOf(read('capture.pcap'));
const secrets = read('secrets.json').toString();

type Secrets = { readonly exchanges: readonly unknown[] };
const withOnly = (at: number): string =>
  JSON.stringify({ exchanges: [(JSON.parse(secrets) as Secrets).exchanges[at]] });

describe('an IKE SA that was agreed on in CREATE_CHILD_SA', () => {
  it('is opened by its own g^ir and SK_d of the one before it', () => {
    const [, successor] = decrypted(messages, keysOf([secrets]));
    expect(successor).toMatchObject({
      completed: true,
      rekeyedFrom: { exchange: 'x1', frames: [5, 6] },
      transform: { group: 19 },
      keys: { status: 'decrypted' },
    });
    for (const { decryption } of sealedOf(successor!)) {
      expect(decryption).toMatchObject({ kind: 'decrypted', check: 'ICV' });
    }
    expect(exchangeVerdict(successor!)).toContain('rekeyed from x1 in frames 5 and 6');
    expect(successor!.keys.why).not.toContain('sent no AUTH');
  });

  it.each([
    ['its own g^ir', withOnly(1), 1, 'does not show how this SA came about'],
    ['that of the one before it', withOnly(0), 1, 'No key material was given for this SA'],
  ])('stays closed with %s alone', (_, text, at, why) => {
    const successor = decrypted(messages, keysOf([text]))[at]!;
    expect(successor.keys.status).toBe('no-key-material');
    expect(successor.keys.why).toContain(why);
  });
});
