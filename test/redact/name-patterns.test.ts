import { expect, it } from 'vitest';

import { namePatterns } from '../../src/redact/name-patterns.ts';
import { collectNames } from '../../src/redact/rename.ts';

it.each(namePatterns)('finds $names in: $sample', ({ pattern, sample, names }) => {
  const found: readonly (string | undefined)[] = pattern.exec(sample)?.slice(1) ?? [];
  expect(found).toEqual(expect.arrayContaining([...names]));
  for (const name of names) expect(collectNames([sample])).toContain(name);
});

it('takes no word of the syntax for a name', () => {
  const lines = [
    'crypto isakmp policy 10',
    ' authentication pre-share',
    ' match identity address 192.0.2.1 255.255.255.255',
    ' peer 192.0.2.1',
    ' match address 101',
    'ISAKMP:(0):: peer matches *none* of the profiles',
    'ISAKMP:(0): SA request profile is (NULL)',
    'ISAKMP:(0):key for 192.0.2.1 not available in default',
    'received packet from 192.0.2.1 dport 500 sport 500 Global (R) MM_NO_STATE',
  ];
  expect([...collectNames(lines)]).toEqual([]);
});

it('gets through hostile lines, which hold no more names than words', () => {
  for (const text of [
    'a '.repeat(900),
    'key for '.repeat(240),
    `keyring ${'x'.repeat(1900)}`,
    ' '.repeat(1990),
  ]) {
    expect(collectNames(Array.from({ length: 50 }, () => text)).size).toBeLessThanOrEqual(1);
  }
});
