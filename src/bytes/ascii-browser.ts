/** A browser can only decode, as it does any text. */
export const asciiText: (octets: Uint8Array) => string | null = () => null;
