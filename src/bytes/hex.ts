const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, octet) =>
  octet.toString(16).padStart(2, '0'),
);

/** Two lower-case hex digits an octet, without separators. */
export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const octet of bytes) text += DIGITS[octet]!;
  return text;
}

/** As `hex`, for `bytes[from]` up to but not including `bytes[to]`; the range must lie inside. */
export function hexRange(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 1) text += DIGITS[bytes[at]!]!;
  return text;
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
