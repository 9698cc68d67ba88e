import { describe, expect, it } from 'vitest';
import { hex } from '../../../src/bytes/hex.ts';
import {
  cipherKeySearch,
  deriveCipherKey,
  deriveSkeyidKeys,
  deriveSkeyidPsk,
} from '../../../src/crypto/v1/key-schedule.ts';
import type { SuiteV1 } from '../../../src/crypto/v1/suite.ts';
import { seeded } from '../../support/exchanges.ts';

const SUITES: readonly SuiteV1[] = [
  { hash: 'md5', cipher: 'des', keyLength: 8 },
  { hash: 'md5', cipher: 'aes', keyLength: 32 },
  { hash: 'sha1', cipher: '3des', keyLength: 24 },
  { hash: 'sha1', cipher: 'blowfish', keyLength: 56 },
  { hash: 'sha256', cipher: 'aes', keyLength: 32 },
  { hash: 'sha384', cipher: 'aes', keyLength: 24 },
  { hash: 'sha512', cipher: 'camellia', keyLength: 16 },
];

describe('cipherKeySearch', () => {
  it.each(SUITES)('gives what the formulas give one by one: $hash, $cipher', (suite) => {
    const random = seeded(7);
    const octets = (length: number): Uint8Array =>
      Uint8Array.from({ length }, () => random() * 256);
    for (const sharedLength of [32, 96, 128, 256, 1024]) {
      const [nonces, shared, cookies] = [octets(40), octets(sharedLength), octets(16)];
      const search = cipherKeySearch(suite, nonces, shared, cookies);
      for (const length of [0, 1, 20, 63, 64, 65, 128]) {
        const psk = octets(length);
        const skeyid = deriveSkeyidPsk(suite.hash, psk, nonces);
        const { skeyidE } = deriveSkeyidKeys(suite.hash, skeyid, shared, cookies);
        const found = hex(search(psk));
        expect(found, `PSK of ${length} octets`).toBe(hex(deriveCipherKey(suite, skeyidE)));
      }
    }
  });
});
