import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../../src/iosconfig/parse.ts';
import { predict } from '../../../src/select/predict.ts';

const tunnel = [
  'interface Tunnel0',
  ' tunnel source 192.0.2.1',
  ' tunnel destination 192.0.2.7',
  ' tunnel protection ipsec profile P',
].join('\n');
const profile = 'crypto ipsec profile P\n set isakmp-profile I';
const policy = 'crypto isakmp policy 10\n authentication pre-share';
const other = 'crypto isakmp key walnut address 192.0.2.9';
const failuresOf = (...parts: readonly string[]): readonly string[] =>
  predict(parseConfigs(parts.join('\n'), 'i1'))
    .findings.filter(({ severity }) => severity === 'failure')
    .map(({ id }) => id);

describe('a tunnel without a key for its peer', () => {
  it.each([
    ['the tunnel alone', [tunnel]],
    ['without the IPsec profile', [policy, other, tunnel]],
    ['without the ISAKMP profile', [policy, other, profile, tunnel]],
    [
      'without the keyring',
      [
        policy,
        'crypto isakmp profile I\n keyring K\n match identity address 192.0.2.7',
        profile,
        tunnel,
      ],
    ],
    ['without phase 1', ['crypto ipsec profile P', tunnel]],
  ])('may have one elsewhere, where a part was given %s', (_, parts) => {
    expect(failuresOf(...parts)).toEqual([]);
  });

  it.each([
    ['a part that holds the way to it', [policy, other, 'crypto ipsec profile P', tunnel]],
    ['a whole configuration', ['version 15.9', 'hostname R1', policy, tunnel]],
  ])('fails in %s', (_, parts) => {
    expect(failuresOf(...parts)).toEqual(['no-psk-for-peer']);
  });
});
