import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCommands, parseConfigs } from '../../src/iosconfig/parse.ts';
import type { ConfigModel } from '../../src/model/config.ts';
import type { Repair } from '../../src/model/selection.ts';
import { predict } from '../../src/select/predict.ts';
import { router } from '../support/map-router.ts';
import { sampleConfigs as sample } from '../support/samples.ts';

const FAILING = [
  '02-r2-initiates',
  '03-different-keys',
  '07-default-keyring',
  '11-wrong-profile-right-keyring',
  '12-certificates',
];

/** Tokens stand for the keys of the configurations in order of lines. */
function reveal(models: readonly ConfigModel[], command: string): string {
  const secrets = [
    ...new Set(
      models.flatMap(({ keyrings }) =>
        keyrings
          .flatMap(({ entries }) => [...entries])
          .sort((a, b) => a.line - b.line)
          .map(({ secret }) => secret),
      ),
    ),
  ];
  return command.replace(/<key#(\d+)>/g, (_, n: string) => secrets[Number(n) - 1] ?? '?');
}

function apply(
  models: readonly ConfigModel[],
  repair: Repair,
  commands: readonly string[],
): ConfigModel[] {
  return models.map((model) =>
    model.hostname === repair.router
      ? applyCommands(model, ['!', ...commands.map((c) => reveal(models, c))])
      : model,
  );
}

const allUp = (models: readonly ConfigModel[]): boolean => {
  const { directions } = predict(models);
  return directions.length > 0 && directions.every(({ outcome }) => outcome === 'up');
};

/** Addresses that two keyrings of a table hold; the global keys are none. */
function duplicates({ keyrings }: ConfigModel): number {
  const named = keyrings.filter(({ name }) => name !== 'default');
  const all = named.flatMap(({ vrf, entries }) => [
    ...new Set(entries.map(({ address, mask }) => [vrf, address, mask].join(' '))),
  ]);
  return all.length - new Set(all).size;
}

function keys({ keyrings }: ConfigModel): readonly string[] {
  return keyrings.flatMap(({ vrf, entries }) =>
    entries.map(({ address, mask, secret }) => [vrf, address, mask, secret].join(' ')),
  );
}

/** The proof of a repair in the words of this file: what comes up, by every reading, and what is kept. */
function holds(before: readonly ConfigModel[], repair: Repair, commands: readonly string[]) {
  const after = apply(before, repair, commands);
  const at = before.findIndex(({ hostname }) => hostname === repair.router);
  const [was, now] = [before[at]!, after[at]!];
  const readings =
    repair.restsOn.length > 0 ||
    predict(after).selections.every(
      ({ router, peer, tunnel, branches }) =>
        router !== repair.router ||
        tunnel === null ||
        peer === ELSEWHERE ||
        branches.every(({ verification }) => verification !== 'fails'),
    );
  const kept = {
    'no key is lost': keys(was).every((key) => keys(now).includes(key)),
    'no address is left in two keyrings': duplicates(now) === 0,
    'nothing but the order of the keyrings changes':
      JSON.stringify([...keys(was)].sort()) === JSON.stringify([...keys(now)].sort()) &&
      JSON.stringify(was.profiles.map((p) => p.keyrings.map(({ name }) => name).sort())) ===
        JSON.stringify(now.profiles.map((p) => p.keyrings.map(({ name }) => name).sort())),
  };
  return {
    up: allUp(after) && readings,
    kept: Object.entries(kept).every(([words, isKept]) => !repair.proof.includes(words) || isKept),
  };
}

/** Commands without those that only open a block for others. */
function leaves({ commands }: Repair): readonly number[] {
  return commands.flatMap((command, at) =>
    command.startsWith(' ') || !(commands[at + 1] ?? '').startsWith(' ') ? [at] : [],
  );
}

function expectProof(models: readonly ConfigModel[], repair: Repair): void {
  expect(repair.verified).toBe(true);
  expect(holds(models, repair, repair.commands)).toEqual({ up: true, kept: true });
  for (const at of leaves(repair)) {
    const fewer = repair.commands.filter((_, index) => index !== at);
    const { up, kept } = holds(models, repair, fewer);
    expect([repair.commands, repair.commands[at], up && kept]).toEqual([
      repair.commands,
      repair.commands[at],
      false,
    ]);
  }
}

describe('repairs', () => {
  it.each(FAILING)('%s: each holds what it promises, and no command can be spared', (name) => {
    const models = sample(name);
    const { repairs } = predict(models);
    expect(repairs.length).toBeGreaterThan(0);
    for (const repair of repairs) expectProof(models, repair);
  });

  it('of the reference incident are one keyring for all, or no duplicate', () => {
    const { repairs } = predict(sample('02-r2-initiates'));
    expect(repairs.slice(0, 2).map(({ router, commands }) => [router, commands])).toEqual([
      [
        'R1',
        [
          'crypto isakmp profile profile2',
          ' no keyring keyring2',
          ' keyring keyring1',
          'no crypto keyring keyring2',
        ],
      ],
      ['R1', ['crypto keyring keyring1', ' no pre-shared-key address 192.168.0.2 key <key#1>']],
    ]);
  });

  it('say what a command is there for that no direction needs', () => {
    const { repairs } = predict(sample('07-default-keyring'));
    expect(repairs.map(({ proof }) => proof)).toEqual([
      'replayed in both directions: both come up, and no key is lost',
      'replayed in both directions: both come up',
    ]);
  });

  it('say which direction was replayed where the other router only answers', () => {
    const hub = router('B', '192.0.2.2', '192.0.2.1', {
      key: 'crypto isakmp key ash address 192.0.2.1',
    })
      .replace('crypto map M 10 ipsec-isakmp\n set peer 192.0.2.1', 'crypto dynamic-map D 10')
      .replace('interface', 'crypto map M 10 ipsec-isakmp dynamic D\ninterface');
    const texts = [router('A', '192.0.2.1', '192.0.2.2'), hub];
    const { repairs } = predict(
      texts.flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]),
    );
    expect(repairs[0]?.proof).toBe('replayed: A to B comes up; B does not call A');
  });

  it('of one configuration alone are replayed in both of its roles', () => {
    const [r1] = sample('02-r2-initiates');
    const { repairs, findings } = predict([r1!]);
    expect(findings[0]).toMatchObject({
      id: 'keyring-mismatch-after-mm5',
      severity: 'failure',
      confidence: 'predicted',
    });
    expect(repairs[0]).toMatchObject({ replay: 'one-router', verified: true });
    expect(repairs.map(({ commands }) => commands[0])).toContain('crypto keyring keyring1');
  });
});

describe('repairs of one router among others', () => {
  const hub = `hostname HUB
crypto isakmp policy 10
 authentication pre-share
crypto keyring KA
 pre-shared-key address 192.0.2.2 key alpha
crypto keyring KB
 pre-shared-key address 192.0.2.2 key alpha
 pre-shared-key address 203.0.113.9 key beta
crypto isakmp profile P
 keyring KB
 match identity address 192.0.2.2 255.255.255.255
crypto ipsec transform-set TS esp-aes esp-sha-hmac
crypto ipsec profile IP
 set transform-set TS
 set isakmp-profile P
interface Tunnel1
 tunnel source Ethernet0/0
 tunnel destination 192.0.2.2
 tunnel protection ipsec profile IP
interface Ethernet0/0
 ip address 192.0.2.1 255.255.255.0
`;

  it('type the keys of the router itself', () => {
    const other = router('C', '198.51.100.1', '198.51.100.2', {
      key: 'crypto isakmp key gamma address 198.51.100.2',
    });
    const { repairs } = predict(
      [other, hub].flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]),
    );
    const united = repairs.find(({ text }) => text.startsWith('Keep one keyring'));
    expect(united?.commands).toContain(' pre-shared-key address 203.0.113.9 key <key#3>');
  });

  it('are told of its other peers where one of them is given', () => {
    const back = hub
      .replace('HUB', 'SPOKE')
      .replace(/crypto keyring KA\n.*\n/, '')
      .replaceAll('192.0.2.2', '192.0.2.1')
      .replace('ip address 192.0.2.1', 'ip address 203.0.113.9');
    const more = `crypto isakmp profile Q
 keyring KB
 match identity address 203.0.113.9 255.255.255.255
crypto ipsec profile IQ
 set transform-set TS
 set isakmp-profile Q
interface Tunnel2
 tunnel source Ethernet0/0
 tunnel destination 203.0.113.9
 tunnel protection ipsec profile IQ
`;
    const { repairs, directions } = predict(
      [`${hub}${more}`, back.replace('key alpha', 'key beta')].flatMap((text, at) => [
        ...parseConfigs(text, `i${String(at + 1)}`),
      ]),
    );
    expect(directions.map(({ outcome }) => outcome)).toEqual(['up', 'up']);
    expect(repairs.length).toBeGreaterThan(0);
    for (const { replay, cures } of repairs) {
      expect(replay).toBe('one-router');
      expect(cures.map(({ initiatorAddress }) => initiatorAddress)).toEqual(['192.0.2.2']);
    }
  });
});

const PEER = '192.0.2.2';
const ELSEWHERE = '192.0.2.9';

type Plan = {
  readonly rings: readonly {
    readonly entries: readonly (readonly [target: string, key: string])[];
  }[];
  readonly global: readonly [target: string, key: string] | null;
  readonly profile: number;
  readonly far: string;
};

const entry = fc.tuple(
  fc.constantFrom(PEER, ELSEWHERE, '0.0.0.0 0.0.0.0', '192.0.2.0 255.255.255.0'),
  fc.constantFrom('apple', 'birch'),
);

/** A router with keyrings that overlap, a profile for each, and two tunnels, the far end of one of them known. */
const plans: fc.Arbitrary<Plan> = fc.record({
  rings: fc.array(
    fc.record({
      entries: fc.uniqueArray(entry, {
        minLength: 1,
        maxLength: 3,
        selector: ([target]) => target,
      }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  global: fc.option(entry),
  profile: fc.nat(2),
  far: fc.constantFrom('apple', 'birch'),
});

const COMMON = [
  'crypto isakmp policy 10',
  ' encr aes',
  ' authentication pre-share',
  ' group 14',
  'crypto ipsec transform-set TS esp-aes esp-sha-hmac',
];

function near({ rings, global, profile }: Plan): ConfigModel {
  const own = profile % rings.length;
  const lines = [
    'hostname NEAR',
    ...rings.flatMap(({ entries }, at) => [
      `crypto keyring K${String(at)}`,
      ...entries.map(([target, key]) => ` pre-shared-key address ${target} key ${key}`),
    ]),
    ...(global === null ? [] : [`crypto isakmp key ${global[1]} address ${global[0]}`]),
    ...COMMON,
    ...rings.flatMap((_, at) => [
      `crypto isakmp profile P${String(at)}`,
      ` keyring K${String(at)}`,
      ` match identity address ${at === own ? PEER : `198.51.100.${String(at)}`} 255.255.255.255`,
    ]),
    'crypto ipsec profile IP',
    ' set transform-set TS',
    ` set isakmp-profile P${String(own)}`,
    'crypto ipsec profile OTHER',
    ' set transform-set TS',
    ...[PEER, ELSEWHERE].flatMap((peer, at) => [
      `interface Tunnel${String(at)}`,
      ` ip address 10.0.${String(at)}.1 255.255.255.0`,
      ' tunnel source Ethernet0/0',
      ` tunnel destination ${peer}`,
      ` tunnel protection ipsec profile ${peer === PEER ? 'IP' : 'OTHER'}`,
    ]),
    'interface Ethernet0/0',
    ' ip address 192.0.2.1 255.255.255.0',
  ];
  return parseConfigs(lines.join('\n'), 'i1')[0]!;
}

function far({ far: key }: Plan): ConfigModel {
  const lines = [
    'hostname FAR',
    'crypto keyring K',
    ` pre-shared-key address 192.0.2.1 key ${key}`,
    ...COMMON,
    'crypto isakmp profile P',
    ' keyring K',
    ' match identity address 192.0.2.1 255.255.255.255',
    'crypto ipsec profile IP',
    ' set transform-set TS',
    ' set isakmp-profile P',
    'interface Tunnel0',
    ' ip address 10.0.0.2 255.255.255.0',
    ' tunnel source Ethernet0/0',
    ' tunnel destination 192.0.2.1',
    ' tunnel protection ipsec profile IP',
    'interface Ethernet0/0',
    ` ip address ${PEER} 255.255.255.0`,
  ];
  return parseConfigs(lines.join('\n'), 'i2')[0]!;
}

describe('repairs of whatever configuration', () => {
  it('hold what they promise, have no command to spare, and tell what happens to other tunnels', () => {
    const seen = { repairs: 0, elsewhere: 0, proofs: new Set<string>() };
    fc.assert(
      fc.property(plans, (plan) => {
        const models = [near(plan), far(plan)];
        const { repairs } = predict(models);
        for (const repair of repairs) {
          if (repair.router === null) continue;
          expectProof(models, repair);
          seen.repairs += 1;
          seen.proofs.add(repair.proof);
          const after = apply(models, repair, repair.commands);
          const told = repair.sideEffects.some((text) => text.includes('Tunnel1'));
          const [was, now] = [models, after].map((each) => keyElsewhere(each[0]!));
          expect([repair.commands, told]).toEqual([repair.commands, was !== null && was !== now]);
          if (told) seen.elsewhere += 1;
        }
      }),
      { seed: 90125, numRuns: 100 },
    );
    expect(seen.repairs).toBeGreaterThan(80);
    expect(seen.elsewhere).toBeGreaterThan(5);
    expect(seen.proofs.size).toBeGreaterThan(3);
  });
});

/** The key for the tunnel whose far end nobody knows, by the plain rule: global keys, then mask, then order. */
function keyElsewhere({ keyrings }: ConfigModel): string | null {
  const covering = keyrings
    .flatMap(({ name, entries }) =>
      entries.map((each) => ({ ...each, rank: name === 'default' ? 1000 : each.prefixLength! })),
    )
    .filter(({ address, prefixLength }) => prefixLength! <= 24 || address === ELSEWHERE)
    .map((each) => ({ ...each, rank: each.rank + (each.rank >= 1000 ? each.prefixLength! : 0) }))
    .sort((a, b) => b.rank - a.rank);
  return covering[0]?.secret ?? null;
}
