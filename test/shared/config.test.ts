import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import type { ConfigModel } from '../../src/model/config.ts';
import { predict } from '../../src/select/predict.ts';
import { selectionFor } from '../../src/select/selection.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const shared = process.env['IKE_AUTOPSY_SHARED'] ?? join(root, '..', 'shared');
const examples = join(shared, 'ios-debug', 'examples');
const document = join(shared, 'reference', 'keyring-and-profile-selection.txt');
const present = existsSync(examples) && existsSync(document);
if (!present) console.log(`skipped: no evidence collection at ${shared}`);

type Truth = {
  readonly negotiations: readonly {
    readonly role: 'initiator' | 'responder';
    readonly peerAddress: string;
    readonly localAddress: string;
    readonly fvrf: string | null;
    readonly verdict: string;
    readonly keyringSelections: readonly {
      readonly step: string;
      readonly keyring: string | null;
      readonly entry?: string;
    }[];
    readonly profileMatched?: { readonly name: string | null };
  }[];
};

describe.skipIf(!present)('examples with a configuration', () => {
  const folders = present
    ? readdirSync(examples).filter((name) => existsSync(join(examples, name, 'config.txt')))
    : ['none'];
  it.each(folders)('%s: predicted and logged selections agree', (name) => {
    const models = parseConfigs(readFileSync(join(examples, name, 'config.txt'), 'utf8'), 'i1');
    expect(models).toHaveLength(1);
    const truth = JSON.parse(readFileSync(join(examples, name, 'expected.json'), 'utf8')) as Truth;
    for (const negotiation of truth.negotiations) {
      const { role, peerAddress, localAddress, fvrf } = negotiation;
      const selection = selectionFor(models[0]!, role, peerAddress, null, fvrf, localAddress);
      for (const logged of negotiation.keyringSelections) {
        if (logged.step === 'mm5') {
          expect(selection.profileKeyrings).toContain(logged.keyring);
        } else {
          expect([logged.step, selection.keyring]).toEqual([logged.step, logged.keyring]);
          if (logged.entry !== undefined) expect(selection.entry).toBe(logged.entry);
        }
      }
      const matched = negotiation.profileMatched?.name;
      if (matched !== undefined && negotiation.verdict !== 'certificate-trustpoint-mismatch') {
        expect(selection.matchedProfile).toBe(matched);
      }
      if (negotiation.verdict === 'keyring-mismatch-after-mm5') {
        expect(selection.verification).toBe('fails');
        expect(predict(models).findings[0]!.id).toBe('keyring-mismatch-after-mm5');
      }
    }
  });
});

describe.skipIf(!present)('configurations of the reference', () => {
  const text = present ? readFileSync(document, 'utf8') : '';
  const lines = text.split('\n');

  /** The listing that follows the given sentence, up to the next prose. */
  function listing(after: RegExp, nth = 0): ConfigModel {
    const at = lines.flatMap((line, index) => (after.test(line) ? [index] : []))[nth]!;
    const rest = lines.slice(at + 1);
    const end = rest.findIndex((line, index) => index > 0 && /^[A-Z*]/.test(line));
    return parseConfigs(rest.slice(0, end).join('\n'), 'i1')[0]!;
  }

  it('main incident: R1 brings the tunnel up, R2 does not', () => {
    const from = lines.findIndex((line) => line.startsWith('The configuration for the R1'));
    const to = lines.findIndex((line) => line.startsWith('All keyrings use the same peer'));
    const models = parseConfigs(lines.slice(from, to).join('\n'), 'i1');
    expect(models.map(({ hostname }) => hostname)).toEqual(['R1', 'R2']);
    expect(
      predict(models).directions.map(({ initiator, outcome, finding }) => [
        initiator,
        outcome,
        finding,
      ]),
    ).toEqual([
      ['R1', 'up', null],
      ['R2', 'fails', 'keyring-mismatch-after-mm5'],
    ]);
  });

  it('initiator without a profile: the most specific keyring, no profile, nothing verified', () => {
    const model = listing(/IPSec profile is not configured in order to use IKE profile:$/);
    expect(selectionFor(model, 'initiator', '192.168.0.2')).toMatchObject({
      requestedProfile: null,
      keyring: 'keyring2',
      entry: '192.168.0.2,255.255.255.255',
      matchedProfile: null,
      verification: 'none',
    });
  });

  it('responder: most specific whatever the order; equal addresses: first, with the other reading', () => {
    const specific = listing(/^Assume the IKE responder has this configuration:$/);
    expect(selectionFor(specific, 'responder', '192.168.0.2')).toMatchObject({
      keyring: 'keyring2',
      branches: [],
    });
    expect(selectionFor(specific, 'responder', '192.168.9.9')).toMatchObject({
      keyring: 'keyring1',
    });
    const equal = listing(/^When keyrings uses the same IP addresses.*configuration:$/);
    expect(selectionFor(equal, 'responder', '192.168.0.2')).toMatchObject({
      keyring: 'keyring1',
      branches: [{ rule: 'keyring-tie-unpredictable', keyring: 'keyring2' }],
    });
  });

  it('default keyring: first, although it stands last; the table of keys says the same', () => {
    const configured = listing(/^ISAKMP keys defined in the global configuration belong/);
    expect(selectionFor(configured, 'responder', '192.168.0.2')).toMatchObject({
      keyring: 'default',
      branches: [{ rule: 'keyring-default-same-rules', keyring: 'keyring2' }],
    });
    const from = lines.findIndex((line) => line.startsWith('R1#show crypto isakmp key'));
    const table = parseConfigs(lines.slice(from, from + 5).join('\n'), 'i1')[0]!;
    expect(selectionFor(table, 'responder', '192.168.0.2').keyring).toBe('default');
    expect(table.keyrings.map(({ name }) => name)).toEqual(['default', 'keyring1', 'keyring2']);
  });

  it('profiles: most specific for initiator and responder, with the other readings', () => {
    const initiator = listing(/no IKE profile is selected in the IPSec profile:$/);
    const asked = selectionFor(initiator, 'initiator', '192.168.0.2');
    expect(asked.requestedProfile).toBe('profile2');
    expect(asked.branches.map(({ rule }) => rule)).toContain('profile-initiator-first-match');
    const responder = listing(/^Assume this configuration:$/);
    expect(selectionFor(responder, 'responder', '192.168.0.1')).toMatchObject({
      matchedProfile: 'profile2',
      branches: [{ rule: 'profile-first-match', matchedProfile: 'profile1' }],
    });
  });
});
