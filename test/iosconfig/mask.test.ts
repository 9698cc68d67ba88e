import { describe, expect, it } from 'vitest';
import { createSecretTokens, maskKeyRow, maskSecrets } from '../../src/iosconfig/mask.ts';

describe('maskSecrets', () => {
  it.each([
    ['crypto isakmp key hush address 192.0.2.1', 'crypto isakmp key <key#1> address 192.0.2.1'],
    [
      'crypto isakmp key 6 hush hostname a.example',
      'crypto isakmp key 6 <key#1> hostname a.example',
    ],
    [
      'crypto isakmp key hush address ipv6 2001:db8::/32',
      'crypto isakmp key <key#1> address ipv6 2001:db8::/32',
    ],
    [
      '  pre-shared-key address 192.0.2.1 key hush',
      '  pre-shared-key address 192.0.2.1 key <key#1>',
    ],
    [
      'pre-shared-key address  0.0.0.0 0.0.0.0  key 6 hush',
      'pre-shared-key address  0.0.0.0 0.0.0.0  key 6 <key#1>',
    ],
    [
      'pre-shared-key address ipv6 2001:db8::/32 key hush',
      'pre-shared-key address ipv6 2001:db8::/32 key <key#1>',
    ],
    [
      'pre-shared-key hostname a.example key hush !x',
      'pre-shared-key hostname a.example key <key#1> !x',
    ],
    ['  pre-shared-key hush', '  pre-shared-key <key#1>'],
    ['  pre-shared-key local 6 hush', '  pre-shared-key local 6 <key#1>'],
    ['  pre-shared-key remote hex hush', '  pre-shared-key remote hex <key#1>'],
    [' set aggressive-mode password hush', ' set aggressive-mode password <key#1>'],
    [' key hush', ' key <key#1>'],
    ['username ann privilege 15 secret 5 hush', 'username ann privilege 15 secret 5 <key#1>'],
    ['snmp-server community hush RO', 'snmp-server community <key#1> RO'],
    ['crypto keyring hush', 'crypto keyring hush'],
    ['tunnel destination 192.0.2.1', 'tunnel destination 192.0.2.1'],
  ])('%s', (line, shown) => {
    expect(maskSecrets(line, createSecretTokens())).toBe(shown);
  });

  it('masks the rows of the key table', () => {
    const token = createSecretTokens();
    expect(maskKeyRow('default      0.0.0.0        [0.0.0.0]     hush', token)).toBe(
      'default      0.0.0.0        [0.0.0.0]     <key#1>',
    );
    expect(maskKeyRow('             192.0.2.9                    other', token)).toBe(
      '             192.0.2.9                    <key#2>',
    );
  });

  it('gives equal secrets equal tokens, in the order told beforehand', () => {
    const token = createSecretTokens(['b', 'a', 'b']);
    expect([token('a'), token('b'), token('c'), token('a')]).toEqual([
      '<key#2>',
      '<key#1>',
      '<key#3>',
      '<key#2>',
    ]);
  });
});
