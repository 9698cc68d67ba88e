import { canDecrypt } from '#crypto';
import { blockLengths } from '../crypto/names.ts';
import { deriveSkeyidKeys } from '../crypto/v1/key-schedule.ts';
import { hex } from '../bytes/hex.ts';
import type { Exchange, ExchangeMessage, Side } from '../model/exchange.ts';
import type { KeyMaterial } from '../model/key-material.ts';
import type { SessionKeys } from '../model/session-keys.ts';
import { garbageReadings } from './garbage.ts';
import { factsV1, noncesOf, type FactsV1 } from './facts-v1.ts';
import { binding, explicitKeysV1, sharedSecrets, type BoundMaterial } from './keys-v1.ts';
import { applyMessagesV1 } from './messages-v1.ts';
import {
  indexSealed,
  ivsOf,
  messageIdOctets,
  openV1,
  sealedBody,
  type KeysV1,
  type Sealed,
} from './open-v1.ts';
import type { PskGroup } from './psk-groups.ts';
import type { Survivors } from './screening.ts';
import {
  bestOf,
  groupNonces,
  searchCandidates,
  targetsOf,
  type Fit,
  type SearchV1,
  type SideKeys,
} from './search-v1.ts';
import type { ResultV1, SideResult } from './results-v1.ts';
import type { Solved } from './solved.ts';
import { statusV1 } from './status.ts';
import { decideSide, type SideDecision, type SideProofs } from './verdicts-v1.ts';
import {
  phase1Input,
  phase1Proof,
  phase2Proof,
  type Phase1Proof,
  type Phase2Proof,
} from './verify-v1.ts';

const SIDES: readonly Side[] = ['initiator', 'responder'];

const ID = 5;
const HASH = 8;

export function decryptV1(
  exchange: Exchange,
  material: readonly KeyMaterial[],
  groups: readonly PskGroup[],
  survivors: Survivors,
): Solved {
  const result = solve(exchange, material, groups, survivors);
  const { messages, decryptions } = applyMessagesV1(exchange, result);
  return {
    exchange: {
      ...exchange,
      messages,
      keys: statusV1(result, decryptions, groups),
      garbage: result.garbage,
    },
    keys: sessionOf(exchange, result),
  };
}

/** Indices of the candidates that can have a say in the outcome: those that fit a side, and those whose key opens something. */
export function survivorsV1(
  exchange: Exchange,
  material: readonly KeyMaterial[],
  groups: readonly PskGroup[],
): readonly number[] {
  return factsV1(exchange).flatMap((facts) => {
    const { initiator, responder } = solveWith(facts, exchange, material, groups, null).sides;
    return [initiator, responder].flatMap(({ keys, decision }) => [
      ...decision.fitting,
      ...(keys?.keys.candidate == null ? [] : [keys.keys.candidate]),
    ]);
  });
}

function sessionOf(exchange: Exchange, { sides }: ResultV1): SessionKeys | null {
  const initiatorKey = sides.initiator.keys?.keys.cipherKey ?? null;
  const responderKey = sides.responder.keys?.keys.cipherKey ?? null;
  if (initiatorKey === null && responderKey === null) return null;
  const { id, initiatorCookie, responderCookie } = exchange;
  return { version: 1, exchange: id, initiatorCookie, responderCookie, initiatorKey, responderKey };
}

function solve(
  exchange: Exchange,
  material: readonly KeyMaterial[],
  groups: readonly PskGroup[],
  survivors: Survivors,
): ResultV1 {
  let best: ResultV1 | null = null;
  for (const facts of factsV1(exchange)) {
    const result = solveWith(facts, exchange, material, groups, survivors);
    if (best === null || openness(result) > openness(best)) best = result;
  }
  return best!;
}

const OPENNESS: Readonly<Record<Fit, number>> = { verified: 3, plausible: 2, partly: 1, none: 0 };

/** How well the keys of both sides open what they sent. */
function openness({ sides }: ResultV1): number {
  const of = ({ keys, decision }: SideResult): number =>
    (keys === null ? 0 : OPENNESS[keys.fit]) + (decision.verified === null ? 0 : 3);
  return of(sides.initiator) + of(sides.responder);
}

function solveWith(
  facts: FactsV1,
  exchange: Exchange,
  material: readonly KeyMaterial[],
  groups: readonly PskGroup[],
  survivors: Survivors,
): ResultV1 {
  const bound = material.flatMap((one) => {
    const kind = binding(one, exchange);
    return kind === 'other' ? [] : [{ material: one, bound: kind === 'bound' }];
  });
  const keyed = bound.filter(
    (one): one is BoundMaterial<KeyMaterial & { kind: 'ikev1' }> => one.material.kind === 'ikev1',
  );
  const privates = bound.filter(
    (one): one is BoundMaterial<KeyMaterial & { kind: 'dh-private' }> =>
      one.material.kind === 'dh-private',
  );
  const shared = sharedSecrets(facts, keyed, privates);
  const sealed = distinctSealed(exchange);
  const unsupported =
    facts.suiteUnknown ||
    (!facts.suiteAssumed && facts.suites.every(({ cipher }) => !canDecrypt(cipher)));
  const others = material.filter((one) => binding(one, exchange) === 'other');
  const search: SearchV1 = {
    facts,
    elsewhere:
      others.find(({ initiatorCookie }) => initiatorCookie !== null)?.initiatorCookie ?? null,
    unsupported,
    sealed,
    index: indexSealed(sealed),
    shared,
    groups,
    survivors,
    clearIds: {
      initiator: clearBody(exchange, 'i2r', ID),
      responder: clearBody(exchange, 'r2i', ID),
    },
  };
  const explicit = explicitKeysV1(facts, keyed, shared);
  const keysOf = findSideKeys(
    search,
    explicit.map(({ keys }) => keys),
  );
  const sides = {
    initiator: sideResult(exchange, search, 'initiator', keysOf.initiator),
    responder: sideResult(exchange, search, 'responder', keysOf.responder),
  };
  return {
    search,
    sides,
    tried: explicit.filter((one) => one.bound).map(({ keys }) => keys),
    garbage: garbageReadings(search, sides, noncesOf(facts)),
  };
}

/** Each side on its own: a mismatch gives the two of them different keys. */
function findSideKeys(
  search: SearchV1,
  explicit: readonly KeysV1[],
): Readonly<Record<Side, SideKeys | null>> {
  const given = {
    initiator: bestOf(search, 'initiator', explicit),
    responder: bestOf(search, 'responder', explicit),
  };
  const open = SIDES.filter((side) => given[side] === null || given[side].fit === 'partly');
  const found = searchCandidates(search, open);
  const own = {
    initiator: found.initiator ?? given.initiator,
    responder: found.responder ?? given.responder,
  };
  // The other side's messages may be the only whole ones.
  const other = (side: Side): readonly KeysV1[] => (own[side] === null ? [] : [own[side].keys]);
  return {
    initiator: own.initiator ?? bestOf(search, 'initiator', other('responder')),
    responder: own.responder ?? bestOf(search, 'responder', other('initiator')),
  };
}

/** Every distinct ciphertext once, in order of first sight. */
function distinctSealed(exchange: Exchange): readonly Sealed[] {
  const seen = new Set<string>();
  const list: Sealed[] = [];
  for (const entry of exchange.messages) {
    if (!entry.encrypted || entry.partOf !== null) continue;
    const print = hex(entry.message.pdu.bytes);
    if (seen.has(print)) continue;
    seen.add(print);
    const { body, cut } = sealedBody(entry.message);
    const side =
      entry.direction === null ? null : entry.direction === 'i2r' ? 'initiator' : 'responder';
    list.push({ message: entry.message, side, body, cut, order: list.length });
  }
  return list;
}

function clearBody(exchange: Exchange, direction: 'i2r' | 'r2i', type: number): Uint8Array | null {
  for (const { encrypted, direction: own, payloads } of exchange.messages) {
    if (encrypted || own !== direction) continue;
    const found = payloads.find((payload) => payload.type === type);
    if (found !== undefined) return found.body.bytes;
  }
  return null;
}

function sideResult(
  exchange: Exchange,
  search: SearchV1,
  side: Side,
  keys: SideKeys | null,
): SideResult {
  const proofs = proofsOf(exchange, search, side, keys);
  const decision = decideSide(search, side, keys, proofs);
  return { keys: enriched(search, keys, decision), decision, proofs };
}

/** Where a candidate was decided by HASH_I or HASH_R, its SKEYID (and with g^xy SKEYID_a) verify the rest. */
function enriched(
  search: SearchV1,
  keys: SideKeys | null,
  decision: SideDecision,
): SideKeys | null {
  if (keys === null || decision.skeyid === null || keys.keys.skeyid !== null) return keys;
  const { skeyid } = decision;
  const secret = search.shared[0];
  const { cookies } = search.facts;
  const hash = keys.keys.suite.hash;
  const skeyidA =
    keys.keys.skeyidA ??
    (secret === undefined ? null : deriveSkeyidKeys(hash, skeyid, secret.value, cookies).skeyidA);
  return {
    fit: 'verified',
    keys: { ...keys.keys, skeyid, skeyidA, candidate: decision.verified },
  };
}

/** Everything that one side left behind that decides a key. */
function proofsOf(
  exchange: Exchange,
  search: SearchV1,
  side: Side,
  found: SideKeys | null,
): SideProofs {
  const { facts, sealed, index } = search;
  const own = sealed.filter((one) => one.side === null || one.side === side);
  const phase1: Phase1Proof[] = clearProofs(exchange, search, side);
  const phase2: Phase2Proof[] = [];
  let proofFrame: number | null = null;
  if (found !== null) {
    for (const one of own.slice(0, MOST_PROOFS)) {
      const opened = openV1(found.keys, one, ivsOf(one, index, facts, found.keys.suite));
      if (opened?.kind !== 'whole') continue;
      const { plaintext, walk } = opened;
      const { frame, header } = one.message;
      if (header.messageId === 0) {
        const proof = phase1Proof(
          facts,
          side,
          frame,
          plaintext,
          walk.payloads,
          search.clearIds[side],
        );
        if (proof !== null) phase1.push(proof);
        continue;
      }
      const nonces = groupNonces(search, found.keys, one);
      const id = messageIdOctets(header.messageId);
      const proof = phase2Proof(frame, id, plaintext, walk.payloads, walk.end, nonces);
      if (proof !== null) {
        proofFrame ??= frame;
        phase2.push(proof);
      }
    }
  }
  const target = targetsOf(search, side).find(
    (one) => !one.cut && one.body.length % blockOf(search) === 0,
  );
  const sealedFrame = proofFrame ?? target?.message.frame ?? null;
  return { phase1, phase2, sealedFrame, sealedStep: stepOf(exchange, sealedFrame) };
}

const MOST_PROOFS = 32;

function blockOf(search: SearchV1): number {
  const suite = search.facts.suites[0];
  return suite === undefined || search.facts.suiteAssumed ? 8 : blockLengths[suite.cipher];
}

function stepOf(exchange: Exchange, frame: number | null): string | null {
  return exchange.messages.find((entry) => entry.message.frame === frame)?.step ?? null;
}

/** HASH_R of AM2, and HASH_I of an AM3 in clear. */
function clearProofs(exchange: Exchange, search: SearchV1, side: Side): Phase1Proof[] {
  const direction = side === 'initiator' ? 'i2r' : 'r2i';
  const idBody = search.clearIds[side];
  if (idBody === null) return [];
  const input = phase1Input(search.facts, side, idBody);
  if (input === null) return [];
  return exchange.messages
    .filter((entry) => isClearPhase1(entry) && entry.direction === direction)
    .flatMap((entry) =>
      entry.payloads
        .filter(({ type, body, length }) => type === HASH && body.bytes.length === length - 4)
        .map((payload) => ({
          side,
          frame: entry.message.frame,
          check: side === 'initiator' ? ('HASH_I' as const) : ('HASH_R' as const),
          input,
          hash: payload.body.bytes,
        })),
    );
}

function isClearPhase1(entry: ExchangeMessage): boolean {
  const { messageId, exchangeType } = entry.message.header;
  return !entry.encrypted && messageId === 0 && exchangeType !== 5;
}
