/** Octets that the page carries as base64. */
export function octetsOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** Text that the page carries gzipped, in base64. */
export function unpack(base64: string): Promise<string> {
  const packed = new Blob([octetsOf(base64)]).stream();
  return new Response(packed.pipeThrough(new DecompressionStream('gzip'))).text();
}
