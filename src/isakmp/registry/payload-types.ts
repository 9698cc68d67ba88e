import { table } from './table.ts';
import type { NameTable } from './table.ts';

/**
 * IANA "Magic Numbers for ISAKMP Protocol", Next Payload Types, by their notation.
 * 14: draft-ietf-ipsec-isakmp-mode-cfg-05. 15 to 18: RFC 6407. 130 and 131: draft-ietf-ipsec-nat-t-ike-00 to -03.
 * 132: Cisco IKE fragmentation, private use.
 */
export const payloadTypesV1: NameTable = table({
  0: 'NONE',
  1: 'SA',
  2: 'P',
  3: 'T',
  4: 'KE',
  5: 'ID',
  6: 'CERT',
  7: 'CR',
  8: 'HASH',
  9: 'SIG',
  10: 'NONCE',
  11: 'N',
  12: 'D',
  13: 'VID',
  14: 'ATTR',
  15: 'SAK',
  16: 'SAT',
  17: 'KD',
  18: 'SEQ',
  19: 'POP',
  20: 'NAT-D',
  21: 'NAT-OA',
  22: 'GAP',
  130: 'NAT-D',
  131: 'NAT-OA',
  132: 'FRAG',
});

/**
 * IANA "Internet Key Exchange Version 2 (IKEv2) Parameters", IKEv2 Payload Types, by their notation.
 * Nonces and vendor ids carry the same short name as in IKEv1 (the registry has `Ni, Nr` and `V`).
 */
export const payloadTypesV2: NameTable = table({
  0: 'NONE',
  33: 'SA',
  34: 'KE',
  35: 'IDi',
  36: 'IDr',
  37: 'CERT',
  38: 'CERTREQ',
  39: 'AUTH',
  40: 'NONCE',
  41: 'N',
  42: 'D',
  43: 'VID',
  44: 'TSi',
  45: 'TSr',
  46: 'SK',
  47: 'CP',
  48: 'EAP',
  49: 'GSPM',
  50: 'IDg',
  51: 'GSA',
  52: 'KD',
  53: 'SKF',
  54: 'PS',
});

export function payloadTypes(version: 1 | 2): NameTable {
  return version === 1 ? payloadTypesV1 : payloadTypesV2;
}
