const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, octet) =>
  octet.toString(16).padStart(2, '0'),
);

const CODES = new TextEncoder().encode('0123456789abcdef');
const latin1 = new TextDecoder('latin1');

/** Up to this length joining strings is faster than decoding a buffer of digits. */
const SHORT = 16;

/** Two lower-case hex digits an octet, without separators. */
export function hex(bytes: Uint8Array): string {
  return hexRange(bytes, 0, bytes.length);
}

/** As `hex`, for `bytes[from]` up to but not including `bytes[to]`; the range must lie inside. */
export function hexRange(bytes: Uint8Array, from: number, to: number): string {
  if (to - from <= SHORT) {
    let text = '';
    for (let at = from; at < to; at += 1) text += DIGITS[bytes[at]!]!;
    return text;
  }
  // Joining octet by octet would leave a tree of strings as deep as the value is long.
  const digits = new Uint8Array(2 * (to - from));
  for (let at = from, out = 0; at < to; at += 1, out += 2) {
    const octet = bytes[at]!;
    digits[out] = CODES[octet >> 4]!;
    digits[out + 1] = CODES[octet & 15]!;
  }
  return latin1.decode(digits);
}

/** Octets of a string of hex digits; null when it is anything else. */
export function fromHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16);
  }
  return bytes;
}
