/** Joins octet strings in order. */
export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** Unsigned big-endian integer of `width` octets. */
export const uint = (value: number | bigint, width: number): Uint8Array => {
  const octets = new Uint8Array(width);
  let rest = BigInt(value);
  for (let i = width - 1; i >= 0; i -= 1) {
    octets[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  if (rest !== 0n) throw new Error(`${String(value)} does not fit into ${width} octets`);
  return octets;
};

export const u8 = (value: number): Uint8Array => uint(value, 1);
export const u16 = (value: number): Uint8Array => uint(value, 2);
export const u32 = (value: number): Uint8Array => uint(value, 4);

/** Little-endian, for capture file headers. */
export const le16 = (value: number): Uint8Array => u16(value).reverse();
export const le32 = (value: number): Uint8Array => u32(value).reverse();

export const hex = (octets: Uint8Array): string =>
  Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');

export const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export const toBigInt = (octets: Uint8Array): bigint => BigInt(`0x${hex(octets) || '0'}`);

/** The four octets of a dotted address or mask. */
export const ipv4 = (address: string): Uint8Array => Uint8Array.from(address.split('.'), Number);

export const ipv4Number = (address: string): number => Number(toBigInt(ipv4(address)));

export const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((octet, i) => octet === b[i]);
