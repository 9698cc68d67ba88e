import { fromHex } from '../bytes/hex.ts';

const encoder = new TextEncoder();

/** Digits of a hex value as people write it: with 0x, colons, dashes or blanks. Null when it is none. */
export function readHex(text: string): Uint8Array | null {
  const digits = text
    .trim()
    .replace(/^0x/i, '')
    .replace(/[\s:.-]/g, '');
  return digits === '' ? null : fromHex(digits);
}

/**
 * A pre-shared key as text: `hex:…` and `0x…` are octets, `base64:…` and `0s…` (as in ipsec.secrets)
 * are base64, "…" and '…' lose their quotes, everything else is UTF-8. Null for hex or base64 that
 * cannot be read, and for nothing at all.
 */
export function readPsk(text: string): Uint8Array | null {
  if (text === '') return null;
  const hexForm = /^(?:hex:|0x)(.*)$/is.exec(text);
  if (hexForm !== null) return readHex(hexForm[1]!);
  const base64Form = /^(?:base64:|0s)([A-Za-z0-9+/]+={0,2})$/s.exec(text);
  if (base64Form !== null && (base64Form[1]!.length % 4 === 0 || text.startsWith('base64:'))) {
    return readBase64(base64Form[1]!);
  }
  const quoted = /^(["'])(.+)\1$/s.exec(text);
  return encoder.encode(quoted === null ? text : quoted[2]!);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function readBase64(text: string): Uint8Array | null {
  const digits = text.replace(/=+$/, '');
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of digits) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return bytes.length === 0 ? null : Uint8Array.from(bytes);
}
