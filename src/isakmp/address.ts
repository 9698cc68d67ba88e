import ipaddr from 'ipaddr.js';

/** Four octets in dotted form, sixteen as in RFC 5952; empty for any other length. */
export function addressText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return '';
  return new ipaddr.IPv6([...octets]).toRFC5952String();
}

/** Octets of an address in text form; null when it is none. */
export function addressOctets(text: string): Uint8Array | null {
  return ipaddr.isValid(text) ? Uint8Array.from(ipaddr.parse(text).toByteArray()) : null;
}
