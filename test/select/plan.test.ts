import { describe, expect, it } from 'vitest';
import type { Repair } from '../../src/model/selection.ts';
import { predict } from '../../src/select/predict.ts';
import { between } from '../support/map-router.ts';
import { downs, readRouters, repairsOf, tunnelRouter, typed } from '../support/tunnel-router.ts';
import type { TunnelKnobs } from '../support/tunnel-router.ts';

const A = '192.0.2.1';
const B = '192.0.2.2';
const C = '192.0.2.3';

const pair = (a: TunnelKnobs, b: TunnelKnobs = {}) =>
  readRouters([tunnelRouter('A', A, B, a), tunnelRouter('B', B, A, b)]);

const ring = (name: string, key: string, line = ''): string =>
  `crypto keyring ${name}\n${line}  pre-shared-key address ${B} key ${key}\n`;

const match = `   match identity address ${B} 255.255.255.255`;

const of = (repairs: readonly Repair[], words: string): Repair => {
  const found = repairs.find(({ text }) => text.includes(words));
  expect(repairs.map(({ text }) => text).join('\n')).toContain(words);
  return found!;
};

const UNSUPPORTED = `A key for ${B} stays in several keyrings, which the vendor does not support.`;

it('tells of each sentence which router it is for where both change', () => {
  const other = (peer: string): TunnelKnobs => ({
    profile: '   keyring K\n   match identity address 198.51.100.9 255.255.255.255',
    extra: `crypto isakmp profile Q\n   keyring K\n   match identity address ${peer} 255.255.255.255`,
  });
  const { repairs } = predict(pair(other(B), other(A)));
  expect(repairs[0]!.text).toBe(
    'On B: Bind profile Q to Tunnel0. On A: Bind profile Q to Tunnel0.',
  );
  const both = repairs.find(
    ({ text }) => text.startsWith('On B: Let') && text.includes('On A: Let'),
  );
  expect(both!.sideEffects.filter((each) => each.includes('every peer'))).toEqual(
    ['B', 'A'].map(
      (name) =>
        `On ${name}: Tunnel0 is then open to every peer that has a key, whatever profile it matches.`,
    ),
  );
});

it.each(['walnut', 'K', 'TS', 'edge.example'])(
  'tells it as well where the router is called %s, like a keyring or another object',
  (name) => {
    const shadowed = (peer: string): string =>
      `crypto isakmp key fig address 0.0.0.0\ncrypto keyring ${name}\n  pre-shared-key address ${peer} key walnut\n`;
    const profile = `   keyring ${name}\n   match identity address`;
    const knobs = (peer: string): TunnelKnobs => ({
      keyrings: shadowed(peer).replace('fig', peer === B ? 'fig' : 'lime'),
      profile: `${profile} ${peer} 255.255.255.255`,
    });
    const [a, b] = [tunnelRouter(name, A, B, knobs(B)), tunnelRouter('B', B, A, knobs(A))];
    const { repairs } = predict(readRouters([a, b]));
    const both = repairs.filter(({ router }) => router === null);
    expect(both.length).toBeGreaterThan(0);
    for (const { text } of both) {
      expect(text.split(/(?<=\.) (?=[A-Z])/).map((each) => /^On (.*?):/.exec(each)?.[1])).toEqual([
        'B',
        name,
      ]);
    }
  },
);

describe('what is said against a repair', () => {
  it('is no lost key where another keyring of the profile holds one', () => {
    const { repairs } = predict(
      pair({
        keyrings: ring('K1', 'chestnut') + ring('K2', 'walnut'),
        profile: `   keyring K2\n   keyring K1\n${match}`,
      }),
    );
    expect(of(repairs, 'Remove the key').sideEffects).toEqual([]);
  });

  it('is a lost key where no other keyring of a profile holds one', () => {
    const { repairs } = predict(
      pair({
        keyrings: ring('K1', 'walnut') + ring('K2', 'walnut'),
        profile: `   keyring K2\n${match}`,
        extra:
          'crypto isakmp profile Q\n   keyring K1\n   match identity address 198.51.100.9 255.255.255.255',
      }),
    );
    expect(of(repairs, 'Remove the key').sideEffects).toEqual([
      `Profile Q finds no key for ${B} any more.`,
    ]);
  });

  it.each<[string, TunnelKnobs, string, readonly string[]]>([
    [
      'is no address in several keyrings where one alone holds it',
      { keyrings: ring('K1', 'walnut'), profile: match },
      'Let profile P name keyring K1.',
      [],
    ],
    [
      'is none where the keyrings hold entries of different length',
      {
        keyrings: `${ring('K1', 'walnut')}crypto keyring K2\n  pre-shared-key address 192.0.2.0 255.255.255.0 key walnut\n`,
        profile: `   keyring K2\n${match}`,
      },
      'Let profile P name keyring K1 as well.',
      [],
    ],
    [
      'is an address in several keyrings where two hold it',
      {
        keyrings: ring('K1', 'walnut') + ring('K2', 'walnut'),
        profile: `   keyring K2\n${match}`,
      },
      'Let profile P name keyring K1 as well.',
      [UNSUPPORTED],
    ],
  ])('%s', (_, a, words, expected) => {
    expect(of(predict(pair(a)).repairs, words).sideEffects).toEqual(expected);
  });

  it('names all that serve when a key is removed', () => {
    const { repairs } = predict(
      pair({
        keyrings: ring('K1', 'walnut') + ring('K2', 'walnut') + ring('K3', 'walnut'),
        profile: `   keyring K2\n   keyring K3\n${match}`,
      }),
    );
    expect(of(repairs, 'Remove the key').text).toContain(`so that K2 and K3 alone serve ${B}.`);
  });

  it('is a warning that it leaves behind', () => {
    const { repairs } = predict(
      pair({
        profile: `   keyring K\n   match identity address 192.0.2.0 255.255.255.0`,
        extra: `crypto isakmp profile HOST\n   keyring K\n${match}`,
      }),
    );
    expect(of(repairs, 'Remove the match').sideEffects).toContain(
      'It leaves a warning behind: Profile HOST of A has no match statement.',
    );
  });
});

describe('a repair that is cut to what is needed', () => {
  it('removes a key and does not set it where another keyring moves in', () => {
    const models = readRouters([
      tunnelRouter('A', A, B, {
        keyrings:
          ring('K1', 'pear') +
          'crypto keyring K2\n  pre-shared-key address 192.0.2.0 255.255.255.0 key walnut\n',
        profile: '   keyring K2\n   match identity address 192.0.2.0 255.255.255.0',
        extra: `interface Tunnel1
 tunnel source GigabitEthernet0/0
 tunnel destination ${C}
 tunnel protection ipsec profile IP`,
      }),
      tunnelRouter('B', B, A),
      tunnelRouter('C', C, A),
    ]);
    const { repairs } = predict(models);
    const united = of(repairs, 'Keep one keyring');
    expect(united.text).toContain(`Remove the key for ${B} from keyring K1.`);
    expect(united.text).not.toContain('Set the key');
  });

  it('says what its commands do, and no more', () => {
    const models = pair({
      keyrings:
        ring('K1', 'chestnut', '  local-address 192.0.2.1\n') +
        ring('K2', 'walnut', '  local-address GigabitEthernet0/1\n'),
      profile: `   keyring K2\n${match}`,
    });
    const { repairs } = predict(models);
    for (const { text, commands } of repairs) {
      expect(text).not.toMatch(/no more than/);
      const deletes = commands.some((command) => command.startsWith('no crypto keyring'));
      expect([text, text.includes('delete')]).toEqual([text, deletes]);
    }
    expect(repairsOf(models)[0]).toBe(
      'A: crypto keyring K2 / local-address 192.0.2.1 / crypto keyring K1 / local-address GigabitEthernet0/1',
    );
    expect(repairs[0]?.text).toBe(
      'Exchange the local addresses of keyrings K2 and K1: K2 serves 192.0.2.1, K1 serves GigabitEthernet0/1.',
    );
  });
});

describe('a global key that hides a keyring', () => {
  const shared = `crypto isakmp profile SHARED\n   match identity address ${C} 255.255.255.255
crypto ipsec profile IP2
 set transform-set TS
 set isakmp-profile SHARED
interface Tunnel1
 tunnel source GigabitEthernet0/0
 tunnel destination ${C}
 tunnel protection ipsec profile IP2`;

  it.each([
    ['', ['keyring GLOBAL-KEYS']],
    ['crypto isakmp key beech address 198.51.100.9\n', ['keyring GLOBAL-KEYS', 'keyring default']],
  ])('moves together with the profiles that used it %#', (more, named) => {
    const models = readRouters([
      tunnelRouter('A', A, B, {
        keyrings: `${ring('K', 'walnut')}crypto isakmp key walnut address 0.0.0.0\n${more}`,
        extra: shared,
      }),
      tunnelRouter('B', B, A),
      tunnelRouter('C', C, A),
    ]);
    const repair = of(predict(models).repairs, 'Move the global key');
    const at = repair.commands.indexOf('crypto isakmp profile SHARED');
    expect(repair.commands.slice(at + 1).map((command) => command.trim())).toEqual(named);
    expect(repair.sideEffects).toEqual([]);
    expect(repair.proof).toContain('every profile finds the keys that it found before');
    expect(downs(predict(typed(models, repair)))).toEqual([]);
  });
});

describe('the order of repairs', () => {
  const policy = (text: string) => ({ policy: text });

  it.each([
    ['encr 3des\n hash md5\n authentication pre-share\n group 2', '3DES, MD5, group 2'],
    ['authentication pre-share', 'DES, group 1'],
  ])('puts the weaker policy last, and names what is weak in it (%#)', (text, weak) => {
    const { repairs } = between({}, policy(text));
    expect(repairs.map(({ router }) => router)).toEqual(['B', 'A']);
    expect(repairs[0]?.sideEffects.join(' ')).not.toContain('weak');
    expect(repairs[1]?.sideEffects.join(' ')).toContain(`(${weak})`);
  });

  it('puts a weaker group for PFS last', () => {
    const pfs = (group: number) => ({ profile: `set pfs group${String(group)}` });
    const { repairs } = between(pfs(2), pfs(14));
    expect(repairs.map(({ router, commands }) => [router, commands[1]])).toEqual([
      ['A', ' set pfs group14'],
      ['B', ' set pfs group2'],
    ]);
    expect(repairs[1]?.sideEffects.join(' ')).toContain('PFS group 2');
  });

  it('enables ISAKMP where it is off', () => {
    const { repairs } = between({ extra: 'no crypto isakmp enable' }, {});
    expect(repairs.map(({ router, commands }) => [router, commands])).toEqual([
      ['A', ['crypto isakmp enable']],
    ]);
  });
});

describe('a global key for a network', () => {
  it('does not go without a word on whoever else relies on it', () => {
    const { repairs } = between(
      {},
      {
        key: 'crypto isakmp key pear address 192.0.2.0 255.255.255.0',
        extra: `crypto keyring K
 pre-shared-key address 0.0.0.0 0.0.0.0 key walnut
crypto isakmp profile P
 keyring K
 match identity address 192.0.2.1 255.255.255.255`,
        profile: 'set isakmp-profile P',
      },
    );
    const removing = repairs.filter(({ text }) => text.startsWith('Remove the key for 192.0.2.0'));
    expect(removing.length).toBeGreaterThan(0);
    for (const { sideEffects } of removing)
      expect(sideEffects.join()).toContain('Other peers in 192.0.2.0 255.255.255.0');
  });
});

describe('several stale keys before the right one', () => {
  it.each([
    ['in one keyring', ['crypto keyring K', WIDE, NET, HOST], ['K', 'K']],
    [
      'in several',
      ['crypto keyring K', WIDE, 'crypto keyring L', NET, 'crypto keyring M', HOST],
      ['L', 'M'],
    ],
  ])('go together, %s, behind what changes nothing for other peers', (_, lines, rings) => {
    const { repairs } = between({}, { key: lines.join('\n') });
    const [first, ...rest] = repairs;
    expect(first).toMatchObject({ router: 'B', sideEffects: [] });
    expect(first?.text).toMatch(/^Set the key for 192\.0\.2\.1 /);
    const removing = rest.find(({ text }) => text.startsWith('Remove the keys for 192.0.2.1'));
    expect(removing?.commands).toEqual([
      `crypto keyring ${rings[1]!}`,
      ' no pre-shared-key address 192.0.2.1 key <key#3>',
      ...(rings[0] === rings[1] ? [] : [`crypto keyring ${rings[0]!}`]),
      ' no pre-shared-key address 192.0.2.0 255.255.255.0 key <key#2>',
    ]);
    expect(removing?.sideEffects.join()).toContain('relied on this key lose it');
  });
});

const WIDE = ' pre-shared-key address 192.0.0.0 255.255.0.0 key walnut';
const NET = ' pre-shared-key address 192.0.2.0 255.255.255.0 key pear';
const HOST = ' pre-shared-key address 192.0.2.1 key plum';
