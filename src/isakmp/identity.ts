import { hex } from '../bytes/hex.ts';
import type { Span } from '../model/span.ts';
import { addressText } from './address.ts';
import { readDistinguishedName } from './certificate.ts';
import { IdType } from './registry/identities.ts';

const utf8 = new TextDecoder('utf-8');

/** Octets that the data of a type must have; null for text and structures. */
const lengths: ReadonlyMap<number, number> = new Map([
  [IdType.ipv4, 4],
  [IdType.ipv4Subnet, 8],
  [IdType.ipv4Range, 8],
  [IdType.ipv6, 16],
  [IdType.ipv6Subnet, 32],
  [IdType.ipv6Range, 32],
]);

export function fitsIdType(idType: number, length: number): boolean {
  const wanted = lengths.get(idType);
  return wanted === undefined || wanted === length;
}

/**
 * An identity as configurations write it: address, `network/prefix`, `first-last`, name. KEY_ID and DER structures are
 * hex, as is whatever does not fit its type.
 */
export function identityText(idType: number, data: Uint8Array): string {
  if (!fitsIdType(idType, data.length)) return hex(data);
  const half = data.length / 2;
  switch (idType) {
    case IdType.ipv4:
    case IdType.ipv6:
      return addressText(data);
    case IdType.ipv4Subnet:
    case IdType.ipv6Subnet:
      return `${addressText(data.subarray(0, half))}/${maskText(data.subarray(half))}`;
    case IdType.ipv4Range:
    case IdType.ipv6Range:
      return `${addressText(data.subarray(0, half))}-${addressText(data.subarray(half))}`;
    case IdType.fqdn:
    case IdType.userFqdn:
      return utf8.decode(data);
    default:
      return hex(data);
  }
}

/** What a person reads best: names of DER structures and key ids in text where they are text. */
export function readableIdentity(idType: number, data: Span): string {
  if (idType === IdType.dn) return readDistinguishedName(data) ?? hex(data.bytes);
  if (idType === IdType.keyId && data.bytes.length > 0 && data.bytes.every(isPrintable)) {
    return utf8.decode(data.bytes);
  }
  return identityText(idType, data.bytes);
}

function isPrintable(octet: number): boolean {
  return octet >= 0x20 && octet < 0x7f;
}

/** Prefix length of a mask without holes, otherwise the mask itself. */
function maskText(mask: Uint8Array): string {
  const bits = mask.reduce((text, octet) => text + octet.toString(2).padStart(8, '0'), '');
  return /^1*0*$/.test(bits) ? String(bits.replaceAll('0', '').length) : addressText(mask);
}
