import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import { predict } from '../../src/select/predict.ts';
import type { Prediction } from '../../src/model/selection.ts';
import { router } from '../support/map-router.ts';
import type { Knobs } from '../support/map-router.ts';

describe('a router that cannot be told or called', () => {
  const hubWith = (keys: string): string => `hostname HUB
crypto isakmp policy 10
 authentication pre-share
${keys}
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
crypto dynamic-map D 10
 set transform-set TS
crypto map M 10 ipsec-isakmp dynamic D
interface Ethernet0/0
 ip address 192.0.2.2 255.255.255.0
 crypto map M`;

  const spokeWith = (knobs: Knobs = {}): string =>
    router('A', '192.0.2.1', '192.0.2.2', { policy: 'authentication pre-share', ...knobs }).replace(
      /ip address .*/,
      'ip address negotiated',
    );
  const called = (spoke: string, hub: string): Prediction =>
    predict([spoke, hub].flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]));

  it.each([
    ['a key for all that differs', 'crypto isakmp key pear address 0.0.0.0', 'psk-mismatch'],
    ['the same key for all', 'crypto isakmp key walnut address 0.0.0.0', 'up'],
    [
      'the same key for all and for some',
      'crypto keyring K\n pre-shared-key address 0.0.0.0 0.0.0.0 key walnut\n pre-shared-key address 198.51.100.0 255.255.255.0 key walnut',
      'up',
    ],
    [
      'another key for some',
      'crypto keyring K\n pre-shared-key address 0.0.0.0 0.0.0.0 key walnut\n pre-shared-key address 198.51.100.0 255.255.255.0 key pear',
      null,
    ],
    [
      'the same key for some',
      'crypto isakmp key pear address 0.0.0.0\ncrypto isakmp key walnut address 198.51.100.0 255.255.255.0',
      null,
    ],
    ['a key for some that differs', 'crypto isakmp key pear address 198.51.100.7', null],
    ['a key by name alone', 'crypto isakmp key walnut hostname a.example', 'no-psk-for-peer'],
    ['an encrypted key for all', 'crypto isakmp key 6 SEALED address 0.0.0.0', null],
  ])('calls from an unknown address, %s', (_, keys, end) => {
    const { directions, findings } = called(spokeWith(), hubWith(keys));
    const finding = end === 'up' ? null : end;
    expect(directions[0]).toMatchObject({
      outcome: end === 'up' ? 'up' : finding === null ? 'unknown' : 'fails',
      finding,
    });
    expect(findings.filter(({ severity }) => severity === 'failure').map(({ id }) => id)).toEqual(
      finding === null ? [] : [finding],
    );
    expect(JSON.stringify([directions, findings])).not.toContain('for 0.0.0.0');
  });

  it.each([
    ['', 'up'],
    ['crypto isakmp aggressive-mode disable', 'aggressive-mode-rejected'],
  ])('calls in aggressive mode by its name: %s', (extra, end) => {
    const spoke = spokeWith({
      extra: `ip domain name example
crypto isakmp profile P
 self-identity fqdn
 initiate mode aggressive`,
      profile: 'set isakmp-profile P',
      key: 'crypto keyring K\n pre-shared-key address 192.0.2.2 key walnut\ncrypto isakmp profile P\n keyring K',
    });
    const hub = hubWith(`crypto keyring K
 pre-shared-key hostname A.example key walnut
crypto isakmp profile D
 keyring K
 match identity host domain example
${extra}`);
    const { directions, repairs } = called(spoke, hub);
    expect(directions[0]!.finding ?? directions[0]!.outcome).toBe(end);
    expect(repairs.map(({ commands }) => commands)).toEqual(
      end === 'up' ? [] : [['no crypto isakmp aggressive-mode disable']],
    );
  });

  it('is no more than one of the addresses that the others do not have', () => {
    const keys = 'crypto keyring K\n pre-shared-key address 0.0.0.0 0.0.0.0 key walnut\n';
    const other = ' pre-shared-key address 192.0.2.2 255.255.255.255 key pear';
    expect(called(spokeWith(), hubWith(keys + other)).directions[0]!.outcome).toBe('up');
  });

  it('protects GRE between whatever its address is and the other end', () => {
    const ends = (mode: string): unknown => {
      const tunnel = (rest: string): string => `crypto isakmp policy 10
 authentication pre-share
crypto isakmp key walnut address 0.0.0.0
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
crypto ipsec profile IP
 set transform-set TS
interface Tunnel0
 tunnel source Ethernet0/0
 ${rest}
 tunnel protection ipsec profile IP
interface Ethernet0/0
`;
      const { directions } = called(
        `hostname A\n${tunnel(`tunnel mode ${mode}\n tunnel destination 192.0.2.2`)} ip address dhcp`,
        `hostname HUB\n${tunnel('tunnel mode gre multipoint')} ip address 192.0.2.2 255.255.255.0`,
      );
      return [directions[0]!.outcome, directions[0]!.finding];
    };
    expect(ends('gre ip')).toEqual(['up', null]);
    expect(ends('ipsec ipv4')).toEqual(['fails', 'proxy-identity-mismatch']);
  });

  describe('behind a translation that no configuration tells', () => {
    const hub = (match: string): string =>
      router('HUB', '192.0.2.2', '198.51.100.1', {
        policy: 'authentication pre-share',
        key: 'crypto keyring K\n pre-shared-key address 198.51.100.1 key walnut',
        extra: `crypto isakmp profile P\n keyring K\n match identity ${match}`,
        profile: 'set isakmp-profile P',
      });
    const spoke = router('A', '10.9.0.2', '192.0.2.2', { policy: 'authentication pre-share' });

    it('is not matched by the address that it is seen from', () => {
      const prediction = called(spoke, hub('address 198.51.100.1 255.255.255.255'));
      const { outcome, finding, why } = prediction.directions[0]!;
      expect([outcome, finding]).toEqual(['fails', 'profile-not-matched']);
      expect(why).toContain('seen from 198.51.100.1, which the responder names');
      expect(why).toContain('no profile matches the identity 10.9.0.2');
      const responder = prediction.selections.find(
        ({ router: name, role }) => name === 'HUB' && role === 'responder',
      );
      expect(responder).toMatchObject({ peer: '198.51.100.1', matchedProfile: null });
      expect(prediction.findings.filter(({ severity }) => severity === 'failure')).toHaveLength(1);
    });

    it('is given a match for what it sends, replayed from where the responder sees it', () => {
      const { findings, repairs } = called(spoke, hub('address 198.51.100.1 255.255.255.255'));
      const lines = 'crypto isakmp profile P\n match identity address 10.9.0.2 255.255.255.255';
      const [remedy] = findings.find(({ id }) => id === 'profile-not-matched')!.remedies;
      expect(remedy).toMatchObject({ router: 'HUB', config: lines, verified: true });
      expect(repairs[0]?.proof).toBe(
        'replayed with A seen from 198.51.100.1: A to HUB comes up; whether HUB reaches A there cannot be told',
      );
    });

    it('is given no repair where the responder names several such addresses', () => {
      const other = 'crypto map M 20 ipsec-isakmp\n set peer 198.51.100.9\n set transform-set TS';
      const two = hub('address 198.51.100.1 255.255.255.255').replace(
        'interface Ethernet0/0',
        `${other}\n set isakmp-profile P\n match address L\ninterface Ethernet0/0`,
      );
      expect(called(spoke, two).repairs).toEqual([]);
    });

    it.each([
      ['crypto isakmp key pear address 192.0.2.2', 'psk-mismatch'],
      ['', 'no-psk-for-peer'],
    ])('has its key mended: "%s"', (key, id) => {
      const own = router('A', '10.9.0.2', '192.0.2.2', {
        policy: 'authentication pre-share',
        key,
      });
      const { findings } = called(own, hub('address 10.9.0.2 255.255.255.255'));
      const failed = findings.find((each) => each.id === id);
      expect(failed?.remedies.map(({ verified }) => verified)).toContain(true);
    });

    const gre = (name: string, local: string, peer: string, mode: string): string =>
      `${router(name, local, peer, { policy: 'authentication pre-share', mode })}
crypto ipsec profile IP
 set transform-set TS
interface Tunnel0
 tunnel source Ethernet0/0
 tunnel destination ${peer}
 tunnel protection ipsec profile IP
`.replace(' crypto map M\n', '');

    it.each([
      ['transport', 'unknown'],
      ['transport require', 'unknown'],
      ['tunnel', 'fails'],
    ])('protects GRE in mode %s', (mode, end) => {
      const { directions } = called(
        gre('A', '10.9.0.2', '192.0.2.2', mode),
        gre('HUB', '192.0.2.2', '198.51.100.1', mode),
      );
      expect(directions[0]!.outcome).toBe(end);
    });

    it('may be matched by its own address', () => {
      const { directions } = called(spoke, hub('address 10.9.0.2 255.255.255.255'));
      expect(directions[0]!.outcome).toBe('unknown');
    });
  });

  it('says unknown, not fails, when one side cannot call', () => {
    const hub = hubWith('crypto isakmp key walnut address 0.0.0.0');
    const spoke = router('A', '192.0.2.1', '192.0.2.2', { policy: 'authentication pre-share' });
    const models = [spoke, hub].flatMap((text, at) => [
      ...parseConfigs(text, `i${String(at + 1)}`),
    ]);
    expect(
      predict(models).directions.map(({ initiator, outcome }) => [initiator, outcome]),
    ).toEqual([
      ['A', 'up'],
      ['HUB', 'unknown'],
    ]);
  });
});
