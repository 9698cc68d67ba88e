import ipaddr from 'ipaddr.js';

/** Four octets in dotted form, sixteen as in RFC 5952; empty for any other length. */
export function addressText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return '';
  return new ipaddr.IPv6([...octets]).toRFC5952String();
}

/** Octets of an address in text form; null when it is none. */
export function addressOctets(text: string): Uint8Array | null {
  const quad = dottedQuad(text);
  if (quad !== null) return quad;
  return ipaddr.isValid(text) ? Uint8Array.from(ipaddr.parse(text).toByteArray()) : null;
}

/** Four octets as `addressText` writes them; null for every other form of an address. */
function dottedQuad(text: string): Uint8Array | null {
  const octets = new Uint8Array(4);
  let value = -1;
  let place = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const digit = at === text.length ? DOT : text.charCodeAt(at) - ZERO;
    if (digit === DOT) {
      if (value < 0 || place === 4) return null;
      octets[place] = value;
      place += 1;
      value = -1;
    } else if (digit < 0 || digit > 9 || value === 0) return null;
    else {
      value = Math.max(value, 0) * 10 + digit;
      if (value > 255) return null;
    }
  }
  return place === 4 ? octets : null;
}

const ZERO = 0x30;
const DOT = 0x2e - ZERO;
