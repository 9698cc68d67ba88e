import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import { predict } from '../../src/select/predict.ts';

const told = (lines: readonly string[], id: string): string =>
  predict(parseConfigs(['hostname R', ...lines].join('\n'), 'i1'))
    .findings.filter((finding) => finding.id === id)
    .map(({ title, explanation }) => `${title}. ${explanation}`)
    .join('\n');

const key = (name: string, secret: string) => [
  `crypto keyring ${name}`,
  `  pre-shared-key address 192.0.2.2 key ${secret}`,
];

const profile = (name: string, match: string) => [
  `crypto isakmp profile ${name}`,
  '   keyring K',
  `   match identity ${match}`,
];

const END = ' 255.255.255.255';

describe('sentences about one router', () => {
  it.each<[string, readonly string[], string, string]>([
    [
      'keys of different values in two keyrings',
      [...key('K1', 'walnut'), ...key('K2', 'hazel')],
      'keyring-ambiguous',
      'after MM5. One address',
    ],
    [
      'equal keys in two keyrings',
      [...key('K1', 'walnut'), ...key('K2', 'walnut')],
      'keyring-ambiguous',
      'after MM5. The keys are equal',
    ],
    [
      'a global key for just as much',
      [...key('K', 'walnut'), 'crypto isakmp key hazel address 192.0.2.2'],
      'default-keyring-shadows',
      'is used even where K holds a key for just as much.',
    ],
    [
      'a global key for more',
      [...key('K', 'walnut'), 'crypto isakmp key hazel address 0.0.0.0'],
      'default-keyring-shadows',
      `is used even where 192.0.2.2,255.255.255.255 would fit more closely.`,
    ],
    [
      'two profiles for any address',
      [...profile('P1', 'address 0.0.0.0'), ...profile('P2', 'address 0.0.0.0')],
      'profile-overlap',
      'Any address matches both profiles',
    ],
    [
      'two profiles for a network',
      [
        ...profile('P1', 'address 192.0.2.0 255.255.255.0'),
        ...profile('P2', 'address 192.0.0.0 255.255.0.0'),
      ],
      'profile-overlap',
      'An identity in 192.0.2.0/24 matches both profiles',
    ],
    [
      'two profiles for one host',
      [
        ...profile('P1', `address 192.0.2.2${END}`),
        ...profile('P2', 'address 192.0.2.0 255.255.255.0'),
      ],
      'profile-overlap',
      'An identity 192.0.2.2 matches both profiles',
    ],
    [
      'two profiles for a domain',
      [...profile('P1', 'host domain a.example.com'), ...profile('P2', 'host domain example.com')],
      'profile-overlap',
      'An identity in domain a.example.com matches both profiles',
    ],
  ])('say of %s what it is', (_, lines, id, words) => {
    const text = told(lines, id);
    expect(text).toContain(words);
    expect(text).not.toMatch(/ {2}/);
  });
});
