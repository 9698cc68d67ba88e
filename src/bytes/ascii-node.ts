import { isAscii } from 'node:buffer';

/** The text of octets that are all ASCII, as those of nearly all logs are; null of others. Copying takes a fifth of decoding. */
export function asciiText(octets: Uint8Array): string | null {
  if (!isAscii(octets)) return null;
  const { buffer, byteOffset, length } = octets;
  return Buffer.from(buffer, byteOffset, length).toString('latin1');
}
