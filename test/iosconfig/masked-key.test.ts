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
  'REDACTED-KEY',
  'removed_pre-shared-key',
  '<<removed>>',
  '<<<psk>>>',
  '{{vpn_key}}',
  '"<removed>"',
  "'<key>'",
  '"********"',
  '"REDACTED"',
  'xxxx-xxxx',
  'XXXX-XXXX-XXXX',
  '**.**',
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
  'x-x-x',
  'xxxx-yyyy',
  'xxxx-xx1x',
  'ab-ab',
  'xxxx-',
  '<<key#1>>',
  '"<key#1>"',
  '"Delta-77"',
  '"removed',
  'key-key',
  'redacted-monkey',
  'hidden-key-7',
  '<<Tango>99>',
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

  it.each(['<key was removed>', '<<key was removed>>', '"<key was removed>"'])(
    'may be several words in pointed brackets: %s',
    (mask) => {
      const [model] = parseConfigs(
        `hostname A\ncrypto isakmp key ${mask} address 192.0.2.1 255.255.255.0\n`,
        'c',
      );
      expect(model!.keyrings[0]!.entries).toMatchObject([
        { address: '192.0.2.1', mask: '255.255.255.0', secretType: 'masked' },
      ]);
    },
  );
});
