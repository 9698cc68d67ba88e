import { table } from './table.ts';
import type { NameTable } from './table.ts';

/** Tables of IANA "Internet Security Association and Key Management Protocol (ISAKMP) Identifiers" (RFC 2407). */

/** IPsec DOI Security Protocol Identifiers; IKEv2 calls the first three IKE, AH and ESP. */
export const protocolsV1: NameTable = table({
  0: 'RESERVED',
  1: 'PROTO_ISAKMP',
  2: 'PROTO_IPSEC_AH',
  3: 'PROTO_IPSEC_ESP',
  4: 'PROTO_IPCOMP',
});

/** IANA "IKEv2 Parameters", IKEv2 Security Protocol Identifiers. */
export const protocolsV2: NameTable = table({
  1: 'IKE',
  2: 'AH',
  3: 'ESP',
  4: 'FC_ESP_HEADER',
  5: 'FC_CT_AUTHENTICATION',
  6: 'GIKE_UPDATE',
});

export const isakmpTransforms: NameTable = table({ 1: 'KEY_IKE' });

export const ahTransforms: NameTable = table({
  2: 'AH_MD5',
  3: 'AH_SHA',
  4: 'AH_DES',
  5: 'AH_SHA2-256',
  6: 'AH_SHA2-384',
  7: 'AH_SHA2-512',
  8: 'AH_RIPEMD',
  9: 'AH_AES-XCBC-MAC',
  10: 'AH_RSA',
  11: 'AH_AES-128-GMAC',
  12: 'AH_AES-192-GMAC',
  13: 'AH_AES-256-GMAC',
});

export const espTransforms: NameTable = table({
  1: 'ESP_DES_IV64',
  2: 'ESP_DES',
  3: 'ESP_3DES',
  4: 'ESP_RC5',
  5: 'ESP_IDEA',
  6: 'ESP_CAST',
  7: 'ESP_BLOWFISH',
  8: 'ESP_3IDEA',
  9: 'ESP_DES_IV32',
  10: 'ESP_RC4',
  11: 'ESP_NULL',
  12: 'ESP_AES-CBC',
  13: 'ESP_AES-CTR',
  14: 'ESP_AES-CCM_8',
  15: 'ESP_AES-CCM_12',
  16: 'ESP_AES-CCM_16',
  18: 'ESP_AES-GCM_8',
  19: 'ESP_AES-GCM_12',
  20: 'ESP_AES-GCM_16',
  21: 'ESP_SEED_CBC',
  22: 'ESP_CAMELLIA',
  23: 'ESP_NULL_AUTH_AES-GMAC',
});

export const ipcompTransforms: NameTable = table({
  1: 'IPCOMP_OUI',
  2: 'IPCOMP_DEFLATE',
  3: 'IPCOMP_LZS',
  4: 'IPCOMP_LZJH',
});

/** Transform names of one protocol of the IPsec DOI; an empty table for a protocol that it does not assign. */
export function transformsOf(protocol: number): NameTable {
  return (
    new Map([
      [1, isakmpTransforms],
      [2, ahTransforms],
      [3, espTransforms],
      [4, ipcompTransforms],
    ]).get(protocol) ?? table({})
  );
}

export const phase2Attributes: NameTable = table({
  1: 'SA Life Type',
  2: 'SA Life Duration',
  3: 'Group Description',
  4: 'Encapsulation Mode',
  5: 'Authentication Algorithm',
  6: 'Key Length',
  7: 'Key Rounds',
  8: 'Compress Dictionary Size',
  9: 'Compress Private Algorithm',
  10: 'ECN Tunnel',
  11: 'Extended (64-bit) Sequence Number',
  12: 'Authentication Key Length',
  13: 'Signature Encoding Algorithm',
  14: 'Address Preservation',
  15: 'SA Direction',
});

/** Class numbers that code asks for. */
export const Phase2 = {
  lifeType: 1,
  lifeDuration: 2,
  group: 3,
  encapsulation: 4,
  authentication: 5,
  keyLength: 6,
} as const;

/** 3 and 4: RFC 3947 §5.1; 61443 and 61444: draft-ietf-ipsec-nat-t-ike-00 to -03. */
export const encapsulationModes: NameTable = table({
  1: 'Tunnel',
  2: 'Transport',
  3: 'UDP-Encapsulated-Tunnel',
  4: 'UDP-Encapsulated-Transport',
  61443: 'UDP-Encapsulated-Tunnel',
  61444: 'UDP-Encapsulated-Transport',
});

export const phase2Authentication: NameTable = table({
  1: 'HMAC-MD5',
  2: 'HMAC-SHA',
  3: 'DES-MAC',
  4: 'KPDK',
  5: 'HMAC-SHA2-256',
  6: 'HMAC-SHA2-384',
  7: 'HMAC-SHA2-512',
  8: 'HMAC-RIPEMD',
  9: 'AES-XCBC-MAC',
  10: 'SIG-RSA',
  11: 'AES-128-GMAC',
  12: 'AES-192-GMAC',
  13: 'AES-256-GMAC',
});

/** IANA "Magic Numbers for ISAKMP Protocol", Domain of Interpretation. */
export const doiValues: NameTable = table({ 0: 'ISAKMP', 1: 'IPSEC', 2: 'GDOI' });
