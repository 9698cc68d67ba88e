import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import { predict } from '../../src/select/predict.ts';
import { ends } from '../support/map-router.ts';

const COMMON = `crypto isakmp policy 10
 authentication pre-share
crypto isakmp key walnut address 0.0.0.0
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
crypto ipsec profile IP
 set transform-set TS
`;

type Mode = 'gre ip' | 'ipsec ipv4' | 'gre multipoint' | 'ipip';

function tunnelled(name: string, local: string, peer: string, mode: Mode): string {
  const to =
    mode !== 'gre multipoint'
      ? `tunnel destination ${peer}`
      : name === 'A'
        ? `ip nhrp map 10.9.9.1 ${peer}`
        : '';
  return `hostname ${name}
${COMMON}interface Tunnel0
 tunnel source ${local}
 tunnel mode ${mode}
 ${to}
 tunnel protection ipsec profile IP
interface Ethernet0/0
 ip address ${local} 255.255.255.0`;
}

function mapped(name: string, local: string, peer: string, acl: string): string {
  return `hostname ${name}
${COMMON}ip access-list extended VPN
 permit ${acl}
crypto map M 10 ipsec-isakmp
 set peer ${peer}
 set transform-set TS
 match address VPN
interface Ethernet0/0
 ip address ${local} 255.255.255.0
 crypto map M`;
}

const predicted = (...texts: readonly string[]): ReturnType<typeof predict> =>
  predict(texts.flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]));
const up = (name: string): unknown => [name, 'up', null];
const refused = (name: string): unknown => [name, 'qm1-map-lookup', 'proxy-identity-mismatch'];

describe('an access list with an entry that is not read', () => {
  const [a, b] = [
    'ip 10.1.1.0 0.0.0.255 10.1.2.0 0.0.0.255',
    'ip 10.1.2.0 0.0.0.255 10.1.1.0 0.0.0.255',
  ];
  const OTHER = 'ip host 10.9.9.9 host 10.8.8.8';
  const GROUPS = ' permit ip object-group NEAR object-group FAR';
  const ended = (first: string, second: string): unknown =>
    ends(
      predicted(
        mapped('A', '192.0.2.1', '192.0.2.2', first),
        mapped('B', '192.0.2.2', '192.0.2.1', second),
      ),
    );
  const open = (name: string): unknown => [name, null, null];

  it.each([
    ['does not fit by what is read', `${OTHER}\n${GROUPS}`, b, [open('A'), open('B')]],
    ['fits by what is read', `${a}\n${GROUPS}`, b, [up('A'), up('B')]],
    ['has all of it read', OTHER, b, [refused('A'), refused('B')]],
    [
      'is by groups that fit',
      `ip object-group NEAR object-group FAR\nobject-group network NEAR\n 10.1.1.0 255.255.255.0\nobject-group network FAR\n 10.1.2.0 255.255.255.0`,
      b,
      [up('A'), up('B')],
    ],
    [
      'is by groups that do not fit',
      `ip object-group NEAR object-group FAR\nobject-group network NEAR\n host 10.9.9.9\nobject-group network FAR\n host 10.8.8.8`,
      b,
      [refused('A'), refused('B')],
    ],
    ['has a torn entry', `${OTHER}\n permti ip any any`, b, [open('A'), open('B')]],
    ['has prose after it', `${OTHER}\nThis is all that we have`, b, [refused('A'), refused('B')]],
  ])('%s', (_, first, second, end) => {
    expect(ended(first, second)).toEqual(end);
  });
});

describe('tunnel interfaces', () => {
  it.each<[Mode, Mode, unknown[]]>([
    ['ipsec ipv4', 'ipsec ipv4', [up('A'), up('B')]],
    ['gre ip', 'gre ip', [up('A'), up('B')]],
    ['gre ip', 'ipsec ipv4', [refused('A'), refused('B')]],
    ['ipsec ipv4', 'gre ip', [refused('A'), refused('B')]],
    ['ipip', 'gre ip', [refused('A'), refused('B')]],
    ['ipip', 'ipsec ipv4', [refused('A'), refused('B')]],
    ['gre ip', 'gre multipoint', [up('A'), ['B', null, null]]],
    ['gre multipoint', 'gre multipoint', [up('A'), ['B', null, null]]],
    ['ipsec ipv4', 'gre multipoint', [refused('A'), ['B', null, null]]],
    ['gre multipoint', 'ipsec ipv4', [refused('A'), refused('B')]],
  ])('%s and %s', (a, b, wanted) => {
    const prediction = predicted(
      tunnelled('A', '192.0.2.1', '192.0.2.2', a),
      tunnelled('B', '192.0.2.2', '192.0.2.1', b),
    );
    expect(ends(prediction)).toEqual(wanted);
    expect(prediction.findings.map(({ id }) => id)).not.toContain('one-direction-only');
  });

  it('name the modes that differ', () => {
    const { directions } = predicted(
      tunnelled('A', '192.0.2.1', '192.0.2.2', 'gre ip'),
      tunnelled('B', '192.0.2.2', '192.0.2.1', 'ipsec ipv4'),
    );
    expect(directions[0]!.why).toBe(
      'Tunnel0 of the initiator is in mode gre ip, Tunnel0 of the responder in mode ipsec ipv4',
    );
  });
});

describe('a crypto map towards a tunnel interface', () => {
  it.each<[string, Mode, unknown[]]>([
    ['ip any any', 'ipsec ipv4', [up('A'), up('B')]],
    ['ip 10.1.0.0 0.0.255.255 any', 'ipsec ipv4', [refused('A'), refused('B')]],
    ['tcp any any', 'ipsec ipv4', [refused('A'), refused('B')]],
    ['gre host 192.0.2.1 host 192.0.2.2', 'gre ip', [up('A'), up('B')]],
    ['47 host 192.0.2.1 host 192.0.2.2', 'gre multipoint', [up('A'), ['B', null, null]]],
    ['ip any any', 'gre multipoint', [refused('A'), ['B', null, null]]],
  ])('%s, %s', (acl, mode, wanted) => {
    expect(
      ends(
        predicted(
          mapped('A', '192.0.2.1', '192.0.2.2', acl),
          tunnelled('B', '192.0.2.2', '192.0.2.1', mode),
        ),
      ),
    ).toEqual(wanted);
  });

  it('writes what is proposed as an access list does', () => {
    const { directions } = predicted(
      mapped('A', '192.0.2.1', '192.0.2.2', 'ip 10.1.0.0 0.0.255.255 any'),
      tunnelled('B', '192.0.2.2', '192.0.2.1', 'ipsec ipv4'),
    );
    expect(directions[0]!.why).toBe(
      'the proposal ip 10.1.0.0 0.0.255.255 any is not covered by Tunnel0',
    );
  });
});
