import { decryptAesCtr, decryptCbc, openAead } from '#crypto';
import { equalOctets, u16 } from '../bytes/span.ts';
import { blockLengths } from '../crypto/names.ts';
import { concat } from '../crypto/octets.ts';
import { prf } from '../crypto/prf.ts';
import type { EncryptionV2, IntegrityV2, SuiteV2 } from '../crypto/v2/suite.ts';
import type { IkeMessage, Payload } from '../model/isakmp.ts';
import { walkChain } from './plaintext.ts';

/** Keys of one IKEv2 SA, as far as they are known. */
export type KeysV2 = {
  readonly by: string;
  readonly suite: SuiteV2;
  readonly skD: Uint8Array | null;
  readonly skAi: Uint8Array | null;
  readonly skAr: Uint8Array | null;
  readonly skEi: Uint8Array | null;
  readonly skEr: Uint8Array | null;
  readonly skPi: Uint8Array | null;
  readonly skPr: Uint8Array | null;
};

export type OpenedV2 =
  | {
      readonly kind: 'opened';
      readonly plaintext: Uint8Array;
      /** The ICV fits; false where its key is not known. */
      readonly verified: boolean;
    }
  /** The ICV does not fit. `plausible` when the plaintext reads well all the same: then the key is right. */
  | { readonly kind: 'integrity'; readonly plausible: boolean }
  /** The ICV fits, but nothing like payloads is below it: SK_a is right and SK_e is not, or the sender wrote it so. */
  | { readonly kind: 'noise'; readonly plaintext: Uint8Array }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'no-key' }
  | { readonly kind: 'unsupported' };

const INITIATOR_FLAG = 0x08;

/** The SK or SKF payload, which is the last one. */
export function sealedPayload(message: IkeMessage): Payload | null {
  const last = message.payloads.at(-1);
  const kind = last?.content.kind;
  return kind === 'encrypted' || kind === 'encrypted-fragment' ? (last ?? null) : null;
}

/** Octets between the generic header and the IV: fragment number and total in SKF (RFC 7383 §2.5). */
function innerOffset(payload: Payload): number {
  return payload.content.kind === 'encrypted-fragment' ? 4 : 0;
}

/** Null behind the first fragment, where a chain goes on in the middle of a payload. */
function firstTypeOf(payload: Payload): number | null {
  const { content } = payload;
  if (content.kind === 'encrypted') return content.firstPayload;
  if (content.kind !== 'encrypted-fragment' || content.fragment > 1) return null;
  return content.firstPayload;
}

/** RFC 7296 §3.14: IV | ciphertext of (payloads | padding | pad length) | ICV. */
export function openV2(keys: KeysV2, message: IkeMessage): OpenedV2 {
  const payload = sealedPayload(message);
  if (payload === null) return { kind: 'truncated' };
  const { pdu, header } = message;
  if (header.length !== pdu.bytes.length || payload.body.bytes.length !== payload.length - 4) {
    return { kind: 'truncated' };
  }
  const byInitiator = (header.flags & INITIATOR_FLAG) !== 0;
  const skE = byInitiator ? keys.skEi : keys.skEr;
  const skA = byInitiator ? keys.skAi : keys.skAr;
  const { encryption, integrity } = keys.suite;
  if (skE === null && encryption.kind !== 'null') return { kind: 'no-key' };
  const skip = innerOffset(payload);
  const body = payload.body.bytes.subarray(skip);
  const before = pdu.bytes.length - body.length;
  if (encryption.kind === 'aead') {
    // RFC 5282 §5.1: from the header to the SK payload's generic header (RFC 7383 §2.5: and the numbers behind it).
    const associated = pdu.bytes.subarray(0, before);
    return openSealed(encryption, skE!, associated, body, firstTypeOf(payload));
  }
  const firstType = firstTypeOf(payload);
  return openPlain(encryption, integrity, skE, skA, pdu.bytes, body, firstType, skip > 0);
}

const AEAD_IV = 8;

function openSealed(
  encryption: Extract<EncryptionV2, { kind: 'aead' }>,
  skE: Uint8Array,
  associated: Uint8Array,
  body: Uint8Array,
  firstType: number | null,
): OpenedV2 {
  const { keyLength, saltLength, tagLength, cipher } = encryption;
  if (skE.length !== keyLength + saltLength) return { kind: 'no-key' };
  if (body.length < AEAD_IV + 1 + tagLength) return { kind: 'truncated' };
  const key = skE.subarray(0, keyLength);
  const nonce = concat(skE.subarray(keyLength), body.subarray(0, AEAD_IV));
  const ciphertext = body.subarray(AEAD_IV, body.length - tagLength);
  const tag = body.subarray(body.length - tagLength);
  const plaintext = openAead(cipher, key, nonce, associated, ciphertext, tag);
  if (plaintext !== null)
    return { kind: 'opened', plaintext: unpadded(plaintext) ?? plaintext, verified: true };
  const unchecked =
    cipher === 'chacha20-poly1305' ? null : counterPlaintext(cipher, key, nonce, ciphertext);
  return { kind: 'integrity', plausible: unchecked !== null && readsWell(unchecked, firstType) };
}

/** What GCM and CCM encrypt is plain counter mode; without the tag it shows whether the key is right. */
function counterPlaintext(
  cipher: 'aes-gcm' | 'aes-ccm',
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | null {
  const counter =
    cipher === 'aes-gcm'
      ? concat(nonce, Uint8Array.of(0, 0, 0, 2))
      : concat(
          Uint8Array.of(14 - nonce.length),
          nonce,
          new Uint8Array(14 - nonce.length),
          Uint8Array.of(1),
        );
  return decryptAesCtr(key, counter, ciphertext);
}

function openPlain(
  encryption: Exclude<EncryptionV2, { kind: 'aead' }>,
  integrity: IntegrityV2 | null,
  skE: Uint8Array | null,
  skA: Uint8Array | null,
  pdu: Uint8Array,
  body: Uint8Array,
  firstType: number | null,
  isFragment: boolean,
): OpenedV2 {
  const tagLength = integrity?.tagLength ?? 0;
  const ivLength =
    encryption.kind === 'cbc' ? blockLengths[encryption.cipher] : encryption.kind === 'ctr' ? 8 : 0;
  if (body.length < ivLength + tagLength + 1) return { kind: 'truncated' };
  const iv = body.subarray(0, ivLength);
  const ciphertext = body.subarray(ivLength, body.length - tagLength);
  const plaintext = plain(encryption, skE, iv, ciphertext);
  if (plaintext === 'no-key' || plaintext === 'unsupported') return { kind: plaintext };
  const checked = integrity !== null && skA?.length === integrity.keyLength;
  if (!checked) {
    const content = unpadded(plaintext);
    return content !== null && readsWell(plaintext, firstType)
      ? { kind: 'opened', plaintext: content, verified: false }
      : { kind: 'integrity', plausible: false };
  }
  const expected = prf(integrity.prf, skA, pdu.subarray(0, pdu.length - tagLength));
  if (!equalOctets(expected.subarray(0, tagLength), pdu.subarray(pdu.length - tagLength))) {
    return { kind: 'integrity', plausible: readsWell(plaintext, firstType) };
  }
  const content = unpadded(plaintext);
  return content !== null && beginsWell(content, firstType, isFragment)
    ? { kind: 'opened', plaintext: content, verified: true }
    : { kind: 'noise', plaintext: content ?? plaintext };
}

/** A first header that some sender can have written, of whatever type: reserved bits zero (RFC 7296 §3.2), length inside. */
function beginsWell(content: Uint8Array, firstType: number | null, isFragment: boolean): boolean {
  if (firstType === null) return true;
  if (firstType === 0 || content.length < 4) return firstType === 0 && content.length === 0;
  const length = u16(content, 2);
  // The first of several fragments may hold no more than the beginning of a payload.
  return (content[1]! & 0x7f) === 0 && length >= 4 && (isFragment || length <= content.length);
}

function plain(
  encryption: Exclude<EncryptionV2, { kind: 'aead' }>,
  skE: Uint8Array | null,
  iv: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | 'no-key' | 'unsupported' {
  switch (encryption.kind) {
    case 'null':
      return ciphertext;
    case 'cbc': {
      if (skE?.length !== encryption.keyLength) return 'no-key';
      const whole = ciphertext.length - (ciphertext.length % blockLengths[encryption.cipher]);
      return decryptCbc(encryption.cipher, skE, iv, ciphertext.subarray(0, whole)) ?? 'unsupported';
    }
    case 'ctr': {
      if (skE?.length !== encryption.keyLength + encryption.saltLength) return 'no-key';
      // RFC 3686 §4: nonce | IV | block counter, which begins at 1.
      const nonce = skE.subarray(encryption.keyLength);
      const counter = concat(nonce, iv, Uint8Array.of(0, 0, 0, 1));
      return decryptAesCtr(skE.subarray(0, encryption.keyLength), counter, ciphertext) ?? 'no-key';
    }
  }
}

/** Without padding and pad length; null when the pad length is impossible. */
function unpadded(plaintext: Uint8Array): Uint8Array | null {
  const pad = plaintext.at(-1);
  if (pad === undefined || pad + 1 > plaintext.length) return null;
  return plaintext.subarray(0, plaintext.length - pad - 1);
}

/** Nobody pads by more than a few blocks. */
const MOST_PADDING = 64;

function readsWell(plaintext: Uint8Array, firstType: number | null): boolean {
  const content = unpadded(plaintext);
  if (content === null) return false;
  if (firstType === null) return plaintext.at(-1)! < MOST_PADDING;
  if (firstType === 0) return content.length === 0;
  const walk = walkChain(content, firstType, 2);
  // A fragment holds a part of a chain; its first header must read well at least.
  return walk.brokenAt === null || walk.payloads.length > 0;
}
