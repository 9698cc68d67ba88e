import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyCommands, countLineStates, parseConfigs } from '../../src/iosconfig/parse.ts';
import { undefinedNames, unusedNames } from '../../src/iosconfig/names.ts';
import { scoreConfig } from '../../src/iosconfig/recognise.ts';
import type { ConfigModel } from '../../src/model/config.ts';

function parseOne(text: string): ConfigModel {
  const models = parseConfigs(text, 'i1');
  expect(models).toHaveLength(1);
  return models[0]!;
}

const INDENTED = `version 15.3
hostname EDGE
!
crypto keyring KR-A
  pre-shared-key address 203.0.113.7 key walnut
  pre-shared-key address 203.0.113.64 255.255.255.192 key 6 XYZZY
crypto keyring KR-V vrf OUTSIDE
  local-address GigabitEthernet0/1 OUTSIDE
  pre-shared-key hostname spoke.example key pear
!
crypto isakmp policy 20
 authentication pre-share
crypto isakmp policy 10
 encr aes
 hash sha256
 authentication pre-share
 group 14
 lifetime 3600
crypto isakmp key plum address 0.0.0.0
crypto isakmp key 6 ABC address 198.51.100.0 255.255.255.0 no-xauth
crypto isakmp profile P
   keyring KR-A
   keyring KR-V
   self-identity fqdn edge.example
   match identity address 203.0.113.7 255.255.255.255 
   match identity address 203.0.113.8 OUTSIDE
   match identity address 0.0.0.0 
   match identity host domain example
   initiate mode aggressive
!
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac 
 mode transport
!
crypto ipsec profile IP
 set transform-set TS MISSING
 set pfs group14
 set isakmp-profile P
!
interface Tunnel0
 ip address 10.0.0.1 255.255.255.252
 tunnel source GigabitEthernet0/1
 tunnel destination 203.0.113.7
 tunnel vrf OUTSIDE
 tunnel protection ipsec profile IP shared
!
interface GigabitEthernet0/1
 vrf forwarding OUTSIDE
 ip address 192.0.2.1 255.255.255.0
!
end
`;

/** The same without any indentation, as web pages copy it. */
const flatten = (text: string): string => text.replace(/^ +/gm, '');

/** Everything that was understood, without where it stood. */
function meaning(model: ConfigModel): string {
  const rest = { ...model, lines: [], lineStates: [], anomalies: [], definitions: [], uses: [] };
  return JSON.stringify(rest, (key: string, value: unknown) => (key === 'line' ? 0 : value));
}

describe('parseConfigs', () => {
  it('reads keyrings, policies with the defaults that the listing omits, and profiles', () => {
    const model = parseOne(INDENTED);
    expect(model.hostname).toBe('EDGE');
    expect(model.keyrings.map(({ name, vrf }) => [name, vrf])).toEqual([
      ['KR-A', null],
      ['KR-V', 'OUTSIDE'],
      ['default', null],
    ]);
    expect(model.keyrings[0]!.entries).toMatchObject([
      { address: '203.0.113.7', prefixLength: 32, secret: 'walnut', secretType: 0, line: 5 },
      { address: '203.0.113.64', prefixLength: 26, secret: 'XYZZY', secretType: 6, line: 6 },
    ]);
    expect(model.keyrings[1]!.localAddress).toMatchObject({
      value: 'GigabitEthernet0/1',
      vrf: 'OUTSIDE',
    });
    expect(model.keyrings[2]!.entries).toMatchObject([
      { address: '0.0.0.0', prefixLength: 0 },
      { address: '198.51.100.0', prefixLength: 24, secretType: 6 },
    ]);
    expect(model.policies.map((policy) => ({ ...policy, line: 0 }))).toEqual([
      {
        priority: 10,
        encryption: 'aes',
        keyLength: 128,
        hash: 'sha256',
        authentication: 'pre-share',
        group: 14,
        lifeSeconds: 3600,
        defaults: [],
        line: 0,
      },
      {
        priority: 20,
        encryption: 'des',
        keyLength: null,
        hash: 'sha',
        authentication: 'pre-share',
        group: 1,
        lifeSeconds: 86400,
        defaults: ['encryption', 'hash', 'group', 'lifeSeconds'],
        line: 0,
      },
    ]);
    const profile = model.profiles[0]!;
    expect(profile.keyrings.map(({ name }) => name)).toEqual(['KR-A', 'KR-V']);
    expect(profile.aggressive).toBe(true);
    expect(
      profile.matches.map(({ kind, value, prefixLength, vrf }) => [kind, value, prefixLength, vrf]),
    ).toEqual([
      ['address', '203.0.113.7', 32, null],
      ['address', '203.0.113.8', 32, 'OUTSIDE'],
      ['address', '0.0.0.0', 0, null],
      ['host-domain', 'example', null, null],
    ]);
    expect(model.transformSets[0]).toMatchObject({
      transforms: ['esp-aes 256', 'esp-sha256-hmac'],
      mode: 'transport',
    });
    expect(model.interfaces[0]!.tunnel).toMatchObject({
      vrf: 'OUTSIDE',
      destination: { value: '203.0.113.7' },
    });
  });

  it('reads the same from a copy that lost its indentation, its line ends or its blank ends', () => {
    const wanted = meaning(parseOne(INDENTED));
    expect(meaning(parseOne(flatten(INDENTED)))).toBe(wanted);
    expect(meaning(parseOne(INDENTED.replaceAll('\n', '\r\n')))).toBe(wanted);
    expect(
      meaning(
        parseOne(
          INDENTED.replace(
            /^( ip address.*)$/gm,
            ' --More-- \b\b\b\b\b\b\b\b\b         \b\b\b\b\b\b\b\b\b$1',
          ),
        ),
      ),
    ).toBe(wanted);
    expect(meaning(parseOne(INDENTED.replaceAll(' ', '\u00a0')))).toBe(wanted);
  });

  it('reads the same behind what a page, an editor or a terminal program puts in front of lines', () => {
    const wanted = meaning(parseOne(INDENTED));
    const frames: readonly ((line: number) => string)[] = [
      () => '| ',
      (line) => `[10:11:${String(line % 60).padStart(2, '0')}] `,
      () => '[10:11:12.345] ',
      (line) => `${line}: `,
      (line) => `${String(line + 30).padStart(5)} : `,
      (line) => `${String(line).padStart(3)}  `,
      (line) => `> ${line}. `,
    ];
    for (const frame of frames) {
      const framed = INDENTED.split('\n').map((text, index) => frame(index + 1) + text);
      const text = framed.join('\n');
      expect(meaning(parseOne(text)), frame(1)).toBe(wanted);
      expect(scoreConfig(text)).toBe(scoreConfig(INDENTED));
    }
  });

  it('takes the numbers of an access list for what they are', () => {
    const text = ['10 permit ip any any', '20 permit ip any any', '30 permit ip any any'];
    const list = `ip access-list extended VPN\n ${text.join('\n ')}\n`;
    expect(parseOne(`${list}crypto isakmp key plum address 192.0.2.1\n`).lines.slice(1, 4)).toEqual(
      text.map((line) => ` ${line}`),
    );
  });

  it('reads typed lines behind prompts, shortened to unambiguous words', () => {
    const typed = `R1#conf t
R1(config)#cry isa pol 10
R1(config-isakmp)#enc aes 256
R1(config-isakmp)#auth pre
R1(config-isakmp)#gr 14
R1(config-isakmp)#exit
R1(config)#cry keyr K
R1(config-keyring)#pre-shared-key address 192.0.2.9 key kiwi
R1(config-keyring)#end
R1#`;
    const model = parseOne(typed);
    expect(model.hostname).toBe('R1');
    expect(model.policies[0]).toMatchObject({
      priority: 10,
      encryption: 'aes',
      keyLength: 256,
      authentication: 'pre-share',
      group: 14,
    });
    expect(model.keyrings[0]!.entries[0]).toMatchObject({
      address: '192.0.2.9',
      secret: 'kiwi',
      line: 8,
    });
  });

  it.each([
    ['conf-keyring', 'conf-isa-prof'],
    ['config-keyring', 'conf-isa-prof'],
    ['conf-k', 'conf-i'],
  ])('knows a prompt by its shape, not by the name of the mode: %s', (ring, profile) => {
    const typed = `R1(config)#crypto keyring K
R1(${ring})#pre-shared-key address 192.0.2.9 key kiwi
R1(${ring})#crypto isakmp profile P
R1(${profile})#keyring K
R1(${profile})#match identity address 192.0.2.9 255.255.255.255
R1(${profile})#crypto ipsec transform-set TS esp-aes 256
R1(cfg-crypto-trans)#mode transport
R1(cfg-crypto-trans)#crypto pki trustpoint CA
R1(ca-trustpoint)#revocation-check none`;
    const { keyrings, profiles, transformSets, trustpoints, lineStates } = parseOne(typed);
    expect(keyrings[0]!.entries).toMatchObject([{ address: '192.0.2.9', secret: 'kiwi', line: 2 }]);
    expect(profiles[0]).toMatchObject({
      keyrings: [{ name: 'K', line: 4 }],
      matches: [{ value: '192.0.2.9', prefixLength: 32 }],
    });
    expect(transformSets).toMatchObject([{ name: 'TS', mode: 'transport' }]);
    expect(trustpoints).toMatchObject([{ name: 'CA', revocationCheck: 'none' }]);
    expect(lineStates).not.toContain('unknown');
  });

  it('cuts comments that documents append, and keeps secrets that begin with the same mark', () => {
    const model = parseOne(`crypto keyring K
 pre-shared-key address 192.0.2.9 key !bang !the peer
crypto isakmp profile P
 keyring K !the only one
 match identity address 192.0.2.9 255.255.255.255 !R2`);
    expect(model.keyrings[0]!.entries[0]!.secret).toBe('!bang');
    expect(model.profiles[0]!.keyrings.map(({ name }) => name)).toEqual(['K']);
    expect(model.profiles[0]!.matches[0]!.vrf).toBeNull();
  });

  it('takes the rest of a line as the key', () => {
    const model = parseOne(`crypto keyring K
 pre-shared-key address 192.0.2.9 key kiwi and  fig !R2
 pre-shared-key hostname a.example key 6 kiwi fig
crypto ikev2 keyring V
 peer P
  address 192.0.2.9
  pre-shared-key local kiwi fig
  pre-shared-key remote hex abcd
crypto isakmp client configuration group G
 key plum and pear`);
    const { entries } = model.keyrings[0]!;
    expect(entries.map(({ secret, secretType }) => [secret, secretType])).toEqual([
      ['kiwi and fig', 0],
      ['kiwi fig', 6],
    ]);
    expect(model.ikev2Keyrings[0]!.peers[0]).toMatchObject({
      local: { secret: 'kiwi fig', secretType: 0 },
      remote: { secret: 'abcd', secretType: 'hex' },
    });
    expect(model.clientGroups[0]!.key).toBe('plum and pear');
  });

  it('tells masks that are cut off or inverted', () => {
    const model = parseOne(`interface Ethernet0/0
 ip address 192.0.2.1 255.255.255.
crypto keyring K
 pre-shared-key address 192.0.2.0 0.0.0.255 key kiwi
 pre-shared-key address 198.51.100.0 255.0.255.0 key fig`);
    expect(model.interfaces[0]!.addresses[0]).toMatchObject({
      address: '192.0.2.1',
      prefixLength: null,
    });
    expect(model.keyrings[0]!.entries.map(({ prefixLength }) => prefixLength)).toEqual([24, null]);
    expect(model.anomalies.map(({ line, code }) => [line, code])).toEqual([
      [2, 'mask-unreadable'],
      [4, 'mask-inverted'],
      [5, 'mask-unreadable'],
    ]);
  });

  it.each([
    ['permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.2', 0],
    ['permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.', 0],
    ['permit ip 10.1.0.0 0.0.255.255', 0],
    ['permit ip host 10.1.0.1 host 10.2.0.1 log', 1],
    ['permit icmp any any 8 0', 1],
    ['permit 10.1.0.0 0.0.255.255 log', 1],
  ])('takes no entry for whole that ends within an address: %s', (entry, read) => {
    const { accessLists, anomalies } = parseOne(`ip access-list extended X\n ${entry}\n`);
    expect(accessLists[0]!.entries).toHaveLength(read);
    expect(accessLists[0]!.unread).toHaveLength(1 - read);
    expect(anomalies.map(({ code }) => code)).toEqual(read === 1 ? [] : ['entry-cut']);
  });

  it('tells routers apart by host name, prompt, heading, or one interface with two addresses', () => {
    const router = (name: string, address: string): string => `crypto keyring K
pre-shared-key address 192.0.2.99 key kiwi
interface Ethernet0/0
ip address ${address} 255.255.255.0
${name}`;
    const names = (text: string): unknown =>
      parseConfigs(text, 'i1').map((model) => [
        model.hostname,
        model.interfaces[0]?.addresses[0]?.address,
      ]);
    const both = [
      ['A1', '192.0.2.1'],
      ['B2', '192.0.2.2'],
    ];
    expect(
      names(
        `hostname A1\n${router('end', '192.0.2.1')}\nhostname B2\n${router('end', '192.0.2.2')}`,
      ),
    ).toEqual(both);
    expect(
      names(
        `A1#show run\n${router('', '192.0.2.1')}\nA1#\nB2#show run\n${router('', '192.0.2.2')}\nB2#`,
      ),
    ).toEqual(both);
    expect(
      names(
        `The configuration for the A1 network is:\n${router('', '192.0.2.1')}\nThe configuration for the B2 network is:\n${router('', '192.0.2.2')}`,
      ),
    ).toEqual(both);
    expect(names(`${router('', '192.0.2.1')}\n${router('', '192.0.2.2')}`)).toEqual([
      [null, '192.0.2.1'],
      [null, '192.0.2.2'],
    ]);
  });

  it.each([
    ['as the router prints it', (text: string) => text],
    ['without indentation', (text: string) => text.replace(/^ +/gm, '')],
    ['all of it indented', (text: string) => text.replace(/^/gm, '    ')],
    ['without separators', (text: string) => text.replace(/^ *!\n/gm, '')],
    [
      'after the name, or before it',
      (text: string) => `${text.replace('hostname R1\n', '')}hostname R1\n`,
    ],
  ])('takes the host name of an IKEv2 peer for no name of the router, %s', (_, written) => {
    const read = parseConfigs(
      written(`hostname R1
!
crypto ikev2 keyring K
 peer A
  address 192.0.2.2
  hostname a.example
  pre-shared-key kiwi
 !
 peer B
  hostname b.example
  address 192.0.2.3
  pre-shared-key quince
 !
!
interface Ethernet0/0
 ip address 192.0.2.1 255.255.255.0
!
`),
      'i1',
    );
    expect(read.map(({ hostname }) => hostname)).toEqual(['R1']);
    expect(read[0]!.ikev2Keyrings[0]!.peers.map(({ hostname }) => hostname)).toEqual([
      'a.example',
      'b.example',
    ]);
  });

  it.each([
    ['keyring K', 'K', null],
    ['keyring local K', 'K', null],
    ['keyring ppk K', null, 'K'],
    ['keyring aaa LIST', null, null],
    ['keyring ppk', 'ppk', null],
  ])('reads %s of an IKEv2 profile', (line, keyring, ppk) => {
    const read = parseOne(`crypto ikev2 profile P
 match identity remote any
 ${line}
`);
    const [profile] = read.ikev2Profiles;
    expect([profile!.keyring?.name ?? null, profile!.ppkKeyring?.name ?? null]).toEqual([
      keyring,
      ppk,
    ]);
  });

  it('leaves out what other commands of a tech-support printed', () => {
    const [model, ...more] = parseConfigs(
      `------------------ show version ------------------

interface Ethernet9/9
------------------ show running-config ------------------

${INDENTED}
------------------ show interfaces ------------------

interface Ethernet8/8
`,
      'i1',
    );
    expect(more).toEqual([]);
    expect(model!.interfaces.map(({ name }) => name)).toEqual(['Tunnel0', 'GigabitEthernet0/1']);
    expect(model!.keyrings[0]!.entries[0]!.line).toBe(10);
  });

  it('takes the table of show crypto isakmp key for keyrings', () => {
    const model = parseOne(`R1#show crypto isakmp key
Keyring      Hostname/Address                            Preshared Key

default      0.0.0.0        [0.0.0.0]                    plum
KR-A         203.0.113.0    [255.255.255.0]              walnut
             203.0.113.9                                 pear
`);
    expect(
      model.keyrings.map(({ name, entries }) => [
        name,
        entries.map(({ address, prefixLength, secret, line }) => [
          address,
          prefixLength,
          secret,
          line,
        ]),
      ]),
    ).toEqual([
      ['default', [['0.0.0.0', 0, 'plum', 4]]],
      [
        'KR-A',
        [
          ['203.0.113.0', 24, 'walnut', 5],
          ['203.0.113.9', 32, 'pear', 6],
        ],
      ],
    ]);
  });

  it('keeps the peers of an IKEv2 keyring apart, separators and all', () => {
    const text = `crypto ikev2 keyring K2
 peer A
  address 192.0.2.1
  pre-shared-key local one
  pre-shared-key remote two
 !
 peer B
  address 192.0.2.0 255.255.255.0
  identity fqdn domain example
  pre-shared-key 6 sealed
 !
!
crypto ikev2 profile P2
 match identity remote address 192.0.2.1 255.255.255.255 
 authentication remote pre-share
 authentication local pre-share
 keyring local K2
`;
    for (const each of [text, flatten(text)]) {
      const model = parseOne(each);
      expect(
        model.ikev2Keyrings[0]!.peers.map(({ name, local, remote }) => [
          name,
          local?.secret,
          remote?.secret,
        ]),
      ).toEqual([
        ['A', 'one', 'two'],
        ['B', 'sealed', 'sealed'],
      ]);
      expect(model.ikev2Keyrings[0]!.peers[1]).toMatchObject({
        identity: { kind: 'fqdn-domain', value: 'example' },
      });
      expect(model.ikev2Profiles[0]).toMatchObject({
        keyring: { name: 'K2' },
        authenticationLocal: 'pre-share',
      });
    }
  });

  it('reads the keys and trust-points of an IKEv2 profile, and the key pair of a trust-point', () => {
    const text = `crypto pki trustpoint CA
 enrollment pkcs12
 rsakeypair CA
crypto ikev2 profile P2
 match identity remote any
 authentication local pre-share key 6 sealed
 authentication remote pre-share key two
 authentication remote rsa-sig
 pki trustpoint CA sign
 pki trustpoint CA verify
 pki trustpoint CB
`;
    for (const each of [text, flatten(text)]) {
      const model = parseOne(each);
      expect(model.trustpoints).toMatchObject([{ enrollment: 'pkcs12', keyPair: 'CA' }]);
      expect(model.ikev2Profiles[0]).toMatchObject({
        localKey: { secret: 'sealed', secretType: 6, line: 6 },
        remoteKey: { secret: 'two', secretType: 0, line: 7 },
        authenticationRemote: ['pre-share', 'rsa-sig'],
        trustpoints: [
          { name: 'CA', purpose: 'sign' },
          { name: 'CA', purpose: 'verify' },
          { name: 'CB', purpose: null },
        ],
      });
    }
    const taken = parseOne(
      `${text} no authentication local\n no authentication remote pre-share\n no pki trustpoint CA verify\n`,
    ).ikev2Profiles[0]!;
    expect([taken.localKey, taken.remoteKey, taken.authenticationRemote]).toEqual([
      null,
      null,
      ['rsa-sig'],
    ]);
    expect(taken.trustpoints.map(({ purpose }) => purpose)).toEqual(['sign', null]);
    const none = parseOne(`${text} no authentication remote\n`).ikev2Profiles[0]!;
    expect([none.remoteKey, none.authenticationRemote]).toEqual([null, []]);
  });

  it('conditions a line of an IKEv2 profile by its own key, not by one written before', () => {
    const model = parseOne(`crypto ikev2 profile P2
 match identity remote any
 authentication remote pre-share key 6 sealed
 authentication remote rsa-sig
`);
    expect(model.lineStates.slice(2, 4)).toEqual(['modelled-with-conditions', 'modelled']);
  });

  it('puts every line in one of five states and knows undefined and unused names', () => {
    const model = parseOne(
      `${INDENTED.replace('end\n', '')}crypto frobnicate everything\nsnmp-server location here\n`,
    );
    const counts = countLineStates([model]);
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(model.lines.length);
    expect(counts.unknown).toBe(1);
    expect(model.lineStates[model.lines.indexOf('crypto frobnicate everything')]).toBe('unknown');
    expect(model.lineStates[5]).toBe('modelled-with-conditions');
    expect(undefinedNames(model).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'transform-set MISSING',
    ]);
    expect(unusedNames(model)).toEqual([]);
  });

  it('skips certificates and banners', () => {
    const model = parseOne(`banner motd ^C
crypto keyring FAKE
^C
crypto pki certificate chain TP
 certificate 01
  30820321 308201A0 A0030201
  	quit
crypto keyring REAL
 pre-shared-key address 192.0.2.1 key kiwi`);
    expect(model.keyrings.map(({ name }) => name)).toEqual(['REAL']);
  });
});

describe('keys that are shown at the prompts of two routers', () => {
  const table = (host: string, ...rows: readonly string[]): string =>
    [
      `${host}#show crypto isakmp key`,
      'Keyring      Hostname/Address                            Preshared Key',
      '',
      ...rows,
      `${host}#`,
    ].join('\n');
  const first = table('R1', 'KR-A         198.51.100.2                                walnut');
  const second = table('R2', 'KR-X         203.0.113.1                                 pear');
  const rings = (text: string): readonly (readonly [string | null, readonly string[]])[] =>
    parseConfigs(text, 'i1').map(({ hostname, keyrings }) => [
      hostname,
      keyrings.map(({ name }) => name),
    ]);

  it.each([
    ['one behind the other', `${first}\n${second}`],
    ['with a debug between them', `${first}\nR1#\n*Apr  4 09:12:03.001: ISAKMP:(0): x\n${second}`],
  ])('belong to two: %s', (_, text) => {
    expect(rings(text)).toEqual([
      ['R1', ['KR-A']],
      ['R2', ['KR-X']],
    ]);
  });

  it.each([
    ['a key was changed', 'KR-A         198.51.100.2                                plum'],
    ['a keyring was renamed', 'KR-B         198.51.100.2                                plum'],
  ])('count as they were last of one router: %s', (_, row) => {
    const debug = 'R1#\n*Apr  4 09:12:03.001: ISAKMP:(0): x';
    for (const text of [`${first}\n${table('R1', row)}`, `${first}\n${debug}\n${table('R1', row)}`])
      expect(
        parseConfigs(text, 'i1').map(({ keyrings }) =>
          keyrings.flatMap(({ name, entries }) => entries.map(({ secret }) => [name, secret])),
        ),
      ).toEqual([[[row.slice(0, 4), 'plum']]]);
  });

  it('do not lend a name to the listing of the other', () => {
    const listing =
      'R2#show running-config\ncrypto keyring KR-X\n  pre-shared-key address 203.0.113.1 key pear';
    expect(rings(`R1#show clock\n09:12:03 UTC\nR1#\n${listing}`)).toEqual([['R2', ['KR-X']]]);
  });
});

describe('applyCommands', () => {
  it('works as typing does: a keyring in use stays, a second key for one address is refused', () => {
    const model = parseOne(INDENTED);
    const kept = applyCommands(model, ['!', 'no crypto keyring KR-A']);
    expect(kept.keyrings.map(({ name }) => name)).toContain('KR-A');
    expect(kept.anomalies.map(({ code }) => code)).toContain('keyring-in-use');
    const gone = applyCommands(model, [
      '!',
      'crypto isakmp profile P',
      ' no keyring KR-A',
      'no crypto keyring KR-A',
    ]);
    expect(gone.keyrings.map(({ name }) => name)).toEqual(['KR-V', 'default']);
    const refused = applyCommands(model, [
      '!',
      'crypto keyring KR-A',
      ' pre-shared-key address 203.0.113.7 key other',
    ]);
    expect(refused.keyrings[0]!.entries[0]!.secret).toBe('walnut');
    const replaced = applyCommands(model, [
      '!',
      'crypto keyring KR-A',
      ' no pre-shared-key address 203.0.113.7 key x',
      ' pre-shared-key address 203.0.113.7 key other',
    ]);
    expect(
      replaced.keyrings[0]!.entries.find(({ address }) => address === '203.0.113.7')!.secret,
    ).toBe('other');
  });
});

describe('scoreConfig', () => {
  it('is nothing for prose and debugs, and much for configurations', () => {
    expect(
      scoreConfig(
        '*Jun 19 10:04:24.826: ISAKMP:(0): SA request profile is profile2\nSome prose.\n',
      ),
    ).toBe(0);
    expect(scoreConfig(INDENTED)).toBeGreaterThan(15);
    expect(scoreConfig(flatten(INDENTED))).toBeGreaterThan(15);
  });
});

it('survives lines cut, doubled, shuffled and damaged', () => {
  const lines = INDENTED.split('\n');
  const damaged = fc.array(
    fc.oneof(
      fc.constantFrom(...lines),
      fc.tuple(fc.constantFrom(...lines), fc.nat(40)).map(([line, at]) => line.slice(0, at)),
      fc.constantFrom(...lines).map((line) => `no ${line}`),
      fc.string({ maxLength: 60 }),
    ),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(damaged, (some) => {
      const text = some.join('\n');
      for (const model of parseConfigs(text, 'i1')) {
        expect(model.lineStates).toHaveLength(model.lines.length);
        for (const { line } of model.definitions)
          expect(line).toBeLessThanOrEqual(model.lines.length);
      }
    }),
    { seed: 20140117, numRuns: 300 },
  );
});

describe('global commands that begin like a sub-command', () => {
  const model = (text: string): ConfigModel => parseConfigs(text, 'i1')[0]!;

  it.each(['\n!', ''])('translations after an interface, separated by %j', (separator) => {
    for (const indent of [' ', '']) {
      const read = model(`hostname A
interface Ethernet0/0
${indent}ip address 10.9.0.1 255.255.255.0
${indent}ip nat inside${separator}
ip nat inside source static 10.9.0.2 198.51.100.1
ip nat pool P 198.51.100.1 198.51.100.9 netmask 255.255.255.0`);
      expect(read.natStatics).toHaveLength(1);
      expect(read.interfaces[0]!.nat).toBe('inside');
    }
  });

  it('a VRF after a profile or trust-point', () => {
    for (const indent of ['   ', '']) {
      const read = model(`crypto isakmp profile P
${indent}match identity address 192.0.2.1
!
vrf definition RED
crypto pki trustpoint CA
${indent}enrollment terminal
!
vrf definition BLUE`);
      expect(read.profiles[0]!.vrf).toBeNull();
      expect(read.trustpoints[0]!.vrf).toBeNull();
      expect(read.vrfs.map(({ name }) => name)).toEqual(['RED', 'BLUE']);
    }
  });
});

it('reads what a mail program quoted', () => {
  const text = 'hostname A\ncrypto keyring K\n  pre-shared-key address 192.0.2.1 key quince\n';
  for (const mark of ['> ', '>> ', '> > ']) {
    const quoted = text.replace(/^(?=.)/gm, mark);
    const { hostname, keyrings } = parseConfigs(quoted, 'i1')[0]!;
    expect(hostname).toBe('A');
    expect(keyrings[0]!.entries).toMatchObject([{ address: '192.0.2.1', secret: 'quince' }]);
  }
});

describe('what IOS brings itself', () => {
  it('is not undefined, and its profile stands behind a prompt of its own', () => {
    const model = parseOne(`hostname R1
R1(config)#crypto ipsec profile PROF
R1(ipsec-profile)#set transform-set default
R1(config)#interface Tunnel0
R1(config-if)#tunnel protection ipsec profile default
R1(config)#interface Tunnel1
R1(config-if)#tunnel protection ipsec profile PROF
`);
    expect(undefinedNames(model)).toEqual([]);
    expect(model.ipsecProfiles[0]!.transformSets.map(({ name }) => name)).toEqual(['default']);
    expect(model.interfaces.map(({ name }) => name)).toEqual(['Tunnel0', 'Tunnel1']);
  });
});

describe('the listing of a firewall', () => {
  const firewall = `ASA Version 9.8(2)
hostname fw-edge
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 203.0.113.2 255.255.255.0
access-list VPN extended permit ip 10.10.0.0 255.255.255.0 10.20.0.0 255.255.255.0
crypto ipsec ikev1 transform-set TS esp-aes-256 esp-sha-hmac
crypto map OUT 10 match address VPN
crypto map OUT 10 set peer 198.51.100.9
crypto ikev1 policy 10
 authentication pre-share
tunnel-group 198.51.100.9 ipsec-attributes
 ikev1 pre-shared-key walnut
`;
  it('gives its name and nothing else', () => {
    const model = parseOne(firewall);
    expect(model).toMatchObject({
      hostname: 'fw-edge',
      firewallLine: 1,
      keyrings: [],
      policies: [],
      cryptoMaps: [],
      interfaces: [],
      anomalies: [],
    });
    expect(countLineStates([model])).toMatchObject({ modelled: 1, 'not-modelled': 13, unknown: 0 });
    expect(parseOne(firewall.slice(firewall.indexOf('\n') + 1)).firewallLine).toBe(3);
    expect(
      parseOne('PIX Version 6.3(5)\nnameif ethernet0 outside security0\nhostname pix\n'),
    ).toMatchObject({ hostname: 'pix', firewallLine: 1 });
  });

  it('is told from that of a router', () => {
    expect(parseOne(INDENTED).firewallLine).toBe(null);
    // One such line alone is no proof, and where both stand in one part what IOS has is read.
    expect(parseOne(`${INDENTED}access-list A extended permit ip any any\n`).firewallLine).toBe(
      null,
    );
    const both = parseOne(`${firewall.replace('hostname fw-edge\n', '')}${INDENTED}`);
    expect(both.firewallLine).toBe(null);
    expect(both.keyrings.map(({ name }) => name)).toContain('KR-A');
  });
});
