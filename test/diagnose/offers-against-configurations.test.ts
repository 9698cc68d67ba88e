import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import type { Finding } from '../../src/model/finding.ts';
import {
  INITIATOR,
  RESPONDER,
  diagnosisOf,
  mainModeUp,
  payloads,
  sent,
  wire,
} from '../support/incident.ts';
import { router } from '../support/map-router.ts';
import type { Knobs } from '../support/map-router.ts';
import { initiatorLog, responderLog } from '../support/offer-log.ts';

const A = '192.0.2.1';
const B = '192.0.2.2';
const policy = (more = ''): string =>
  `encr aes 256\n hash sha256\n authentication pre-share\n group 14${more}`;
const SHA1 = { policy: 'encr aes 256\n authentication pre-share\n group 14' };

const both = (a: Knobs, b: Knobs): readonly string[] => [
  router('A', A, B, a),
  router('B', B, A, b),
];
const diagnose = (configs: readonly string[], log: string): Diagnosis =>
  diagnosisOf({ configs: [...configs], logs: [log] });
const find = ({ findings }: Diagnosis, id: string): Finding | undefined =>
  findings.find((entry) => entry.id === id);
const verified = ({ findings }: Diagnosis): boolean =>
  findings.some(({ remedies }) => remedies.some((remedy) => remedy.verified));
const AGAINST = 'configuration-contradicts-log';

const refusedOver = (hash: string): string => responderLog([{ hash, refused: 'Hash algorithm' }]);
const quick = (more: Parameters<typeof responderLog>[1]): string => responderLog([{}], more);

describe('what was offered, accepted or refused and the configuration does not hold', () => {
  it.each([
    [
      'a policy that it does not define',
      {},
      {
        policy: policy(
          '\ncrypto isakmp policy 10\nno crypto isakmp policy 10\ncrypto isakmp policy 40\n hash sha256\n authentication pre-share',
        ),
      },
      responderLog([{ hash: 'SHA256', refused: 'Hash algorithm' }]),
      'The debug of B names policy 10, which its configuration does not define',
    ],
    [
      'a transform that its policy accepts is refused',
      {},
      {},
      refusedOver('SHA256'),
      'by policy 10 over the hash, and in its configuration policy 10 accepts this transform',
    ],
    [
      'a hash that its policy has is refused, where the group differs',
      { policy: policy().replace('14', '5') },
      {},
      responderLog([{ group: 5, refused: 'Hash algorithm' }]),
      'policy 10 has sha256 as well',
    ],
    [
      'a transform that its policy refuses is accepted',
      {},
      { policy: policy().replace('14', '5') },
      quick({ error: 256 }),
      'in its configuration policy 10 has group 5 for the Diffie-Hellman group',
    ],
    [
      'an offer that no policy of the initiator makes',
      {},
      {},
      refusedOver('SHA'),
      'A offers aes 256, sha, pre-share, group 14, and its configuration has no such policy',
    ],
    [
      'a choice that no policy of the responder allows',
      SHA1,
      {},
      initiatorLog({ hash: 'SHA' }, {}),
      'B chooses aes 256, sha, pre-share, group 14, and its configuration has no such policy',
    ],
    [
      'transforms that no set of the initiator has',
      {},
      {},
      quick({ hash: 'SHA512', error: 256 }),
      'A proposes esp-aes 256 esp-sha512-hmac (tunnel), and crypto map M 10 of its configuration names esp-aes 256 esp-sha256-hmac (tunnel) alone',
    ],
    [
      'a mode that no set of the initiator has',
      {},
      {},
      quick({ mode: '2 (Transport)', error: 256 }),
      'A proposes esp-aes 256 esp-sha256-hmac (transport)',
    ],
    [
      'a group that the initiator does not ask for',
      {},
      {},
      quick({ group: 14, error: 256 }),
      'A proposes PFS group 14, and crypto map M 10 of its configuration sets no PFS',
    ],
    [
      'no group, where the initiator asks for one',
      { profile: 'set pfs group14' },
      {},
      quick({ error: 256 }),
      'A proposes no PFS, and crypto map M 10 of its configuration sets PFS group 14',
    ],
    [
      'traffic that the access list of the initiator does not cover',
      {},
      {},
      quick({
        networks: ['172.16.0.0/255.255.0.0/0/0', '172.16.2.0/255.255.255.0/0/0'],
        error: 32,
      }),
      'A proposes traffic of 172.16.0.0 0.0.255.255 with 172.16.2.0 0.0.0.255, and no entry of the access list of crypto map M 10 of its configuration covers it',
    ],
    [
      'transforms that the responder holds and refuses',
      {},
      {},
      quick({ error: 256 }),
      'B refuses esp-aes 256 esp-sha256-hmac (tunnel), and crypto map M 10 of its configuration accepts this quick mode',
    ],
    [
      'traffic that the responder mirrors and refuses',
      {},
      {},
      quick({ error: 32 }),
      'B refuses traffic of 172.16.1.0 0.0.0.255 with 172.16.2.0 0.0.0.255',
    ],
    [
      'transforms that the responder accepts and does not hold',
      {},
      { transforms: 'esp-aes 256 esp-sha512-hmac' },
      initiatorLog({}, {}),
      'B accepts esp-aes 256 esp-sha256-hmac (tunnel), and by its configuration it refuses',
    ],
  ] as const)('is told, and nothing replayed counts: %s', (_, a, b, log, text) => {
    const diagnosis = diagnose(both(a, b), log);
    expect(find(diagnosis, AGAINST)?.explanation).toContain(text);
    expect(find(diagnosis, AGAINST)?.evidence.some(({ input }) => input.startsWith('cfg'))).toBe(
      true,
    );
    expect(verified(diagnosis)).toBe(false);
    expect(find(diagnosis, 'one-direction-only')).toBeUndefined();
    expect(diagnosis.verdict.summary).not.toContain('Type:');
  });

  it.each([
    [
      'a refusal for want of a key',
      {},
      {},
      responderLog([{ auth: 'pre-share', refused: 'Preshared authentication' }]),
    ],
    [
      'a built-in policy',
      SHA1,
      {},
      responderLog([
        { hash: 'SHA', refused: 'Hash algorithm' },
        { priority: 65_535, hash: 'SHA', refused: 'Encryption algorithm' },
      ]),
    ],
    [
      'an extended method',
      SHA1,
      SHA1,
      responderLog([{ hash: 'SHA', auth: 'XAUTHInitPreShared', refused: 'Authentication method' }]),
    ],
    ['an unknown algorithm', {}, {}, responderLog([{ hash: 'Tiger', refused: 'Hash algorithm' }])],
    [
      'a narrower network than the entry',
      { acl: 'permit ip 172.16.0.0 0.0.255.255 172.16.2.0 0.0.0.255' },
      {},
      quick({
        networks: ['172.16.0.0/255.255.0.0/0/0', '172.16.2.0/255.255.255.0/0/0'],
        error: 32,
      }),
    ],
    ...[
      ['by object groups', 'permit ip object-group NEAR object-group FAR'],
      ['by a service', 'permit object-group ANY any any'],
      ['of several ports', 'permit tcp any eq 80 443 any'],
      ['that is broken off', 'permit ip 172.16.0.0 0.0.255.255 172.16.2.'],
      ['that is mistyped', 'permti ip 172.16.0.0 0.0.255.255 any'],
    ].flatMap(([what, line]) => [
      [
        `traffic of an entry ${what}`,
        { acl: `permit ip host 10.9.9.9 host 10.8.8.8\n ${line!}` },
        {},
        quick({}),
      ] as const,
      [
        `traffic that is taken by an entry ${what}`,
        {},
        { acl: `permit ip host 10.9.9.9 host 10.8.8.8\n ${line!}` },
        initiatorLog({}, {}),
      ] as const,
      [
        `traffic that a list with nothing but an entry ${what} refuses`,
        {},
        { acl: line! },
        quick({ error: 32 }),
      ] as const,
    ]),
    [
      'traffic that is refused by a list which is not given',
      {},
      { acl: '', profile: 'match address OTHER' },
      quick({ error: 32 }),
    ],
    ['a quick mode that both hold', {}, {}, quick({})],
    ['the initiator of a quick mode that both hold', {}, {}, initiatorLog({}, {})],
    [
      'transport mode that is asked for as tunnel mode',
      { mode: 'transport' },
      { transforms: 'esp-3des esp-sha-hmac' },
      quick({ error: 256 }),
    ],
  ] as const)('is not told of %s', (_, a, b, log) => {
    expect(find(diagnose(both(a, b), log), AGAINST)).toBeUndefined();
  });

  it.each([
    [
      'phase 1',
      [sent('MM1', '>', 0), sent('MM2', '<', 20)],
      'A offers aes 256, sha, pre-share, group 14',
    ],
    [
      'quick mode',
      [
        ...mainModeUp.slice(0, 6),
        sent('QM1', '>', 120, {
          messageId: 7,
          opened: {},
          contents: [
            payloads.esp(12, { 4: 1, 5: 7, 6: 256 }),
            payloads.network(172, 16, 0, 0, 255, 255, 0, 0),
            payloads.network(172, 16, 2, 0, 255, 255, 255, 0),
          ],
        }),
      ],
      'A proposes esp-aes 256 esp-sha512-hmac (tunnel), and crypto map M 10 of its configuration names esp-aes 256 esp-sha256-hmac (tunnel) alone. A proposes traffic of 172.16.0.0 0.0.255.255',
    ],
  ])('is told by the packets too: %s', (of, messages, text) => {
    const a = of === 'phase 1' ? {} : SHA1;
    const { findings } = diagnosisOf({
      configs: [router('A', INITIATOR, RESPONDER, a), router('B', RESPONDER, INITIATOR, a)],
      exchanges: [wire(messages)],
    });
    const told = findings.find(({ id }) => id === AGAINST);
    expect(told?.title).toBe('The configuration of A does not explain what it did');
    expect(told?.explanation).toContain(text);
  });
});

describe('a call to an address', () => {
  const log = initiatorLog({}, {});
  const whole = (peer: string, knobs: Knobs = {}): string =>
    router('A', A, peer, { ...knobs, extra: `version 15.4\n${knobs.extra ?? ''}` });
  const key = `crypto isakmp key walnut address ${B}`;
  const told = (config: string): string | undefined =>
    find(diagnose([config], log), AGAINST)?.explanation;

  it('that no tunnel of the initiator names is told', () => {
    expect(told(whole('192.0.2.7', { key }))).toContain(
      `The debug of A calls ${B}, and its configuration names 192.0.2.7 alone as a peer`,
    );
  });

  it.each([
    ['is the peer', whole(B)],
    ['is a further peer', whole('192.0.2.7', { key, profile: `set peer ${B}` })],
    ['may be the peer of another part', router('A', A, '192.0.2.7', { key })],
    ['may have a name that is not resolved', whole('branch.example.net', { key })],
    [
      'may have called a dynamic map',
      whole('192.0.2.7', {
        key,
        extra:
          'crypto dynamic-map D 10\n set transform-set TS\ncrypto map M 20 ipsec-isakmp dynamic D',
      }),
    ],
    ['may be in a line that is not read', whole('192.0.2.7', { key, profile: `sett peer ${B}` })],
    [
      'may be the peer of an Easy VPN client',
      whole('192.0.2.7', { key, extra: `crypto ipsec client ezvpn EZ\n peer ${B}` }),
    ],
  ])('that %s is not', (_, config) => {
    expect(told(config) ?? '').not.toContain('calls');
  });
});

describe('a refusal that the configurations explain', () => {
  it('of phase 1 is told with its policies and the replayed repairs', () => {
    const diagnosis = diagnose(both(SHA1, {}), refusedOver('SHA'));
    const finding = find(diagnosis, 'ike-policy-mismatch')!;
    expect(finding.explanation).toContain('Offered: aes 256, sha, pre-share, group 14.');
    expect(finding.explanation).toContain('By the configurations no offered transform fits');
    expect(finding.evidence.filter(({ input }) => input.startsWith('cfg'))).toHaveLength(2);
    expect(finding.remedies.map(({ router: at, verified: is }) => [at, is])).toEqual([
      ['A', true],
      ['B', true],
    ]);
    expect(find(diagnosis, AGAINST)).toBeUndefined();
  });

  it.each([
    ['algorithms', { transforms: 'esp-aes 256 esp-sha512-hmac' }, 'esp-sha512-hmac (tunnel)'],
    [
      'the mode',
      { mode: 'transport require', acl: `permit ip host ${B} host ${A}` },
      '(transport)',
    ],
  ] as const)('of quick mode is told with both sides: %s', (_, b, text) => {
    const hosts = 'acl' in b ? { acl: `permit ip host ${A} host ${B}` } : {};
    const networks =
      'acl' in b ? ([`${A}/255.255.255.255/0/0`, `${B}/255.255.255.255/0/0`] as const) : undefined;
    const log = quick({ error: 256, ...(networks === undefined ? {} : { networks }) });
    const finding = find(diagnose(both(hosts, b), log), 'transform-set-mismatch')!;
    expect(finding.explanation).toContain('By the configurations offered:');
    expect(finding.explanation).toContain(text);
    expect(finding.remedies.some((remedy) => remedy.verified)).toBe(true);
  });

  it('is told by the configuration of the responder alone', () => {
    const own = router('B', B, A, { transforms: 'esp-aes 256 esp-sha512-hmac' });
    const finding = find(diagnose([own], quick({ error: 256 })), 'transform-set-mismatch')!;
    expect(finding.explanation).toContain('By the configuration of B: offered:');
    const policies = find(
      diagnose([router('B', B, A)], refusedOver('SHA')),
      'ike-policy-mismatch',
    )!;
    expect(policies.explanation).toContain(
      'The configuration of B: it has policy 10 (aes 256, sha256',
    );
  });
});

describe('a tunnel that came up against both configurations', () => {
  it('is told, and neither direction is', () => {
    // Keys, of which the log shows nothing.
    const b = { key: `crypto isakmp key another address ${A}` };
    const diagnosis = diagnose(both({}, b), initiatorLog({}, {}));
    const told = find(diagnosis, AGAINST)!;
    expect(told.title).toBe('The configurations of A and B do not explain that the tunnel came up');
    expect(told.explanation).toContain('by the configurations given it fails at mm5-decrypt');
    expect(find(diagnosis, 'one-direction-only')).toBeUndefined();
    expect(verified(diagnosis)).toBe(false);
    expect(diagnosis.verdict.summary).toContain(told.title);
  });
});
