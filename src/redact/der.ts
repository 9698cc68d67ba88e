import { concat } from '../crypto/octets.ts';
import type { AddressMap } from './address-map.ts';
import { nameInOctets, redactName } from './name-octets.ts';
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

type Element = { readonly tag: number; readonly content: Uint8Array };

/** Elements one after the other; a certificate that the snap length cut ends within them. */
function* elementsOf(der: Uint8Array): Generator<Element> {
  let at = 0;
  while (der.length - at >= 2) {
    const first = der[at + 1]!;
    const lengthOctets = first > 0x80 ? first - 0x80 : 0;
    if (first === 0x80 || lengthOctets > 3) return;
    let length = lengthOctets === 0 ? first : 0;
    for (let i = 0; i < lengthOctets; i += 1) length = length * 256 + (der[at + 2 + i] ?? 0);
    const start = at + 2 + lengthOctets;
    yield { tag: der[at]!, content: der.subarray(start, start + length) };
    at = start + length;
  }
}

/** Every text and every address of a certificate or a distinguished name, in place and at its length. */
export function redactDer(der: Uint8Array, rules: DerRules, depth = 0): void {
  for (const { tag, content } of elementsOf(der)) {
    if ((tag & CONSTRUCTED) !== 0 || tag === OCTET_STRING) {
      if (depth < DEEPEST) redactDer(content, rules, depth + 1);
    } else if (tag === ADDRESS) redactAddress(content, rules);
    else if (rules.names && (TEXT.has(tag) || (GENERAL_TEXT.has(tag) && isText(content))))
      redactName(content, rules.key);
  }
}

/** A distinguished name with the names in it called as texts call them, however long those are. */
export function renameDer(der: Uint8Array, key: Uint8Array, depth = 0): Uint8Array {
  const elements = [...elementsOf(der)].flatMap(({ tag, content }) => {
    const isNested = (tag & CONSTRUCTED) !== 0 && depth < DEEPEST;
    const made = isNested
      ? renameDer(content, key, depth + 1)
      : ((TEXT.has(tag) ? nameInOctets(content, key) : null) ?? content);
    return [Uint8Array.of(tag, ...lengthOf(made.length)), made];
  });
  return concat(...elements);
}

function lengthOf(octets: number): readonly number[] {
  if (octets < 0x80) return [octets];
  return octets < 0x100 ? [0x81, octets] : [0x82, octets >> 8, octets & 0xff];
}

/** An address, or in a constraint an address and its mask. */
function redactAddress(content: Uint8Array, { addresses }: DerRules): void {
  const size = content.length >= 16 ? 16 : 4;
  if (addresses === null || content.length < size) return;
  content.set(addresses.octets(content.subarray(0, size)));
}
