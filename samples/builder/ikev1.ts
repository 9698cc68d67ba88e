import { ciphers, decryptCbc, digest, encryptCbc, prf } from './algorithms.ts';
import type { CipherName, GroupNumber, HashName } from './algorithms.ts';
import { basic, chain, message, payload, payloadType, variable, vendorIds } from './isakmp.ts';
import type { Payload } from './isakmp.ts';
import { concat, ipv4, u16, u32, u8 } from './octets.ts';

export type Policy = {
  readonly priority: number;
  readonly encryption: CipherName;
  readonly hash: HashName;
  readonly group: GroupNumber;
  readonly authentication: 'pre-share' | 'rsa-sig';
};

const encryptionValue: Readonly<Record<CipherName, readonly Uint8Array[]>> = {
  '3des': [basic(1, 5)],
  aes128: [basic(1, 7), basic(14, 128)],
  aes256: [basic(1, 7), basic(14, 256)],
};
const hashValue: Readonly<Record<HashName, number>> = { md5: 1, sha1: 2, sha256: 4 };

/** SA payload body of MM1 and MM2: one proposal, one transform, attributes in the order of IOS. */
export const phase1SaBody = (policy: Policy): Uint8Array => {
  const transform = concat(
    u8(0),
    u8(0),
    u16(0),
    u8(1),
    u8(1),
    u16(0),
    ...encryptionValue[policy.encryption],
    basic(2, hashValue[policy.hash]),
    basic(4, policy.group),
    basic(3, policy.authentication === 'pre-share' ? 1 : 3),
    basic(11, 1),
    variable(12, u32(86_400)),
  );
  transform.set(u16(transform.length), 2);
  const proposal = concat(
    u8(0),
    u8(0),
    u16(8 + transform.length),
    u8(1),
    u8(1),
    u8(0),
    u8(1),
    transform,
  );
  return concat(u32(1), u32(1), proposal);
};

export type Cookies = { readonly initiator: Uint8Array; readonly responder: Uint8Array };

export const clearMessage = (
  cookies: Cookies,
  exchange: number,
  payloads: readonly Payload[],
): Uint8Array =>
  message(
    {
      initiatorCookie: cookies.initiator,
      responderCookie: cookies.responder,
      next: payloadType[payloads[0]!.name],
      version: 0x10,
      exchange,
      flags: 0,
      messageId: 0,
    },
    chain(payloads),
  );

export const natTraversalOffers: readonly Payload[] = (
  ['rfc3947', 'natt-07', 'natt-03', 'natt-02'] as const
).map((name) => payload('vid', vendorIds[name]));

/** RFC 3947 section 3.2: HASH(CKY-I | CKY-R | IP | port); the peer's end first. */
export const natDetection = (
  hash: HashName,
  cookies: Cookies,
  ends: readonly { readonly address: string; readonly port: number }[],
): readonly Payload[] =>
  ends.map((end) =>
    payload(
      'natD',
      digest(hash, cookies.initiator, cookies.responder, ipv4(end.address), u16(end.port)),
    ),
  );

export type Phase1Keys = {
  readonly skeyid: Uint8Array;
  readonly skeyidD: Uint8Array;
  readonly skeyidA: Uint8Array;
  readonly skeyidE: Uint8Array;
  readonly cipherKey: Uint8Array;
};

export type Phase1Secrets = {
  readonly hash: HashName;
  readonly encryption: CipherName;
  readonly cookies: Cookies;
  readonly nonces: { readonly initiator: Uint8Array; readonly responder: Uint8Array };
  readonly shared: Uint8Array;
};

/** RFC 2409 section 5; `psk` null stands for signatures. Appendix B where SKEYID_e is too short. */
export const derivePhase1Keys = (secrets: Phase1Secrets, psk: Uint8Array | null): Phase1Keys => {
  const { hash, cookies, nonces, shared } = secrets;
  const both = concat(nonces.initiator, nonces.responder);
  // SKEYID = prf(psk, Ni_b | Nr_b), with signatures prf(Ni_b | Nr_b, g^xy)
  const skeyid = psk === null ? prf(hash, both, shared) : prf(hash, psk, both);
  const tail = concat(cookies.initiator, cookies.responder);
  const skeyidD = prf(hash, skeyid, shared, tail, u8(0));
  const skeyidA = prf(hash, skeyid, skeyidD, shared, tail, u8(1));
  const skeyidE = prf(hash, skeyid, skeyidA, shared, tail, u8(2));
  const { keyOctets } = ciphers[secrets.encryption];
  let material = skeyidE;
  if (material.length < keyOctets) {
    // Ka = K1 | K2 | ..., K1 = prf(SKEYID_e, 0), Kn = prf(SKEYID_e, Kn-1)
    let block = prf(hash, skeyidE, u8(0));
    material = block;
    while (material.length < keyOctets) {
      block = prf(hash, skeyidE, block);
      material = concat(material, block);
    }
  }
  return { skeyid, skeyidD, skeyidA, skeyidE, cipherKey: material.slice(0, keyOctets) };
};

/** RFC 2409 section 5: the first IV is the head of hash(g^xi | g^xr). */
export const firstIv = (
  hash: HashName,
  encryption: CipherName,
  initiatorPublic: Uint8Array,
  responderPublic: Uint8Array,
): Uint8Array => digest(hash, initiatorPublic, responderPublic).slice(0, ciphers[encryption].block);

/** RFC 2409 Appendix B: IV of a phase 2 exchange. */
export const messageIv = (
  hash: HashName,
  encryption: CipherName,
  lastPhase1Block: Uint8Array,
  messageId: number,
): Uint8Array => digest(hash, lastPhase1Block, u32(messageId)).slice(0, ciphers[encryption].block);

/** HASH_I = prf(SKEYID, g^xi | g^xr | CKY-I | CKY-R | SAi_b | IDii_b); HASH_R with the pairs swapped. */
export const phase1Hash = (
  hash: HashName,
  skeyid: Uint8Array,
  own: { readonly public: Uint8Array; readonly cookie: Uint8Array },
  peer: { readonly public: Uint8Array; readonly cookie: Uint8Array },
  saBody: Uint8Array,
  ownId: Uint8Array,
): Uint8Array => prf(hash, skeyid, own.public, peer.public, own.cookie, peer.cookie, saBody, ownId);

export type Encrypted = { readonly octets: Uint8Array; readonly lastBlock: Uint8Array };

/** One encrypted message. IOS pads with zeros to the block, and not at all when it fits. */
export const encryptedMessage = (
  cookies: Cookies,
  exchange: number,
  messageId: number,
  payloads: readonly Payload[],
  encryption: CipherName,
  key: Uint8Array,
  iv: Uint8Array,
): Encrypted => {
  const plain = chain(payloads);
  const { block } = ciphers[encryption];
  const padded = concat(plain, new Uint8Array((block - (plain.length % block)) % block));
  const body = encryptCbc(encryption, key, iv, padded);
  const octets = message(
    {
      initiatorCookie: cookies.initiator,
      responderCookie: cookies.responder,
      next: payloadType[payloads[0]!.name],
      version: 0x10,
      exchange,
      flags: 1,
      messageId,
    },
    body,
  );
  return { octets, lastBlock: body.slice(-block) };
};

/** What the receiver makes of the body of an encrypted message with the key that it holds. */
export const openMessage = (
  octets: Uint8Array,
  encryption: CipherName,
  key: Uint8Array,
  iv: Uint8Array,
): Uint8Array => decryptCbc(encryption, key, iv, octets.slice(28));

export type Phase2Offer = {
  readonly encryption: 'aes128' | 'aes256';
  readonly integrity: 'sha1' | 'sha256';
  readonly spi: number;
};

/** SA payload body of a quick mode: ESP, tunnel, 3600 s, 4608000 kB. */
export const phase2SaBody = (offer: Phase2Offer): Uint8Array => {
  const transform = concat(
    u8(0),
    u8(0),
    u16(0),
    u8(1),
    u8(12),
    u16(0),
    basic(4, 1),
    basic(1, 1),
    basic(2, 3600),
    basic(1, 2),
    variable(2, u32(4_608_000)),
    basic(5, offer.integrity === 'sha1' ? 2 : 5),
    basic(6, offer.encryption === 'aes128' ? 128 : 256),
  );
  transform.set(u16(transform.length), 2);
  const proposal = concat(
    u8(0),
    u8(0),
    u16(12 + transform.length),
    u8(1),
    u8(3),
    u8(4),
    u8(1),
    u32(offer.spi),
    transform,
  );
  return concat(u32(1), u32(1), proposal);
};

export const notifyBody = (
  protocol: number,
  type: number,
  spi: Uint8Array,
  data: Uint8Array = new Uint8Array(),
): Uint8Array => concat(u32(1), u8(protocol), u8(spi.length), u16(type), spi, data);

export const deleteBody = (protocol: number, spi: Uint8Array): Uint8Array =>
  concat(u32(1), u8(protocol), u8(spi.length), u16(1), spi);
