import { describe, expect, it } from 'vitest';
import { parseConfigs } from '../../src/iosconfig/parse.ts';
import { scoreConfig } from '../../src/iosconfig/recognise.ts';
import type { IsakmpPolicy } from '../../src/model/config.ts';

const rows = (...values: readonly [string, string, string, string, string]): readonly string[] => [
  `\tencryption algorithm:\t${values[0]}`,
  `\thash algorithm:\t\t${values[1]}`,
  `\tauthentication method:\t${values[2]}`,
  `\tDiffie-Hellman group:\t${values[3]}`,
  `\tlifetime:\t\t${values[4]} seconds, no volume limit`,
];
const strong = rows(
  'AES - Advanced Encryption Standard (256 bit keys).',
  'Secure Hash Standard 2 (256 bit)',
  'Pre-Shared Key',
  '#14 (2048 bit)',
  '28800',
);
const old = rows(
  'Three key triple DES',
  'Message Digest 5',
  'Rivest-Shamir-Adleman Signature',
  '#2 (1024 bit)',
  '86400',
);
const builtIn = rows(
  'DES - Data Encryption Standard (56 bit keys).',
  'Secure Hash Standard',
  'Rivest-Shamir-Adleman Signature',
  '#1 (768 bit)',
  '86400',
);
const listing = [
  'EDGE#show crypto isakmp policy',
  '',
  'Global IKE policy',
  'Protection suite of priority 10',
  ...strong,
  'Protection suite of priority 20',
  ...old,
  'Default protection suite',
  ...builtIn,
  'EDGE#',
];
const policies = (lines: readonly string[]): readonly IsakmpPolicy[] =>
  parseConfigs(lines.join('\n'), 'i1').flatMap((model) => model.policies);

describe('the listing of show crypto isakmp policy', () => {
  const shown = [
    {
      priority: 10,
      encryption: 'aes',
      keyLength: 256,
      hash: 'sha256',
      authentication: 'pre-share',
      group: 14,
      lifeSeconds: 28_800,
      line: 4,
    },
    {
      priority: 20,
      encryption: '3des',
      hash: 'md5',
      authentication: 'rsa-sig',
      group: 2,
      lifeSeconds: 86_400,
      line: 10,
    },
  ];

  it('is taken for the policies that print it, without the suite that IOS brings', () => {
    expect(policies(listing)).toMatchObject(shown);
    expect(policies(listing)).toHaveLength(2);
    expect(scoreConfig(listing.join('\n'))).toBeGreaterThan(0);
  });

  it.each([
    ['in mail', listing.map((line) => `> ${line}`)],
    ['with CRLF', listing.map((line) => `${line}\r`)],
    ['between other output', ['EDGE#show clock', '09:12:03.1 UTC', ...listing, 'EDGE#show users']],
  ])('is read %s', (_, lines) => {
    expect(policies(lines).map(({ priority }) => priority)).toEqual([10, 20]);
  });

  it('ends the table of keys before it', () => {
    const keys = [
      'EDGE#show crypto isakmp key',
      'Keyring      Hostname/Address                            Preshared Key',
      '',
      'KR-A         203.0.113.77                                walnut',
    ];
    const [model] = parseConfigs([...keys, ...listing].join('\n'), 'i1');
    expect(model!.keyrings.flatMap(({ entries }) => entries)).toHaveLength(1);
    expect(model!.policies).toHaveLength(2);
  });

  it('adds nothing where a policy cannot be read, or does not end', () => {
    const unknown = listing.map((line) => line.replace('Message Digest 5', 'Tiger'));
    expect(policies(unknown)).toEqual([]);
    expect(policies(listing.slice(0, 12))).toEqual([]);
  });

  it.each([
    ['before it', ['EDGE#show running-config', 'crypto isakmp policy 5', ' group 5', ...listing]],
    ['behind it', [...listing, 'EDGE#show running-config', 'crypto isakmp policy 5', ' group 5']],
  ])('leaves alone what is configured in the paste %s', (_, lines) => {
    expect(policies(lines)).toMatchObject([
      { priority: 5, group: 5, encryption: 'des', hash: 'sha', lifeSeconds: 86_400 },
    ]);
  });

  it.each([
    ['at prompts', ['EDGE#show crypto isakmp policy', 'Global IKE policy']],
    ['without prompts', ['Global IKE policy']],
    ['without a title', []],
  ])('counts as it was last, where it was taken twice: %s', (_, heads) => {
    const again = [...heads, 'Protection suite of priority 10', ...old, 'EDGE#'];
    expect(policies([...listing.slice(0, -1), ...again])).toMatchObject([
      { priority: 10, encryption: '3des', group: 2 },
    ]);
  });

  it('is one, though a debug writes between its policies', () => {
    const debug = '*Apr  4 09:12:03.001: ISAKMP:(0): processing SA payload';
    const torn = [...listing.slice(0, 9), debug, ...listing.slice(9)];
    expect(policies(torn).map(({ priority }) => priority)).toEqual([10, 20]);
  });
});
