const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, octet) =>
  octet.toString(16).padStart(2, '0'),
);

const latin1 = new TextDecoder('latin1');

/** Up to this length joining strings is faster than decoding a buffer of digits. */
const SHORT = 20;

/** Two digits as they lie in memory, by octet: one write each, whatever the byte order of the machine. */
const PAIRS = new Uint16Array(new TextEncoder().encode(DIGITS.join('')).buffer);

/** Reused: the digits are copied out of it at once. */
const scratch = new Uint16Array(2048);
const scratchOctets = new Uint8Array(scratch.buffer);

/** Two lower-case hex digits an octet, without separators. */
export function hex(bytes: Uint8Array): string {
  return hexRange(bytes, 0, bytes.length);
}

/** As `hex`, for `bytes[from]` up to but not including `bytes[to]`; the range must lie inside. */
export function hexRange(bytes: Uint8Array, from: number, to: number): string {
  const octets = to - from;
  if (octets <= SHORT) {
    let text = '';
    for (let at = from; at < to; at += 1) text += DIGITS[bytes[at]!]!;
    return text;
  }
  // Joining octet by octet would leave a tree of strings as deep as the value is long.
  const isLong = octets > scratch.length;
  const pairs = isLong ? new Uint16Array(octets) : scratch;
  for (let at = 0; at < octets; at += 1) pairs[at] = PAIRS[bytes[from + at]!]!;
  return latin1.decode(
    (isLong ? new Uint8Array(pairs.buffer) : scratchOctets).subarray(0, 2 * octets),
  );
}

/** The eight digits of a message id or an SPI of IPsec. */
export function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** Octets of a string of hex digits; null when it is anything else. */
export function fromHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) {
    const octet = (digit(text.charCodeAt(2 * at)) << 4) | digit(text.charCodeAt(2 * at + 1));
    if (octet < 0) return null;
    bytes[at] = octet;
  }
  return bytes;
}

/** Negative for what is no digit. */
function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
