import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import type { ConfigModel } from '../../src/model/config.ts';
import type { Prediction } from '../../src/model/selection.ts';
import { predict } from '../../src/select/predict.ts';
import { sampleConfigs as sample } from '../support/samples.ts';
import { searchKeyring } from '../../src/select/keyring.ts';
import { OTHER_READINGS, RULES, TRIGGERS, ruleById } from '../../src/select/rules.ts';
import { selectionFor } from '../../src/select/selection.ts';

const outcomes = (prediction: Prediction): unknown =>
  prediction.directions.map(({ initiator, outcome, failingStep, finding }) => [
    initiator,
    outcome,
    failingStep,
    finding,
  ]);

describe('the bundled scenarios', () => {
  const up = (router: string): unknown => [router, 'up', null, null];
  it.each([
    ['01-r1-initiates', [up('R1'), ['R2', 'fails', 'mm5-verify', 'keyring-mismatch-after-mm5']]],
    ['02-r2-initiates', [up('R1'), ['R2', 'fails', 'mm5-verify', 'keyring-mismatch-after-mm5']]],
    ['03-different-keys', [up('R1'), ['R2', 'fails', 'mm5-decrypt', 'psk-mismatch']]],
    ['04-initiator-without-profile', [up('R1'), up('R2')]],
    ['07-default-keyring', [up('R1'), ['R2', 'fails', 'mm5-decrypt', 'default-keyring-shadows']]],
    ['08-ikev2-unaffected', [up('R1'), up('R2')]],
    ['09-initiator-profile-unset', [up('R1'), up('R2')]],
    ['10-responder-profile', [up('R1'), up('R2')]],
    [
      '11-wrong-profile-right-keyring',
      [['R1', 'fails', 'qm1-map-lookup', 'profile-mismatch-phase2'], up('R2')],
    ],
    [
      '12-certificates',
      [up('R1'), ['R2', 'fails', 'mm5-cert-validate', 'certificate-trustpoint-mismatch']],
    ],
  ])('%s', (name, wanted) => {
    expect(outcomes(predict(sample(name)))).toEqual(wanted);
  });

  it('tells one-sided tunnels, ambiguous keyrings and overlapping profiles', () => {
    const ids = (name: string): readonly string[] =>
      predict(sample(name)).findings.map(({ id }) => id);
    expect(ids('02-r2-initiates')).toEqual(
      expect.arrayContaining(['one-direction-only', 'keyring-ambiguous']),
    );
    expect(ids('06-same-address-keyrings')).toContain('keyring-ambiguous');
    expect(ids('10-responder-profile')).toContain('profile-overlap');
    expect(ids('08-ikev2-unaffected')).not.toContain('one-direction-only');
  });

  it('shows the other reading where the documents contradict themselves', () => {
    const responder = predict(sample('02-r2-initiates')).selections.find(
      ({ router, role, tunnel }) => router === 'R1' && role === 'responder' && tunnel !== null,
    )!;
    expect(responder).toMatchObject({
      keyring: 'keyring1',
      matchedProfile: 'profile2',
      verification: 'fails',
    });
    expect(responder.branches).toMatchObject([
      { rule: 'keyring-tie-unpredictable', keyring: 'keyring2', verification: 'passes' },
    ]);
    expect(responder.candidates.map(({ keyring, lost }) => [keyring, lost])).toEqual([
      ['keyring2', 'same mask as keyring keyring1, which is defined first'],
    ]);
  });

  it('shows keys only where it is asked to', () => {
    for (const name of ['02-r2-initiates', '03-different-keys', '07-default-keyring']) {
      const models = sample(name);
      const text = JSON.stringify(predict(models));
      for (const { entries } of models.flatMap(({ keyrings }) => keyrings)) {
        for (const { secret } of entries) expect(text).not.toContain(`key ${secret}`);
      }
      const { routers, repairs } = predict(models, { showSecrets: true });
      expect(JSON.stringify([routers, repairs])).not.toMatch(/<key#/);
      expect(
        routers.flatMap(({ keyrings }) => keyrings.flatMap(({ entries }) => entries)),
      ).toMatchObject(
        models.flatMap(({ keyrings }) =>
          keyrings.flatMap(({ entries }) => entries.map(({ secret }) => ({ keyToken: secret }))),
        ),
      );
    }
  });
});

type Ring = {
  readonly name: string;
  readonly entries: readonly (readonly [network: number, length: number])[];
};

/** Keyrings over a small range of addresses, so that masks nest and tie often. */
const rings: fc.Arbitrary<Ring[]> = fc
  .array(
    fc.array(fc.tuple(fc.nat(7), fc.constantFrom(8, 24, 28, 30, 32)), {
      minLength: 1,
      maxLength: 4,
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((all) => all.map((entries, at) => ({ name: `K${String(at)}`, entries })));

function configOf(all: readonly Ring[]): ConfigModel {
  const lines = all.flatMap(({ name, entries }) => [
    `crypto keyring ${name}`,
    ...[...new Map(entries.map((entry) => [entry.join(), entry])).values()].map(
      ([host, length]) =>
        ` pre-shared-key address 192.0.2.${String(host & (length >= 32 ? 255 : length >= 30 ? 252 : length >= 28 ? 240 : 0))} ${MASKS[length]!} key k-${name}`,
    ),
  ]);
  return parseConfigs(lines.join('\n'), 'i1')[0]!;
}

const MASKS: Readonly<Record<number, string>> = {
  8: '255.0.0.0',
  24: '255.255.255.0',
  28: '255.255.255.240',
  30: '255.255.255.252',
  32: '255.255.255.255',
};

/** The rule said plainly, without an index: the longest mask, then the first line. */
function byHand(model: ConfigModel, last: number): string | null {
  let best: { name: string; length: number } | null = null;
  for (const { name, entries } of model.keyrings) {
    for (const { address, prefixLength } of entries) {
      const host = Number(address.split('.')[3]);
      const length = prefixLength!;
      const covers = length <= 24 || host >> (32 - length) === last >> (32 - length);
      if (covers && (best === null || length > best.length)) best = { name, length };
    }
  }
  return best?.name ?? null;
}

describe('order', () => {
  it('of keyrings matters between entries of equal masks only', () => {
    fc.assert(
      fc.property(rings, fc.nat(7), fc.nat(), (all, last, seed) => {
        const peer = `192.0.2.${String(last)}`;
        const order = [...all].sort(
          (a, b) =>
            ((a.name.charCodeAt(1) * 7919 + seed) % 13) -
            ((b.name.charCodeAt(1) * 7919 + seed) % 13),
        );
        for (const model of [configOf(all), configOf(order)]) {
          const search = searchKeyring(model, { peer, local: null, fvrf: null });
          expect(search.winner?.keyring ?? null).toBe(byHand(model, last));
          expect(search.lost.length + (search.winner === null ? 0 : 1)).toBe(
            model.keyrings.flatMap(({ entries }) => [...entries]).length,
          );
        }
        const [first, second] = [all, order].map((each) =>
          searchKeyring(configOf(each), { peer, local: null, fvrf: null }),
        );
        if (!first!.rules.includes('keyring-first-defined')) {
          expect(second!.winner?.keyring).toBe(first!.winner?.keyring);
        }
      }),
      { seed: 117259, numRuns: 300 },
    );
  });

  it('of unrelated blocks never changes a prediction', () => {
    const text = readFileSync(
      new URL('../../samples/02-r2-initiates/r1-config.txt', import.meta.url),
      'utf8',
    );
    const blocks = text
      .split(/\n!\n/)
      .filter((block) => /^(?:crypto|interface) /.test(block) && !/^end$/m.test(block));
    expect(blocks.length).toBeGreaterThan(4);
    const outline = (listing: string): unknown =>
      predict(parseConfigs(listing, 'i1'))
        .selections.map(({ role, peer, keyring, matchedProfile, requestedProfile, verification }) =>
          [role, peer, keyring, matchedProfile, requestedProfile, verification].join(' '),
        )
        .sort();
    const wanted = outline(blocks.join('\n!\n'));
    fc.assert(
      fc.property(fc.shuffledSubarray(blocks, { minLength: blocks.length }), (order) => {
        // Keyrings keep their order among themselves: they stand in one block or keep their places.
        const keyrings = (list: readonly string[]): string =>
          list.filter((block) => block.includes('crypto keyring')).join();
        fc.pre(keyrings(order) === keyrings(blocks));
        expect(outline(order.join('\n!\n'))).toEqual(wanted);
      }),
      { seed: 2409, numRuns: 50 },
    );
  });
});

describe('selection in detail', () => {
  const config = (text: string): ConfigModel => parseConfigs(text, 'i1')[0]!;

  it('keeps VRFs and local addresses apart', () => {
    const model = config(`interface Ethernet0/0
 ip address 192.0.2.1 255.255.255.0
interface Ethernet0/1
 vrf forwarding OUT
 ip address 198.51.100.1 255.255.255.0
crypto keyring A
 local-address Ethernet0/1
 pre-shared-key address 203.0.113.9 key one
crypto keyring B vrf OUT
 pre-shared-key address 203.0.113.9 key two
crypto keyring C
 local-address 192.0.2.1
 pre-shared-key address 203.0.113.0 255.255.255.0 key three`);
    const ring = (local: string, fvrf: string | null): string | undefined =>
      searchKeyring(model, { peer: '203.0.113.9', local, fvrf }).winner?.keyring;
    expect(ring('192.0.2.1', null)).toBe('C');
    expect(ring('198.51.100.1', null)).toBe('A');
    expect(ring('198.51.100.1', 'OUT')).toBe('B');
    expect(ring('198.51.100.1', 'OTHER')).toBeUndefined();
  });

  it('searches IPv6 keys by the longest prefix', () => {
    const model = config(`crypto keyring A
 pre-shared-key address ipv6 2001:db8::/32 key one
crypto keyring B
 pre-shared-key address ipv6 2001:DB8:0:1::/64 key two`);
    const ring = (peer: string): string | undefined =>
      searchKeyring(model, { peer, local: null, fvrf: null }).winner?.keyring;
    expect([ring('2001:db8:0:1::9'), ring('2001:db8:1::9'), ring('2001:db9::1')]).toEqual([
      'B',
      'A',
      undefined,
    ]);
  });

  it('matches profiles by what the peer says it is, not by its address', () => {
    const model = config(`crypto keyring K
 pre-shared-key address 0.0.0.0 0.0.0.0 key one
crypto isakmp profile BYNAME
 keyring K
 match identity host spoke.example
crypto isakmp profile BYDOMAIN
 keyring K
 match identity host domain example
crypto isakmp profile BYADDRESS
 match identity address 10.0.0.5 255.255.255.255`);
    const matched = (type: string, value: string): unknown => {
      const { matchedProfile, verification } = selectionFor(model, 'responder', '192.0.2.9', {
        type,
        value,
      });
      return [matchedProfile, verification];
    };
    expect(matched('FQDN', 'Spoke.Example')).toEqual(['BYNAME', 'passes']);
    expect(matched('ID_FQDN', 'other.example')).toEqual(['BYDOMAIN', 'passes']);
    expect(matched('ID_IPV4_ADDR', '10.0.0.5')).toEqual(['BYADDRESS', 'fails']);
    expect(matched('1', '192.0.2.9')).toEqual([null, 'none']);
  });

  it('offers both readings of overlapping profiles', () => {
    const model = config(`crypto keyring K
 pre-shared-key address 192.168.0.1 key one
crypto isakmp profile profile1
 keyring K
 match identity address 192.168.0.0 255.255.255.0
crypto isakmp profile profile2
 keyring K
 match identity address 192.168.0.1 255.255.255.255`);
    const selection = selectionFor(model, 'responder', '192.168.0.1');
    expect(selection.matchedProfile).toBe('profile2');
    expect(selection.branches).toMatchObject([
      { rule: 'profile-first-match', matchedProfile: 'profile1' },
    ]);
    const initiator = selectionFor(model, 'initiator', '192.168.0.1');
    expect(initiator.requestedProfile).toBe('profile2');
    expect(
      initiator.branches.map(({ rule, requestedProfile }) => [rule, requestedProfile]),
    ).toEqual([
      ['profile-initiator-first-match', 'profile1'],
      ['profile-initiator-null', null],
    ]);
  });

  it('cites a source for every rule, and both sides of every contradiction', () => {
    for (const { id, sources, contradictedBy } of RULES) {
      expect(sources.length, id).toBeGreaterThan(0);
      for (const other of contradictedBy) expect(ruleById(other)?.contradictedBy, id).toContain(id);
    }
    for (const { rule } of OTHER_READINGS) expect(ruleById(TRIGGERS[rule]!)).not.toBeNull();
  });
});

it('brings a tunnel up under the IPsec profile that IOS has by itself', () => {
  const router = (name: string, own: string, other: string): string => `hostname ${name}
crypto ikev2 keyring K
 peer X
  address ${other}
  pre-shared-key same
crypto ikev2 profile default
 match identity remote address ${other} 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local K
interface GigabitEthernet1
 ip address ${own} 255.255.255.0
interface Tunnel0
 tunnel source GigabitEthernet1
 tunnel destination ${other}
 tunnel protection ipsec profile default
`;
  const models = [
    ...parseConfigs(router('A', '192.0.2.1', '192.0.2.2'), 'i1'),
    ...parseConfigs(router('B', '192.0.2.2', '192.0.2.1'), 'i2'),
  ];
  const { directions, findings } = predict(models);
  expect(directions.map(({ outcome }) => outcome)).toEqual(['up', 'up']);
  expect(findings.filter(({ id }) => id === 'undefined-name')).toEqual([]);
});

describe('one configuration whose tunnel requires a profile', () => {
  const router = (match: string): Prediction =>
    predict(
      parseConfigs(
        `hostname A
crypto keyring K
 pre-shared-key address 192.0.2.2 key walnut
crypto keyring WIDE
 pre-shared-key address 0.0.0.0 0.0.0.0 key pear
crypto isakmp profile ANY
 keyring WIDE
 match identity address 0.0.0.0
crypto isakmp profile P
 keyring K
 ${match}
crypto isakmp policy 10
 authentication pre-share
crypto ipsec profile IP
 set isakmp-profile P
interface Ethernet0/0
 ip address 192.0.2.1 255.255.255.0
interface Tunnel0
 tunnel source Ethernet0/0
 tunnel destination 192.0.2.2
 tunnel protection ipsec profile IP`,
        'i1',
      ),
    );
  const told = ({ findings, repairs, selections }: Prediction): unknown => [
    findings.filter(({ severity }) => severity === 'failure').map(({ id }) => id),
    repairs.length > 0,
    selections.find(({ role }) => role === 'responder')?.verification,
  ];

  it('that is matched by name: what its peer calls itself is not known', () => {
    expect(told(router('match identity host b.example'))).toEqual([[], false, 'unknown']);
  });

  it('that is matched by another address: its peer has one', () => {
    expect(told(router('match identity address 192.0.2.9'))).toEqual([
      ['keyring-mismatch-after-mm5'],
      true,
      'fails',
    ]);
  });
});

it('does not let fail who is known not to call', () => {
  const hub = `hostname HUB
crypto keyring K1
 pre-shared-key address 192.0.2.1 key walnut
crypto keyring K2
 pre-shared-key address 192.0.2.1 key walnut
crypto isakmp profile P
 keyring K2
 match identity address 192.0.2.1 255.255.255.255
crypto ipsec profile IP
 set isakmp-profile P
interface Tunnel0
 tunnel source GigabitEthernet0/0
 tunnel destination 192.0.2.1
 tunnel protection ipsec profile IP
interface GigabitEthernet0/0
 ip address 203.0.113.1 255.255.255.0`;
  const far = `hostname FAR
crypto isakmp key walnut address 203.0.113.1
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0`;
  const { directions, findings } = predict([...parseConfigs(hub, 'a'), ...parseConfigs(far, 'b')]);
  const back = directions.find(({ initiator }) => initiator === 'FAR');
  expect(back).toMatchObject({ outcome: 'unknown' });
  expect(findings.map(({ id }) => id)).not.toContain('keyring-mismatch-after-mm5');
});
