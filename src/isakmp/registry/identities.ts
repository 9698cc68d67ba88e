import { table } from './table.ts';
import type { NameTable } from './table.ts';

/** IANA "ISAKMP Identifiers", IPSEC Identification Type. */
export const idTypesV1: NameTable = table({
  1: 'ID_IPV4_ADDR',
  2: 'ID_FQDN',
  3: 'ID_USER_FQDN',
  4: 'ID_IPV4_ADDR_SUBNET',
  5: 'ID_IPV6_ADDR',
  6: 'ID_IPV6_ADDR_SUBNET',
  7: 'ID_IPV4_ADDR_RANGE',
  8: 'ID_IPV6_ADDR_RANGE',
  9: 'ID_DER_ASN1_DN',
  10: 'ID_DER_ASN1_GN',
  11: 'ID_KEY_ID',
  12: 'ID_LIST',
});

/** IANA "IKEv2 Parameters", IKEv2 Identification Payload ID Types. */
export const idTypesV2: NameTable = table({
  1: 'ID_IPV4_ADDR',
  2: 'ID_FQDN',
  3: 'ID_RFC822_ADDR',
  5: 'ID_IPV6_ADDR',
  9: 'ID_DER_ASN1_DN',
  10: 'ID_DER_ASN1_GN',
  11: 'ID_KEY_ID',
  12: 'ID_FC_NAME',
  13: 'ID_NULL',
});

export function idTypes(version: 1 | 2): NameTable {
  return version === 1 ? idTypesV1 : idTypesV2;
}

/** Type numbers that code asks for. */
export const IdType = {
  ipv4: 1,
  fqdn: 2,
  userFqdn: 3,
  ipv4Subnet: 4,
  ipv6: 5,
  ipv6Subnet: 6,
  ipv4Range: 7,
  ipv6Range: 8,
  dn: 9,
  generalName: 10,
  keyId: 11,
} as const;

/** RFC 2408 §3.9, and IANA "IKEv2 Parameters", IKEv2 Certificate Encodings, which agree up to 10. */
export const certificateEncodings: NameTable = table({
  0: 'NONE',
  1: 'PKCS #7 wrapped X.509 certificate',
  2: 'PGP Certificate',
  3: 'DNS Signed Key',
  4: 'X.509 Certificate - Signature',
  5: 'X.509 Certificate - Key Exchange',
  6: 'Kerberos Token',
  7: 'Certificate Revocation List (CRL)',
  8: 'Authority Revocation List (ARL)',
  9: 'SPKI Certificate',
  10: 'X.509 Certificate - Attribute',
  11: 'Raw RSA Key',
  12: 'Hash and URL of X.509 certificate',
  13: 'Hash and URL of X.509 bundle',
  14: 'OCSP Content',
  15: 'Raw Public Key',
});

/** IANA "Protocol Numbers", as far as selectors and identities name them. */
export const ipProtocols: NameTable = table({
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPv4',
  6: 'TCP',
  17: 'UDP',
  41: 'IPv6',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'IPv6-ICMP',
  89: 'OSPFIGP',
  103: 'PIM',
  112: 'VRRP',
  115: 'L2TP',
  132: 'SCTP',
});
