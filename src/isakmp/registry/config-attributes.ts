import { table } from './table.ts';
import type { NameTable } from './table.ts';

/** draft-ietf-ipsec-isakmp-mode-cfg-05 §3.2, and IANA "IKEv2 Parameters", Configuration Payload CFG Types. */
export const configTypesV1: NameTable = table({
  1: 'ISAKMP_CFG_REQUEST',
  2: 'ISAKMP_CFG_REPLY',
  3: 'ISAKMP_CFG_SET',
  4: 'ISAKMP_CFG_ACK',
});

export const configTypesV2: NameTable = table({
  1: 'CFG_REQUEST',
  2: 'CFG_REPLY',
  3: 'CFG_SET',
  4: 'CFG_ACK',
});

/**
 * draft-ietf-ipsec-isakmp-mode-cfg-05 §3.3 (1 to 14), draft-beaulieu-ike-xauth-02 §6.2 (16520 to 16529), and what
 * Cisco calls Unity (28672 to 28684), private use.
 */
export const configAttributesV1: NameTable = table({
  1: 'INTERNAL_IP4_ADDRESS',
  2: 'INTERNAL_IP4_NETMASK',
  3: 'INTERNAL_IP4_DNS',
  4: 'INTERNAL_IP4_NBNS',
  5: 'INTERNAL_ADDRESS_EXPIRY',
  6: 'INTERNAL_IP4_DHCP',
  7: 'APPLICATION_VERSION',
  8: 'INTERNAL_IP6_ADDRESS',
  9: 'INTERNAL_IP6_NETMASK',
  10: 'INTERNAL_IP6_DNS',
  11: 'INTERNAL_IP6_NBNS',
  12: 'INTERNAL_IP6_DHCP',
  13: 'INTERNAL_IP4_SUBNET',
  14: 'SUPPORTED_ATTRIBUTES',
  16520: 'XAUTH-TYPE',
  16521: 'XAUTH-USER-NAME',
  16522: 'XAUTH-USER-PASSWORD',
  16523: 'XAUTH-PASSCODE',
  16524: 'XAUTH-MESSAGE',
  16525: 'XAUTH-CHALLENGE',
  16526: 'XAUTH-DOMAIN',
  16527: 'XAUTH-STATUS',
  16528: 'XAUTH-NEXT-PIN',
  16529: 'XAUTH-ANSWER',
  28672: 'UNITY_BANNER',
  28673: 'UNITY_SAVE_PASSWD',
  28674: 'UNITY_DEF_DOMAIN',
  28675: 'UNITY_SPLITDNS_NAME',
  28676: 'UNITY_SPLIT_INCLUDE',
  28677: 'UNITY_NATT_PORT',
  28678: 'UNITY_LOCAL_LAN',
  28679: 'UNITY_PFS',
  28680: 'UNITY_FW_TYPE',
  28681: 'UNITY_BACKUP_SERVERS',
  28682: 'UNITY_DDNS_HOSTNAME',
});

/** IANA "IKEv2 Parameters", IKEv2 Configuration Payload Attribute Types; from 28672 on Cisco, private use. */
export const configAttributesV2: NameTable = table({
  1: 'INTERNAL_IP4_ADDRESS',
  2: 'INTERNAL_IP4_NETMASK',
  3: 'INTERNAL_IP4_DNS',
  4: 'INTERNAL_IP4_NBNS',
  6: 'INTERNAL_IP4_DHCP',
  7: 'APPLICATION_VERSION',
  8: 'INTERNAL_IP6_ADDRESS',
  10: 'INTERNAL_IP6_DNS',
  12: 'INTERNAL_IP6_DHCP',
  13: 'INTERNAL_IP4_SUBNET',
  14: 'SUPPORTED_ATTRIBUTES',
  15: 'INTERNAL_IP6_SUBNET',
  16: 'MIP6_HOME_PREFIX',
  17: 'INTERNAL_IP6_LINK',
  18: 'INTERNAL_IP6_PREFIX',
  19: 'HOME_AGENT_ADDRESS',
  20: 'P_CSCF_IP4_ADDRESS',
  21: 'P_CSCF_IP6_ADDRESS',
  22: 'FTT_KAT',
  23: 'EXTERNAL_SOURCE_IP4_NAT_INFO',
  24: 'TIMEOUT_PERIOD_FOR_LIVENESS_CHECK',
  25: 'INTERNAL_DNS_DOMAIN',
  26: 'INTERNAL_DNSSEC_TA',
  27: 'ENCDNS_IP4',
  28: 'ENCDNS_IP6',
  29: 'ENCDNS_DIGEST_INFO',
});

type Field = readonly ['address' | 'other', octets: number];

/** The fields of an attribute, which may follow each other again and again; `mixed` where no places are modelled. */
export type AddressLayout = readonly Field[] | 'mixed';

const IP4: Field = ['address', 4];
const IP6: Field = ['address', 16];
const other = (octets: number): Field => ['other', octets];

/** Masks and prefix lengths are no addresses. The sources are those of the names, unless said otherwise. */
const LAYOUTS: Readonly<Record<string, AddressLayout>> = {
  INTERNAL_IP4_ADDRESS: [IP4],
  INTERNAL_IP4_DNS: [IP4],
  INTERNAL_IP4_NBNS: [IP4],
  INTERNAL_IP4_DHCP: [IP4],
  INTERNAL_IP4_SUBNET: [IP4, other(4)],
  // Without the length in IKEv1.
  INTERNAL_IP6_ADDRESS: [IP6, other(1)],
  INTERNAL_IP6_DNS: [IP6],
  INTERNAL_IP6_NBNS: [IP6],
  INTERNAL_IP6_DHCP: [IP6],
  INTERNAL_IP6_SUBNET: [IP6, other(1)],
  // RFC 5026: a lifetime, a prefix and its length.
  MIP6_HOME_PREFIX: 'mixed',
  // RFC 5739: half an address, and what the gateway tells the link by; a prefix and its length.
  INTERNAL_IP6_LINK: 'mixed',
  INTERNAL_IP6_PREFIX: [IP6, other(1)],
  // 3GPP TS 24.302: 16 or 20 octets.
  HOME_AGENT_ADDRESS: [IP6, IP4],
  // RFC 7651.
  P_CSCF_IP4_ADDRESS: [IP4],
  P_CSCF_IP6_ADDRESS: [IP6],
  // 3GPP TS 29.139: an address and a port.
  EXTERNAL_SOURCE_IP4_NAT_INFO: 'mixed',
  // RFC 9464: addresses, a name, and service parameters, which may hold further addresses.
  ENCDNS_IP4: 'mixed',
  ENCDNS_IP6: 'mixed',
  // An address, a mask, a protocol and ports.
  UNITY_SPLIT_INCLUDE: [IP4, other(10)],
  UNITY_LOCAL_LAN: [IP4, other(10)],
  UNITY_BACKUP_SERVERS: [IP4],
};

/** By type, for both versions: no number that means an address in one means something else in the other. */
export const configAddresses: ReadonlyMap<number, AddressLayout> = new Map(
  [...configAttributesV1, ...configAttributesV2].flatMap(([type, name]) => {
    const layout = LAYOUTS[name];
    return layout === undefined ? [] : [[type, layout] as const];
  }),
);

/** The password-bearing attributes of XAUTH: shown as a length, never as text. */
export const secretConfigAttributes: ReadonlySet<number> = new Set([16522, 16523, 16528, 16529]);

/** IANA "Extensible Authentication Protocol (EAP) Registry", Packet Codes. */
export const eapCodes: NameTable = table({
  1: 'Request',
  2: 'Response',
  3: 'Success',
  4: 'Failure',
  5: 'Initiate',
  6: 'Finish',
});

/** The same registry, Method Types, as far as they occur in IKEv2. */
export const eapMethods: NameTable = table({
  1: 'Identity',
  2: 'Notification',
  3: 'Legacy Nak',
  4: 'MD5-Challenge',
  5: 'One-Time Password (OTP)',
  6: 'Generic Token Card (GTC)',
  13: 'EAP-TLS',
  18: 'EAP-SIM',
  21: 'EAP-TTLS',
  23: 'EAP-AKA Authentication',
  25: 'PEAP',
  26: 'MS-EAP-Authentication',
  29: 'EAP-MSCHAP-V2',
  43: 'EAP-FAST',
  50: "EAP-AKA'",
  52: 'EAP-pwd',
  254: 'Expanded Types',
});
