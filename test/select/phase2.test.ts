import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import type { Prediction } from '../../src/model/selection.ts';
import { predict } from '../../src/select/predict.ts';
import { ends, router } from '../support/map-router.ts';

const predicted = (...texts: readonly string[]): Prediction =>
  predict(texts.flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]));

describe('several map entries for one peer', () => {
  const entry = (sequence: number, list: string, profile: string): string =>
    `crypto map M ${String(sequence)} ipsec-isakmp
 set peer 192.0.2.1
 set transform-set TS
 match address ${list}
 ${profile === '' ? '' : `set isakmp-profile ${profile}`}
ip access-list extended ${list}
 permit ip 172.16.${String(sequence)}.0 0.0.0.255 172.16.1.0 0.0.0.255
`;
  const hub = (...entries: readonly string[]): string =>
    `hostname B
crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 14
crypto keyring K
 pre-shared-key address 192.0.2.1 key walnut
crypto isakmp profile P
 keyring K
 match identity address 192.0.2.1 255.255.255.255
crypto isakmp profile Q
 keyring K
 match identity address 192.0.2.9 255.255.255.255
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
${entries.join('')}interface Ethernet0/0
 ip address 192.0.2.2 255.255.255.0
 crypto map M`;
  const spoke = router('A', '192.0.2.1', '192.0.2.2', {
    acl: [20, 30]
      .map((net) => `permit ip 172.16.1.0 0.0.0.255 172.16.${String(net)}.0 0.0.0.255`)
      .join('\n '),
  });
  const warnings = (...entries: readonly string[]): unknown =>
    predicted(spoke, hub(...entries))
      .findings.filter(({ id }) => id !== 'unused-name')
      .map(({ id, severity, title }) => [id, severity, title]);

  it.each([
    ['one profile for all', [entry(20, 'A20', 'P'), entry(30, 'A30', 'P')], []],
    ['a profile for one', [entry(20, 'A20', ''), entry(30, 'A30', 'P')], []],
    [
      'another profile for one',
      [entry(20, 'A20', 'Q'), entry(30, 'A30', 'P')],
      [
        [
          'profile-mismatch-phase2',
          'warning',
          'One entry of the access list of A is refused by crypto map M 20 of B for its profile',
        ],
      ],
    ],
    [
      'none for one',
      [entry(30, 'A30', 'P')],
      [
        [
          'proxy-identity-mismatch',
          'warning',
          'One entry of the access list of A has no counterpart on B',
        ],
      ],
    ],
  ])('%s', (_, entries, wanted) => {
    expect(warnings(...entries)).toEqual(wanted);
  });
});

describe('entries without a counterpart', () => {
  const groups = (...fars: readonly number[]): string =>
    `object-group network NEAR\n 172.16.1.0 255.255.255.0\nobject-group network FAR\n${fars
      .map((net) => ` 172.16.${String(net)}.0 255.255.255.0\n`)
      .join('')}object-group service WEB\n tcp eq 80\n tcp eq 443\n`;
  const ALL = 'permit ip object-group NEAR object-group FAR';
  const host = (net: number): string => `permit ip host 10.9.9.9 host 10.8.8.${String(net)}`;
  const back = (what: string): string => `permit ${what} 172.16.2.0 0.0.0.255 172.16.1.0 0.0.0.255`;
  it.each([
    [
      'one pair of an entry',
      groups(2, 3),
      ALL,
      back('ip'),
      'One pair of networks in one entry of the access list of A has',
    ],
    [
      'pairs of an entry',
      groups(2, 3, 4),
      ALL,
      back('ip'),
      '2 pairs of networks in one entry of the access list of A have',
    ],
    [
      'an entry of several pairs',
      groups(8, 9),
      `${ALL}\n permit ip 172.16.1.0 0.0.0.255 172.16.2.0 0.0.0.255`,
      back('ip'),
      'One entry of the access list of A has',
    ],
    [
      'one in whole, one in part',
      groups(2, 3),
      `${ALL}\n ${host(1)}`,
      back('ip'),
      'One entry and one pair of networks in one other of the access list of A have',
    ],
    [
      'entries in whole, one in part',
      groups(2, 3, 4),
      `${ALL}\n ${host(1)}\n ${host(2)}`,
      back('ip'),
      '2 entries and 2 pairs of networks in one other of the access list of A have',
    ],
    [
      'a service of an entry',
      groups(2),
      'permit object-group WEB object-group NEAR object-group FAR',
      'permit tcp 172.16.2.0 0.0.0.255 eq 80 172.16.1.0 0.0.0.255',
      'One flow in one entry of the access list of A has',
    ],
  ])('are counted as they are written: %s', (_, extra, acl, far, title) => {
    const { directions, findings } = predicted(
      router('A', '192.0.2.1', '192.0.2.2', { extra, acl }),
      router('B', '192.0.2.2', '192.0.2.1', { acl: far }),
    );
    expect(directions[0]!.outcome).toBe('up');
    expect(findings.map((finding) => finding.title)).toContain(`${title} no counterpart on B`);
  });
});

describe('several tunnels between one pair of addresses', () => {
  const cloud = (
    number: number,
    key: number | null,
  ): string => `crypto ipsec profile D${String(number)}
 set transform-set TS
 set isakmp-profile C${String(number)}
interface Tunnel${String(number)}
 tunnel source Ethernet0/0
 tunnel mode gre multipoint
 ${key === null ? '' : `tunnel key ${String(key)}`}
 tunnel protection ipsec profile D${String(number)}
`;
  const common = `crypto isakmp policy 10
 authentication pre-share
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
`;
  const hub = (...clouds: readonly string[]): string => `hostname B
${common}crypto keyring K
 pre-shared-key address 0.0.0.0 0.0.0.0 key walnut
crypto isakmp profile C1
 keyring K
 match identity address 0.0.0.0
crypto isakmp profile C2
 keyring K
 match identity address 0.0.0.0
${clouds.join('')}interface Ethernet0/0
 ip address 192.0.2.2 255.255.255.0`;
  const spoke = (key: number | null): string => `hostname A
${common}crypto isakmp key walnut address 0.0.0.0
crypto ipsec profile D
 set transform-set TS
interface Tunnel5
 ip nhrp map 10.9.9.1 192.0.2.2
 tunnel source Ethernet0/0
 tunnel mode gre multipoint
 ${key === null ? '' : `tunnel key ${String(key)}`}
 tunnel protection ipsec profile D
interface Ethernet0/0
 ip address 192.0.2.1 255.255.255.0`;
  const up = ['A', 'up', null];
  const refused = ['A', 'qm1-map-lookup', 'profile-mismatch-phase2'];
  it.each([
    ['the first by its key', 7, 7, 8, up],
    ['the second by its key', 8, 7, 8, refused],
    ['no key at the hub', 8, null, null, up],
    ['no key at the spoke', null, 7, 8, up],
    ['a key that the hub has not', 9, 7, 8, up],
  ])('%s', (_, own, first, second, wanted) => {
    const { directions } = predicted(spoke(own), hub(cloud(1, first), cloud(2, second)));
    expect((ends({ directions } as Prediction) as unknown[])[0]).toEqual(wanted);
  });
});
