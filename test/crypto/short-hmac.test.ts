import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import { keyedHmac, shortHash } from '../../src/crypto/short-hmac.ts';
import { seeded } from '../support/exchanges.ts';

const text = (letters: string): Uint8Array => new TextEncoder().encode(letters);

describe('keyedHmac', () => {
  // RFC 2202 §2 and §3 (test cases 1 and 2), RFC 4231 §4.2 and §4.3.
  it.each([
    ['md5', text('Jefe'), 'what do ya want for nothing?', '750c783e6ab0b503eaa86e310a5db738'],
    ['md5', new Uint8Array(16).fill(0x0b), 'Hi There', '9294727a3638bb1c13f48ef8158bfc9d'],
    [
      'sha1',
      text('Jefe'),
      'what do ya want for nothing?',
      'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
    ],
    ['sha1', new Uint8Array(20).fill(0x0b), 'Hi There', 'b617318655057264e28bc0b6fb378c8ef146be00'],
    [
      'sha256',
      text('Jefe'),
      'what do ya want for nothing?',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      'sha256',
      new Uint8Array(20).fill(0x0b),
      'Hi There',
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
  ] as const)('%s', (name, key, message, mac) => {
    expect(hex(keyedHmac(name, key)(text(message)))).toBe(mac);
  });

  it.each(['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const)(
    'gives what OpenSSL gives, whatever the lengths: %s',
    (name) => {
      const random = seeded(1);
      const octets = (length: number): Uint8Array =>
        Uint8Array.from({ length }, () => random() * 256);
      for (const keyLength of [0, 1, 16, 20, 55, 63, 64, 65, 200]) {
        const key = octets(keyLength);
        const mac = keyedHmac(name, key);
        for (const length of [
          0, 1, 2, 3, 4, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1024, 1025,
        ]) {
          const message = octets(length);
          const expected = createHmac(name, key).update(message).digest('hex');
          expect(hex(mac(message)), `${keyLength} and ${length} octets`).toBe(expected);
        }
      }
    },
  );

  it('keeps two keys apart that are used by turns', () => {
    const [a, b] = [keyedHmac('sha1', text('one')), keyedHmac('sha1', text('other'))];
    const first = hex(a(text('message')));
    b(text('message of another length'));
    expect(hex(a(text('message')))).toBe(first);
  });
});

it.each(['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const)(
  'shortHash gives what OpenSSL gives, whatever the length: %s',
  (name) => {
    const random = seeded(3);
    for (const length of [0, 1, 22, 34, 55, 56, 63, 64, 65, 119, 120, 1024, 1025]) {
      const message = Uint8Array.from({ length }, () => random() * 256);
      const expected = createHash(name).update(message).digest('hex');
      expect(hex(shortHash(name, message)), `${length} octets`).toBe(expected);
    }
  },
);
