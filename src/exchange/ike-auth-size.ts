import { blockLengths } from '../crypto/names.ts';
import { prfLength } from '../crypto/v2/key-schedule.ts';
import { encryptionV2, integritiesV2, prfsV2 } from '../crypto/v2/suite.ts';
import type { NegotiatedTransform } from '../model/exchange.ts';

/** ISAKMP header, generic header of SK. */
const BEFORE_IV = 28 + 4;

/** With algorithms that are not known: the shortest IV, check value and prf of the registries. */
const LEAST = { iv: 8, tag: 8, prf: 16, block: 1 } as const;

/** Identity of one octet; SA of one proposal with SPI, cipher and ESN; two selectors of IPv4 addresses (RFC 7296 §3.3, §3.5, §3.13). */
const ID = 9;
const AUTH_HEADER = 8;
const SA = 4 + 8 + 4 + 8 + 8;
const SELECTORS = 24 + 24;

/** What a message that is closed takes besides its payloads; with algorithms that are not known the least. */
function frameOf(transform: NegotiatedTransform | null): {
  readonly iv: number;
  readonly block: number;
  readonly tag: number;
} {
  const bits = transform?.keyLength ?? null;
  const cipher =
    transform?.encryption == null
      ? null
      : encryptionV2(transform.encryption, bits === null ? null : bits / 8);
  const integrity = transform?.hash == null ? null : (integritiesV2[transform.hash] ?? null);
  const block = cipher?.kind === 'cbc' ? blockLengths[cipher.cipher] : LEAST.block;
  const iv = cipher?.kind === 'cbc' ? block : LEAST.iv;
  const tag = cipher?.kind === 'aead' ? cipher.tagLength : (integrity?.tagLength ?? LEAST.tag);
  return { iv, block, tag };
}

/** Length of a closed message whose payloads have this many octets; some pad to four where the cipher asks for nothing. */
export function lengthOf(transform: NegotiatedTransform | null, inside: number): number {
  const { iv, block, tag } = frameOf(transform);
  const unit = Math.max(block, 4);
  return BEFORE_IV + iv + Math.ceil((inside + 1) / unit) * unit + tag;
}

/** Octets of an AUTH by a key; with a prf that is not known the least. */
export function authLength(transform: NegotiatedTransform | null): number {
  const prf = transform?.prf == null ? null : (prfsV2[transform.prf] ?? null);
  return AUTH_HEADER + (prf === null ? LEAST.prf : prfLength(prf));
}

/** The most octets that payloads can have in a closed message of this length; the pad length takes one. */
export const mostInside = (transform: NegotiatedTransform | null, length: number): number => {
  const { iv, tag } = frameOf(transform);
  return length - BEFORE_IV - iv - tag - 1;
};

/**
 * Octets of the shortest IKE_AUTH response that holds an identity, an AUTH by a key (a signature is longer) and a child SA.
 * Whatever is shorter holds less.
 */
export function leastWithChild(transform: NegotiatedTransform | null): number {
  const { iv, block, tag } = frameOf(transform);
  const auth = authLength(transform);
  // The pad length takes one octet more.
  const padded = Math.ceil((ID + auth + SA + SELECTORS + 1) / block) * block;
  return BEFORE_IV + iv + padded + tag;
}
