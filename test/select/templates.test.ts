import { describe, expect, it } from 'vitest';
import { predict } from '../../src/select/predict.ts';
import { downs, readRouters, typed } from '../support/tunnel-router.ts';

type Knobs = { readonly version: 1 | 2; readonly profile?: string; readonly template?: string };

const SPOKE = ({ version }: Knobs, mode: string): string => `version 15.5
hostname SPOKE
${version === 1 ? V1.spoke : V2('192.0.2.1', '')}
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
crypto ipsec profile IP
 set transform-set TS
 set ${version === 1 ? 'isakmp' : 'ikev2'}-profile P
interface Tunnel0
 tunnel source GigabitEthernet0/0
 tunnel destination 192.0.2.1
 tunnel mode ${mode}
 tunnel protection ipsec profile IP
interface GigabitEthernet0/0
 ip address 192.0.2.2 255.255.255.0
`;

const policy = 'crypto isakmp policy 10\n encr aes\n authentication pre-share\n group 14';
const profile = (peer: string, more: string): string => `${policy}
crypto keyring K
 pre-shared-key address ${peer} key walnut
crypto isakmp profile P
 keyring K
 match identity address ${peer} 255.255.255.255
 ${more}`;
const V1 = { spoke: profile('192.0.2.1', '') };
const V2 = (peer: string, more: string): string => `crypto ikev2 keyring K
 peer FAR
  address ${peer}
  pre-shared-key walnut
crypto ikev2 profile P
 match identity remote address ${peer} 255.255.255.255
 authentication local pre-share
 authentication remote pre-share
 keyring local K
 ${more}`;

const HUB = ({
  version,
  profile: more = 'virtual-template 1',
  template = 'interface Virtual-Template1 type tunnel\n tunnel mode ipsec ipv4',
}: Knobs): string => `version 15.5
hostname HUB
${version === 1 ? profile('192.0.2.2', more) : V2('192.0.2.2', more)}
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
crypto ipsec profile IP
 set transform-set TS
 set ${version === 1 ? 'isakmp' : 'ikev2'}-profile P
${template}
 ip unnumbered GigabitEthernet0/0
 tunnel source GigabitEthernet0/0
 tunnel protection ipsec profile IP
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
`;

/** How the spoke fares that calls the hub, and what mends it. */
function call(knobs: Knobs, mode = 'ipsec ipv4'): readonly unknown[] {
  const models = readRouters([HUB(knobs), SPOKE(knobs, mode)]);
  const { directions, repairs } = predict(models);
  const there = directions.find(({ initiator }) => initiator === 'SPOKE')!;
  return [
    there.outcome === 'fails' ? there.finding : there.outcome,
    ...repairs.map((repair) => {
      expect(downs(predict(typed(models, repair)))).not.toContain('SPOKE');
      return repair.commands.map((command) => command.trim()).join(' / ');
    }),
  ];
}

describe.each([1, 2] as const)('a template under IKEv%i', (version) => {
  const block = version === 1 ? 'isakmp' : 'ikev2';
  const clone = `crypto ${block} profile P / virtual-template 1`;
  const refused = 'proxy-identity-mismatch';

  it.each<readonly [string, Omit<Knobs, 'version'>, readonly unknown[]]>([
    ['that its profile names is cloned', {}, ['up']],
    ['that no profile names is not', { profile: '' }, [refused, clone]],
    [
      'is not, where the profile names another one',
      { profile: 'virtual-template 2\ninterface Virtual-Template2 type tunnel' },
      [refused, clone],
    ],
    ['that is not in the listing may be anything', { profile: 'virtual-template 7' }, ['unknown']],
  ])('%s', (_, knobs, wanted) => {
    expect(call({ version, ...knobs })).toEqual(wanted);
  });

  it('takes callers in its own mode', () => {
    expect(call({ version }, 'gre ip')).toEqual([
      refused,
      'interface Virtual-Template1 / tunnel mode gre ip',
      'interface Tunnel0 / tunnel mode ipsec ipv4',
    ]);
  });
});

it('takes the mode of the caller where an IKEv2 profile says so', () => {
  const knobs = { version: 2, profile: 'virtual-template 1 mode auto' } as const;
  expect([call(knobs), call(knobs, 'gre ip')]).toEqual([['up'], ['up']]);
});
