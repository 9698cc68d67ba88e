import { hex } from '../bytes/hex.ts';
import type { CandidatePsk } from '../model/key-material.ts';

/** Candidates of one value: tested once, told under every label. */
export type PskGroup = {
  readonly secret: Uint8Array;
  /** In order of their text, so that the first does not hang on which file was read first. */
  readonly labels: readonly string[];
};

/** Groups in order of the first candidate that holds the value. */
export function groupCandidates(candidates: readonly CandidatePsk[]): readonly PskGroup[] {
  const groups = new Map<string, { secret: Uint8Array; labels: string[] }>();
  for (const { secret, label } of candidates) {
    const key = hex(secret);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { secret, labels: [label] });
    else if (!group.labels.includes(label)) group.labels.push(label);
  }
  for (const { labels } of groups.values()) labels.sort();
  return [...groups.values()];
}

const MOST_NAMED = 2;

/** A proven value by everything that holds it. A packet shows a value, never which of its holders it was taken from. */
export function valueOf({ labels }: PskGroup): string {
  if (labels.length < 2) return `the value of ${labels[0] ?? 'a candidate'}`;
  const more = labels.length - MOST_NAMED;
  const named =
    more > 0 ? [...labels.slice(0, MOST_NAMED), `${String(more)} more`] : labels.slice();
  return `a value that ${String(labels.length)} keys hold (${named.slice(0, -1).join(', ')} and ${named.at(-1) ?? ''})`;
}

/** Where the value that one side is proven to have used is held. */
export type Holders = {
  /** Distinct router and keyring pairs; candidates without a keyring are left out. */
  readonly keyrings: readonly { readonly router: string | null; readonly keyring: string }[];
  /** False where several keyrings hold the value: then no packet can tell which one was selected. */
  readonly decidable: boolean;
};

/**
 * Which keyrings hold the value of a verified candidate. A packet shows which value was used, never
 * which keyring it came from: with more than one holder that is undecidable from packets.
 */
export function keyringsHolding(
  label: string,
  candidates: readonly CandidatePsk[],
  router: string | null = null,
): Holders {
  const found = candidates.find((candidate) => candidate.label === label);
  if (found === undefined) return { keyrings: [], decidable: false };
  const value = hex(found.secret);
  const seen = new Map<string, { router: string | null; keyring: string }>();
  for (const candidate of candidates) {
    if (candidate.keyring === null || hex(candidate.secret) !== value) continue;
    if (router !== null && candidate.router !== router) continue;
    seen.set(JSON.stringify([candidate.router, candidate.keyring]), {
      router: candidate.router,
      keyring: candidate.keyring,
    });
  }
  return { keyrings: [...seen.values()], decidable: seen.size === 1 };
}
