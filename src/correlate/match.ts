import type { JoinStrength } from '../model/incident.ts';
import type { Alignment } from './align.ts';
import { coherence } from './align.ts';
import { NO_END_NAMED, OTHER_RHYTHM } from './compatible.ts';
import { DELAY_MS } from './sample.ts';

/** What speaks against one pair of views, and how they lie side by side. */
export type Comparison = {
  readonly objection: string | null;
  /** Null when there is an objection. */
  readonly alignment: Alignment | null;
  /** They tell of different ends, so that they are one only where more than the distances between messages says so. */
  readonly isDoubted?: boolean;
};

/** How the views of two observers are to be compared. */
export type Matcher<A, B> = {
  /** Those that can be meant at all, so that peers who never met are not compared. */
  readonly rightsFor: (left: A) => readonly B[];
  /** A mark that only one pair can share; null without one. */
  readonly exact: (left: A, right: B) => string | null;
  readonly compare: (left: A, right: B) => Comparison;
  /** On what a pair rests apart from the times, in words. */
  readonly grounds: string;
  /** When a view begins, by its own clock in milliseconds; null without times. */
  readonly startLeft: (left: A) => number | null;
  readonly startRight: (right: B) => number | null;
  /** Both clocks are synchronised, so that a small offset may decide between equals. */
  readonly trusted: boolean;
};

export type Pairing<A, B> = {
  readonly left: A;
  readonly right: B;
  readonly strength: JoinStrength;
  readonly by: string;
  readonly alignment: Alignment;
};

export type Refusal<A, B> = {
  readonly left: A;
  readonly right: B;
  /** In words. */
  readonly why: string;
  /** Nothing speaks against it, and others fit as well. */
  readonly isAmbiguous: boolean;
};

export type Matching<A, B> = {
  readonly pairs: readonly Pairing<A, B>[];
  readonly refused: readonly Refusal<A, B>[];
};

type Candidate<A, B> = {
  readonly left: A;
  readonly right: B;
  readonly alignment: Alignment;
  readonly isDoubted: boolean;
};

/** A quartz that is worse than this is broken. */
const DRIFT = 250e-6;
/** Share of the messages whose times must lie together. */
const COHERENCE = 0.6;
const BIN_MS = 1000;
/** Clocks that lie so near are set by one source. */
const NEAR_MS = 2 * BIN_MS;
const MAX_BINS = 64;
/** Pairs that are compared in full; of more, a sample finds the offset and the offset finds the pairs. */
const MOST_PAIRS = 20_000;
/** The first messages of an attempt may be missing on either side, which moves its beginning. */
const WINDOW_MS = 90_000;

const SEVERAL_FIT = 'several attempts between these peers fit equally well';

/** A buffer that begins or ends within an attempt. */
const MOSTLY_ABSENT = 'most messages of one are absent from the other';
const NOTHING_COMMON = 'they have no message in common';
const OTHER_PACE = 'the times between the messages do not fit';
const OTHER_OFFSET = 'it fits no common clock offset';

/** Reasons not to join that prove nothing: what is absent may be in neither by chance, and clocks may be set. */
const UNPROVEN: ReadonlySet<string> = new Set([
  SEVERAL_FIT,
  MOSTLY_ABSENT,
  NOTHING_COMMON,
  OTHER_PACE,
  OTHER_OFFSET,
  NO_END_NAMED,
  OTHER_RHYTHM,
]);

/** Whether a reason not to join two views shows that they tell of two attempts. */
export const provesStrangers = (why: string): boolean => !UNPROVEN.has(why);

/** Messages whose times agree by themselves, without those that are absent. */
const TELLING = 4;

const tolerance = (alignment: Alignment): number => DELAY_MS + alignment.resolution;
const timed = (alignment: Alignment): boolean => alignment.samples.length > 0;

function acceptable<A, B>(left: A, right: B, comparison: Comparison): Candidate<A, B> | string {
  const { alignment, objection } = comparison;
  if (objection !== null) return objection;
  if (alignment === null || alignment.common === 0) return NOTHING_COMMON;
  if (alignment.missing > alignment.common) {
    return MOSTLY_ABSENT;
  }
  if (coherence(alignment, tolerance(alignment)) < COHERENCE) {
    return OTHER_PACE;
  }
  return { left, right, alignment, isDoubted: comparison.isDoubted === true };
}

/**
 * Pairs the views of one observer with those of another, one to one. Exact marks come first. What is left must agree
 * on one clock offset: the offset that pairs most attempts wins, and where two offsets pair equally many, none does.
 */
export function matchViews<A, B>(lefts: readonly A[], matcher: Matcher<A, B>): Matching<A, B> {
  const { grounds, trusted } = matcher;
  const pairs: Pairing<A, B>[] = [];
  const refused: Refusal<A, B>[] = [];
  const sparse: { readonly left: A; readonly right: B }[] = [];
  const takenLeft = new Set<A>();
  const takenRight = new Set<B>();
  const take = (candidate: Candidate<A, B>, strength: JoinStrength, by: string): void => {
    takenLeft.add(candidate.left);
    takenRight.add(candidate.right);
    pairs.push({ ...candidate, strength, by });
  };

  for (const left of lefts) {
    for (const right of matcher.rightsFor(left)) {
      const mark = takenRight.has(right) ? null : matcher.exact(left, right);
      if (mark === null) continue;
      const { objection, alignment } = matcher.compare(left, right);
      if (objection !== null || alignment === null) continue;
      take({ left, right, alignment, isDoubted: false }, 'exact', `${mark}; ${grounds}`);
      break;
    }
  }

  const rightsOf = (left: A): readonly B[] =>
    matcher.rightsFor(left).filter((right) => !takenRight.has(right));
  const gather = (some: readonly A[], rights: (left: A) => readonly B[]): Candidate<A, B>[] =>
    some.flatMap((left) =>
      rights(left).flatMap((right) => {
        const verdict = acceptable(left, right, matcher.compare(left, right));
        if (typeof verdict !== 'string') return [verdict];
        refused.push({ left, right, why: verdict, isAmbiguous: false });
        if (verdict === MOSTLY_ABSENT) sparse.push({ left, right });
        return [];
      }),
    );

  const left = lefts.filter((view) => !takenLeft.has(view));
  const anchors = pairs.map((pair) => pair.alignment).filter(timed);
  const total = left.reduce((sum, view) => sum + matcher.rightsFor(view).length, 0);
  const offset =
    total > MOST_PAIRS ? sampledOffset(left, gather, rightsOf, anchors, trusted) : null;
  if (total > MOST_PAIRS && offset === null) return { pairs, refused };
  const candidates = gather(
    left,
    offset === null ? rightsOf : nearOffset(matcher, rightsOf, offset),
  );
  const withTimes = candidates.filter((entry) => timed(entry.alignment));
  const chosen =
    offset === null
      ? byOffset(withTimes, anchors, trusted)
      : fit(withTimes, offset, originOf(withTimes)).entries;
  if (chosen === 'ambiguous') {
    for (const entry of candidates) {
      refused.push({ ...entry, why: SEVERAL_FIT, isAmbiguous: true });
    }
    return { pairs, refused };
  }
  const isShared = anchors.length > 0 || chosen.some(({ isDoubted }) => !isDoubted);
  const isClose = ({ alignment }: Candidate<A, B>): boolean => Math.abs(alignment.offset) < NEAR_MS;
  for (const entry of chosen) {
    if (entry.isDoubted && !isShared && !isClose(entry)) continue;
    const { common, spread } = entry.alignment;
    const messages = `${common} message${common === 1 ? '' : 's'} in order`;
    take(entry, 'strong', `${grounds}; ${messages}, times within ${spread.toFixed(0)} ms`);
  }

  const open = (): Candidate<A, B>[] =>
    candidates.filter((entry) => !takenLeft.has(entry.left) && !takenRight.has(entry.right));
  // Without times only the order is left, and it speaks only when there is no choice.
  const rest = open().filter((entry) => !timed(entry.alignment) && !entry.isDoubted);
  const rivalled = new Set<Candidate<A, B>>();
  for (const entry of rest) {
    const rivals = rest.filter((other) => other.left === entry.left || other.right === entry.right);
    if (rivals.length > 1) {
      rivalled.add(entry);
      continue;
    }
    take(entry, 'weak', `${grounds}; the only attempt that fits, no times to compare`);
  }
  const parts = sparse.flatMap(({ left: one, right }) => {
    if (takenLeft.has(one) || takenRight.has(right)) return [];
    const { alignment } = matcher.compare(one, right);
    return alignment !== null && isTelling(alignment, pairs)
      ? [{ left: one, right, alignment }]
      : [];
  });
  for (const entry of parts) {
    const rivals = parts.filter(
      (other) => other.left === entry.left || other.right === entry.right,
    );
    if (rivals.length > 1) continue;
    const { samples, spread } = entry.alignment;
    const by = `${grounds}; one has a part of it, with ${samples.length} times within ${spread.toFixed(0)} ms`;
    take({ ...entry, isDoubted: true }, 'strong', by);
  }
  for (const entry of open()) {
    const isAmbiguous = rivalled.has(entry);
    const why = isAmbiguous ? SEVERAL_FIT : OTHER_OFFSET;
    refused.push({ ...entry, why, isAmbiguous });
  }
  return { pairs, refused };
}

/** Times of a part agree with the clock as it is known from other attempts, or as it should be. */
function isTelling<A, B>(alignment: Alignment, pairs: readonly Pairing<A, B>[]): boolean {
  const { samples, assumed, offset } = alignment;
  const known = pairs.map((pair) => pair.alignment).find(timed)?.offset ?? 0;
  return (
    !assumed &&
    samples.length >= TELLING &&
    Math.abs(offset - known) < NEAR_MS &&
    coherence(alignment, tolerance(alignment)) === 1
  );
}

/** The offset by a sample of the views, spread evenly; null when even that cannot tell. */
function sampledOffset<A, B>(
  lefts: readonly A[],
  gather: (some: readonly A[], rights: (left: A) => readonly B[]) => Candidate<A, B>[],
  rightsOf: (left: A) => readonly B[],
  anchors: readonly Alignment[],
  trusted: boolean,
): number | null {
  const anchor = anchors[0];
  if (anchor !== undefined) return anchor.offset;
  const most = rightsOf(lefts[0]!).length + 1;
  const step = Math.max(1, Math.ceil((lefts.length * most) / MOST_PAIRS));
  const sample = lefts.filter((_, index) => index % step === 0);
  const chosen = byOffset(
    gather(sample, rightsOf).filter((entry) => timed(entry.alignment)),
    [],
    trusted,
  );
  return chosen === 'ambiguous' ? null : (chosen[0]?.alignment.offset ?? null);
}

const nearOffset =
  <A, B>(matcher: Matcher<A, B>, rightsOf: (left: A) => readonly B[], offset: number) =>
  (left: A): readonly B[] => {
    const start = matcher.startLeft(left);
    if (start === null) return [];
    return rightsOf(left).filter((right) => {
      const other = matcher.startRight(right);
      return other !== null && Math.abs(start - other - offset) <= WINDOW_MS;
    });
  };

const originOf = <A, B>(candidates: readonly Candidate<A, B>[]): number =>
  candidates.reduce(
    (least, entry) => Math.min(least, entry.alignment.samples[0]!.at),
    Number.POSITIVE_INFINITY,
  );

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
  const origin = originOf(candidates);
  const offsets =
    anchors.length > 0 ? anchors.map((anchor) => anchor.offset) : likelyOffsets(candidates);
  const fits = offsets.map((offset) => fit(candidates, offset, origin));
  const better = (a: Fit<A, B>, b: Fit<A, B>): number =>
    b.entries.length - a.entries.length ||
    doubts(a) - doubts(b) ||
    missing(a) - missing(b) ||
    a.residual - b.residual;
  const best = [...fits].sort(better)[0]!;
  if (anchors.length > 0) return best.entries;
  const rivals = fits.filter(
    (other) =>
      other.entries.length === best.entries.length &&
      doubts(other) === doubts(best) &&
      missing(other) === missing(best) &&
      other.entries.some((entry) => !best.entries.includes(entry)),
  );
  if (rivals.length === 0) return best.entries;
  const near = [best, ...rivals].filter((entry) => Math.abs(entry.offset) < NEAR_MS);
  const first = near[0];
  const single = near.every((entry) =>
    entry.entries.every((pair) => first!.entries.includes(pair)),
  );
  if (trusted && first !== undefined && single) return first.entries;
  return 'ambiguous';
}

const missing = <A, B>(fitted: Fit<A, B>): number =>
  fitted.entries.reduce((sum, entry) => sum + entry.alignment.missing, 0);

const doubts = <A, B>(fitted: Fit<A, B>): number =>
  fitted.entries.filter(({ isDoubted }) => isDoubted).length;

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
      const limit = 2 * tolerance(entry.alignment) + entry.alignment.slack + DRIFT * away;
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
