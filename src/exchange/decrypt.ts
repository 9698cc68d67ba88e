import type { Exchange } from '../model/exchange.ts';
import type { CandidatePsk, KeyMaterial } from '../model/key-material.ts';
import { decryptV1, survivorsV1 } from './decrypt-v1.ts';
import { decryptV2, survivorsV2, type SolvedV2 } from './decrypt-v2.ts';
import { isCompleted, notificationsOf } from './facts.ts';
import { groupCandidates, type PskGroup } from './psk-groups.ts';
import type { OpenedSa } from './rekeyed.ts';
import type { Screening } from './screening.ts';
import type { Solved } from './solved.ts';

/**
 * Opens what the key material opens and decides every candidate PSK that can be decided. Exchanges
 * come back in the same order; what stays closed says exactly why. Never throws on input.
 */
export function decryptExchanges(
  exchanges: readonly Exchange[],
  material: readonly KeyMaterial[],
  candidates: readonly CandidatePsk[],
): readonly Exchange[] {
  return solveExchanges(exchanges, material, candidates).map(({ exchange }) => exchange);
}

/**
 * As `decryptExchanges`, together with the keys that opened each exchange. What comes out is the same
 * with and without a screening; with one, candidates that it rules out cost nothing.
 */
export function solveExchanges(
  exchanges: readonly Exchange[],
  material: readonly KeyMaterial[],
  candidates: readonly CandidatePsk[],
  screening: Screening = new Map(),
): readonly Solved[] {
  if (material.length === 0 && candidates.length === 0) {
    return exchanges.map((exchange) => ({ exchange, keys: null }));
  }
  const groups = groupCandidates(candidates);
  /** Those of IKEv2 so far: a rekeyed one is agreed on under the keys of the one before it. */
  const sas: OpenedSa[] = [];
  return exchanges.map((exchange) => {
    const survivors = screening.get(exchange.id) ?? null;
    const { exchange: opened, keys } =
      exchange.version === 1
        ? decryptV1(exchange, material, groups, survivors)
        : remembered(decryptV2(exchange, material, groups, survivors, sas), sas);
    return {
      exchange: {
        ...opened,
        notifications: notificationsOf(opened.messages),
        // A successor was agreed on whole before its first message.
        completed: opened.rekeyedFrom !== null || isCompleted(opened),
      },
      keys,
    };
  });
}

function remembered(solved: SolvedV2, sas: OpenedSa[]): Solved {
  if (solved.sa !== null) sas.push(solved.sa);
  return solved;
}

/**
 * For each exchange the indices of those groups that can have a say in what `solveExchanges` says of it.
 * Groups are judged one by one, so a list may be screened in pieces, anywhere and in any order.
 */
export function screenGroups(
  exchanges: readonly Exchange[],
  material: readonly KeyMaterial[],
  groups: readonly PskGroup[],
): readonly (readonly number[])[] {
  return exchanges.map((exchange) =>
    exchange.version === 1
      ? survivorsV1(exchange, material, groups)
      : survivorsV2(exchange, material, groups),
  );
}
