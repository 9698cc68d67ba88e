/** What both implementations behind `#crypto` understand. */

export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** Ciphers that IKE runs in CBC mode. */
export type BlockCipher = 'des' | '3des' | 'aes' | 'blowfish' | 'camellia' | 'cast';

export type AeadCipher = 'aes-gcm' | 'aes-ccm' | 'chacha20-poly1305';

/** Output octets of each hash. */
export const hashLengths: Readonly<Record<HashName, number>> = {
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/** Block octets of each cipher. */
export const blockLengths: Readonly<Record<BlockCipher, number>> = {
  des: 8,
  '3des': 8,
  aes: 16,
  blowfish: 8,
  camellia: 16,
  cast: 8,
};

const AES_KEYS: readonly number[] = [16, 24, 32];

/** Key octets that a cipher takes; false for every other length. */
export function fitsKeyLength(cipher: BlockCipher, length: number): boolean {
  switch (cipher) {
    case 'des':
      return length === 8;
    case '3des':
      return length === 24;
    case 'aes':
    case 'camellia':
      return AES_KEYS.includes(length);
    case 'blowfish':
      return length >= 5 && length <= 56;
    case 'cast':
      return length >= 5 && length <= 16;
  }
}

/** Curves by IANA group number: RFC 5903 (19-21), RFC 5114 (25, 26), RFC 6954 (27-30), as OpenSSL names them. */
export const curveNames: Readonly<Record<number, string>> = {
  19: 'prime256v1',
  20: 'secp384r1',
  21: 'secp521r1',
  25: 'prime192v1',
  26: 'secp224r1',
  27: 'brainpoolP224r1',
  28: 'brainpoolP256r1',
  29: 'brainpoolP384r1',
  30: 'brainpoolP512r1',
};

/** Octets of one coordinate of those curves. */
export const coordinateLengths: Readonly<Record<number, number>> = {
  19: 32,
  20: 48,
  21: 66,
  25: 24,
  26: 28,
  27: 28,
  28: 32,
  29: 48,
  30: 64,
};

/** RFC 8031 §3. */
export const CURVE25519 = 31;
export const CURVE448 = 32;
