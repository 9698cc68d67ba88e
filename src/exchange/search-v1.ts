import { cipherKeySearch } from '../crypto/v1/key-schedule.ts';
import type { Side } from '../model/exchange.ts';
import { noncesOf, type FactsV1 } from './facts-v1.ts';
import { candidateKeysV1, type SharedSecret } from './keys-v1.ts';
import {
  keySieve,
  ivsOf,
  messageIdOctets,
  openV1,
  type KeysV1,
  type Sealed,
  type SealedIndex,
} from './open-v1.ts';
import type { PskGroup } from './psk-groups.ts';
import { survives, type Survivors } from './screening.ts';
import {
  nonceIn,
  phase1Fits,
  phase1Proof,
  phase2Fit,
  phase2Proof,
  signedFits,
  signedProof,
} from './verify-v1.ts';

/** Everything that the search for keys of one exchange rests on. */
export type SearchV1 = {
  readonly facts: FactsV1;
  readonly sealed: readonly Sealed[];
  readonly index: SealedIndex;
  readonly shared: readonly SharedSecret[];
  /** Initiator cookie of another SA that material was given for; null without such material. */
  readonly elsewhere: string | null;
  /** The runtime lacks the cipher, so that nothing opens and a key that opens nothing is not refuted by it. */
  readonly unsupported: boolean;
  readonly groups: readonly PskGroup[];
  readonly survivors: Survivors;
  /** IDii_b and IDir_b where they went in clear. */
  readonly clearIds: Readonly<Record<Side, Uint8Array | null>>;
};

/** How well a key opens a side's messages. */
export type Fit = 'verified' | 'plausible' | 'partly' | 'none';

export type SideKeys = { readonly keys: KeysV1; readonly fit: Fit };

/** Messages to try a key on. One is enough for a right key; more guard against a damaged one. */
const TARGETS = 4;

/** With the negotiation missing, suites multiply the candidates; this many derivations are tried. */
const MOST_DERIVATIONS = 200_000;

export function targetsOf(search: SearchV1, side: Side): readonly Sealed[] {
  const own = search.sealed.filter(
    (sealed) => (sealed.side === null || sealed.side === side) && sealed.body.length >= 8,
  );
  const rank = (sealed: Sealed): number =>
    (sealed.cut ? 2 : 0) + (sealed.message.header.messageId === 0 ? 0 : 1);
  return [...own].sort((a, b) => rank(a) - rank(b) || a.order - b.order).slice(0, TARGETS);
}

/** How one key fits one message. */
export function fitOf(search: SearchV1, keys: KeysV1, sealed: Sealed, side: Side): Fit {
  const ivs = ivsOf(sealed, search.index, search.facts, keys.suite);
  const opened = openV1(keys, sealed, ivs);
  if (opened === null || opened.kind === 'garbage') return 'none';
  if (opened.kind !== 'whole') return 'partly';
  return checkOf(search, keys, sealed, side, opened.plaintext, opened.walk) === null
    ? 'plausible'
    : 'verified';
}

/** The name of the check that fits an opened message, null when none does or none can be made. */
export function checkOf(
  search: SearchV1,
  keys: KeysV1,
  sealed: Sealed,
  side: Side,
  plaintext: Uint8Array,
  walk: { readonly payloads: Parameters<typeof phase1Proof>[4]; readonly end: number },
): string | null {
  const { frame, header } = sealed.message;
  if (header.messageId === 0) {
    if (keys.skeyid === null) return null;
    const clearId = search.clearIds[side];
    const proof = phase1Proof(search.facts, side, frame, plaintext, walk.payloads, clearId);
    const { hash } = keys.suite;
    if (proof !== null) return phase1Fits(hash, keys.skeyid, proof) ? proof.check : null;
    const signed = signedProof(search.facts, side, plaintext, walk.payloads, clearId);
    return signed !== null && signedFits(hash, keys.skeyid, signed) ? signed.check : null;
  }
  if (keys.skeyidA === null) return null;
  const id = messageIdOctets(header.messageId);
  const nonces = groupNonces(search, keys, sealed);
  const proof = phase2Proof(frame, id, plaintext, walk.payloads, walk.end, nonces);
  return proof === null ? null : phase2Fit(keys.suite.hash, keys.skeyidA, proof);
}

/** A quick mode has two nonces; a few more are read where a capture holds several under one id. */
const MOST_NONCES = 4;

/** Nonces of the quick mode that a message belongs to. */
export function groupNonces(search: SearchV1, keys: KeysV1, sealed: Sealed): readonly Uint8Array[] {
  const nonces: Uint8Array[] = [];
  for (const other of (search.index.get(sealed.message.header.messageId) ?? []).slice(0, 16)) {
    const opened = openV1(keys, other, ivsOf(other, search.index, search.facts, keys.suite));
    if (opened?.kind !== 'whole') continue;
    const nonce = nonceIn(opened.plaintext, opened.walk.payloads);
    if (nonce !== null && nonces.length < MOST_NONCES) nonces.push(nonce);
  }
  return nonces;
}

const RANK: Readonly<Record<Fit, number>> = { verified: 3, plausible: 2, partly: 1, none: 0 };

function better(a: SideKeys | null, b: SideKeys): SideKeys {
  return a === null || RANK[b.fit] > RANK[a.fit] ? b : a;
}

/** The best of several keys for one side; stops at the first that is verified. */
export function bestOf(search: SearchV1, side: Side, list: readonly KeysV1[]): SideKeys | null {
  let best: SideKeys | null = null;
  const targets = targetsOf(search, side);
  for (const keys of list) {
    for (const target of targets) {
      best = better(best, { keys, fit: fitOf(search, keys, target, side) });
      if (best.fit === 'verified') return best;
    }
  }
  return best !== null && best.fit === 'none' ? null : best;
}

/** Tries every candidate with every g^xy on the messages of these sides: the keys are made once for both. */
export function searchCandidates(
  search: SearchV1,
  sides: readonly Side[],
): Readonly<Record<Side, SideKeys | null>> {
  const { facts, shared, groups } = search;
  const best: Record<Side, SideKeys | null> = { initiator: null, responder: null };
  const nonces = noncesOf(facts);
  if (nonces === null || facts.auth === 'signature' || facts.auth === 'public-key-encryption') {
    return best;
  }
  const targets = sides.flatMap((side) =>
    targetsOf(search, side)
      .slice(0, 2)
      .map((sealed) => ({ side, sealed })),
  );
  const isOpen = ({ side }: { readonly side: Side }): boolean => best[side]?.fit !== 'verified';
  let left = MOST_DERIVATIONS;
  for (const suite of fittingSuites(search)) {
    const wanted = targets.filter(isOpen).map(({ side, sealed }) => ({
      side,
      sealed,
      ivs: ivsOf(sealed, search.index, facts, suite),
    }));
    if (wanted.length === 0) break;
    const sieve = keySieve(suite, wanted);
    for (const secret of shared) {
      const cipherKey = cipherKeySearch(suite, nonces, secret.value, facts.cookies);
      for (const [number, group] of groups.entries()) {
        if (facts.suiteAssumed && left-- <= 0) return firm(best);
        if (!survives(search.survivors, number)) continue;
        const fitting = sieve(cipherKey(group.secret));
        if (fitting.length === 0) continue;
        const label = group.labels[0] ?? '';
        const keys = candidateKeysV1(facts, suite, nonces, secret, group.secret, number, label);
        for (const { side, sealed } of fitting.filter(isOpen)) {
          best[side] = better(best[side], { keys, fit: fitOf(search, keys, sealed, side) });
        }
        if (!targets.some(isOpen)) return best;
      }
    }
  }
  return firm(best);
}

/** A message that opens in part only is no sign of the right key among many. */
function firm(best: Readonly<Record<Side, SideKeys | null>>): Record<Side, SideKeys | null> {
  const of = (found: SideKeys | null): SideKeys | null =>
    found !== null && (found.fit === 'none' || found.fit === 'partly') ? null : found;
  return { initiator: of(best.initiator), responder: of(best.responder) };
}

/** Without a negotiation the ciphertext lengths still rule out the larger block. */
function fittingSuites(search: SearchV1): FactsV1['suites'] {
  if (!search.facts.suiteAssumed) return search.facts.suites;
  const odd = search.sealed.some(({ body, cut }) => !cut && body.length % 16 === 8);
  return search.facts.suites.filter(
    ({ cipher }) => (cipher !== 'aes' && cipher !== 'camellia') || !odd,
  );
}
