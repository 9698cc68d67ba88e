import type { JoinStrength } from '../model/incident.ts';
import type { Alignment } from './align.ts';
import { coherence } from './align.ts';

/** What speaks for and against one pair of views. */
export type Comparison = {
  readonly exact: string | null;
  readonly objection: string | null;
  /** Null when there is an objection. */
  readonly alignment: Alignment | null;
  /** On what the pair rests apart from the times, in words. */
  readonly grounds: string;
};

export type Pairing<A, B> = {
  readonly left: A;
  readonly right: B;
  readonly strength: JoinStrength;
  readonly by: string;
  readonly alignment: Alignment;
};

export type Refusal<A, B> = { readonly left: A; readonly right: B; readonly why: string };

export type Matching<A, B> = {
  readonly pairs: readonly Pairing<A, B>[];
  readonly refused: readonly Refusal<A, B>[];
};

type Candidate<A, B> = {
  readonly left: A;
  readonly right: B;
  readonly comparison: Comparison;
  readonly alignment: Alignment;
};

/** A message may be logged this much later than it passed: a slow Diffie-Hellman, a busy console. */
const DELAY_MS = 400;
/** A quartz that is worse than this is broken. */
const DRIFT = 250e-6;
/** Share of the messages whose times must lie together. */
const COHERENCE = 0.6;
const BIN_MS = 1000;
const MAX_BINS = 64;

const tolerance = (alignment: Alignment): number => DELAY_MS + alignment.resolution;
const timed = (alignment: Alignment): boolean => alignment.samples.length > 0;

function acceptable<A, B>(left: A, right: B, comparison: Comparison): Candidate<A, B> | string {
  const { alignment, objection } = comparison;
  if (objection !== null) return objection;
  if (alignment === null || alignment.common === 0) return 'they have no message in common';
  if (alignment.missing > alignment.common) {
    return 'most messages of one are absent from the other';
  }
  if (coherence(alignment, tolerance(alignment)) < COHERENCE) {
    return 'the times between the messages do not fit';
  }
  return { left, right, comparison, alignment };
}

/**
 * Pairs the views of one observer with those of another, one to one. Exact marks come first. What is left must agree
 * on one clock offset: the offset that pairs most attempts wins, and where two offsets pair equally many, none does.
 *
 * `rightsFor`: those that can be meant at all, so that peers who never met are not compared.
 * `trusted`: both clocks are synchronised, so that a small offset may decide between equals.
 */
export function matchViews<A, B>(
  lefts: readonly A[],
  rightsFor: (left: A) => readonly B[],
  compare: (left: A, right: B) => Comparison,
  trusted: boolean,
): Matching<A, B> {
  const pairs: Pairing<A, B>[] = [];
  const refused: Refusal<A, B>[] = [];
  const takenLeft = new Set<A>();
  const takenRight = new Set<B>();
  const candidates: Candidate<A, B>[] = [];

  const take = (candidate: Candidate<A, B>, strength: JoinStrength, by: string): void => {
    takenLeft.add(candidate.left);
    takenRight.add(candidate.right);
    const { left, right, alignment } = candidate;
    pairs.push({ left, right, strength, by, alignment });
  };

  for (const left of lefts) {
    for (const right of rightsFor(left)) {
      const comparison = compare(left, right);
      const { exact, objection, alignment } = comparison;
      if (exact !== null && objection === null && alignment !== null) {
        if (takenLeft.has(left) || takenRight.has(right)) continue;
        take({ left, right, comparison, alignment }, 'exact', `${exact}; ${comparison.grounds}`);
        continue;
      }
      const verdict = acceptable(left, right, comparison);
      if (typeof verdict === 'string') refused.push({ left, right, why: verdict });
      else candidates.push(verdict);
    }
  }

  const open = (): Candidate<A, B>[] =>
    candidates.filter((entry) => !takenLeft.has(entry.left) && !takenRight.has(entry.right));

  const anchors = pairs.map((pair) => pair.alignment).filter(timed);
  const chosen = byOffset(
    open().filter((entry) => timed(entry.alignment)),
    anchors,
    trusted,
  );
  if (chosen === 'ambiguous') {
    for (const { left, right } of open()) {
      refused.push({ left, right, why: 'several attempts between these peers fit equally well' });
    }
    return { pairs, refused };
  }
  for (const entry of chosen) {
    const { common, spread } = entry.alignment;
    const messages = `${common} message${common === 1 ? '' : 's'} in order`;
    take(
      entry,
      'strong',
      `${entry.comparison.grounds}; ${messages}, times within ${spread.toFixed(0)} ms`,
    );
  }

  // Without times only the order is left, and it speaks only when there is no choice.
  const rest = open().filter((entry) => !timed(entry.alignment));
  for (const entry of rest) {
    const rivals = rest.filter((other) => other.left === entry.left || other.right === entry.right);
    if (rivals.length === 1) {
      take(
        entry,
        'weak',
        `${entry.comparison.grounds}; the only attempt that fits, no times to compare`,
      );
    }
  }
  for (const { left, right } of open()) {
    refused.push({ left, right, why: 'it fits no common clock offset' });
  }
  return { pairs, refused };
}

type Fit<A, B> = {
  readonly entries: readonly Candidate<A, B>[];
  readonly offset: number;
  readonly residual: number;
};

function byOffset<A, B>(
  candidates: readonly Candidate<A, B>[],
  anchors: readonly Alignment[],
  trusted: boolean,
): readonly Candidate<A, B>[] | 'ambiguous' {
  if (candidates.length === 0) return [];
  const origin = Math.min(...candidates.map((entry) => entry.alignment.samples[0]!.at));
  const offsets =
    anchors.length > 0 ? anchors.map((anchor) => anchor.offset) : likelyOffsets(candidates);
  const fits = offsets.map((offset) => fit(candidates, offset, origin));
  const better = (a: Fit<A, B>, b: Fit<A, B>): number =>
    b.entries.length - a.entries.length || missing(a) - missing(b) || a.residual - b.residual;
  const best = [...fits].sort(better)[0]!;
  if (anchors.length > 0) return best.entries;
  const rivals = fits.filter(
    (other) =>
      other.entries.length === best.entries.length &&
      missing(other) === missing(best) &&
      other.entries.some((entry) => !best.entries.includes(entry)),
  );
  if (rivals.length === 0) return best.entries;
  const near = [best, ...rivals].filter((entry) => Math.abs(entry.offset) < 2 * BIN_MS);
  const first = near[0];
  const single = near.every((entry) =>
    entry.entries.every((pair) => first!.entries.includes(pair)),
  );
  if (trusted && first !== undefined && single) return first.entries;
  return 'ambiguous';
}

const missing = <A, B>(fitted: Fit<A, B>): number =>
  fitted.entries.reduce((sum, entry) => sum + entry.alignment.missing, 0);

/** The offsets that most pairs vote for, one for each populated second. */
function likelyOffsets<A, B>(candidates: readonly Candidate<A, B>[]): readonly number[] {
  const bins = new Map<number, { votes: number; offset: number }>();
  for (const { alignment } of candidates) {
    const bin = Math.round(alignment.offset / BIN_MS);
    const entry = bins.get(bin);
    if (entry === undefined) bins.set(bin, { votes: 1, offset: alignment.offset });
    else entry.votes += 1;
  }
  return [...bins.values()]
    .sort((a, b) => b.votes - a.votes || Math.abs(a.offset) - Math.abs(b.offset))
    .slice(0, MAX_BINS)
    .map((entry) => entry.offset);
}

/** Takes, one to one, every pair that lies near the offset, the nearest first. */
function fit<A, B>(
  candidates: readonly Candidate<A, B>[],
  offset: number,
  origin: number,
): Fit<A, B> {
  const near = candidates
    .map((entry) => {
      const away = Math.abs(entry.alignment.samples[0]!.at - origin);
      const limit = 2 * tolerance(entry.alignment) + DRIFT * away;
      return { entry, residual: Math.abs(entry.alignment.offset - offset), limit };
    })
    .filter(({ residual, limit }) => residual <= limit)
    .sort((a, b) => a.residual - b.residual);
  const lefts = new Set<A>();
  const rights = new Set<B>();
  const entries: Candidate<A, B>[] = [];
  let total = 0;
  for (const { entry, residual } of near) {
    if (lefts.has(entry.left) || rights.has(entry.right)) continue;
    lefts.add(entry.left);
    rights.add(entry.right);
    entries.push(entry);
    total += residual;
  }
  return { entries, offset, residual: total };
}
