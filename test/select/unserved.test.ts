import { describe, expect, it } from 'vitest';
import { predict } from '../../src/select/predict.ts';
import { ends, router } from '../support/map-router.ts';
import { downs, readRouters, tunnelRouter, typed } from '../support/tunnel-router.ts';

/** B as it is printed in whole, with one part of it changed. */
const mapPair = (from: string | RegExp, to: string): readonly string[] => [
  `version 15.4\n${router('A', '192.0.2.1', '192.0.2.2')}`,
  `version 15.4\n${router('B', '192.0.2.2', '192.0.2.1')}`.replace(from, to),
];

const tunnelPair = (from: string | RegExp, to: string): readonly string[] => [
  tunnelRouter('A', '192.0.2.1', '192.0.2.2'),
  tunnelRouter('B', '192.0.2.2', '192.0.2.1').replace(from, to),
];

/** How A fares that calls B, why B does not call, and what mends both. */
function read(texts: readonly string[]): readonly unknown[] {
  const models = readRouters(texts);
  const prediction = predict(models);
  const [there, back] = ends(prediction) as readonly (readonly (string | null)[])[];
  const mended = prediction.repairs.map((repair) => {
    expect(downs(predict(typed(models, repair)))).toEqual([]);
    return repair.commands.map((command) => command.trim()).join(' / ');
  });
  return [there![1] ?? 'unknown', back![1] ?? 'unknown', ...mended];
}

/** What B permits where it mirrors the entry of A. */
const BACK = 'permit ip 172.16.2.0 0.0.0.255 172.16.1.0 0.0.0.255';

const why = (texts: readonly string[]): readonly string[] =>
  predict(readRouters(texts)).directions.map((direction) => direction.why);

describe('a place that serves nobody', () => {
  it.each([
    [
      'a map on no interface',
      mapPair(/ crypto map M\n/, ''),
      ['mm2-wait', 'unknown', 'interface Ethernet0/0 / crypto map M'],
    ],
    [
      'a map on an interface that is shut down',
      mapPair(/ crypto map M\n/, ' crypto map M\n shutdown\n'),
      ['mm2-wait', 'unknown', 'interface Ethernet0/0 / no shutdown'],
    ],
    [
      'an entry without a peer',
      mapPair(/ set peer .*\n/, ''),
      ['qm1-map-lookup', 'unknown', 'crypto map M 10 ipsec-isakmp / set peer 192.0.2.1'],
    ],
    [
      'an entry without an access list',
      mapPair(/ match address VPN\n/, ''),
      ['qm1-map-lookup', 'unknown'],
    ],
    [
      'an entry keyed by hand',
      mapPair('ipsec-isakmp', 'ipsec-manual'),
      ['qm1-map-lookup', 'unknown'],
    ],
    [
      'a tunnel that is shut down',
      tunnelPair('interface Tunnel0\n', 'interface Tunnel0\n shutdown\n'),
      ['mm2-wait', 'unknown', 'interface Tunnel0 / no shutdown'],
    ],
    [
      'a tunnel whose source is shut down',
      tunnelPair('interface GigabitEthernet0/0\n', 'interface GigabitEthernet0/0\n shutdown\n'),
      ['mm2-wait', 'unknown', 'interface GigabitEthernet0/0 / no shutdown'],
    ],
    [
      'a map on a part of an interface that is shut down',
      mapPair('Ethernet0/0', 'Ethernet0/0\n shutdown\ninterface Ethernet0/0.10'),
      ['mm2-wait', 'unknown', 'interface Ethernet0/0 / no shutdown'],
    ],
    [
      'a map that lends the address of an interface that is shut down',
      mapPair(
        /ip address 192.0.2.2 .*\n crypto map M\n/,
        'ip address 198.51.100.2 255.255.255.0\n crypto map M\ninterface Loopback0\n ip address 192.0.2.2 255.255.255.255\n shutdown\ncrypto map M local-address Loopback0\n',
      ),
      ['mm2-wait', 'unknown', 'interface Loopback0 / no shutdown'],
    ],
    [
      'a tunnel whose source is a part of an interface that is shut down',
      tunnelPair(
        /GigabitEthernet0\/0\n ip/,
        'GigabitEthernet0/0\n shutdown\ninterface GigabitEthernet0/0.7\n ip',
      ).map((text, at) =>
        at === 0 ? text : text.replace('source GigabitEthernet0/0', 'source GigabitEthernet0/0.7'),
      ),
      ['mm2-wait', 'unknown', 'interface GigabitEthernet0/0 / no shutdown'],
    ],
    [
      'a tunnel whose source is an address that is shut down',
      tunnelPair(/GigabitEthernet0\/0\n ip/, 'GigabitEthernet0/0\n shutdown\n ip').map(
        (text, at) =>
          at === 0 ? text : text.replace('source GigabitEthernet0/0', 'source 192.0.2.2'),
      ),
      ['mm2-wait', 'unknown', 'interface GigabitEthernet0/0 / no shutdown'],
    ],
    [
      'an entry whose access list is empty',
      mapPair(/(extended VPN\n) .*\n/, '$1'),
      ['qm1-map-lookup', 'unknown', `ip access-list extended VPN / ${BACK}`],
    ],
    [
      'an entry whose access list holds a remark alone',
      mapPair(/(extended VPN\n) .*\n/, '$1 remark to A\n'),
      ['qm1-map-lookup', 'unknown', `ip access-list extended VPN / ${BACK}`],
    ],
    [
      'an entry whose access list denies all',
      mapPair(/(extended VPN\n) .*\n/, '$1 10 deny ip any any\n'),
      ['qm1-map-lookup', 'unknown', `ip access-list extended VPN / no deny ip any any / ${BACK}`],
    ],
    [
      'an entry whose access list denies something else',
      mapPair(/(extended VPN\n) .*\n/, '$1 deny tcp any any\n'),
      ['qm1-map-lookup', 'unknown', `ip access-list extended VPN / ${BACK}`],
    ],
    [
      'an entry whose numbered access list denies all',
      mapPair(/ip access-list extended VPN\n .*\n/, 'access-list 101 deny ip any any\n').map(
        (text) =>
          text.includes('access-list 101')
            ? text.replace('match address VPN', 'match address 101')
            : text,
      ),
      ['qm1-map-lookup', 'unknown'],
    ],
    [
      'an entry whose access list only denies',
      mapPair('permit ip', 'deny ip'),
      [
        'qm1-map-lookup',
        'unknown',
        `ip access-list extended VPN / no ${BACK.replace('permit', 'deny')} / ${BACK}`,
      ],
    ],
  ])('%s', (_, texts, wanted) => {
    expect(read(texts)).toEqual(wanted);
  });

  it('neither calls nor answers, and says why', () => {
    expect(why(mapPair(/ crypto map M\n/, ''))).toEqual([
      'nothing of the responder uses IKE, so that it does not answer: crypto map M is applied to no interface',
      'crypto map M 10 of B names A, but crypto map M is applied to no interface: it neither calls nor answers',
    ]);
    expect(why(mapPair(/ set peer .*\n/, ''))[1]).toBe(
      'crypto map M 10 has no "set peer" and stays disabled, and B has no other place for A: it neither calls nor answers',
    );
  });

  it('leaves the router answering where another place is in use', () => {
    const other = `crypto map N 10 ipsec-isakmp
 set peer 203.0.113.9
 set transform-set TS
 match address VPN
interface Ethernet0/1
 ip address 203.0.113.1 255.255.255.0
 crypto map N
`;
    const [a, b] = mapPair(/ crypto map M\n/, '');
    expect(read([a!, `${b!}${other}`])).toEqual([
      'qm1-map-lookup',
      'unknown',
      'interface Ethernet0/0 / crypto map M',
    ]);
  });

  it('may be in use by a part that was not given', () => {
    const texts = mapPair(/ crypto map M\n/, '').map((text) => text.replace('version 15.4\n', ''));
    expect(read(texts)).toEqual(['unknown', 'unknown']);
  });
});

describe('a part that is named and is not there', () => {
  it.each([
    ['an access list', mapPair('match address VPN', 'match address LAN')],
    [
      'every entry of an access list',
      mapPair(/permit ip .*/, 'permit ip object-group NEAR object-group FAR'),
    ],
    ['a transform set', mapPair('set transform-set TS', 'set transform-set TX')],
    ['an IPsec profile', tunnelPair('protection ipsec profile IP', 'protection ipsec profile IQ')],
    ['the source of a tunnel', tunnelPair('source GigabitEthernet0/0', 'source Loopback7')],
    ['a dynamic map', mapPair(/(crypto map M 10 ipsec-isakmp)(\n .*){3}/, '$1 dynamic D')],
    ['the address of a name', mapPair(/set peer .*/, 'set peer far.example dynamic')],
  ])('leaves open whether the tunnel comes up: %s', (_, texts) => {
    expect(read(texts)).toEqual(['unknown', 'unknown']);
  });

  it('hides nothing that fails without it', () => {
    const [a, b] = mapPair('match address VPN', 'match address LAN');
    const strict = b!.replace('hash sha256', 'hash sha512');
    expect(read([a!, strict]).slice(0, 2)).toEqual(['mm1-policy', 'mm1-policy']);
  });

  it('matters not beside a transform set that fits', () => {
    const texts = mapPair('set transform-set TS', 'set transform-set TX TS');
    expect(read(texts)).toEqual(['up', 'up']);
  });
});

describe('an entry without a transform set', () => {
  const without = (transforms: string): readonly string[] =>
    mapPair(/ set transform-set TS\n/, '').map((text) =>
      text.replace('esp-aes 256 esp-sha256-hmac', transforms),
    );

  it.each([
    [
      'esp-aes 256 esp-sha256-hmac',
      ['qm1-transform', 'qm1-transform', 'crypto map M 10 ipsec-isakmp / set transform-set TS'],
    ],
    ['esp-aes esp-sha-hmac', ['unknown', 'unknown']],
    ['esp-sha-hmac esp-3des', ['unknown', 'unknown']],
  ])('has that of the release, against %s', (transforms, wanted) => {
    expect(read(without(transforms))).toEqual(wanted);
  });
});

describe('a crypto map on an interface by which the other end does not know the router', () => {
  const inside = (more: string, peer = '192.0.2.2'): readonly string[] => [
    `version 15.4\n${router('A', '192.0.2.1', peer)}`,
    `version 15.4\n${router('B', '192.0.2.2', '192.0.2.1')}`.replace(
      / crypto map M\n/,
      `interface Ethernet0/1\n ip address 172.16.2.1 255.255.255.0\n crypto map M\n${more}`,
    ),
  ];

  it('is moved to the one that is known', () => {
    expect(read(inside(''))).toEqual([
      'qm1-map-lookup',
      'mm1-key-lookup',
      'interface Ethernet0/1 / no crypto map M / interface Ethernet0/0 / crypto map M',
    ]);
  });

  it('stays where that is a loopback, whose address it takes', () => {
    const loopback = 'interface Loopback0\n ip address 203.0.113.7 255.255.255.255\n';
    expect(read(inside(loopback, '203.0.113.7'))).toContain('crypto map M local-address Loopback0');
  });
});
