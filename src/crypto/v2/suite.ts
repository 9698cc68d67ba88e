import type { AeadCipher, BlockCipher } from '../names.ts';
import type { Prf } from '../prf.ts';

/** How an SK payload is protected. Lengths in octets; the salt is the end of SK_e (RFC 5282 §7.1). */
export type EncryptionV2 =
  | { readonly kind: 'cbc'; readonly cipher: BlockCipher; readonly keyLength: number }
  | { readonly kind: 'ctr'; readonly keyLength: number; readonly saltLength: number }
  | {
      readonly kind: 'aead';
      readonly cipher: AeadCipher;
      readonly keyLength: number;
      readonly saltLength: number;
      readonly tagLength: number;
    }
  | { readonly kind: 'null' };

export type IntegrityV2 = {
  readonly prf: Prf;
  readonly keyLength: number;
  readonly tagLength: number;
};

export type SuiteV2 = {
  readonly encryption: EncryptionV2;
  /** Null with an AEAD cipher. */
  readonly integrity: IntegrityV2 | null;
  readonly prf: Prf | null;
};

const hmac = (hash: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512'): Prf => ({
  kind: 'hmac',
  hash,
});

/** IANA "Transform Type 2 - Pseudorandom Function". 3 is Tiger; 9 is HMAC-Streebog. */
export const prfsV2: Readonly<Record<number, Prf>> = {
  1: hmac('md5'),
  2: hmac('sha1'),
  4: { kind: 'aes-xcbc' },
  5: hmac('sha256'),
  6: hmac('sha384'),
  7: hmac('sha512'),
  8: { kind: 'aes-cmac' },
};

/** IANA "Transform Type 3 - Integrity Algorithm". */
export const integritiesV2: Readonly<Record<number, IntegrityV2>> = {
  1: { prf: hmac('md5'), keyLength: 16, tagLength: 12 },
  2: { prf: hmac('sha1'), keyLength: 20, tagLength: 12 },
  5: { prf: { kind: 'aes-xcbc' }, keyLength: 16, tagLength: 12 },
  6: { prf: hmac('md5'), keyLength: 16, tagLength: 16 },
  7: { prf: hmac('sha1'), keyLength: 20, tagLength: 20 },
  8: { prf: { kind: 'aes-cmac' }, keyLength: 16, tagLength: 12 },
  12: { prf: hmac('sha256'), keyLength: 32, tagLength: 16 },
  13: { prf: hmac('sha384'), keyLength: 48, tagLength: 24 },
  14: { prf: hmac('sha512'), keyLength: 64, tagLength: 32 },
};

/**
 * IANA "Transform Type 1 - Encryption Algorithm". `keyLength` in octets, null where the proposal
 * names none: AES needs one, the others have a default.
 */
export function encryptionV2(id: number, keyLength: number | null): EncryptionV2 | null {
  const aes = keyLength ?? 16;
  switch (id) {
    case 2:
      return { kind: 'cbc', cipher: 'des', keyLength: 8 };
    case 3:
      return { kind: 'cbc', cipher: '3des', keyLength: 24 };
    case 6:
      return { kind: 'cbc', cipher: 'cast', keyLength: aes };
    case 7:
      return { kind: 'cbc', cipher: 'blowfish', keyLength: aes };
    case 11:
      return { kind: 'null' };
    case 12:
      return { kind: 'cbc', cipher: 'aes', keyLength: aes };
    case 13:
      return { kind: 'ctr', keyLength: aes, saltLength: 4 };
    case 14:
    case 15:
    case 16:
      return {
        kind: 'aead',
        cipher: 'aes-ccm',
        keyLength: aes,
        saltLength: 3,
        tagLength: [8, 12, 16][id - 14]!,
      };
    case 18:
    case 19:
    case 20:
      return {
        kind: 'aead',
        cipher: 'aes-gcm',
        keyLength: aes,
        saltLength: 4,
        tagLength: [8, 12, 16][id - 18]!,
      };
    case 23:
      return { kind: 'cbc', cipher: 'camellia', keyLength: aes };
    case 28:
      return {
        kind: 'aead',
        cipher: 'chacha20-poly1305',
        keyLength: 32,
        saltLength: 4,
        tagLength: 16,
      };
    default:
      return null;
  }
}

/** Octets of SK_ei and SK_er: the cipher key and, where there is one, the salt behind it. */
export function encryptionKeyLength(encryption: EncryptionV2): number {
  switch (encryption.kind) {
    case 'cbc':
      return encryption.keyLength;
    case 'ctr':
    case 'aead':
      return encryption.keyLength + encryption.saltLength;
    case 'null':
      return 0;
  }
}
