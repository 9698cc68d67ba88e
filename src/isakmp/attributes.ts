import { slice, u16, u32 } from '../bytes/span.ts';
import type { Attribute } from '../model/isakmp.ts';
import type { Span } from '../model/span.ts';
import { note } from './body.ts';
import type { Faults } from './body.ts';

/** RFC 2408 §3.3: bit 15 of the type tells a value of two octets from a length and a variable value. */
const FIXED = 0x8000;
const HEADER = 4;

/** Greatest number of octets that a number may have and still be exact. */
const NUMERIC = 6;

export function decodeAttributes(list: Span, faults: Faults): readonly Attribute[] {
  const attributes: Attribute[] = [];
  const { bytes } = list;
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < HEADER) {
      note(faults, 'attribute-truncated', list.offset + at, bytes.length - at);
      break;
    }
    const first = u16(bytes, at);
    const second = u16(bytes, at + 2);
    if ((first & FIXED) !== 0) {
      attributes.push({ type: first & ~FIXED, value: second, data: slice(list, at + 2, at + 4) });
      at += HEADER;
      continue;
    }
    const stop = Math.min(at + HEADER + second, bytes.length);
    if (second > bytes.length - at - HEADER) {
      note(faults, 'attribute-truncated', list.offset + at + 2, 2);
    }
    const data = slice(list, at + HEADER, stop);
    attributes.push({ type: first, value: numberOf(data.bytes), data });
    at = stop;
  }
  return attributes;
}

/** IKEv2 configuration attributes (RFC 7296 §3.15.1): the top bit is reserved, every value has a length. */
export function decodeConfigAttributesV2(list: Span, faults: Faults): readonly Attribute[] {
  const attributes: Attribute[] = [];
  const { bytes } = list;
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < HEADER) {
      note(faults, 'attribute-truncated', list.offset + at, bytes.length - at);
      break;
    }
    const length = u16(bytes, at + 2);
    if (length > bytes.length - at - HEADER) {
      note(faults, 'attribute-truncated', list.offset + at + 2, 2);
    }
    const stop = Math.min(at + HEADER + length, bytes.length);
    const data = slice(list, at + HEADER, stop);
    attributes.push({ type: u16(bytes, at) & ~FIXED, value: numberOf(data.bytes), data });
    at = stop;
  }
  return attributes;
}

function numberOf(bytes: Uint8Array): number | null {
  if (bytes.length === 4) return u32(bytes, 0);
  if (bytes.length === 0 || bytes.length > NUMERIC) return null;
  let value = 0;
  for (const octet of bytes) value = value * 256 + octet;
  return value;
}
