import { describe, expect, it } from 'vitest';

import { createSecretTokens } from '../../src/iosconfig/mask.ts';
import { candidateTexts, createKeyHider } from '../../src/redact/known-keys.ts';

const hide = (keys: readonly string[], text: string, names: readonly string[] = []): string =>
  createKeyHider(keys, new Set(names), createSecretTokens(keys))(text);

const candidate = (secret: Uint8Array): Parameters<typeof candidateTexts>[0][number] => ({
  secret,
  label: 'a key',
  place: null,
  router: null,
  keyring: null,
  scope: null,
});

describe('createKeyHider', () => {
  it.each([
    ['Harbour-Lamp-31', 'Bob says Harbour-Lamp-31, please check', 'Bob says <key#1>, please check'],
    ['Harbour-Lamp-31', '"Harbour-Lamp-31"', '"<key#1>"'],
    ['Harbour-Lamp-31', 'key=Harbour-Lamp-31.', 'key=<key#1>.'],
    ['Harbour-Lamp-31', 'Harbour-Lamp-31Harbour-Lamp-31', 'Harbour-Lamp-31Harbour-Lamp-31'],
    ['cisco123', 'cisco123 cisco1234 xcisco123 cisco', '<key#1> cisco1234 xcisco123 cisco'],
    ['!pa$$(1)', 'it is !pa$$(1)', 'it is <key#1>'],
    ['!pa$$(1)', 'it is x!pa$$(1)x', 'it is x<key#1>x'],
    ['harbourLamp', 'harbourLamp', '<key#1>'],
    ['harbourlampharbourlamp', 'harbourlampharbourlamp', '<key#1>'],
    ['Grüße-31', 'Grüße-31 übGrüße-31', '<key#1> übGrüße-31'],
    ['two words 1', 'it is two words 1 now', 'it is <key#1> now'],
    // As octets are shown.
    ['Harbour-Lamp-31', 'data 486172626f75722d4c616d702d3331', 'data <key#1>'],
    ['harbour', 'data 686172626f7572', 'data 686172626f7572'],
    // What stands for other things as well.
    ['cisco', 'CISCO cisco vendor', 'CISCO cisco vendor'],
    ['negotiation', 'the negotiation fails', 'the negotiation fails'],
    ['site-to-site', 'a site-to-site tunnel', 'a site-to-site tunnel'],
    ['123456', 'message ID = 123456', 'message ID = 123456'],
    ['12345678', 'the number 12345678', 'the number <key#1>'],
    ['192.0.2.1', 'peer 192.0.2.1', 'peer 192.0.2.1'],
    ['<key#4>', 'it is <key#4>', 'it is <key#4>'],
    // Where the text says that it is a key.
    ['cisco', 'the PSK is cisco, they say', 'the PSK is <key#1>, they say'],
    ['cisco', 'password: "cisco"', 'password: "<key#1>"'],
    ['cisco', 'the key for cisco', 'the key for cisco'],
    ['for', 'the key for cisco', 'the key for cisco'],
    // Words of commands.
    ['address', ' pre-shared-key address 192.0.2.1', ' pre-shared-key address 192.0.2.1'],
    ['encryption', 'password encryption aes', 'password encryption aes'],
    ['address', 'the key is address', 'the key is <key#1>'],
    ['"Harbour-Lamp-31"', 'it is Harbour-Lamp-31', 'it is <key#1>'],
  ])('%s in: %s', (key, text, shown) => {
    expect(hide([key], text)).toBe(shown);
  });

  it('leaves the names of things', () => {
    expect(hide(['keyring1'], 'Found ADDRESS key in keyring keyring1', ['keyring1'])).toBe(
      'Found ADDRESS key in keyring keyring1',
    );
  });

  it('takes the longest of keys that begin alike', () => {
    expect(hide(['Lamp-31', 'Lamp-31-b'], 'Lamp-31-b Lamp-31')).toBe('<key#2> <key#1>');
  });

  it('hides nothing where nothing is known', () => {
    expect(hide([], 'Lamp-31')).toBe('Lamp-31');
  });

  it('gets through many keys and long texts', () => {
    const keys = Array.from({ length: 50_000 }, (_, i) => `Lamp-${i}-x`);
    const out = hide(keys, `${'Lamp-'.repeat(50_000)} Lamp-49999-x`);
    expect(out.endsWith(' <key#50000>')).toBe(true);
  });
});

describe('candidateTexts', () => {
  it('takes keys that are text', () => {
    const octets = [new TextEncoder().encode('Grüße'), Uint8Array.of(0xff, 0x41), Uint8Array.of(1)];
    expect(candidateTexts(octets.map(candidate))).toEqual(['Grüße']);
  });
});
