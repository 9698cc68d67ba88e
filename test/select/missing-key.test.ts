import { describe, expect, it } from 'vitest';
import { predict } from '../../src/select/predict.ts';
import { readRouters, repairsOf, tunnelRouter } from '../support/tunnel-router.ts';
import type { TunnelKnobs } from '../support/tunnel-router.ts';

const A = '192.0.2.1';
const B = '192.0.2.2';
const P = 'crypto isakmp profile P';
const INET = 'interface GigabitEthernet0/0\n vrf forwarding INET';
/** A meets B in a VRF, without a profile. */
const unbound: TunnelKnobs = {
  profile: '   description none',
  tunnel: ' tunnel vrf INET',
  extra: `crypto ipsec profile IP\n no set isakmp-profile\n${INET}`,
};
const pair = (a: TunnelKnobs) => readRouters([tunnelRouter('A', A, B, a), tunnelRouter('B', B, A)]);

describe('a key that serves another table', () => {
  it.each<[string, TunnelKnobs, string]>([
    [
      'a global key: a keyring of the VRF takes it over',
      { ...unbound, keyrings: `crypto isakmp key walnut address ${B}` },
      `A: crypto keyring KEYS-INET vrf INET / pre-shared-key address ${B} key <key#1>`,
    ],
    [
      'a global key for a network',
      { ...unbound, keyrings: 'crypto isakmp key walnut address 192.0.2.0 255.255.255.0' },
      'A: crypto keyring KEYS-INET vrf INET / pre-shared-key address 192.0.2.0 255.255.255.0 key <key#1>',
    ],
    [
      'and a profile that names a keyring without it names the new one as well',
      {
        tunnel: ' tunnel vrf INET',
        keyrings: `crypto isakmp key walnut address ${B}\ncrypto keyring K vrf INET\n  pre-shared-key address 203.0.113.9 key pear`,
        profile: `   keyring K\n   match identity address ${B} 255.255.255.255 INET`,
        extra: INET,
      },
      `A: crypto keyring KEYS-INET vrf INET / pre-shared-key address ${B} key <key#1> / ${P} / keyring KEYS-INET`,
    ],
  ])('%s', (_, a, repair) => {
    expect(repairsOf(pair(a))).toContain(repair);
  });

  it('is told with its line and its table', () => {
    const { directions } = predict(
      pair({ ...unbound, keyrings: `crypto isakmp key walnut address ${B}` }),
    );
    for (const { why } of directions) {
      expect(why).toMatch(
        /has no key for 192\.0\.2\.\d; the key at line 4 of its configuration, in the global keys, serves the global table only, and the peer is in VRF INET$/,
      );
    }
  });

  it('is not told of one for somebody else', () => {
    const { directions } = predict(
      pair({ ...unbound, keyrings: 'crypto isakmp key walnut address 203.0.113.9' }),
    );
    expect(directions.map(({ why }) => why).join()).not.toContain('serves the global table');
  });
});

describe('a profile without a keyring', () => {
  it('names the one that holds the key, for both directions', () => {
    const models = pair({ profile: `   match identity address ${B} 255.255.255.255` });
    expect(repairsOf(models)).toContain(`A: ${P} / keyring K`);
    const { findings, repairs } = predict(models);
    expect(repairs[0]?.cures.map(({ initiator, finding }) => [initiator, finding])).toEqual([
      ['A', 'no-psk-for-peer'],
      ['B', 'keyring-mismatch-after-mm5'],
    ]);
    for (const id of ['no-psk-for-peer', 'keyring-missing-from-profile'])
      expect(findings.find((each) => each.id === id)?.remedies[0]?.config).toContain('keyring K');
  });
});
