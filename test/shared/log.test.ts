import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import type { LogNegotiation } from '../../src/model/log.ts';

const shared =
  process.env.IKE_AUTOPSY_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const folder = join(shared, 'ios-debug', 'examples');
const present = existsSync(folder);
if (!present) console.warn(`skipped: no example logs at ${folder} (set IKE_AUTOPSY_SHARED)`);

type Truth = {
  readonly primaryNegotiation: string;
  readonly primaryVerdict: string;
  readonly generation: string;
  readonly negotiations: readonly Record<string, unknown>[];
};

/** Words of the truth files that the contract of the tool writes differently. */
const translated: Readonly<Record<string, unknown>> = { 'ike-auth': 'auth', up: 'established' };

function contractWords(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
    typeof inner === 'string' && inner in translated ? translated[inner] : inner,
  );
}

/** Fields that hold an opinion in words, or name what only a configuration knows. */
const notFromLog: ReadonlySet<string> = new Set(['id', 'rootCause', 'rootCauseId']);

/** Evidence lines are the wanted set: further citations are fine. A name or address that the paste does not hold cannot be known. */
function expectField(
  name: string,
  wanted: unknown,
  negotiation: LogNegotiation,
  log: string,
): void {
  const got = contractWords(negotiation) as Record<string, unknown>;
  switch (name) {
    case 'evidenceLines':
      expect(negotiation.evidenceLines).toEqual(expect.arrayContaining(wanted as number[]));
      return;
    case 'router':
    case 'localAddress':
      if (new RegExp(`(?<![\\w.])${String(wanted).replaceAll('.', '\\.')}(?![\\w.]\\d?)`).test(log))
        expect(got[name], name).toEqual(wanted);
      return;
    case 'proxyLocal':
      expect(negotiation.proxies?.local).toBe(wanted);
      return;
    case 'proxyRemote':
      expect(negotiation.proxies?.remote).toBe(wanted);
      return;
    default:
      expect(got[name], name).toEqual(contractWords(wanted));
  }
}

describe.skipIf(!present)('the example logs', () => {
  for (const name of present ? readdirSync(folder).filter((entry) => /^\d/.test(entry)) : []) {
    const log = readFileSync(join(folder, name, 'log.txt'), 'utf8');
    const truth = JSON.parse(readFileSync(join(folder, name, 'expected.json'), 'utf8')) as Truth;
    const document = parseLog(log, 'i1');

    describe(name, () => {
      it('has as many negotiations', () => {
        expect(document.negotiations).toHaveLength(truth.negotiations.length);
      });
      it('is of that generation', () => {
        if (document.generation !== null) expect(truth.generation).toContain(document.generation);
      });
      truth.negotiations.forEach((wanted) => {
        const negotiation = document.negotiations.find(
          (each) => each.role === wanted.role && each.peerAddress === wanted.peerAddress,
        );
        for (const [field, value] of Object.entries(wanted)) {
          if (notFromLog.has(field)) continue;
          it(`${String(wanted.id)}: ${field}`, () => {
            expect(negotiation).toBeDefined();
            expectField(field, value, negotiation!, log);
          });
        }
      });
    });
  }
});

const reference = join(shared, 'reference', 'keyring-and-profile-selection.txt');

describe.skipIf(!existsSync(reference))('the listings of the reference', () => {
  const text = existsSync(reference) ? readFileSync(reference, 'utf8').split('\n') : [];
  const from = (start: string, end: string): string =>
    text
      .slice(
        text.findIndex((line) => line.startsWith(start)),
        text.findIndex((line) => line.startsWith(end)),
      )
      .join('\n');
  const told = (listing: string): readonly unknown[] =>
    parseLog(listing, 'i1').negotiations.map((n) => ({
      role: n.role,
      peer: n.peerAddress,
      connId: n.connId,
      keyrings: n.keyringSelections.map(({ step, keyring }) => `${step} ${String(keyring)}`),
      requested: n.saRequestProfile?.name,
      matched: n.profileMatched?.name,
      last: n.statePath.at(-1),
    }));

  it('two routers spliced into one listing, R1 initiating', () => {
    expect(told(from('R1# debug crypto isakmp', 'This scenario works correctly'))).toEqual([
      {
        role: 'initiator',
        peer: '192.168.0.2',
        connId: 1011,
        keyrings: ['mm1 keyring2', 'mm2 keyring2', 'mm4 keyring2'],
        requested: 'profile2',
        matched: undefined,
        last: 'IKE_P1_COMPLETE',
      },
      {
        role: 'responder',
        peer: '192.168.0.1',
        connId: 1011,
        keyrings: ['mm3 null', 'mm5 keyring1'],
        requested: undefined,
        matched: 'profile1',
        last: 'IKE_P1_COMPLETE',
      },
    ]);
  });

  it('two routers spliced into one listing, R2 initiating, the first lines missing', () => {
    const listing = from('R2#ping', 'The previous scenarios used');
    expect(told(listing)).toEqual([
      {
        role: 'initiator',
        peer: '192.168.0.1',
        connId: 1012,
        keyrings: ['mm2 keyring1', 'mm4 keyring1'],
        requested: undefined,
        matched: undefined,
        last: 'IKE_I_MM4',
      },
      {
        role: 'responder',
        peer: '192.168.0.2',
        connId: 1012,
        keyrings: ['mm3 null', 'mm5 keyring2'],
        requested: undefined,
        matched: 'profile2',
        last: 'IKE_R_MM5',
      },
    ]);
    expect(parseLog(listing, 'i1').negotiations.map(({ verdict }) => verdict)).toEqual([
      'keyring-mismatch-after-mm5',
      'keyring-mismatch-after-mm5',
    ]);
  });

  it('different keys', () => {
    const [only] = parseLog(
      from('In scenarios where different keys', 'This is a summary of the keyring'),
      'i1',
    ).negotiations;
    expect([only?.verdict, only?.failingStep, only?.connId]).toEqual([
      'psk-mismatch',
      'mm5-decrypt',
      1004,
    ]);
  });

  it('the wrong profile, refused in phase 2', () => {
    const [only] = parseLog(
      from('*Oct 7 06:46:39.893', 'Because of the incorrect IKE profile'),
      'i1',
    ).negotiations;
    expect([
      only?.role,
      only?.verdict,
      only?.profileMatched?.name,
      only?.keyringSelections[0]?.step,
    ]).toEqual(['responder', 'profile-mismatch-phase2', 'profile2', 'mm5']);
  });
});
