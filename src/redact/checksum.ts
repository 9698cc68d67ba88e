import { u16 } from '../bytes/span.ts';

/** One's complement sum of 16-bit words, an odd octet padded with zero (RFC 1071). */
export function wordSum(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at + 1 < to; at += 2) sum += u16(bytes, at);
  if ((to - from) % 2 !== 0) sum += bytes[to - 1]! << 8;
  return sum;
}

/**
 * The checksum at `at` after words that it covers changed from `before` to `after` (RFC 1624 §3, equation 3). A right
 * one stays right and a wrong one stays wrong, without a need for what was not captured.
 */
export function updateChecksum(bytes: Uint8Array, at: number, before: number, after: number): void {
  const sum = (~u16(bytes, at) & 0xffff) + (fold(~fold(before) & 0xffff) + fold(after));
  const checksum = ~fold(sum) & 0xffff;
  bytes[at] = checksum >> 8;
  bytes[at + 1] = checksum & 0xff;
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}

/** UDP writes a sum of zero as all ones, since zero means that there is none (RFC 768). */
export function updateUdpChecksum(
  bytes: Uint8Array,
  at: number,
  before: number,
  after: number,
): void {
  if (u16(bytes, at) === 0) return;
  updateChecksum(bytes, at, before, after);
  if (u16(bytes, at) === 0) bytes.fill(0xff, at, at + 2);
}
