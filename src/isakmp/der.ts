import { slice } from '../bytes/span.ts';
import type { Span } from '../model/span.ts';

/** One element of a DER structure (X.690). */
export type DerElement = {
  readonly tag: number;
  /** With its tag and length. */
  readonly whole: Span;
  readonly value: Span;
};

export const DerTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  bmpString: 0x1e,
  universalString: 0x1c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The element at the start of the span; null when its length does not fit. Indefinite lengths are BER, not DER. */
export function readElement(from: Span): DerElement | null {
  const { bytes } = from;
  const tag = bytes[0];
  const first = bytes[1];
  // A tag number above 30 would take more octets; X.509 has none.
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null;
  let length = first;
  let at = 2;
  if (first >= 0x80) {
    const octets = first & 0x7f;
    if (octets === 0 || octets > 4 || bytes.length < 2 + octets) return null;
    length = 0;
    for (; at < 2 + octets; at += 1) length = length * 256 + bytes[at]!;
  }
  if (length > bytes.length - at) return null;
  return { tag, whole: slice(from, 0, at + length), value: slice(from, at, at + length) };
}

/** The elements inside a constructed one; stops before the first that does not fit. */
export function childrenOf(element: DerElement): readonly DerElement[] {
  const children: DerElement[] = [];
  const { value } = element;
  let at = 0;
  while (at < value.bytes.length) {
    const child = readElement(slice(value, at, value.bytes.length));
    if (child === null) break;
    children.push(child);
    at += child.whole.bytes.length;
  }
  return children;
}

/** Dotted form of an object identifier; empty when it is malformed. */
export function oidText(element: DerElement | undefined): string {
  if (element?.tag !== DerTag.oid || element.value.bytes.length === 0) return '';
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of element.value.bytes) {
    arc = arc * 128 + (octet & 0x7f);
    if (!Number.isSafeInteger(arc)) return '';
    if ((octet & 0x80) !== 0) continue;
    if (arcs.length === 0) {
      const top = Math.min(Math.floor(arc / 40), 2);
      arcs.push(top, arc - 40 * top);
    } else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

const utf8 = new TextDecoder('utf-8');
const utf16 = new TextDecoder('utf-16be');
const latin1 = new TextDecoder('latin1');

/** The text of any of the string types that names are made of. */
export function stringText(element: DerElement): string {
  const { bytes } = element.value;
  switch (element.tag) {
    case DerTag.utf8String:
      return utf8.decode(bytes);
    case DerTag.bmpString:
      return utf16.decode(bytes);
    default:
      return latin1.decode(bytes);
  }
}

/** ISO 8601 of UTCTime or GeneralizedTime in the forms that RFC 5280 §4.1.2.5 allows; null for anything else. */
export function timeText(element: DerElement | undefined): string | null {
  if (element === undefined) return null;
  const text = latin1.decode(element.value.bytes);
  const parts =
    element.tag === DerTag.utcTime
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)
      : element.tag === DerTag.generalizedTime
        ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)
        : null;
  if (parts === null) return null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = parts;
  const full = year.length === 4 ? year : `${Number(year) < 50 ? '20' : '19'}${year}`;
  return `${full}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
