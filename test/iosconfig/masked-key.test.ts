import { describe, expect, it } from 'vitest';
import { createSecretTokens, maskSecrets } from '../../src/iosconfig/mask.ts';
import { isMaskedKey } from '../../src/iosconfig/masked-key.ts';
import { parseConfigs } from '../../src/iosconfig/parse.ts';

const masks = [
  '<removed>',
  '<key>',
  '<hidden-by-admin>',
  '******',
  '***',
  'xxxxxxxx',
  'XXXX',
  '....',
  '-----',
  'REDACTED',
  '[removed]',
  '(hidden)',
  '{psk}',
  '***removed***',
  'PSK_REDACTED',
];
const keys = [
  '<key#1>',
  'Delta-77',
  'xx',
  '**',
  'xxxxy',
  '1111',
  'secret',
  'removed1',
  '[a1]',
  'x.x',
];

describe('a mask in the place of a key', () => {
  it.each(masks)('%s is one', (text) => {
    expect(isMaskedKey(text)).toBe(true);
    const [model] = parseConfigs(
      `hostname A
crypto isakmp key ${text} address 192.0.2.1
crypto keyring K
 pre-shared-key address 192.0.2.2 key ${text}
crypto isakmp client configuration group G
 key ${text}
crypto ikev2 keyring K2
 peer B
  address 192.0.2.3
  pre-shared-key ${text}
`,
      'c',
    );
    const types = [
      ...model!.keyrings.flatMap(({ entries }) => entries),
      ...model!.clientGroups,
      ...model!.ikev2Keyrings.flatMap(({ peers }) => peers.flatMap(({ local }) => local ?? [])),
    ].map(({ secretType }) => secretType);
    expect(types).toEqual(['masked', 'masked', 'masked', 'masked']);
    expect(maskSecrets(`crypto isakmp key ${text} address 192.0.2.1`, createSecretTokens())).toBe(
      'crypto isakmp key <key> address 192.0.2.1',
    );
  });

  it.each(keys)('%s is none', (text) => {
    expect(isMaskedKey(text)).toBe(false);
  });

  it('may be several words in pointed brackets', () => {
    const [model] = parseConfigs(
      'hostname A\ncrypto isakmp key <key was removed> address 192.0.2.1 255.255.255.0\n',
      'c',
    );
    expect(model!.keyrings[0]!.entries).toMatchObject([
      { address: '192.0.2.1', mask: '255.255.255.0', secretType: 'masked' },
    ]);
  });
});
