import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import { predict } from '../../src/select/predict.ts';
import { router } from '../support/map-router.ts';

describe('a router that cannot be told or called', () => {
  const hubWith = (keys: string): string => `hostname HUB
crypto isakmp policy 10
 authentication pre-share
${keys}
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
crypto dynamic-map D 10
 set transform-set TS
crypto map M 10 ipsec-isakmp dynamic D
interface Ethernet0/0
 ip address 192.0.2.2 255.255.255.0
 crypto map M`;

  it.each([
    ['a key for all that differs', 'crypto isakmp key pear address 0.0.0.0', 'psk-mismatch'],
    ['the same key for all', 'crypto isakmp key walnut address 0.0.0.0', null],
    [
      'the same key for some',
      'crypto isakmp key pear address 0.0.0.0\ncrypto isakmp key walnut address 198.51.100.0 255.255.255.0',
      null,
    ],
    ['a key for some that differs', 'crypto isakmp key pear address 198.51.100.7', null],
    ['an encrypted key for all', 'crypto isakmp key 6 SEALED address 0.0.0.0', null],
  ])('calls from an unknown address, %s', (_, keys, finding) => {
    const spoke = router('A', '192.0.2.1', '192.0.2.2', {
      policy: 'authentication pre-share',
    }).replace(/ip address .*/, 'ip address negotiated');
    const models = [spoke, hubWith(keys)].flatMap((text, at) => [
      ...parseConfigs(text, `i${String(at + 1)}`),
    ]);
    const { directions, findings } = predict(models);
    expect(directions[0]).toMatchObject({
      outcome: finding === null ? 'unknown' : 'fails',
      finding,
    });
    expect(findings.filter(({ severity }) => severity === 'failure').map(({ id }) => id)).toEqual(
      finding === null ? [] : [finding],
    );
  });

  it('says unknown, not fails, when one side cannot call', () => {
    const hub = hubWith('crypto isakmp key walnut address 0.0.0.0');
    const spoke = router('A', '192.0.2.1', '192.0.2.2', { policy: 'authentication pre-share' });
    const models = [spoke, hub].flatMap((text, at) => [
      ...parseConfigs(text, `i${String(at + 1)}`),
    ]);
    expect(
      predict(models).directions.map(({ initiator, outcome }) => [initiator, outcome]),
    ).toEqual([
      ['A', 'up'],
      ['HUB', 'unknown'],
    ]);
  });
});
