import { hmac } from '#crypto';

import { copyOf } from '../bytes/span.ts';
import type { AddressMap } from './address-map.ts';
import { isText } from './octet-text.ts';

/** Universal tags of text: UTF8, Printable, Teletex, IA5, Visible, Universal and BMP strings (X.690 §8.23). */
const TEXT: ReadonlySet<number> = new Set([0x0c, 0x13, 0x14, 0x16, 0x1a, 0x1c, 0x1e]);
/** GeneralName (RFC 5280 §4.2.1.6): rfc822Name, dNSName, uniformResourceIdentifier, implicitly tagged. */
const GENERAL_TEXT: ReadonlySet<number> = new Set([0x81, 0x82, 0x86]);
const ADDRESS = 0x87;
const OCTET_STRING = 0x04;
const CONSTRUCTED = 0x20;

/** No certificate nests deeper, and a hostile one shall not exhaust the stack. */
const DEEPEST = 24;

export type DerRules = {
  readonly key: Uint8Array;
  readonly addresses: AddressMap | null;
  readonly names: boolean;
};

/** Every text and every address of a certificate or a distinguished name, in place and at its length. */
export function redactDer(der: Uint8Array, rules: DerRules, depth = 0): void {
  let at = 0;
  while (der.length - at >= 2) {
    const tag = der[at]!;
    const first = der[at + 1]!;
    const lengthOctets = first > 0x80 ? first - 0x80 : 0;
    if (first === 0x80 || lengthOctets > 3) return;
    let length = lengthOctets === 0 ? first : 0;
    for (let i = 0; i < lengthOctets; i += 1) length = length * 256 + (der[at + 2 + i] ?? 0);
    const start = at + 2 + lengthOctets;
    // A certificate that the snap length cut ends within its elements.
    const content = der.subarray(start, start + length);
    at = start + length;
    if ((tag & CONSTRUCTED) !== 0 || tag === OCTET_STRING) {
      if (depth < DEEPEST) redactDer(content, rules, depth + 1);
    } else if (tag === ADDRESS) redactAddress(content, rules);
    else if (rules.names && (TEXT.has(tag) || (GENERAL_TEXT.has(tag) && isText(content))))
      fillText(content, rules.key);
  }
}

/** An address, or in a constraint an address and its mask. */
function redactAddress(content: Uint8Array, { addresses }: DerRules): void {
  const size = content.length >= 16 ? 16 : 4;
  if (addresses === null || content.length < size) return;
  content.set(addresses.octets(content.subarray(0, size)));
}

/** Text of the same length, equal for equal text. */
export function fillText(data: Uint8Array, key: Uint8Array): void {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  const tag = hmac('sha512', key, copyOf(data));
  for (let i = 0; i < data.length; i += 1) {
    data[i] = letters.charCodeAt(tag[i % tag.length]! & 31);
  }
}
