import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../../src/iosconfig/parse.ts';
import { keyFindings } from '../../../src/select/findings/keys.ts';
import { profileFindings } from '../../../src/select/findings/profiles.ts';

describe('a VRF that differs', () => {
  const warnings = (ring: string, match: string, tunnel: string | null): unknown => {
    const [model] = parseConfigs(
      `hostname R1
crypto keyring K${ring}
 pre-shared-key address 192.0.2.1 key walnut
crypto isakmp profile P
 keyring K
 ${match}
crypto ipsec profile IP
 set isakmp-profile P
interface Tunnel0
 tunnel source 192.0.2.2
 tunnel destination 192.0.2.1
 ${tunnel === null ? 'no tunnel protection ipsec profile IP' : 'tunnel protection ipsec profile IP'}
 ${tunnel ?? ''}`,
      'i1',
    );
    return [...keyFindings(model!), ...profileFindings(model!)]
      .filter(({ id }) => id === 'keyring-vrf-mismatch' || id === 'profile-not-matched')
      .map(({ id, title }) => `${id}: ${title}`);
  };
  const address = 'match identity address 192.0.2.1 255.255.255.255';
  const keyring =
    'keyring-vrf-mismatch: Keyring K of R1 is in VRF INET, its peers are in the global table';
  const match =
    'profile-not-matched: Profile P of R1 matches its peers in the global table, and Tunnel0 serves VRF INET';

  it.each([
    ['nowhere', ' vrf INET', `${address} INET`, 'tunnel vrf INET', []],
    ['of the match', ' vrf INET', address, 'tunnel vrf INET', [match]],
    ['of one match of two', ' vrf INET', `${address}\n ${address} INET`, 'tunnel vrf INET', []],
    ['of a match by name', ' vrf INET', 'match identity host r2.example', 'tunnel vrf INET', []],
    ['of the keyring', ' vrf INET', address, '', [keyring]],
    ['of the match, where no tunnel tells', ' vrf INET', address, null, [keyring]],
    [
      'of the tunnel',
      '',
      address,
      'tunnel vrf INET',
      [
        'keyring-vrf-mismatch: Keyring K of R1 is in the global table, its peers are in VRF INET',
        match,
      ],
    ],
  ])('%s', (_, ring, line, tunnel, wanted) => {
    expect(warnings(ring, line, tunnel)).toEqual(wanted);
  });
});

describe('a VRF that no profile of a tunnel tells', () => {
  it('is that of the tunnel to the same peer', () => {
    const [model] = parseConfigs(
      `crypto keyring K vrf INET
 pre-shared-key address 192.0.2.1 key walnut
crypto isakmp profile P
 keyring K
 match identity address 192.0.2.1 255.255.255.255
crypto ipsec profile IP
interface Tunnel0
 tunnel source 192.0.2.2
 tunnel destination 192.0.2.1
 tunnel protection ipsec profile IP
 tunnel vrf INET`,
      'i1',
    );
    expect(keyFindings(model!).map(({ id }) => id)).toEqual([]);
  });
});

describe('one address in two keyrings', () => {
  it.each([
    ['pear', 'pear', true],
    ['pear', 'plum', false],
    ['<removed>', '<removed>', false],
    ['6 SEALED', '6 SEALED', false],
  ])('with %s and %s holds equal keys: %s', (one, other, equal) => {
    const [model] = parseConfigs(
      `hostname R1
crypto keyring K
 pre-shared-key address 192.0.2.1 key ${one}
crypto keyring L
 pre-shared-key address 192.0.2.1 key ${other}
`,
      'i1',
    );
    const found = keyFindings(model!).find(({ id }) => id === 'keyring-ambiguous');
    expect(found?.explanation.includes('The keys are equal')).toBe(equal);
  });

  const ids = (local: string, source: string): readonly string[] => {
    const [model] = parseConfigs(
      `crypto keyring K1
 ${local}
 pre-shared-key address 192.0.2.1 key walnut
crypto keyring K2
 pre-shared-key address 192.0.2.1 key walnut
crypto ipsec profile IP
interface Tunnel0
 tunnel source ${source}
 tunnel destination 192.0.2.1
 tunnel protection ipsec profile IP
interface Loopback0
 ip address 203.0.113.9 255.255.255.255
interface GigabitEthernet0/0
 ip address 203.0.113.1 255.255.255.0`,
      'i1',
    );
    return keyFindings(model!).map(({ id }) => id);
  };

  it.each([
    ['both serve every address', '', 'GigabitEthernet0/0', ['keyring-ambiguous']],
    ['one serves another', 'local-address 203.0.113.9', 'GigabitEthernet0/0', []],
    [
      'one serves that of the tunnel',
      'local-address 203.0.113.9',
      'Loopback0',
      ['keyring-ambiguous'],
    ],
  ])('is told where both can be asked: %s', (_, local, source, wanted) => {
    expect(ids(local, source)).toEqual(wanted);
  });
});
