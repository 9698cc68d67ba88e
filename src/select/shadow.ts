import type { ConfigModel } from '../model/config.ts';
import type { LostCandidate } from '../model/selection.ts';
import { keyIndex } from './key-index.ts';
import type { PlacedKey } from './key-index.ts';
import { GLOBAL_FIRST } from './keyring.ts';

/**
 * Keys of keyrings that lose against the global key at a line only because that one is searched first: at least as
 * specific, so that they would have won or tied. A wider key is not shadowed by a closer one.
 */
export function shadowedKeys(
  model: ConfigModel,
  globalLine: number | null,
  lost: readonly LostCandidate[],
): readonly PlacedKey[] {
  const { all } = keyIndex(model);
  const winner = all.find(
    ({ ring, entry }) => ring.name === 'default' && entry.line === globalLine,
  );
  if (winner === undefined) return [];
  const length = winner.entry.prefixLength ?? -1;
  const lines = new Set(lost.filter((each) => each.lost === GLOBAL_FIRST).map((each) => each.line));
  return all.filter(
    ({ ring, entry }) =>
      ring.name !== 'default' && lines.has(entry.line) && (entry.prefixLength ?? -1) >= length,
  );
}
