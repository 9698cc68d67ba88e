import type { Exchange } from '../model/exchange.ts';
import type { CandidatePsk, KeyMaterial } from '../model/key-material.ts';
import { decryptV1 } from './decrypt-v1.ts';
import { decryptV2 } from './decrypt-v2.ts';
import { isCompleted, notificationsOf } from './facts.ts';
import { groupCandidates } from './psk-groups.ts';

/**
 * Opens what the key material opens and decides every candidate PSK that can be decided. Exchanges
 * come back in the same order; what stays closed says exactly why. Never throws on input.
 */
export function decryptExchanges(
  exchanges: readonly Exchange[],
  material: readonly KeyMaterial[],
  candidates: readonly CandidatePsk[],
): readonly Exchange[] {
  if (material.length === 0 && candidates.length === 0) return exchanges;
  const groups = groupCandidates(candidates);
  return exchanges.map((exchange) => {
    const decrypted =
      exchange.version === 1
        ? decryptV1(exchange, material, groups)
        : decryptV2(exchange, material, groups);
    return {
      ...decrypted,
      notifications: notificationsOf(decrypted.messages),
      completed: isCompleted(decrypted),
    };
  });
}
