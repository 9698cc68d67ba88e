import { concat, xor } from './octets.ts';

export type SealedCcm = {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly associated: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
};

const BLOCK = 16;

function padded(bytes: Uint8Array): Uint8Array {
  return concat(bytes, new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK));
}

/** RFC 3610 §2.2 and §2.3 over the AES primitives of the caller; null when the tag does not fit. */
export function openAesCcm(
  encryptBlocks: (key: Uint8Array, blocks: Uint8Array) => Uint8Array,
  decryptCtr: (key: Uint8Array, counter: Uint8Array, data: Uint8Array) => Uint8Array | null,
  sealed: SealedCcm,
): Uint8Array | null {
  const { key, nonce, associated, ciphertext, tag } = sealed;
  const lengthOctets = 15 - nonce.length;
  const counter = (value: number): Uint8Array => {
    const block = concat(Uint8Array.of(lengthOctets - 1), nonce, new Uint8Array(lengthOctets));
    block[BLOCK - 1] = value;
    return block;
  };
  const plaintext = decryptCtr(key, counter(1), ciphertext);
  if (plaintext === null || associated.length >= 0xff00) return null;

  const flags = (associated.length > 0 ? 0x40 : 0) | (((tag.length - 2) / 2) << 3);
  const first = counter(0);
  first[0] = flags | (lengthOctets - 1);
  for (let at = 0, left = plaintext.length; left > 0; at += 1, left = Math.floor(left / 256)) {
    first[BLOCK - 1 - at] = left & 0xff;
  }
  const prefix = Uint8Array.of(associated.length >> 8, associated.length & 0xff);
  const covered = associated.length > 0 ? padded(concat(prefix, associated)) : new Uint8Array(0);
  const input = concat(first, covered, padded(plaintext));
  let mac: Uint8Array = new Uint8Array(BLOCK);
  for (let at = 0; at < input.length; at += BLOCK) {
    mac = encryptBlocks(key, xor(mac, input.subarray(at, at + BLOCK)));
  }
  const expected = xor(mac, encryptBlocks(key, counter(0)));
  return tag.every((octet, at) => expected[at] === octet) ? plaintext : null;
}
