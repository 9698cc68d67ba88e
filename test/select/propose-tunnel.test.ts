import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import type { Prediction } from '../../src/model/selection.ts';
import { predict } from '../../src/select/predict.ts';
import { router } from '../support/map-router.ts';

const A = '192.0.2.1';
const B = '192.0.2.2';
const predicted = (...texts: readonly string[]): Prediction =>
  predict(texts.flatMap((text, at) => [...parseConfigs(text, `i${String(at + 1)}`)]));
const repairs = (prediction: Prediction): unknown =>
  prediction.repairs.map(({ router: at, commands, verified }) => [at, commands, verified]);

describe('ends that speak different versions of IKE', () => {
  const ring = (peer: string): string =>
    `crypto ikev2 keyring K2\n peer P\n  address ${peer}\n  pre-shared-key maple\ncrypto ikev2 profile P2\n match identity remote address ${peer} 255.255.255.255\n authentication remote pre-share\n authentication local pre-share\n keyring local K2`;
  const v2 = (name: string, own: string, peer: string): string =>
    router(name, own, peer, { extra: ring(peer), profile: 'set ikev2-profile P2' });

  it('are brought together by the profile that one has and does not name', () => {
    const prediction = predicted(router('A', A, B, { extra: ring(B) }), v2('B', B, A));
    expect(repairs(prediction)).toContainEqual([
      'A',
      ['crypto map M 10 ipsec-isakmp', ' set ikev2-profile P2'],
      true,
    ]);
  });

  it('fall back to IKEv1, behind whatever else there is', () => {
    const prediction = predicted(router('A', A, B, { extra: ring(B) }), v2('B', B, A));
    expect(prediction.repairs[0]!.router).toBe('A');
    expect(repairs(predicted(router('A', A, B), v2('B', B, A)))).toEqual([
      ['B', ['crypto map M 10 ipsec-isakmp', ' no set ikev2-profile'], true],
    ]);
  });

  it('get a profile that does not fit only together with what makes it fit', () => {
    const stranger = router('A', A, B, { extra: ring('203.0.113.9') });
    const [own] = predicted(stranger, v2('B', B, A)).repairs.filter(({ router: at }) => at === 'A');
    expect(own!.verified).toBe(true);
    expect(own!.commands).toContain(' set ikev2-profile P2');
    expect(own!.commands.length).toBeGreaterThan(2);
  });
});

describe('a tunnel that looks its peer up in another table than its source is in', () => {
  const tunnel = (
    name: string,
    own: string,
    peer: string,
    more: { vrf?: string; of?: string },
  ): string =>
    `hostname ${name}
crypto keyring K${more.vrf ?? ''}
 pre-shared-key address ${peer} key walnut
crypto isakmp policy 10
 authentication pre-share
 group 14
crypto ipsec transform-set TS esp-aes esp-sha-hmac
crypto ipsec profile IP
 set transform-set TS
interface Tunnel1
 tunnel source Ethernet0/0
 tunnel destination ${peer}
 tunnel mode ipsec ipv4
${more.of ?? ''} tunnel protection ipsec profile IP
interface Ethernet0/0
${more.vrf === undefined ? '' : ' vrf forwarding INET\n'} ip address ${own} 255.255.255.0
`;

  it.each([
    ['it is in a VRF', { vrf: ' vrf INET' }, ' tunnel vrf INET'],
    ['it is in none', { of: ' tunnel vrf INET\n' }, ' no tunnel vrf INET'],
  ])('follows it: %s', (_, of, command) => {
    const prediction = predicted(tunnel('A', A, B, {}), tunnel('B', B, A, of));
    expect(repairs(prediction)).toContainEqual(['B', ['interface Tunnel1', command], true]);
  });
});
