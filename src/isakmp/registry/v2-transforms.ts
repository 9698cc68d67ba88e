import { groups } from './groups.ts';
import { table } from './table.ts';
import type { NameTable } from './table.ts';

/** Tables of IANA "Internet Key Exchange Version 2 (IKEv2) Parameters". */

/** 6 to 12: RFC 9370. */
export const transformTypes: NameTable = table({
  1: 'ENCR',
  2: 'PRF',
  3: 'INTEG',
  4: 'KE',
  5: 'ESN',
  6: 'ADDKE1',
  7: 'ADDKE2',
  8: 'ADDKE3',
  9: 'ADDKE4',
  10: 'ADDKE5',
  11: 'ADDKE6',
  12: 'ADDKE7',
  13: 'KWA',
  14: 'GCAUTH',
});

/** Transform Type 1. */
export const encryptionTransforms: NameTable = table({
  1: 'ENCR_DES_IV64',
  2: 'ENCR_DES',
  3: 'ENCR_3DES',
  4: 'ENCR_RC5',
  5: 'ENCR_IDEA',
  6: 'ENCR_CAST',
  7: 'ENCR_BLOWFISH',
  8: 'ENCR_3IDEA',
  9: 'ENCR_DES_IV32',
  11: 'ENCR_NULL',
  12: 'ENCR_AES_CBC',
  13: 'ENCR_AES_CTR',
  14: 'ENCR_AES_CCM_8',
  15: 'ENCR_AES_CCM_12',
  16: 'ENCR_AES_CCM_16',
  18: 'ENCR_AES_GCM_8',
  19: 'ENCR_AES_GCM_12',
  20: 'ENCR_AES_GCM_16',
  21: 'ENCR_NULL_AUTH_AES_GMAC',
  22: 'ENCR_XTS_AES',
  23: 'ENCR_CAMELLIA_CBC',
  24: 'ENCR_CAMELLIA_CTR',
  25: 'ENCR_CAMELLIA_CCM_8',
  26: 'ENCR_CAMELLIA_CCM_12',
  27: 'ENCR_CAMELLIA_CCM_16',
  28: 'ENCR_CHACHA20_POLY1305',
  29: 'ENCR_AES_CCM_8_IIV',
  30: 'ENCR_AES_GCM_16_IIV',
  31: 'ENCR_CHACHA20_POLY1305_IIV',
  32: 'ENCR_KUZNYECHIK_MGM_KTREE',
  33: 'ENCR_MAGMA_MGM_KTREE',
  34: 'ENCR_KUZNYECHIK_MGM_MAC_KTREE',
  35: 'ENCR_MAGMA_MGM_MAC_KTREE',
});

/** Transform Type 2. */
export const prfTransforms: NameTable = table({
  1: 'PRF_HMAC_MD5',
  2: 'PRF_HMAC_SHA1',
  3: 'PRF_HMAC_TIGER',
  4: 'PRF_AES128_XCBC',
  5: 'PRF_HMAC_SHA2_256',
  6: 'PRF_HMAC_SHA2_384',
  7: 'PRF_HMAC_SHA2_512',
  8: 'PRF_AES128_CMAC',
  9: 'PRF_HMAC_STREEBOG_512',
});

/** Transform Type 3. */
export const integrityTransforms: NameTable = table({
  0: 'NONE',
  1: 'AUTH_HMAC_MD5_96',
  2: 'AUTH_HMAC_SHA1_96',
  3: 'AUTH_DES_MAC',
  4: 'AUTH_KPDK_MD5',
  5: 'AUTH_AES_XCBC_96',
  6: 'AUTH_HMAC_MD5_128',
  7: 'AUTH_HMAC_SHA1_160',
  8: 'AUTH_AES_CMAC_96',
  9: 'AUTH_AES_128_GMAC',
  10: 'AUTH_AES_192_GMAC',
  11: 'AUTH_AES_256_GMAC',
  12: 'AUTH_HMAC_SHA2_256_128',
  13: 'AUTH_HMAC_SHA2_384_192',
  14: 'AUTH_HMAC_SHA2_512_256',
});

/** Transform Type 5. */
export const sequenceNumbers: NameTable = table({
  0: 'No Extended Sequence Numbers',
  1: 'Extended Sequence Numbers',
  2: 'Partially Transmitted 64-bit Sequence Numbers',
  3: '32-bit Unspecified Numbers',
});

const none = table({});
const byType: ReadonlyMap<number, NameTable> = new Map([
  [1, encryptionTransforms],
  [2, prfTransforms],
  [3, integrityTransforms],
  [4, groups],
  [5, sequenceNumbers],
  ...[6, 7, 8, 9, 10, 11, 12].map((type): [number, NameTable] => [type, groups]),
]);

/** The transform IDs of one transform type; an empty table for a type without one. */
export function transformIds(type: number): NameTable {
  return byType.get(type) ?? none;
}

/** IKEv2 Authentication Method. */
export const authenticationMethodsV2: NameTable = table({
  1: 'RSA Digital Signature',
  2: 'Shared Key Message Integrity Code',
  3: 'DSS Digital Signature',
  9: 'ECDSA with SHA-256 on the P-256 curve',
  10: 'ECDSA with SHA-384 on the P-384 curve',
  11: 'ECDSA with SHA-512 on the P-521 curve',
  12: 'Generic Secure Password Authentication Method',
  13: 'NULL Authentication',
  14: 'Digital Signature',
});

/** IKEv2 Traffic Selector Types. */
export const trafficSelectorTypes: NameTable = table({
  7: 'TS_IPV4_ADDR_RANGE',
  8: 'TS_IPV6_ADDR_RANGE',
  9: 'TS_FC_ADDR_RANGE',
  10: 'TS_SECLABEL',
});
