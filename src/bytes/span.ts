import type { Span } from '../model/span.ts';

/** The octets from `from` up to but not including `to`, counted inside the span; shares its memory. */
export function slice(span: Span, from: number, to: number): Span {
  return { bytes: span.bytes.subarray(from, to), offset: span.offset + from };
}

/** The octets from `from` up to but not including `to` in memory of their own, which `slice` of Node's Buffer is not. */
export function copyOf(bytes: Uint8Array, from = 0, to: number = bytes.length): Uint8Array {
  return new Uint8Array(bytes.subarray(from, to));
}

/** Big-endian reads. The caller has proven that the octets are there. */
export function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

export function u32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
  );
}

export function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) {
    if (a[at] !== b[at]) return false;
  }
  return true;
}
