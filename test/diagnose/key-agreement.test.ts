import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import type { CandidateVerdict } from '../../src/model/exchange.ts';
import type { LogDocument } from '../../src/model/log.ts';
import {
  INITIATOR,
  RESPONDER,
  diagnosisOf,
  logOf,
  opening,
  packetLine,
  psk,
  unanswered,
  wire,
} from '../support/incident.ts';

/** What keys prove, what the log names and what the configuration holds, side by side. */

const config = (first: string, second: string): string => `hostname HUB
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
crypto keyring K1
 pre-shared-key address ${INITIATOR} key ${first}
crypto keyring K2
 pre-shared-key address ${INITIATOR} key ${second}
interface GigabitEthernet0/0
 ip address ${RESPONDER} 255.255.255.0
`;

const garbled: LogDocument = logOf(['a', 'reserved not zero on ID payload!'], {
  router: 'HUB',
  peerAddress: INITIATOR,
  localAddress: RESPONDER,
  keyringSelections: [{ step: 'mm3', keyring: 'K1', line: 1 }],
  packets: [
    packetLine(1, 'received', 'NEW SA'),
    packetLine(1, 'sent', 'MM_SA_SETUP'),
    packetLine(1, 'received', 'MM_SA_SETUP'),
    packetLine(1, 'sent', 'MM_KEY_EXCH'),
    packetLine(2, 'received', 'MM_KEY_EXCH'),
  ],
  phase1: 'failed',
  outcome: 'failed',
  verdict: 'psk-mismatch',
  failingStep: 'mm5-decrypt',
  evidenceLines: [2],
});

const test = (candidate: string, side: CandidateVerdict['side']): CandidateVerdict => ({
  candidate,
  side,
  verdict: 'verified',
  by: side === 'initiator' ? 'HASH_I' : 'HASH(1) of INFO',
  frame: 5,
  why: '',
});

function diagnose(text: string, initiator: string, responder: string | null): Diagnosis {
  const exchange = wire([...opening, ...unanswered(2)], {
    keys: {
      status: 'decrypted',
      initiatorPsk: initiator,
      responderPsk: responder,
      candidates: [
        test(initiator, 'initiator'),
        ...(responder === null ? [] : [test(responder, 'responder')]),
      ],
    },
  });
  return diagnosisOf({
    exchanges: [exchange],
    logs: [garbled],
    configs: [text],
    candidates: ['spring', 'summer', 'old'].map((key) => psk(key, key)),
  });
}

type Case = readonly [string, readonly [string, string, string | null], string];

describe('a configuration beside the key that was used', () => {
  const stale: readonly Case[] = [
    [
      'the router used another value than its keyring has',
      [config('old', 'spring'), 'spring', 'summer'],
      'is not the one that its configuration has there',
    ],
    [
      'the keyring has the very key that made MM5, and the router read garbage',
      [config('spring', 'spring'), 'spring', null],
      'has there the very key that',
    ],
  ];
  it.each(stale)('is not what ran where %s', (_, given, says) => {
    const { findings, verdict } = diagnose(...given);
    const doubt = findings.find(({ id }) => id === 'configuration-contradicts-log');
    expect(doubt?.explanation).toContain(says);
    expect(verdict.finding).toBe('psk-mismatch');
    expect(verdict.summary).toContain(says);
    expect(verdict.summary).not.toMatch(/the right one|does hold the right key|let K2 alone/);
    expect(verdict.summary).toContain('before a key is changed');
  });

  it.each<Case>([
    [
      'the keyring has the value that is proven',
      [config('summer', 'spring'), 'spring', 'summer'],
      'HUB does hold the right key, in K2',
    ],
    ['nothing is proven of the router', [config('old', 'other'), 'spring', null], 'different keys'],
    ['the value is encrypted', [config('6 AAAA', 'other'), 'spring', 'summer'], 'different keys'],
  ])('may be what ran where %s', (_, given, says) => {
    const { findings, verdict } = diagnose(...given);
    expect(findings.map(({ id }) => id)).not.toContain('configuration-contradicts-log');
    expect(verdict.summary).toContain(says);
  });
});
