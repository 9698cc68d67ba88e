import { hmac } from '#crypto';
import ipaddr from 'ipaddr.js';

import { copyOf } from '../bytes/span.ts';
import { addressText } from '../isakmp/address.ts';

/**
 * Addresses are replaced so that two which share a prefix share one of the same length afterwards (J. Xu et al.,
 * "Prefix-preserving IP address anonymization", 2002): each bit is flipped or not by a keyed function of the bits
 * before it. Networks stay networks, and whatever contained an address still does.
 */
export type AddressMap = {
  /** 4 or 16 octets, in network order, to as many. */
  readonly octets: (address: Uint8Array) => Uint8Array;
  /** The text form; null when the text is no address. */
  readonly text: (address: string) => string | null;
};

/** Bits that are kept, since what they say of an address matters to a diagnosis: private, public, multicast, loopback. */
type Block = { readonly octets: readonly number[]; readonly length: number };

const V4_BLOCKS: readonly Block[] = [
  { octets: [10], length: 8 },
  { octets: [100, 64], length: 10 },
  { octets: [169, 254], length: 16 },
  { octets: [172, 16], length: 12 },
  { octets: [192, 168], length: 16 },
];

const V6_BLOCKS: readonly Block[] = [
  { octets: [0xfe, 0x80, 0, 0, 0, 0, 0, 0], length: 64 },
  { octets: [0x20, 0x01, 0x0d, 0xb8], length: 32 },
];

/** This network, loopback, multicast, reserved and every mask. */
const keepsV4 = (first: number): boolean => first === 0 || first === 127 || first >= 224;

const FIRST_OCTET = 8;
const FIRST_GROUP = 16;

export function createAddressMap(key: Uint8Array): AddressMap {
  const flips = new Map<string, number>();

  /** Whether the bit behind `depth` bits of `address` is flipped: 1 or 0. */
  const flip = (address: Uint8Array, depth: number): number => {
    const prefix = prefixOctets(address, depth);
    const name = `${address.length} ${depth} ${prefix.join('.')}`;
    const known = flips.get(name);
    if (known !== undefined) return known;
    const made = hmac('sha256', key, new TextEncoder().encode(`address ${name}`))[0]! & 1;
    flips.set(name, made);
    return made;
  };

  const mapped = (address: Uint8Array): Uint8Array => {
    const out = Uint8Array.from(address);
    const blocks = address.length === 4 ? V4_BLOCKS : V6_BLOCKS;
    const kept = address.length === 4 ? FIRST_OCTET : FIRST_GROUP;
    for (let depth = kept; depth < address.length * 8; depth += 1) {
      if (blocks.some((block) => leadsInto(address, depth, block))) continue;
      out[depth >> 3]! ^= flip(address, depth) << (7 - (depth & 7));
    }
    return out;
  };

  const octets = (address: Uint8Array): Uint8Array => {
    if (address.length === 4)
      return keepsV4(address[0]!) ? Uint8Array.from(address) : mapped(address);
    if (address.length !== 16) return Uint8Array.from(address);
    const high = address.subarray(0, 12);
    if (high.every((octet, i) => octet === (i < 10 ? 0 : 0xff))) {
      // An IPv4 address within IPv6 (RFC 4291 §2.5.5.2).
      return Uint8Array.from([...high, ...octets(address.subarray(12))]);
    }
    if (high.every((octet) => octet === 0) || address[0] === 0xff) return Uint8Array.from(address);
    return mapped(address);
  };

  return {
    octets,
    text: (text) => {
      const parsed = parseAddress(text);
      if (parsed === null) return null;
      const replaced = addressText(octets(parsed));
      const same = text.includes(':') && text === text.toUpperCase();
      return same ? replaced.toUpperCase() : replaced;
    },
  };
}

/** The first `depth` bits, the rest of the last octet cleared. */
function prefixOctets(address: Uint8Array, depth: number): Uint8Array {
  const prefix = copyOf(address, 0, (depth + 7) >> 3);
  if (depth & 7) prefix[prefix.length - 1]! &= 0xff << (8 - (depth & 7));
  return prefix;
}

/** Whether the next bit of the address still belongs to the block's own prefix. */
function leadsInto(address: Uint8Array, depth: number, { octets, length }: Block): boolean {
  if (depth >= length) return false;
  for (let bit = 0; bit < depth; bit += 1) {
    const mask = 0x80 >> (bit & 7);
    if (((address[bit >> 3]! ^ (octets[bit >> 3] ?? 0)) & mask) !== 0) return false;
  }
  return true;
}

/** Dotted quads and IPv6 text; nothing shorter or stranger. */
export function parseAddress(text: string): Uint8Array | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text))
    return Uint8Array.from(ipaddr.IPv4.parse(text).toByteArray());
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return null;
  return Uint8Array.from(ipaddr.IPv6.parse(text).toByteArray());
}
