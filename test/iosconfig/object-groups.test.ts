import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import type { AccessList, ConfigModel } from '../../src/model/config.ts';

const GROUPS = `object-group network NEAR
 description who is here
 host 10.1.0.1
 10.1.1.0 255.255.255.0
!
object-group network FAR
 range 10.2.0.3 10.2.0.8
 10.3.0.0 /16
 group-object NEAR
!
object-group network ROUND
 group-object ROUND
 host 10.4.0.1
!
object-group network ALL
 any
!
object-group network TORN
 host 10.5.0.1
 host
!
object-group network EMPTY
!
object-group service SOME
 tcp eq 22
 udp source eq 500
 tcp-udp range 5060 5061
 gre
 47
!
object-group service PLAIN
 ip
!
object-group service PINGS
 icmp echo
!
`;

const parse = (text: string): ConfigModel => parseConfigs(text, 'i1')[0]!;

function listOf(entry: string, groups: string = GROUPS): AccessList {
  return parse(`hostname R1\n${groups}ip access-list extended X\n ${entry}\n!\n`).accessLists[0]!;
}

const flows = ({ entries }: AccessList): readonly string[] =>
  entries.map(({ action, protocol, source, destination }) =>
    [
      action,
      protocol,
      ...[source, destination].flatMap((end) => [end.address, end.wildcard, end.port]),
    ]
      .filter((word) => word !== null)
      .join(' '),
  );

const NEAR = ['10.1.0.1 0.0.0.0', '10.1.1.0 0.0.0.255'];
const FAR = ['10.2.0.3 0.0.0.0', '10.2.0.4 0.0.0.3', '10.2.0.8 0.0.0.0', '10.3.0.0 0.0.255.255'];
const HOST = '10.9.0.1 0.0.0.0';

describe('object groups', () => {
  it.each([
    ['permit ip object-group NEAR host 10.9.0.1', NEAR.map((near) => `permit ip ${near} ${HOST}`)],
    ['deny ip host 10.9.0.1 object-group NEAR', NEAR.map((near) => `deny ip ${HOST} ${near}`)],
    [
      'permit ip object-group NEAR object-group FAR',
      NEAR.flatMap((near) => [...FAR, ...NEAR].map((far) => `permit ip ${near} ${far}`)),
    ],
    ['permit ip object-group ROUND host 10.9.0.1', [`permit ip 10.4.0.1 0.0.0.0 ${HOST}`]],
    ['permit ip object-group ALL host 10.9.0.1', [`permit ip 0.0.0.0 255.255.255.255 ${HOST}`]],
    [
      'permit object-group SOME host 10.9.0.1 host 10.9.0.1',
      [
        `permit tcp ${HOST} ${HOST} 22`,
        `permit udp ${HOST} 500 ${HOST}`,
        `permit tcp ${HOST} ${HOST} 5060-5061`,
        `permit udp ${HOST} ${HOST} 5060-5061`,
        `permit gre ${HOST} ${HOST}`,
        `permit 47 ${HOST} ${HOST}`,
      ],
    ],
    [
      'permit object-group PLAIN object-group ROUND any',
      ['permit ip 10.4.0.1 0.0.0.0 0.0.0.0 255.255.255.255'],
    ],
    ['20 permit ip host 10.9.0.1 object-group ROUND', [`permit ip ${HOST} 10.4.0.1 0.0.0.0`]],
  ])('are written out: %s', (entry, wanted) => {
    expect(flows(listOf(entry))).toEqual(wanted);
    expect(listOf(entry).unread).toEqual([]);
    expect(flows(listOf(entry, GROUPS.replace(/^ +/gm, '')))).toEqual(wanted);
  });

  it.each(['MISSING', 'EMPTY', 'TORN', 'SOME'])(
    'that are not read leave an entry open: %s',
    (group) => {
      const list = listOf(`permit ip object-group ${group} host 10.9.0.1`);
      expect([list.entries, list.unread.length]).toEqual([[], 1]);
    },
  );

  it('of services leave it open where they name types', () => {
    expect(listOf('permit object-group PINGS any any').unread).toHaveLength(1);
  });

  it('may be changed, and defined after the list', () => {
    const [list] = parse(`access-list 101 permit ip object-group NEAR any
${GROUPS}object-group network NEAR
 no host 10.1.0.1
`).accessLists;
    expect(flows(list!)).toEqual(['permit ip 10.1.1.0 0.0.0.255 0.0.0.0 255.255.255.255']);
  });

  it('take no command that follows them without indentation', () => {
    const model = parse(`hostname R1
object-group service PLAIN
ip
ip access-list extended X
permit ip host 10.9.0.1 any
object-group network NEAR
host 10.1.0.1
interface Ethernet0/0
ip address 192.0.2.1 255.255.255.0
`);
    expect(flows(model.accessLists[0]!)).toHaveLength(1);
    expect(model.interfaces[0]!.addresses).toHaveLength(1);
  });
});
