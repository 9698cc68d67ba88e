import type { Exchange } from '../model/exchange.ts';
import type { CandidatePsk, KeyMaterial } from '../model/key-material.ts';
import { decryptV1 } from './decrypt-v1.ts';
import { decryptV2 } from './decrypt-v2.ts';
import { isCompleted, notificationsOf } from './facts.ts';
import { groupCandidates } from './psk-groups.ts';
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

/** As `decryptExchanges`, together with the keys that opened each exchange. */
export function solveExchanges(
  exchanges: readonly Exchange[],
  material: readonly KeyMaterial[],
  candidates: readonly CandidatePsk[],
): readonly Solved[] {
  if (material.length === 0 && candidates.length === 0) {
    return exchanges.map((exchange) => ({ exchange, keys: null }));
  }
  const groups = groupCandidates(candidates);
  return exchanges.map((exchange) => {
    const solve = exchange.version === 1 ? decryptV1 : decryptV2;
    const { exchange: opened, keys } = solve(exchange, material, groups);
    return {
      exchange: {
        ...opened,
        notifications: notificationsOf(opened.messages),
        completed: isCompleted(opened),
      },
      keys,
    };
  });
}
