import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import { predict } from '../../src/select/predict.ts';
import { between, ends, router } from '../support/map-router.ts';
import type { Knobs } from '../support/map-router.ts';
import { chain } from '../support/trust-points.ts';

describe('walkAttempt', () => {
  const up = (name: string): unknown => [name, 'up', null];
  it.each<[string, Knobs, Knobs, unknown[]]>([
    ['equal ends', {}, {}, [up('A'), up('B')]],
    [
      'other keys',
      {},
      { key: 'crypto isakmp key pear address 192.0.2.1' },
      [
        ['A', 'mm5-decrypt', 'psk-mismatch'],
        ['B', 'mm5-decrypt', 'psk-mismatch'],
      ],
    ],
    [
      'no key at B',
      {},
      { key: '' },
      [
        ['A', 'mm1-key-lookup', 'no-psk-for-peer'],
        ['B', 'mm1-key-lookup', 'no-psk-for-peer'],
      ],
    ],
    [
      'a key of type 6',
      {},
      { key: 'crypto isakmp key 6 SEALED address 192.0.2.1' },
      [
        ['A', null, null],
        ['B', null, null],
      ],
    ],
    [
      'keys that are masked alike',
      { key: 'crypto isakmp key <removed> address 192.0.2.2' },
      { key: 'crypto isakmp key <removed> address 192.0.2.1' },
      [
        ['A', null, null],
        ['B', null, null],
      ],
    ],
    [
      'a key that is masked at one end',
      {},
      { key: 'crypto isakmp key ****** address 192.0.2.1' },
      [
        ['A', null, null],
        ['B', null, null],
      ],
    ],
    [
      'a masked key, and a keyring that fails with any key',
      {},
      {
        key: 'crypto keyring K\n pre-shared-key address 192.0.2.1 key <removed>',
        extra: 'crypto isakmp profile P\n match identity address 192.0.2.1 255.255.255.255',
      },
      [
        ['A', 'mm5-verify', 'keyring-mismatch-after-mm5'],
        ['B', 'mm1-key-lookup', 'no-psk-for-peer'],
      ],
    ],
    [
      'a key of type 6, and lists that fail with any key',
      { acl: 'permit ip 10.0.0.0 0.0.0.255 172.16.1.0 0.0.0.255' },
      { key: 'crypto isakmp key 6 SEALED address 192.0.2.1' },
      [
        ['A', 'qm1-map-lookup', 'proxy-identity-mismatch'],
        ['B', 'qm1-map-lookup', 'proxy-identity-mismatch'],
      ],
    ],
    [
      'a key of type 6, and a keyring that fails with any key',
      {},
      {
        key: 'crypto keyring K\n pre-shared-key address 192.0.2.1 key 6 SEALED',
        extra: 'crypto isakmp profile P\n match identity address 192.0.2.1 255.255.255.255',
      },
      [
        ['A', 'mm5-verify', 'keyring-mismatch-after-mm5'],
        ['B', 'mm1-key-lookup', 'no-psk-for-peer'],
      ],
    ],
    [
      'a key of type 6 in aggressive mode',
      {
        extra: 'crypto isakmp profile P\n initiate mode aggressive',
        profile: 'set isakmp-profile P',
      },
      {
        key: 'crypto isakmp key 6 SEALED address 192.0.2.1',
        acl: 'permit ip 172.16.2.0 0.0.0.127 172.16.1.0 0.0.0.255',
      },
      [
        ['A', 'qm1-map-lookup', 'proxy-identity-mismatch'],
        ['B', 'qm1-map-lookup', 'profile-not-matched'],
      ],
    ],
    [
      'other groups',
      {},
      { policy: 'encr aes 256\n hash sha256\n authentication pre-share\n group 5' },
      [
        ['A', 'mm1-policy', 'ike-policy-mismatch'],
        ['B', 'mm1-policy', 'ike-policy-mismatch'],
      ],
    ],
    [
      'other lifetimes',
      {},
      { policy: 'encr aes 256\n hash sha256\n authentication pre-share\n group 14\n lifetime 600' },
      [up('A'), up('B')],
    ],
    [
      'other transforms',
      {},
      { transforms: 'esp-3des esp-sha-hmac' },
      [
        ['A', 'qm1-transform', 'transform-set-mismatch'],
        ['B', 'qm1-transform', 'transform-set-mismatch'],
      ],
    ],
    ['transport mode at A for traffic of others', { mode: 'transport' }, {}, [up('A'), up('B')]],
    [
      'transport mode at A for traffic of others, required',
      { mode: 'transport require' },
      {},
      [
        ['A', 'qm1-transform', 'transform-set-mismatch'],
        ['B', 'qm1-transform', 'transform-set-mismatch'],
      ],
    ],
    [
      'transport mode at A for traffic between the peers',
      { mode: 'transport', acl: 'permit gre host 192.0.2.1 host 192.0.2.2' },
      { acl: 'permit gre host 192.0.2.2 host 192.0.2.1' },
      [['A', 'qm1-transform', 'transform-set-mismatch'], up('B')],
    ],
    [
      'transport mode at A for traffic between the peers and of others',
      {
        mode: 'transport',
        acl: 'permit gre host 192.0.2.1 host 192.0.2.2\n permit ip 172.16.1.0 0.0.0.255 172.16.2.0 0.0.0.255',
      },
      {
        acl: 'permit gre host 192.0.2.2 host 192.0.2.1\n permit ip 172.16.2.0 0.0.0.255 172.16.1.0 0.0.0.255',
      },
      [['A', 'qm1-transform', 'transform-set-mismatch'], up('B')],
    ],
    [
      'PFS at B only',
      {},
      { profile: 'set pfs group14' },
      [['A', 'qm1-transform', 'transform-set-mismatch'], up('B')],
    ],
    [
      'a narrower list at B',
      { acl: 'permit ip 172.16.0.0 0.0.255.255 172.16.2.0 0.0.0.255' },
      {},
      [['A', 'qm1-map-lookup', 'proxy-identity-mismatch'], up('B')],
    ],
    [
      'unrelated lists',
      {},
      { acl: 'permit ip 10.0.0.0 0.0.0.255 172.16.1.0 0.0.0.255' },
      [
        ['A', 'qm1-map-lookup', 'proxy-identity-mismatch'],
        ['B', 'qm1-map-lookup', 'proxy-identity-mismatch'],
      ],
    ],
    [
      'a profile that B requires and A does not match',
      {},
      {
        extra: 'crypto isakmp profile P\n match identity address 192.0.2.9 255.255.255.255',
        profile: 'set isakmp-profile P',
      },
      [['A', 'qm1-map-lookup', 'profile-not-matched'], up('B')],
    ],
    [
      'ISAKMP off at B',
      {},
      { extra: 'no crypto isakmp enable' },
      [
        ['A', 'mm2-wait', 'peer-unreachable'],
        ['B', 'mm2-wait', 'peer-unreachable'],
      ],
    ],
    [
      'aggressive mode refused by B',
      {
        extra: 'crypto isakmp profile P\n initiate mode aggressive',
        profile: 'set isakmp-profile P',
      },
      { extra: 'crypto isakmp aggressive-mode disable' },
      [
        ['A', 'am1', 'aggressive-mode-rejected'],
        ['B', 'qm1-map-lookup', 'profile-not-matched'],
      ],
    ],
    [
      'aggressive mode without a key at B',
      {
        extra: 'crypto isakmp profile P\n initiate mode aggressive',
        profile: 'set isakmp-profile P',
      },
      { key: '' },
      [
        ['A', 'am1', 'no-psk-for-peer'],
        ['B', 'mm1-key-lookup', 'no-psk-for-peer'],
      ],
    ],
    [
      'aggressive mode with a policy that B does not have',
      {
        extra: 'crypto isakmp profile P\n initiate mode aggressive',
        profile: 'set isakmp-profile P',
      },
      { policy: 'encr aes\n hash sha256\n authentication pre-share\n group 14' },
      [
        ['A', 'am1', 'ike-policy-mismatch'],
        ['B', 'mm1-policy', 'ike-policy-mismatch'],
      ],
    ],
    [
      // Without `authentication` a policy means signatures, and B has nothing to sign with.
      'signatures without a trust-point',
      {
        policy: 'encr aes 256\n hash sha256\n group 14',
        extra: 'version 15.4\ncrypto pki trustpoint CA',
      },
      { policy: 'encr aes 256\n hash sha256\n group 14', extra: 'version 15.4' },
      [
        ['A', 'mm5-cert-validate', 'certificate-trustpoint-mismatch'],
        ['B', 'mm5-cert-validate', 'certificate-trustpoint-mismatch'],
      ],
    ],
    [
      'keywords shortened as IOS takes them',
      { policy: 'enc aes 256\n ha sha256\n auth pre\n gr 14' },
      { policy: 'encryption ae 256\n hash sha256\n authentication pre-sh\n group 14' },
      [up('A'), up('B')],
    ],
  ])('%s', (_, a, b, wanted) => {
    expect(ends(between(a, b))).toEqual(wanted);
  });

  describe('with signatures', () => {
    const policy = 'encr aes 256\n hash sha256\n group 14';
    const trustpoint = (name: string): string =>
      `crypto pki trustpoint CA\n enrollment url http://192.0.2.50\n subject-name CN=${name}\n${chain('CA')}`;
    const side = (name: string, rule: string, policies = policy): Knobs => ({
      policy: policies,
      key: '',
      extra: `${trustpoint(name)}
crypto pki certificate map CM 10
 ${rule}
crypto isakmp profile P
 ca trust-point CA
 match certificate CM`,
      profile: 'set isakmp-profile P',
    });

    it('matches certificate maps as far as configurations tell of the certificate', () => {
      expect(ends(between(side('A', 'subject-name co b'), side('B', 'subject-name co a')))).toEqual(
        [up('A'), up('B')],
      );
      expect(ends(between(side('A', 'subject-name co x'), side('B', 'subject-name co a')))).toEqual(
        [up('A'), ['B', 'qm1-map-lookup', 'profile-not-matched']],
      );
      for (const rule of ['issuer-name co example', 'unstructured-subject-name co x']) {
        const { directions, findings } = between(side('A', rule), side('B', 'subject-name co a'));
        expect(
          directions.map(({ outcome }) => outcome),
          rule,
        ).toEqual(['up', 'unknown']);
        expect(findings.filter(({ severity }) => severity === 'failure')).toEqual([]);
      }
    });

    it('compares names in maps without regard to case and blanks, and units with groups', () => {
      const named = (name: string, ca: string, match: string): Knobs => ({
        ...side(name, ''),
        extra: `${trustpoint(`${name},OU=vpn,O=Example`)}
crypto isakmp identity dn
crypto pki certificate map CM 10
 ${ca}
crypto isakmp profile P
 ca trust-point CA
 ${match}`,
      });
      const both = (rule: string, match = 'match certificate CM'): unknown =>
        ends(between(named('a', rule, match), named('b', rule, match)));
      expect(both('subject-name co ou = VPN')).toEqual([up('A'), up('B')]);
      expect(both('subject-name eq cn = a , ou = vpn,o = example')).toEqual([
        up('A'),
        ['B', 'qm1-map-lookup', 'profile-not-matched'],
      ]);
      expect(both('', 'match identity group vpn')).toEqual([up('A'), up('B')]);
      expect(both('', 'match identity group sales')).toEqual([
        ['A', 'qm1-map-lookup', 'profile-not-matched'],
        ['B', 'qm1-map-lookup', 'profile-not-matched'],
      ]);
    });

    describe('beside the trust-points that IOS-XE makes', () => {
      const made = `version 17.9
crypto pki trustpoint SLA-TrustPoint
 enrollment pkcs12
 revocation-check crl
crypto pki trustpoint TP-self-signed-1
 enrollment selfsigned
 subject-name cn=IOS-Self-Signed-Certificate-1
 rsakeypair TP-self-signed-1
`;
      const beside = (knobs: Knobs): Knobs => ({ ...knobs, extra: `${made}${knobs.extra ?? ''}` });
      const fault = (name: string): unknown => [
        name,
        'mm5-cert-validate',
        'certificate-trustpoint-mismatch',
      ];

      it('presents the certificate of an authority, and its subject', () => {
        const a = beside(side('A', 'subject-name co b'));
        const b = beside(side('B', 'subject-name co a'));
        const prediction = between({ ...a, profile: '' }, b);
        expect(ends(prediction)).toEqual([up('A'), up('B')]);
        expect(prediction.findings.map(({ id }) => id)).not.toContain(
          'certificate-trustpoint-mismatch',
        );
      });

      it('takes none of them for a certificate to sign with', () => {
        const bare = beside({ policy });
        expect(ends(between(bare, bare))).toEqual([fault('A'), fault('B')]);
      });

      it('compares the authorities of the others', () => {
        const b = side('B', 'subject-name co a');
        const renamed = b.extra!.replaceAll(/(trust-?point) CA/g, '$1 CB');
        const other = { ...b, extra: renamed.replace('192.0.2.50', '192.0.2.51') };
        expect(ends(between(beside(side('A', 'subject-name co b')), beside(other)))).toEqual([
          fault('A'),
          fault('B'),
        ]);
      });

      it('counts a certificate that was imported with its key pair', () => {
        const imported = beside({
          policy,
          key: '',
          extra: 'crypto pki trustpoint CORP\n enrollment pkcs12\n rsakeypair CORP\n',
        });
        expect(ends(between(imported, imported))).toEqual([up('A'), up('B')]);
      });
    });

    it('does not call a key missing where the policies were not given', () => {
      const unseen = [
        router('A', '192.0.2.1', '192.0.2.2', side('A', 'subject-name co b')),
        router('B', '192.0.2.2', '192.0.2.1', side('B', 'subject-name co a')),
      ].map((text) => text.replace(/crypto isakmp policy 10\n.*\n.*\n.*\n/, ''));
      const models = unseen.flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]);
      const both = predict(models);
      expect(both.directions.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown']);
      for (const prediction of [both, predict(models.slice(0, 1))])
        expect(prediction.findings.map(({ id }) => id)).not.toContain('no-psk-for-peer');
    });

    it('says nothing about keys that no policy asks for', () => {
      const rings = ['K1', 'K2'].map(
        (name) => `crypto keyring ${name}\n pre-shared-key address 192.0.2.9 key walnut`,
      );
      const ambiguous = (policies: string): boolean =>
        between({ policy: policies, extra: rings.join('\n') }, {}).findings.some(
          ({ id }) => id === 'keyring-ambiguous',
        );
      expect([ambiguous('authentication pre-share'), ambiguous(policy)]).toEqual([true, false]);
    });
  });

  it('lets a redundant crypto map call from the address of the standby group that it names', () => {
    const standby = (redundancy: string, knobs: Knobs = {}): unknown => {
      const shared = router('A', '192.0.2.3', '192.0.2.2', knobs).replace(
        / crypto map M\n$/,
        ` standby 1 ip 192.0.2.1\n standby 1 name PAIR\n crypto map M${redundancy}\n`,
      );
      return ends(
        predict(
          [shared, router('B', '192.0.2.2', '192.0.2.1')].flatMap((text, at) => [
            ...parseConfigs(text, `i${String(at + 1)}`),
          ]),
        ),
      );
    };
    const own = [
      ['A', 'mm1-key-lookup', 'no-psk-for-peer'],
      ['B', null, null],
    ];
    expect(standby(' redundancy PAIR')).toEqual([up('A'), up('B')]);
    const bound = `crypto keyring K
 local-address Ethernet0/0
 pre-shared-key address 192.0.2.2 key walnut`;
    expect(standby(' redundancy PAIR', { key: bound })).toEqual([up('A'), up('B')]);
    expect(standby(' redundancy OTHER')).toEqual(own);
    expect(standby('')).toEqual(own);
  });

  it('adds a policy under a number that IOS takes', () => {
    const last = (priority: number): string =>
      `crypto isakmp policy ${String(priority)}\n authentication pre-share\n hash ${priority === 10000 ? 'md5' : 'sha'}`;
    const { repairs } = between(
      { extra: last(9991) },
      { extra: last(10000), policy: 'encr aes\n authentication pre-share\n group 5' },
    );
    expect(repairs.map(({ router, commands }) => [router, commands[0]])).toEqual([
      ['B', 'crypto isakmp policy 9999'],
      ['A', 'crypto isakmp policy 10000'],
    ]);
  });

  it('gives a key back the words that it had', () => {
    const { repairs } = between(
      { key: 'crypto isakmp key pear address 192.0.2.2 no-xauth' },
      { key: 'crypto isakmp key walnut address 192.0.2.1' },
    );
    expect(repairs.find(({ router }) => router === 'A')?.commands).toEqual([
      'no crypto isakmp key <key#1> address 192.0.2.2',
      'crypto isakmp key <key#2> address 192.0.2.2 no-xauth',
    ]);
  });

  it('names the message of aggressive mode that a key is taken at', () => {
    const { directions } = between(
      {
        extra: 'crypto isakmp profile P\n initiate mode aggressive',
        profile: 'set isakmp-profile P',
      },
      {},
    );
    expect(directions[0]!.why).toBe(
      'the initiator uses default, the responder default at AM1; no profile matches, so nothing is verified',
    );
  });

  it('compares the two directions of one pair of addresses', () => {
    const second = `interface Ethernet0/1
 ip address 198.51.100.2 255.255.255.0
 crypto map M
`;
    const a = router('A', '192.0.2.1', '192.0.2.2').replace(
      'set peer 192.0.2.2',
      'set peer 192.0.2.2\n set peer 198.51.100.2',
    );
    const { directions, findings } = predict(
      [a, router('B', '192.0.2.2', '192.0.2.1') + second].flatMap((text, at) => [
        ...parseConfigs(text, `i${String(at + 1)}`),
      ]),
    );
    expect(directions.map(({ outcome }) => outcome)).toEqual(['up', 'fails', 'up', 'fails']);
    expect(findings.map(({ id }) => id)).not.toContain('one-direction-only');
  });

  it.each([
    [
      'another address',
      '',
      'crypto map M 10 of the responder names 192.0.2.2 as its peer, but serves 192.0.2.1, and the initiator calls 203.0.113.1',
    ],
    [
      'another table',
      'vrf forwarding RED',
      'crypto map M 10 of the responder names 192.0.2.2 as its peer, but serves VRF RED, and the initiator calls in the global table',
    ],
  ])('tells a map entry that serves %s from none', (_, vrf, why) => {
    const loopback = 'interface Loopback0\n ip address 203.0.113.1 255.255.255.255\n';
    const a = router('A', '192.0.2.1', '192.0.2.2').replace(
      'interface Ethernet0/0\n',
      `interface Ethernet0/0\n ${vrf}\n`,
    );
    const { directions, repairs } = predict(
      [a + loopback, router('B', '192.0.2.2', '203.0.113.1')].flatMap((text, at) => [
        ...parseConfigs(text, `i${String(at + 1)}`),
      ]),
    );
    expect(directions.find(({ initiator }) => initiator === 'B')?.why).toBe(why);
    expect(repairs.map(({ commands }) => commands)).toEqual(
      vrf === '' ? [['crypto map M local-address Loopback0']] : [],
    );
  });

  describe('a name of a certificate that keys do not have', () => {
    const told = (match: string, bound: string): unknown =>
      between(
        { extra: 'crypto isakmp identity dn' },
        {
          key: 'crypto keyring K\n pre-shared-key address 192.0.2.1 key walnut',
          extra: `crypto isakmp profile P\n keyring K\n match identity ${match}`,
          profile: bound,
        },
      ).directions.map(({ outcome, finding }) => finding ?? outcome)[0];
    const required = 'set isakmp-profile P';
    it.each([
      ['its address would do', 'address 192.0.2.1 255.255.255.255', required, 'unknown'],
      ['neither would do', 'address 192.0.2.9 255.255.255.255', required, 'profile-not-matched'],
      ['nothing is required', 'address 192.0.2.1 255.255.255.255', '', 'up'],
    ])('%s', (_, match, bound, wanted) => {
      expect(told(match, bound)).toBe(wanted);
    });
  });

  it('says of what comes up that another reading ends otherwise', () => {
    const ring = (name: string, key: string): string =>
      `crypto keyring ${name}\n pre-shared-key address 192.0.2.2 key ${key}\n`;
    const a = {
      key: ring('OLD', 'pear') + ring('NEW', 'walnut'),
      extra:
        'crypto isakmp profile P\n keyring NEW\n match identity address 192.0.2.2 255.255.255.255',
    };
    const { directions, findings } = between(a, {});
    const other = 'y another reading of the documents it ends otherwise (profile-initiator-null)';
    expect(directions[0]).toMatchObject({ initiator: 'A', outcome: 'up' });
    expect(directions[0]!.why).toContain(other);
    expect(findings.find(({ id }) => id === 'one-direction-only')!.explanation).toContain(other);
    const settled = between(a, {}, { settled: new Set(['profile-initiator-null']) });
    expect(settled.directions[0]!.why).not.toContain(other);
  });

  it('shows a repair for what it can mend, replayed', () => {
    for (const b of [
      { key: 'crypto isakmp key pear address 192.0.2.1' },
      { key: '' },
      { policy: 'encr aes\n authentication pre-share\n group 5' },
      { transforms: 'esp-3des esp-sha-hmac' },
      { profile: 'set pfs group14' },
    ]) {
      const { repairs } = between({}, b);
      expect(repairs.length, JSON.stringify(b)).toBeGreaterThan(0);
      expect(repairs.every(({ verified }) => verified)).toBe(true);
      expect(JSON.stringify(repairs)).not.toMatch(/walnut|pear/);
    }
  });
});

describe('IKEv2', () => {
  const side = (
    name: string,
    local: string,
    peer: string,
    key: string,
    match = `address ${peer} 255.255.255.255`,
  ): string => `hostname ${name}
crypto ikev2 keyring K
 peer FAR
  address ${peer}
  ${key}
crypto ikev2 profile P
 match identity remote ${match}
 authentication local pre-share
 authentication remote pre-share
 keyring local K
crypto ipsec profile IP
 set ikev2-profile P
interface Tunnel0
 tunnel source ${local}
 tunnel destination ${peer}
 tunnel mode ipsec ipv4
 tunnel protection ipsec profile IP
interface Ethernet0/0
 ip address ${local} 255.255.255.0`;
  it.each([
    ['one key', 'pre-shared-key one', 'pre-shared-key one', undefined, ['up', null]],
    [
      'a key each way',
      'pre-shared-key local one\n  pre-shared-key remote two',
      'pre-shared-key local two\n  pre-shared-key remote one',
      undefined,
      ['up', null],
    ],
    [
      'other keys',
      'pre-shared-key one',
      'pre-shared-key two',
      undefined,
      ['ike-auth-verify', 'ikev2-auth-failed'],
    ],
    [
      'no profile',
      'pre-shared-key one',
      'pre-shared-key one',
      'address 192.0.2.77 255.255.255.255',
      ['ike-auth-profile-lookup', 'ikev2-profile-not-found'],
    ],
  ])('%s', (_, a, b, match, wanted) => {
    const texts = [
      side('A', '192.0.2.1', '192.0.2.2', a),
      side('B', '192.0.2.2', '192.0.2.1', b, match),
    ];
    const { directions } = predict(
      texts.flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]),
    );
    const { outcome, failingStep, finding } = directions[0]!;
    expect([outcome === 'up' ? 'up' : failingStep, finding]).toEqual(wanted);
  });
});
