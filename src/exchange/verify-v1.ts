import { equalOctets } from '../bytes/span.ts';
import { hash1, hash2, hash3, phase1HashInput } from '../crypto/v1/key-schedule.ts';
import type { HashName } from '../crypto/names.ts';
import { keyedHmac } from '../crypto/short-hmac.ts';
import type { Side } from '../model/exchange.ts';
import type { FactsV1 } from './facts-v1.ts';
import type { WalkedPayload } from './plaintext.ts';
import { signatureFits } from './signature-v1.ts';

const ID = 5;
const CERTIFICATE = 6;
const HASH = 8;
const SIGNATURE = 9;
const NONCE = 10;

/** A HASH_I or HASH_R together with everything it covers; decides a SKEYID. */
export type Phase1Proof = {
  readonly side: Side;
  readonly frame: number;
  readonly check: 'HASH_I' | 'HASH_R';
  readonly input: Uint8Array;
  readonly hash: Uint8Array;
};

/** The covered octets of HASH_I (side initiator) or HASH_R; null while the capture lacks a part. */
export function phase1Input(facts: FactsV1, side: Side, idBody: Uint8Array): Uint8Array | null {
  const { publicI, publicR, cookieI, cookieR, saBody } = facts;
  if (publicI === null || publicR === null || saBody === null) return null;
  const initiator = side === 'initiator';
  return phase1HashInput({
    ownPublic: initiator ? publicI : publicR,
    peerPublic: initiator ? publicR : publicI,
    ownCookie: initiator ? cookieI : cookieR,
    peerCookie: initiator ? cookieR : cookieI,
    saBody,
    idBody,
  });
}

function bodyOf(plaintext: Uint8Array, payload: WalkedPayload): Uint8Array {
  return plaintext.subarray(payload.bodyFrom, payload.to);
}

/** The HASH of a decrypted phase 1 message. `idBody` is given where the ID went in clear (aggressive mode). */
export function phase1Proof(
  facts: FactsV1,
  side: Side,
  frame: number,
  plaintext: Uint8Array,
  payloads: readonly WalkedPayload[],
  clearId: Uint8Array | null,
): Phase1Proof | null {
  const id = payloads.find(({ type }) => type === ID);
  const hash = payloads.find(({ type }) => type === HASH);
  const idBody = id === undefined ? clearId : bodyOf(plaintext, id);
  if (hash === undefined || idBody === null) return null;
  const input = phase1Input(facts, side, idBody);
  if (input === null) return null;
  return {
    side,
    frame,
    check: side === 'initiator' ? 'HASH_I' : 'HASH_R',
    input,
    hash: bodyOf(plaintext, hash),
  };
}

/** A SIG_I or SIG_R together with everything that the HASH under it covers. */
export type SignedProof = {
  readonly check: 'SIG_I' | 'SIG_R';
  readonly input: Uint8Array;
  readonly signature: Uint8Array;
  /** Bodies of the CERT payloads beside it. */
  readonly certificates: readonly Uint8Array[];
};

/** The signature of a decrypted phase 1 message; null where it has none or a part of what it covers is missing. */
export function signedProof(
  facts: FactsV1,
  side: Side,
  plaintext: Uint8Array,
  payloads: readonly WalkedPayload[],
  clearId: Uint8Array | null,
): SignedProof | null {
  const of = (type: number): readonly Uint8Array[] =>
    payloads.filter((one) => one.type === type).map((one) => bodyOf(plaintext, one));
  const [signature] = of(SIGNATURE);
  const idBody = of(ID)[0] ?? clearId;
  if (signature === undefined || idBody === null) return null;
  const input = phase1Input(facts, side, idBody);
  if (input === null) return null;
  const check = side === 'initiator' ? 'SIG_I' : 'SIG_R';
  return { check, input, signature, certificates: of(CERTIFICATE) };
}

/** RFC 2409 §5.1: the signature is over HASH_I or HASH_R. */
export function signedFits(name: HashName, skeyid: Uint8Array, proof: SignedProof): boolean {
  const { input, signature, certificates } = proof;
  return signatureFits(certificates, signature, keyedHmac(name, skeyid)(input));
}

/** RFC 2409 §5: HASH = prf(SKEYID, …). */
export function phase1Fits(name: HashName, skeyid: Uint8Array, proof: Phase1Proof): boolean {
  return equalOctets(keyedHmac(name, skeyid)(proof.input), proof.hash);
}

/** A decrypted message that begins with a HASH under SKEYID_a. */
export type Phase2Proof = {
  readonly frame: number;
  readonly messageId: Uint8Array;
  readonly hash: Uint8Array;
  /** Everything behind the hash payload, without padding. */
  readonly rest: Uint8Array;
  /** Nonces of other messages under the same message id: any of them may be Ni_b or Nr_b. */
  readonly nonces: readonly Uint8Array[];
};

export function nonceIn(
  plaintext: Uint8Array,
  payloads: readonly WalkedPayload[],
): Uint8Array | null {
  const nonce = payloads.find(({ type }) => type === NONCE);
  return nonce === undefined ? null : bodyOf(plaintext, nonce);
}

export function phase2Proof(
  frame: number,
  messageId: Uint8Array,
  plaintext: Uint8Array,
  payloads: readonly WalkedPayload[],
  end: number,
  nonces: readonly Uint8Array[],
): Phase2Proof | null {
  const first = payloads[0];
  if (first?.type !== HASH) return null;
  return {
    frame,
    messageId,
    hash: bodyOf(plaintext, first),
    rest: plaintext.subarray(first.to, end),
    nonces,
  };
}

/** Which of HASH(1), HASH(2), HASH(3) fits; null for none. */
export function phase2Fit(
  name: HashName,
  skeyidA: Uint8Array,
  proof: Phase2Proof,
): 'HASH(1)' | 'HASH(2)' | 'HASH(3)' | null {
  const { messageId, hash, rest, nonces } = proof;
  if (equalOctets(hash1(name, skeyidA, messageId, rest), hash)) return 'HASH(1)';
  for (const nonceI of nonces) {
    if (equalOctets(hash2(name, skeyidA, messageId, nonceI, rest), hash)) return 'HASH(2)';
  }
  for (const nonceI of nonces) {
    for (const nonceR of nonces) {
      if (nonceI === nonceR) continue;
      if (equalOctets(hash3(name, skeyidA, messageId, nonceI, nonceR), hash)) return 'HASH(3)';
    }
  }
  return null;
}
