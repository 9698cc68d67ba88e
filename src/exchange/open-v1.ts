import { decryptCbc } from '#crypto';
import { hashLengths, blockLengths } from '../crypto/names.ts';
import { concat, xor } from '../crypto/octets.ts';
import { phase1Iv, phase2Iv } from '../crypto/v1/key-schedule.ts';
import type { SuiteV1 } from '../crypto/v1/suite.ts';
import type { Side } from '../model/exchange.ts';
import type { IkeMessage } from '../model/isakmp.ts';
import type { FactsV1 } from './facts-v1.ts';
import {
  beginsAsExpectedV1,
  isExpectedV1,
  resyncV1,
  walkChain,
  type Expectation,
  type Resync,
  type Walk,
} from './plaintext.ts';

/** One key of one side's view of an IKEv1 SA. */
export type KeysV1 = {
  /** Names the source without showing it. */
  readonly by: string;
  /** Index of the candidate it was derived from. */
  readonly candidate: number | null;
  readonly suite: SuiteV1;
  readonly skeyid: Uint8Array | null;
  readonly skeyidA: Uint8Array | null;
  /** Ka. */
  readonly cipherKey: Uint8Array;
};

/** A distinct encrypted message of an exchange; retransmissions and copies share one. */
export type Sealed = {
  readonly message: IkeMessage;
  readonly side: Side | null;
  /** Whole blocks may be fewer than the message says. */
  readonly body: Uint8Array;
  /** The header's length and the captured octets disagree. */
  readonly cut: boolean;
  /** Position of the first sight in the exchange. */
  readonly order: number;
};

const ISAKMP_HEADER = 28;

export function messageIdOctets(id: number): Uint8Array {
  return Uint8Array.of(id >>> 24, (id >>> 16) & 0xff, (id >>> 8) & 0xff, id & 0xff);
}

export function sealedBody(message: IkeMessage): { body: Uint8Array; cut: boolean } {
  const { bytes } = message.pdu;
  const end = Math.min(message.header.length, bytes.length);
  return {
    body: bytes.subarray(ISAKMP_HEADER, Math.max(ISAKMP_HEADER, end)),
    cut: message.header.length !== bytes.length,
  };
}

/** The last whole cipher block of a message, which is the IV of the next. */
function lastBlock(sealed: Sealed, block: number): Uint8Array | null {
  const { body } = sealed;
  if (sealed.cut || body.length < block || body.length % block !== 0) return null;
  return body.subarray(body.length - block);
}

/** IVs that a message can have been encrypted under. */
export type Ivs = {
  readonly known: readonly Uint8Array[];
  /** The right one is certainly among them: the initiator's first encrypted message of phase 1, both KE captured. */
  readonly complete: boolean;
};

/** Ciphertexts by message id, each list in order of first sight. */
export type SealedIndex = ReadonlyMap<number, readonly Sealed[]>;

export function indexSealed(all: readonly Sealed[]): SealedIndex {
  const index = new Map<number, Sealed[]>();
  for (const sealed of all) {
    const id = sealed.message.header.messageId;
    const list = index.get(id);
    if (list === undefined) index.set(id, [sealed]);
    else list.push(sealed);
  }
  return index;
}

/** How far from a message its predecessor is looked for; more would let a hostile capture cost squares. */
const NEIGHBOURS = 8;

/** The other ciphertexts of the same message id: those just before first, nearest first, then those behind. */
function neighbours(sealed: Sealed, index: SealedIndex): readonly Sealed[] {
  const list = index.get(sealed.message.header.messageId) ?? [];
  const at = list.indexOf(sealed);
  return [
    ...list.slice(Math.max(0, at - NEIGHBOURS), Math.max(0, at)).reverse(),
    ...list.slice(at + 1, at + 1 + NEIGHBOURS),
  ];
}

/**
 * RFC 2409 Appendix B. An IV depends on the SA, the message id and the ciphertext before it, never on
 * the order of the capture: every other ciphertext of the same message id can come before, and every
 * phase 1 ciphertext can have been the last one that the sender accepted (a responder that could not
 * read MM5 still answers under an IV from its own state). Likely ones come first.
 */
export function ivsOf(sealed: Sealed, index: SealedIndex, facts: FactsV1, suite: SuiteV1): Ivs {
  const block = blockLengths[suite.cipher];
  const id = sealed.message.header.messageId;
  const phase1First =
    facts.publicI !== null && facts.publicR !== null
      ? [phase1Iv(suite, facts.publicI, facts.publicR)]
      : [];
  const blocks = (list: readonly Sealed[]): Uint8Array[] =>
    list.map((other) => lastBlock(other, block)).filter((octets) => octets !== null);
  const chained = blocks(neighbours(sealed, index));
  const isFirst = (index.get(id) ?? [])[0] === sealed;
  if (id === 0) {
    return isFirst
      ? {
          known: [...phase1First, ...chained],
          // A responder's first one is its second of phase 1: MM6 follows MM5.
          complete: phase1First.length > 0 && sealed.side === 'initiator',
        }
      : { known: [...chained, ...phase1First], complete: false };
  }
  const phase1 = index.get(0) ?? [];
  const accepted = [...phase1.slice(-NEIGHBOURS).reverse(), ...phase1.slice(0, NEIGHBOURS)];
  const bases = [...new Set(accepted)];
  const octets = messageIdOctets(id);
  const initial = [...blocks(bases), ...phase1First].map((base) => phase2Iv(suite, base, octets));
  return { known: isFirst ? [...initial, ...chained] : [...chained, ...initial], complete: false };
}

export function expectationOf(sealed: Sealed, suite: SuiteV1): Expectation {
  const { header } = sealed.message;
  return {
    firstType: header.nextPayload,
    phase: header.messageId === 0 ? 1 : 2,
    hashLength: hashLengths[suite.hash],
  };
}

export type Opened =
  | { readonly kind: 'whole'; readonly plaintext: Uint8Array; readonly walk: Walk }
  /** All but the first block reads well. */
  | { readonly kind: 'resync'; readonly plaintext: Uint8Array; readonly resync: Resync }
  /** Begins well and breaks later. */
  | { readonly kind: 'broken'; readonly plaintext: Uint8Array; readonly walk: Walk }
  | { readonly kind: 'garbage'; readonly plaintext: Uint8Array };

/** Null when the cipher is not to be had or the key has not its length. */
export function openV1(
  keys: { readonly suite: SuiteV1; readonly cipherKey: Uint8Array },
  sealed: Sealed,
  ivs: Ivs,
): Opened | null {
  const { suite, cipherKey } = keys;
  const block = blockLengths[suite.cipher];
  const whole = sealed.body.subarray(0, sealed.body.length - (sealed.body.length % block));
  const raw = decryptCbc(suite.cipher, cipherKey, new Uint8Array(block), whole);
  if (raw === null) return null;
  const expected = expectationOf(sealed, suite);
  let broken: Opened | null = null;
  for (const iv of ivs.known) {
    const plaintext = concat(xor(raw.subarray(0, block), iv), raw.subarray(block));
    const walk = walkChain(plaintext, expected.firstType, 1);
    if (isExpectedV1(walk, expected)) return { kind: 'whole', plaintext, walk };
    if (broken === null && beginsAsExpectedV1(walk, expected)) {
      broken = { kind: 'broken', plaintext, walk };
    }
  }
  // A first header that reads well needs the right IV, so the damage lies behind it.
  if (broken !== null) return broken;
  const resync = resyncV1(raw, block, expected);
  if (resync !== null) return { kind: 'resync', plaintext: raw, resync };
  const iv = ivs.known[0];
  return {
    kind: 'garbage',
    plaintext:
      iv === undefined ? raw : concat(xor(raw.subarray(0, block), iv), raw.subarray(block)),
  };
}

/** A message that keys are tried on, with the IVs it can have. */
export type Target = { readonly sealed: Sealed; readonly ivs: Ivs };

/**
 * Tells of one key after another on which of the targets `openV1` may find more than garbage under it: a cheap sieve.
 * Where the IV is certain the first block is enough; otherwise all that follows can be right although no IV fits.
 */
export function keySieve<T extends Target>(
  suite: SuiteV1,
  targets: readonly T[],
): (cipherKey: Uint8Array) => readonly T[] {
  const { cipher } = suite;
  const block = blockLengths[cipher];
  const own = targets.filter(({ sealed }) => sealed.body.length >= block);
  const parts = own.map(({ sealed, ivs }) => {
    const { length } = sealed.body;
    return sealed.body.subarray(0, ivs.complete ? block : length - (length % block));
  });
  // Setting up a cipher takes longer than a few blocks, so all targets are decrypted as one.
  const octets = concat(...parts);
  let from = 0;
  const places = own.map((target, at) => {
    const place = { target, from, to: from + parts[at]!.length };
    from = place.to;
    return { ...place, expected: expectationOf(target.sealed, suite) };
  });
  const zero = new Uint8Array(block);
  return (cipherKey) => {
    const raw = decryptCbc(cipher, cipherKey, zero, octets);
    if (raw === null) return [];
    const fitting: T[] = [];
    for (const { target, from: start, to, expected } of places) {
      const { sealed, ivs } = target;
      // What CBC took for the block before it belongs to another message.
      for (let at = start; start > 0 && at < start + block; at += 1) {
        raw[at] = raw[at]! ^ octets[at - block]!;
      }
      const begins = ivs.known.some((iv) => {
        const reserved = raw[start + 1]! ^ iv[1]!;
        const first = ((raw[start + 2]! ^ iv[2]!) << 8) | (raw[start + 3]! ^ iv[3]!);
        return reserved === 0 && first >= 4 && first <= sealed.body.length;
      });
      if (
        begins ||
        (!ivs.complete && resyncV1(raw.subarray(start, to), block, expected) !== null)
      ) {
        fitting.push(target);
      }
    }
    return fitting;
  };
}
