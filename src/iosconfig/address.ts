import ipaddr from 'ipaddr.js';

/** A dotted quad as an unsigned number, or null. */
export function parseIpv4(text: string): number | null {
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (octet < 0 || dots === 3) return null;
      value = value * 256 + octet;
      octet = -1;
      dots += 1;
    } else if (code >= 48 && code <= 57) {
      octet = (octet < 0 ? 0 : octet * 10) + code - 48;
      if (octet > 255) return null;
    } else {
      return null;
    }
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : null;
}

export function formatIpv4(value: number): string {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.');
}

/** The network part of an address. */
export function networkOf(value: number, prefixLength: number): number {
  return prefixLength === 0 ? 0 : (value & (-1 << (32 - prefixLength))) >>> 0;
}

export function maskOf(prefixLength: number): string {
  return formatIpv4(networkOf(0xffffffff, prefixLength));
}

export type MaskReading = {
  /** Null when the mask is no run of ones, or cannot be read. */
  readonly prefixLength: number | null;
  /** `wildcard`: written inverted, as in an access list. */
  readonly form: 'network' | 'wildcard' | 'unreadable';
};

/** A dotted mask. Web copies and tickets hold inverted and cut masks too. */
export function readMask(text: string): MaskReading {
  const value = parseIpv4(text);
  if (value === null) return { prefixLength: null, form: 'unreadable' };
  const network = runOfOnes(value);
  if (network !== null) return { prefixLength: network, form: 'network' };
  const wildcard = runOfOnes(~value >>> 0);
  if (wildcard !== null) return { prefixLength: wildcard, form: 'wildcard' };
  return { prefixLength: null, form: 'unreadable' };
}

function runOfOnes(value: number): number | null {
  const length = Math.clz32(~value >>> 0);
  return networkOf(0xffffffff, length) === value ? length : null;
}

/** An IPv6 address as a number, or null. */
export function parseIpv6(text: string): bigint | null {
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return null;
  return ipaddr.IPv6.parse(text)
    .toByteArray()
    .reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

/** `2001:db8::/32` taken apart; without a length it is a host. */
export function parseIpv6Prefix(text: string): { address: string; prefixLength: number } | null {
  const [address = '', length] = text.split('/');
  if (parseIpv6(address) === null) return null;
  const prefixLength = length === undefined ? 128 : Number(length);
  if (!Number.isInteger(prefixLength) || prefixLength < 0 || prefixLength > 128) return null;
  return { address: ipaddr.IPv6.parse(address).toRFC5952String(), prefixLength };
}

export function ipv6Network(value: bigint, prefixLength: number): bigint {
  const shift = BigInt(128 - prefixLength);
  return (value >> shift) << shift;
}

/** True for anything that is an IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
  return parseIpv4(text) !== null || parseIpv6(text) !== null;
}

const PRIVATE: ReadonlySet<string> = new Set(['private', 'carrierGradeNat', 'uniqueLocal']);

/** Whether an address means nothing outside its own network (RFC 1918, RFC 6598, RFC 4193). */
export function isPrivate(address: string): boolean {
  return isAddress(address) && PRIVATE.has(ipaddr.parse(address).range());
}

/** One spelling for each address, so that addresses compare as strings. */
export function canonicalAddress(text: string): string {
  const v4 = parseIpv4(text);
  if (v4 !== null) return formatIpv4(v4);
  return parseIpv6(text) === null ? text : ipaddr.IPv6.parse(text).toRFC5952String();
}

/** Whether a prefix covers an address of the same family. */
export function covers(network: string, prefixLength: number, address: string): boolean {
  const v4 = parseIpv4(address);
  if (v4 !== null) {
    const base = parseIpv4(network);
    return base !== null && networkOf(base, prefixLength) === networkOf(v4, prefixLength);
  }
  const v6 = parseIpv6(address);
  const base = parseIpv6(network);
  return (
    v6 !== null &&
    base !== null &&
    ipv6Network(base, prefixLength) === ipv6Network(v6, prefixLength)
  );
}
