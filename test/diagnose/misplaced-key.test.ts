import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import type { LogNegotiation } from '../../src/model/log.ts';
import { INITIATOR, RESPONDER, diagnosisOf, logOf, packetLine } from '../support/incident.ts';

const WIDE = INITIATOR.replace(/\d+$/, '0 255.255.255.0');
const end = (
  name: string,
  own: string,
  peer: string,
  keys: string,
  bound: string | null,
): string => `hostname ${name}
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
${keys}
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
crypto ipsec profile V
 set transform-set TS
${bound === null ? '' : ` set isakmp-profile ${bound}\n`}interface Tunnel1
 tunnel source GigabitEthernet0/0
 tunnel destination ${peer}
 tunnel protection ipsec profile V
interface GigabitEthernet0/0
 ip address ${own} 255.255.255.0
`;
const spoke = end(
  'R2',
  INITIATOR,
  RESPONDER,
  `crypto keyring K
 pre-shared-key address ${RESPONDER} key right
crypto isakmp profile P
 keyring K
 match identity address ${RESPONDER} 255.255.255.255`,
  'P',
);
const hub = (taken: string, other: string, bound: string | null = null): string =>
  end(
    'R1',
    RESPONDER,
    INITIATOR,
    `crypto keyring KA
 pre-shared-key address ${taken} key stale
crypto keyring KB
 pre-shared-key address ${other}
crypto isakmp profile PA
 keyring KA
 match identity address ${taken}${taken === WIDE ? '' : ' 255.255.255.255'}
crypto isakmp profile PB
 keyring KB
 match identity address ${INITIATOR} 255.255.255.255`,
    bound,
  );

/** R1 calls, and its MM5 is not answered. */
const calling = (requested: string | null): Partial<LogNegotiation> => ({
  router: 'R1',
  role: 'initiator',
  localAddress: RESPONDER,
  peerAddress: INITIATOR,
  saRequestProfile: { name: requested, line: 1 },
  keyringSelections: [{ step: 'mm4', keyring: 'KA', line: 1 }],
  packets: [packetLine(1, 'sent', 'MM_KEY_EXCH')],
  phase1: 'failed',
  outcome: 'failed',
  verdict: 'mm5-unanswered',
  failingStep: 'mm6-wait',
  evidenceLines: [2],
});
const garbled = logOf(
  ['a', 'reserved not zero on ID payload!'],
  {
    router: 'R2',
    peerAddress: RESPONDER,
    localAddress: INITIATOR,
    packets: [packetLine(1, 'received', 'MM_KEY_EXCH')],
    phase1: 'failed',
    outcome: 'failed',
    verdict: 'psk-mismatch',
    evidenceLines: [2],
  },
  'log1',
);

describe('an initiator that took a wrong key and holds the right one', () => {
  const diagnose = (own: string, requested: string | null, more = false): Diagnosis =>
    diagnosisOf({
      configs: [own, spoke],
      logs: [logOf(['a', 'b'], calling(requested)), ...(more ? [garbled] : [])],
    });
  const right = `${INITIATOR} key right`;

  it.each<[string, string, string | null]>([
    ['by the first keyring', hub(INITIATOR, right), null],
    ['by the profile that its tunnel names', hub(INITIATOR, right, 'PA'), 'PA'],
  ])('is told where: %s', (_, own, requested) => {
    const { findings, verdict } = diagnose(own, requested);
    const failure = findings.find(({ id }) => id === 'psk-mismatch')!;
    expect(failure).toMatchObject({
      confidence: 'predicted',
      title: 'R1 took the key from KA; the right one is in KB',
    });
    expect(failure.explanation).toContain('R1 does hold the right key, in KB, but took KA');
    expect(failure.explanation).toContain('Neither a log of R2 nor the packets confirm it');
    expect(`${failure.explanation} ${verdict.summary}`).not.toContain('could not decrypt');
    expect(verdict.summary).not.toMatch(/Enter the same|compare the key values/);
    expect(failure.remedies[0]).toMatchObject({ router: 'R1', verified: true });
  });

  it('is told by the log of the other end as well', () => {
    const { findings } = diagnose(hub(INITIATOR, right), null, true);
    const failure = findings.find(({ id }) => id === 'psk-mismatch')!;
    expect(failure.title).toBe('R1 took the key from KA; the right one is in KB');
    expect(failure.explanation).toContain('R2 could not decrypt MM5');
  });

  it.each<[string, string, [string, string]?]>([
    ['no keyring holds it', `${INITIATOR} key other`],
    ['the keyring serves another peer', '203.0.113.77 key right'],
    ['it is hidden', `${INITIATOR} key <removed>`],
    ['the keyring is of another VRF', right, ['keyring KB', 'keyring KB vrf OTHER']],
    [
      'the keyring serves another local address',
      right,
      ['keyring KB', 'keyring KB\n local-address 203.0.113.9'],
    ],
  ])('is not where %s', (_, other, [from, to] = ['', '']) => {
    const { findings } = diagnose(
      hub(INITIATOR, other).replace(`crypto ${from}`, `crypto ${to}`),
      null,
    );
    const failure = findings.find(({ id }) => id === 'psk-mismatch')!;
    expect(failure.explanation).not.toContain('does hold the right key');
    expect(failure.title).toBe('R1 and R2 use different pre-shared keys');
  });
});
