/** Octet helpers of this layer. */

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((octet, at) => octet ^ (b[at] ?? 0));
}

/** Big-endian, zero-filled on the left to `length` octets; longer inputs lose leading zeros only. */
export function padLeft(bytes: Uint8Array, length: number): Uint8Array | null {
  let from = 0;
  while (bytes.length - from > length && bytes[from] === 0) from += 1;
  const significant = bytes.subarray(from);
  if (significant.length > length) return null;
  const padded = new Uint8Array(length);
  padded.set(significant, length - significant.length);
  return padded;
}

export function toBigInt(bytes: Uint8Array): bigint {
  let digits = '0x0';
  for (const octet of bytes) digits += octet.toString(16).padStart(2, '0');
  return BigInt(digits);
}

export function fromBigInt(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let digits = value.toString(16);
  if (digits.length % 2 !== 0) digits = `0${digits}`;
  for (let at = 0; at * 2 < digits.length; at += 1) {
    const to = length - digits.length / 2 + at;
    if (to >= 0) bytes[to] = Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16);
  }
  return bytes;
}

/** Octets of a hex literal of the tables; those are known to be well formed. */
export function literal(digits: string): Uint8Array {
  return fromBigInt(BigInt(`0x${digits}`), digits.length / 2);
}
