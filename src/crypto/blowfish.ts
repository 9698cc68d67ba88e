import { Blowfish } from 'egoroof-blowfish';
import { concat, xor } from './octets.ts';

/**
 * Blowfish-CBC without padding. The library always removes padding, so a block of nothing but
 * padding is put behind the data for it to remove.
 */
export function decryptBlowfishCbc(
  key: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array {
  const cipher = new Blowfish(key, Blowfish.MODE.ECB, Blowfish.PADDING.PKCS5);
  const padding = cipher.encode(new Uint8Array(0));
  const blocks = cipher.decode(concat(ciphertext, padding), Blowfish.TYPE.UINT8_ARRAY);
  return xor(blocks, concat(iv, ciphertext).subarray(0, ciphertext.length));
}
