/**
 * Numbers of layers, in one space: EtherTypes as they are (IEEE 802), IP protocols and PPP protocols above them, and what has no
 * number of its own.
 */
export const etherType = {
  ipv4: 0x0800,
  ipv6: 0x86dd,
  vlan: 0x8100,
  transparentEthernet: 0x6558,
  ppp: 0x880b,
  mplsUnicast: 0x8847,
  mplsMulticast: 0x8848,
  pppoeSession: 0x8864,
  erspan2: 0x88be,
  erspan3: 0x22eb,
} as const;

/** IANA Assigned Internet Protocol Numbers, added to this. */
export const ipProtocolBase = 0x10000;

/** PPP DLL Protocol Numbers, added to this. */
export const pppProtocolBase = 0x20000;

export const ipProtocol = {
  hopByHop: 0,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  esp: 50,
  ah: 51,
  destinationOptions: 60,
  mobility: 135,
  mpls: 137,
  hip: 139,
  shim6: 140,
} as const;

export const layer = {
  ethernet: 0x40000,
  logicalLink: 0x40001,
  cooked1: 0x40002,
  cooked2: 0x40003,
  /** IP of the version that its first octet says. */
  ip: 0x40004,
  null: 0x40005,
  ppp: 0x40006,
  pppInHdlc: 0x40007,
  ciscoHdlc: 0x40008,
  netfilterLog: 0x40009,
  pppWithDirection: 0x4000a,
  frameRelay: 0x4000b,
} as const;
