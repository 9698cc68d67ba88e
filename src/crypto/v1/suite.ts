import type { BlockCipher, HashName } from '../names.ts';

/** What phase 1 settles: the prf is HMAC with the negotiated hash (RFC 2409 §4). */
export type SuiteV1 = {
  readonly hash: HashName;
  readonly cipher: BlockCipher;
  /** Octets. */
  readonly keyLength: number;
};

/** IANA "Hash Algorithm" (IKEv1). 3 is Tiger, which nobody ships. */
export const hashesV1: Readonly<Record<number, HashName>> = {
  1: 'md5',
  2: 'sha1',
  4: 'sha256',
  5: 'sha384',
  6: 'sha512',
};

/** IANA "Encryption Algorithm" (IKEv1) with the key octets used when the SA names no length. 2 is IDEA, 4 is RC5. */
export const ciphersV1: Readonly<
  Record<
    number,
    { readonly cipher: BlockCipher; readonly keyLength: number; readonly fixed: boolean }
  >
> = {
  1: { cipher: 'des', keyLength: 8, fixed: true },
  3: { cipher: 'blowfish', keyLength: 16, fixed: false },
  5: { cipher: '3des', keyLength: 24, fixed: true },
  6: { cipher: 'cast', keyLength: 16, fixed: false },
  7: { cipher: 'aes', keyLength: 16, fixed: false },
  8: { cipher: 'camellia', keyLength: 16, fixed: false },
};

/** How SKEYID is made (RFC 2409 §5). */
export type AuthKind = 'psk' | 'signature' | 'public-key-encryption';

/**
 * IANA "Authentication Method" (IKEv1), with those of draft-beaulieu-ike-xauth-02 and
 * draft-zegman-ike-hybrid-auth-01 (hybrid uses the signature formula). Null for an unknown one.
 */
export function authKindV1(method: number): AuthKind | null {
  if (method === 1 || method === 65001 || method === 65002) return 'psk';
  if (method === 2 || method === 3 || (method >= 8 && method <= 11)) return 'signature';
  if (method >= 65003 && method <= 65006) return 'signature';
  if (method >= 64221 && method <= 64224) return 'signature';
  if (method >= 4 && method <= 7) return 'public-key-encryption';
  if (method >= 65007 && method <= 65010) return 'public-key-encryption';
  return null;
}

/** Null where the exchange names an algorithm that is not in the tables. Key length in bits. */
export function suiteV1(
  encryption: number,
  keyLengthBits: number | null,
  hash: number,
): SuiteV1 | null {
  const row = ciphersV1[encryption];
  const name = hashesV1[hash];
  if (row === undefined || name === undefined) return null;
  const keyLength = row.fixed || keyLengthBits === null ? row.keyLength : keyLengthBits / 8;
  return { hash: name, cipher: row.cipher, keyLength };
}
