import { digest, encryptCbc, prf } from './algorithms.ts';
import { basic, chain, message, payload, payloadType } from './isakmp.ts';
import type { Payload } from './isakmp.ts';
import { concat, ipv4, u16, u32, u8, utf8 } from './octets.ts';

/** One suite is all that the sample needs: AES-CBC-256, HMAC-SHA2-256-128, PRF HMAC-SHA2-256, group 14. */
export type Spis = { readonly initiator: Uint8Array; readonly responder: Uint8Array };

type TransformRow = readonly [type: number, id: number, keyBits?: number];

const transforms = (rows: readonly TransformRow[]): Uint8Array =>
  concat(
    ...rows.map(([type, id, keyBits], i) => {
      const attribute = keyBits === undefined ? new Uint8Array() : basic(14, keyBits);
      const last = i === rows.length - 1;
      return concat(
        u8(last ? 0 : 3),
        u8(0),
        u16(8 + attribute.length),
        u8(type),
        u8(0),
        u16(id),
        attribute,
      );
    }),
  );

const proposal = (protocol: number, spi: Uint8Array, rows: readonly TransformRow[]): Uint8Array => {
  const list = transforms(rows);
  return concat(
    u8(0),
    u8(0),
    u16(8 + spi.length + list.length),
    u8(1),
    u8(protocol),
    u8(spi.length),
    u8(rows.length),
    spi,
    list,
  );
};

/** ENCR AES-CBC-256, INTEG, PRF, DH group 14. */
export const ikeProposal = (): Uint8Array =>
  proposal(1, new Uint8Array(), [
    [1, 12, 256],
    [2, 5],
    [3, 12],
    [4, 14],
  ]);

/** ENCR AES-CBC-128, INTEG HMAC-SHA2-256-128, no extended sequence numbers. */
export const espProposal = (spi: number): Uint8Array =>
  proposal(3, u32(spi), [
    [1, 12, 128],
    [3, 12],
    [5, 0],
  ]);

export const notify2 = (type: number, data: Uint8Array = new Uint8Array()): Payload =>
  payload('notify2', u8(0), u8(0), u16(type), data);

/** RFC 7296 section 2.23. */
export const natDetection2 = (
  spis: Spis,
  source: string,
  destination: string,
): readonly Payload[] =>
  [source, destination].map((address, i) =>
    notify2(16_388 + i, digest('sha1', spis.initiator, spis.responder, ipv4(address), u16(500))),
  );

export const cookieNames = [
  'CISCO-DELETE-REASON',
  'CISCO(COPYRIGHT)&Copyright (c) 2009 Cisco Systems, Inc.',
  'CISCO-GRE-MODE',
  'FLEXVPN-SUPPORTED',
] as const;

export const ciscoVendors = (count: number): readonly Payload[] =>
  cookieNames.slice(0, count).map((text) => payload('vid2', utf8(text)));

/** One host and GRE (RFC 7296 section 3.13.1). */
export const greSelector = (name: 'tsi2' | 'tsr2', address: string): Payload =>
  payload(
    name,
    u8(1),
    new Uint8Array(3),
    u8(7),
    u8(47),
    u16(16),
    u16(0),
    u16(0xffff),
    ipv4(address),
    ipv4(address),
  );

/** RFC 7296 section 2.13: T1 = prf(K, S | 1), Tn = prf(K, Tn-1 | S | n). */
const prfPlus = (key: Uint8Array, seed: Uint8Array, length: number): Uint8Array => {
  let block: Uint8Array = new Uint8Array();
  let stream: Uint8Array = new Uint8Array();
  for (let n = 1; stream.length < length; n += 1) {
    block = prf('sha256', key, block, seed, u8(n));
    stream = concat(stream, block);
  }
  return stream.slice(0, length);
};

export type Ikev2Keys = {
  readonly skeyseed: Uint8Array;
  readonly d: Uint8Array;
  readonly ai: Uint8Array;
  readonly ar: Uint8Array;
  readonly ei: Uint8Array;
  readonly er: Uint8Array;
  readonly pi: Uint8Array;
  readonly pr: Uint8Array;
};

/** RFC 7296 section 2.14: SKEYSEED = prf(Ni | Nr, g^ir). No pre-shared key anywhere. */
export const deriveIkev2Keys = (
  nonces: { readonly initiator: Uint8Array; readonly responder: Uint8Array },
  shared: Uint8Array,
  spis: Spis,
): Ikev2Keys => {
  const both = concat(nonces.initiator, nonces.responder);
  const skeyseed = prf('sha256', both, shared);
  const stream = prfPlus(skeyseed, concat(both, spis.initiator, spis.responder), 7 * 32);
  const [d, ai, ar, ei, er, pi, pr] = Array.from({ length: 7 }, (_, i) =>
    stream.slice(32 * i, 32 * i + 32),
  );
  return { skeyseed, d: d!, ai: ai!, ar: ar!, ei: ei!, er: er!, pi: pi!, pr: pr! };
};

/** RFC 7296 section 2.17: both directions of the first child, cipher key before integrity key. */
export const childKeyMaterial = (keys: Ikev2Keys, nonces: Uint8Array): readonly Uint8Array[] => {
  const stream = prfPlus(keys.d, nonces, 2 * (16 + 32));
  return [stream.slice(0, 16), stream.slice(16, 48), stream.slice(48, 64), stream.slice(64, 96)];
};

/** RFC 7296 section 2.15: AUTH = prf(prf(psk, "Key Pad for IKEv2"), message | other nonce | prf(SK_p, ID')). */
export const sharedKeyAuth = (
  psk: string,
  firstMessage: Uint8Array,
  otherNonce: Uint8Array,
  skP: Uint8Array,
  idBody: Uint8Array,
): Uint8Array => {
  const key = prf('sha256', utf8(psk), utf8('Key Pad for IKEv2'));
  return prf('sha256', key, firstMessage, otherNonce, prf('sha256', skP, idBody));
};

type MessageFields = {
  readonly spis: Spis;
  readonly exchange: number;
  readonly messageId: number;
  readonly fromInitiator: boolean;
  readonly response: boolean;
};

const flags = ({ fromInitiator, response }: MessageFields): number =>
  (fromInitiator ? 0x08 : 0) | (response ? 0x20 : 0);

export const clearMessage2 = (fields: MessageFields, payloads: readonly Payload[]): Uint8Array =>
  message(
    {
      initiatorCookie: fields.spis.initiator,
      responderCookie: fields.spis.responder,
      next: payloadType[payloads[0]!.name],
      version: 0x20,
      exchange: fields.exchange,
      flags: flags(fields),
      messageId: fields.messageId,
    },
    chain(payloads),
  );

/** RFC 7296 section 3.14: IV, ciphertext with padding, check value over the whole message. */
export const sealedMessage = (
  fields: MessageFields,
  payloads: readonly Payload[],
  encryptionKey: Uint8Array,
  integrityKey: Uint8Array,
  iv: Uint8Array,
): Uint8Array => {
  const plain = chain(payloads);
  const padLength = (16 - ((plain.length + 1) % 16)) % 16;
  const padded = concat(plain, new Uint8Array(padLength), u8(padLength));
  const body = concat(iv, encryptCbc('aes256', encryptionKey, iv, padded), new Uint8Array(16));
  const sealed = message(
    {
      initiatorCookie: fields.spis.initiator,
      responderCookie: fields.spis.responder,
      next: payloadType.sk2,
      version: 0x20,
      exchange: fields.exchange,
      flags: flags(fields),
      messageId: fields.messageId,
    },
    concat(u8(payloadType[payloads[0]!.name]), u8(0), u16(body.length + 4), body),
  );
  sealed.set(prf('sha256', integrityKey, sealed.slice(0, -16)).slice(0, 16), sealed.length - 16);
  return sealed;
};
