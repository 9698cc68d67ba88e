import { describe, expect, it } from 'vitest';
import { addsTo } from '../../src/diagnose/predictions.ts';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import type { Finding } from '../../src/model/finding.ts';
import { INITIATOR, RESPONDER, diagnosisOf, logOf } from '../support/incident.ts';

/** Both routers alike; `ring` and `tunnel` are what a case changes at one of them. */
const router = (
  name: string,
  own: string,
  peer: string,
  more: { ring?: string; pfs?: string },
): string => `hostname ${name}
crypto keyring kr
 pre-shared-key address ${peer} key same
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
crypto isakmp profile p
${more.ring ?? ' keyring kr'}
 match identity address ${peer} 255.255.255.255
crypto ipsec transform-set TS esp-aes esp-sha-hmac
crypto ipsec profile IP
 set transform-set TS
${more.pfs ?? ' set security-association lifetime seconds 3600'}
 set isakmp-profile p
interface Tunnel1
 ip address 10.0.0.1 255.255.255.252
 tunnel source GigabitEthernet0/0
 tunnel destination ${peer}
 tunnel mode ipsec ipv4
 tunnel protection ipsec profile IP
interface GigabitEthernet0/0
 ip address ${own} 255.255.255.0
`;

const find = (
  id: string,
  hub: { ring?: string; pfs?: string },
  log: ReturnType<typeof logOf>,
): Finding =>
  diagnosisOf({
    configs: [router('R1', RESPONDER, INITIATOR, hub), router('R2', INITIATOR, RESPONDER, {})],
    logs: [log],
  }).findings.find((finding) => finding.id === id)!;

describe('a peer without a key in aggressive mode', () => {
  it('gets one for the name that it sends', () => {
    const log = logOf([`No pre-shared key with ${INITIATOR}!`], {
      exchange: 'aggressive',
      peerAddress: INITIATOR,
      peerIdentity: { type: 'FQDN', value: 'spoke.example', line: 1 },
      phase1: 'failed',
      outcome: 'failed',
      verdict: 'no-psk-for-peer',
      evidenceLines: [1],
    });
    const finding = diagnosisOf({ logs: [log] }).findings.find(
      ({ id }) => id === 'no-psk-for-peer',
    );
    expect(finding?.remedies[0]?.text).toContain('the name spoke.example that the peer sends');
  });
});

describe('the cause that the configurations give', () => {
  it.each([
    ['the profile is p.', 'Tunnel1 requires profile p.', false],
    ['Some profile is demanded.', 'Tunnel1 requires profile p.', true],
    ['It sends b.example.', 'no profile matches b.example.', false],
    ['It asks for group 5.', 'the responder requires group 14.', true],
    ['Nothing fits.', 'the modes differ.', true],
  ])('is told where it adds something: %s %s', (story, cause, expected) => {
    const configs = parseConfigs(router('R1', RESPONDER, INITIATOR, {}), 'i1');
    expect(addsTo(story, cause, [...configs, null])).toBe(expected);
  });
});

describe('a failure that the log shows and the configurations explain', () => {
  it('names the profile without a keyring, keeps its repair and asks for no configuration', () => {
    const finding = find(
      'no-psk-for-peer',
      { ring: '' },
      logOf([`No pre-shared key with ${INITIATOR}!`], {
        router: 'R1',
        role: 'initiator',
        localAddress: RESPONDER,
        peerAddress: INITIATOR,
        phase1: 'not-started',
        outcome: 'failed',
        verdict: 'no-psk-for-peer',
        evidenceLines: [1],
      }),
    );
    expect(finding.explanation).toContain('in the keyrings of profile p');
    expect(finding.remedies.some(({ verified }) => verified)).toBe(true);
    expect(finding.settle).toEqual([]);
  });

  it('is not explained by the exchange that its router would make by the configuration', () => {
    const finding = find(
      'no-psk-for-peer',
      { ring: '' },
      logOf([`No pre-shared key with ${INITIATOR}!`], {
        router: 'R1',
        role: 'initiator',
        exchange: 'aggressive',
        localAddress: RESPONDER,
        peerAddress: INITIATOR,
        phase1: 'failed',
        outcome: 'failed',
        verdict: 'no-psk-for-peer',
        evidenceLines: [1],
      }),
    );
    expect(finding.explanation).not.toContain('By the configurations');
    expect(finding.remedies.some(({ verified }) => verified)).toBe(false);
  });

  it('names the group that one end demands', () => {
    const finding = find(
      'transform-set-mismatch',
      { pfs: ' set pfs group14' },
      logOf(['IPSec policy invalidated proposal with error 256'], {
        router: 'R1',
        peerAddress: INITIATOR,
        phase1: 'complete',
        phase2: 'failed',
        outcome: 'failed',
        verdict: 'transform-set-mismatch',
        evidenceLines: [1],
      }),
    );
    expect(finding.explanation).toContain('proposes without PFS');
    expect(finding.explanation).not.toContain('ESP or AH algorithms');
  });

  it('keeps the repairs of an initiator that refuses the keyring after MM6', () => {
    const hub = router('R1', RESPONDER, INITIATOR, {})
      .replaceAll(' set isakmp-profile p\n', '')
      .replace(
        'crypto keyring kr',
        `crypto keyring old\n pre-shared-key address ${INITIATOR} key same\ncrypto keyring kr`,
      )
      .replace(
        `match identity address ${INITIATOR} 255.255.255.255`,
        'match identity host r2.example',
      );
    const spoke = router('R2', INITIATOR, RESPONDER, {}).replace(
      'hostname R2',
      'hostname R2\nip domain name example\ncrypto isakmp identity hostname',
    );
    const log = logOf(['Key not found in keyrings of profile , aborting exchange'], {
      router: 'R1',
      role: 'initiator',
      localAddress: RESPONDER,
      peerAddress: INITIATOR,
      phase1: 'failed',
      outcome: 'failed',
      verdict: 'keyring-mismatch-after-mm6',
      evidenceLines: [1],
      peerIdentity: { type: 'FQDN', value: 'R2.example', line: 1 },
      profileMatched: { name: 'p', step: 'mm6', line: 1 },
    });
    const finding = diagnosisOf({ configs: [hub, spoke], logs: [log] }).findings.find(
      ({ id }) => id === 'keyring-mismatch-after-mm6',
    )!;
    expect(finding.remedies.some(({ verified }) => verified)).toBe(true);
  });
});
