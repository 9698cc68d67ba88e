import { readU16, readU32 } from './scanner.ts';

/**
 * Visits the options of a block (draft-ietf-opsawg-pcapng §3.5): code, and where the value starts and ends.
 * False when one runs past `end`; those before it were visited.
 */
export function readOptions(
  bytes: Uint8Array,
  from: number,
  end: number,
  little: boolean,
  visit: (code: number, start: number, end: number) => void,
): boolean {
  let at = from;
  while (end - at >= 4) {
    const code = readU16(bytes, at, little);
    if (code === 0) return true;
    const length = readU16(bytes, at + 2, little);
    const start = at + 4;
    if (length > end - start) return false;
    visit(code, start, start + length);
    at = start + ((length + 3) & ~3);
  }
  return true;
}

export function readU64(bytes: Uint8Array, at: number, little: boolean): bigint {
  const first = BigInt(readU32(bytes, at, little));
  const second = BigInt(readU32(bytes, at + 4, little));
  return little ? (second << 32n) | first : (first << 32n) | second;
}

const utf8 = new TextDecoder();

/** UTF-8 text; octets that are none become U+FFFD, a final NUL is dropped. */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  return utf8.decode(bytes.subarray(start, end)).replace(/\0+$/, '');
}
