/** Octets that a person could read, and enough of them to say something. */
export function isText(octets: Uint8Array): boolean {
  return octets.length >= 4 && octets.every((octet) => octet >= 0x20 && octet < 0x7f);
}
