import { u16 } from '../bytes/span.ts';

/** A payload of a decrypted chain: where its generic header begins, where its body begins and ends. */
export type WalkedPayload = {
  readonly type: number;
  readonly next: number;
  readonly from: number;
  readonly bodyFrom: number;
  readonly to: number;
};

export type Walk = {
  readonly payloads: readonly WalkedPayload[];
  /** Octets of the chain; padding follows. */
  readonly end: number;
  /** Null when the chain ends by itself, otherwise the octet at which it cannot go on. */
  readonly brokenAt: number | null;
};

const HEADER = 4;

/** IANA "Next Payload Types" (IKEv1) that can stand inside an encrypted message, with the private ones of NAT-T drafts and Cisco. */
const INSIDE_V1: ReadonlySet<number> = new Set([
  1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 128, 129, 130, 131, 132,
  133, 137,
]);

/** IANA "IKEv2 Payload Types": SA to EAP, and what came later. */
const INSIDE_V2: ReadonlySet<number> = new Set([
  33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 47, 48, 49, 50, 51, 52, 54, 55,
]);

const CRITICAL = 0x80;

/**
 * Walks the generic headers of a plaintext. Stops at the first thing that no sender writes: an
 * unknown type, a reserved octet that is not zero, a length outside. A wrong key gets past one
 * header in about ten million tries.
 */
export function walkChain(
  plaintext: Uint8Array,
  firstType: number,
  version: 1 | 2,
  start = 0,
): Walk {
  const inside = version === 1 ? INSIDE_V1 : INSIDE_V2;
  const payloads: WalkedPayload[] = [];
  let type = firstType;
  let at = start;
  while (type !== 0) {
    const broken: Walk = { payloads, end: at, brokenAt: at };
    if (!inside.has(type) || plaintext.length - at < HEADER) return broken;
    const reserved = plaintext[at + 1]!;
    if (reserved !== 0 && !(version === 2 && reserved === CRITICAL)) return broken;
    const next = plaintext[at]!;
    if (next !== 0 && !inside.has(next)) return broken;
    const length = u16(plaintext, at + 2);
    if (length < HEADER || length > plaintext.length - at) return broken;
    payloads.push({ type, next, from: at, bodyFrom: at + HEADER, to: at + length });
    type = next;
    at += length;
  }
  return { payloads, end: at, brokenAt: null };
}

const ID = 5;
const HASH = 8;
const SIGNATURE = 9;

/** What kind of IKEv1 message a plaintext has to be. */
export type Expectation = {
  readonly firstType: number;
  /** Message id 0: identities and proofs. Otherwise a HASH of the prf's length comes first. */
  readonly phase: 1 | 2;
  readonly hashLength: number;
};

/** The chain is whole and is what such a message holds. */
export function isExpectedV1(walk: Walk, expected: Expectation): boolean {
  if (walk.brokenAt !== null || walk.payloads.length === 0) return false;
  return beginsAsExpectedV1(walk, expected) && (expected.phase === 2 || holdsProof(walk));
}

function holdsProof(walk: Walk): boolean {
  return walk.payloads.some(
    ({ type }) => type === ID || type === HASH || type === SIGNATURE || type === 11 || type === 12,
  );
}

/** At least the first payload is what such a message begins with. */
export function beginsAsExpectedV1(walk: Walk, expected: Expectation): boolean {
  const first = walk.payloads[0];
  if (first === undefined) return false;
  if (expected.phase === 1) return true;
  return first.type === HASH && first.to - first.bodyFrom === expected.hashLength;
}

/** Where payloads begin again behind a lost first block, and of which type the first one is. */
export type Resync = {
  readonly from: number;
  /** 0 when the chain is over: only padding follows what was lost. */
  readonly firstType: number;
  readonly walk: Walk;
};

/** What may follow the HASH of a phase 2 message: SA, notification, delete, attributes. */
const AFTER_HASH: readonly number[] = [1, 11, 12, 14];

const SPREAD = 32;

/** How far behind the lost block an ID can end: longer names than this are not looked for. */
const LONGEST_ID = 512;

/** An ID payload of an IPv4 address (RFC 2407 §4.6.2). */
const ID_IPV4 = 12;

/**
 * Finds the chain again where the first cipher block is unreadable, because its IV is unknown.
 * Phase 2 messages begin with a HASH of known length. Phase 1 messages begin with an ID whose
 * length was lost, so the first place is taken from where a chain runs to the end.
 */
export function resyncV1(
  plaintext: Uint8Array,
  block: number,
  expected: Expectation,
): Resync | null {
  return expected.phase === 2
    ? resyncBehindHash(plaintext, block, HEADER + expected.hashLength)
    : resyncBehindId(plaintext, block, HEADER + expected.hashLength);
}

function resyncBehindHash(plaintext: Uint8Array, block: number, from: number): Resync | null {
  for (const firstType of AFTER_HASH) {
    const walk = walkChain(plaintext, firstType, 1, from);
    if (isSettled(plaintext, walk) && looksLike(plaintext, walk.payloads[0]!)) {
      return { from, firstType, walk };
    }
  }
  // QM3 is a HASH and nothing else.
  return isZeroPadded(plaintext, from, block) ? paddingOnly(from) : null;
}

function paddingOnly(from: number): Resync {
  return { from, firstType: 0, walk: { payloads: [], end: from, brokenAt: null } };
}

function resyncBehindId(plaintext: Uint8Array, block: number, hashPayload: number): Resync | null {
  const last = Math.min(plaintext.length - HEADER - 1, block + LONGEST_ID);
  for (let from = block; from <= last; from += 1) {
    // No header has anything there, and most places are passed by without a walk.
    if (plaintext[from + 1] !== 0) continue;
    // A first type is needed only to walk; which one it was stood in the lost block.
    const walk = walkChain(plaintext, HASH, 1, from);
    const first = walk.payloads[0];
    if (first === undefined || !isSettled(plaintext, walk)) continue;
    if (first.to - first.from === hashPayload) return { from, firstType: HASH, walk };
    const second = walk.payloads[1];
    if (second !== undefined) {
      return { from: second.from, firstType: second.type, walk };
    }
    if (looksLike(plaintext, { ...first, type: 11 })) return { from, firstType: 11, walk };
    // A last payload of unknown type: it stays unread.
    if (first.to - first.from > hashPayload) return { from: walk.end, firstType: 0, walk };
  }
  // With a block of 16 octets the lost block can hold an IPv4 ID and the header of the HASH.
  const end = ID_IPV4 + hashPayload;
  return isZeroPadded(plaintext, end, block) ? paddingOnly(end) : null;
}

const FEWEST_ZEROS = 4;

function isZeroPadded(plaintext: Uint8Array, end: number, block: number): boolean {
  const padding = plaintext.subarray(end);
  return (
    padding.length >= FEWEST_ZEROS &&
    padding.length <= block &&
    padding.every((octet) => octet === 0)
  );
}

/** Nothing but a little padding follows. */
function isSettled(plaintext: Uint8Array, walk: Walk): boolean {
  return walk.brokenAt === null && walk.payloads.length > 0 && plaintext.length - walk.end < SPREAD;
}

/**
 * The message can be told from noise under its key: its IV is certainly known, or what follows the
 * first block is long enough to be recognised alone.
 */
export function isRecognisable(
  length: number,
  block: number,
  expected: Expectation,
  ivIsKnown: boolean,
): boolean {
  if (ivIsKnown) return true;
  if (expected.phase === 1) return block === 8;
  return length - HEADER - expected.hashLength >= block;
}

/** The body begins as bodies of that type do; the type itself stood in the lost block. */
function looksLike(plaintext: Uint8Array, payload: WalkedPayload): boolean {
  const body = plaintext.subarray(payload.bodyFrom, payload.to);
  const doi = body.length >= 8 ? u16(body, 0) * 0x10000 + u16(body, 2) : -1;
  switch (payload.type) {
    // DOI 1, situation 1 (identity only): RFC 2407 §4.6.1.
    case 1:
      return doi === 1 && u16(body, 6) === 1;
    // Protocol, SPI size, type (RFC 2408 §3.14).
    case 11:
      return (doi === 0 || doi === 1) && body[5]! <= 16 && body[5]! + 8 <= body.length;
    // Protocol, SPI size, number of SPIs (RFC 2408 §3.15).
    case 12:
      return (doi === 0 || doi === 1) && 8 + body[5]! * u16(body, 6) === body.length;
    // Type 1-4, reserved, identifier (draft-ietf-ipsec-isakmp-mode-cfg-05 §3.2).
    default:
      return body.length >= 4 && body[0]! >= 1 && body[0]! <= 4 && body[1] === 0;
  }
}
