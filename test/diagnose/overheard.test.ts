import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { diagnosisOf } from '../support/incident.ts';

const PEER = '198.51.100.9';
const findingsOf = (...lines: readonly string[]): readonly Finding[] =>
  diagnosisOf({ logs: [lines.map((line, i) => `*Apr  4 09:12:0${i}.003: ${line}`).join('\n')] })
    .findings;
const abort = (reason: string): string =>
  `%IKEV2-3-NEG_ABORT: Negotiation aborted due to ERROR: ${reason}`;
const setup = (phase: 'IKE' | 'IPSEC', reason: string): string =>
  `%CRYPTO-5-${phase === 'IKE' ? 'IKMP' : 'IPSEC'}_SETUP_FAILURE: ${phase} SETUP FAILED for local:203.0.113.1 local_id:203.0.113.1 remote:${PEER} remote_id:${PEER} IKE profile:None fvrf:None fail_reason:${reason}`;

describe('a system message that says that something failed', () => {
  it.each([
    [abort('Failed to find a matching policy'), 'ike-policy-mismatch'],
    [abort('Failed to authenticate the IKE SA'), 'ikev2-auth-failed'],
    [abort('Auth exchange failed'), 'ikev2-auth-failed'],
    [abort('There was no IPSEC policy found for received TS'), 'ikev2-ts-unacceptable'],
    [abort('Failed to receive the AUTH msg before the timer expired'), 'half-open'],
    [abort('Detected an invalid IKE SPI'), 'inconclusive'],
    [
      `%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Informational mode failed with peer at ${PEER}`,
      'inconclusive',
    ],
    [setup('IKE', 'Peer not responding'), 'peer-unreachable'],
    [`${setup('IKE', 'Peer lost')} fail_class_cnt:3`, 'dpd-peer-dead'],
    [`${setup('IPSEC', 'IPSec Proposal failure')} fail_class_cnt:1`, 'transform-set-mismatch'],
    [setup('IKE', 'Unknown'), 'inconclusive'],
    [
      `%CRYPTO-5-IKMP_INVAL_CERT: Certificate received from ${PEER} is bad: certificate expired`,
      'certificate-invalid',
    ],
  ])('is a failure by itself: %s', (line, id) => {
    expect(findingsOf(line)).toMatchObject([{ id, severity: 'failure' }]);
  });

  it('is none where a mode that failed did not keep the tunnel from coming up', () => {
    const failed = `%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Informational mode failed with peer at ${PEER}`;
    const up = `%CRYPTO-5-SESSION_STATUS: Crypto tunnel is UP.  Peer ${PEER}:500       Id: ${PEER}`;
    expect(findingsOf(failed, up)).toEqual([]);
    expect(findingsOf(up, failed)).toHaveLength(1);
  });

  it('is told for each reason once', () => {
    const failed = abort('Failed to authenticate the IKE SA');
    const found = findingsOf(failed, abort('Failed to find a matching policy'), failed);
    expect(found.map(({ id }) => id).sort()).toEqual(['ike-policy-mismatch', 'ikev2-auth-failed']);
  });
});

describe('IKEv2 that is given up in the syslog alone', () => {
  const tag = 'IKEv2:(SESSION ID = 7,SA ID = 1):';
  const received = (exchange: string, spi = '3A5C7E9012345678'): string =>
    [
      `${tag}Received Packet [From ${PEER}:500/To 203.0.113.1:500/VRF i0:f0]`,
      `Initiator SPI : ${spi} - Responder SPI : 9BDF02468ACE1357 Message id: 0`,
      `IKEv2 ${exchange} Exchange REQUEST`,
      'Payload contents:',
      ' SA KE N',
    ].join('\n');

  it.each([
    ['Failed to find a matching policy', [received('IKE_SA_INIT')], 'ike-policy-mismatch'],
    [
      'Failed to authenticate the IKE SA',
      [received('IKE_SA_INIT'), received('IKE_AUTH')],
      'ikev2-auth-failed',
    ],
  ])('ends the attempt that is under way: %s', (reason, lines, id) => {
    expect(findingsOf(...lines, abort(reason))).toMatchObject([{ id, severity: 'failure' }]);
  });

  it('has its reason also where no rule knows it', () => {
    const [finding] = findingsOf(received('IKE_SA_INIT'), abort('Out of memory'));
    expect(finding).toMatchObject({ id: 'inconclusive', severity: 'failure' });
    expect(finding!.explanation).toContain('Out of memory');
  });

  it('leaves a tunnel that is up alone', () => {
    const up = `${tag}IKEV2 SA created; inserting SA into database. SA lifetime timer (86400 sec) started`;
    const found = findingsOf(
      received('IKE_SA_INIT'),
      received('IKE_AUTH'),
      up,
      abort('Failed to find a matching policy'),
    );
    expect(found.map(({ id }) => id)).not.toContain('ike-policy-mismatch');
  });
});
