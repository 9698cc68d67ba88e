/** One message and its repetitions, as two observers saw them. */

/** Times in milliseconds; null where the observer noted none. */
export type Series = readonly (number | null)[];

export type Pairs = {
  /** Indices into both series. */
  readonly pairs: readonly (readonly [left: number, right: number])[];
  /** Other pairs would fit as well. */
  readonly assumed: boolean;
};

const MOST = 32;

/**
 * Which repetition of the one is which of the other. Either may lack some: a capture that begins late, a buffer that was
 * overwritten. The gaps between retransmissions are told apart (4, 7, 13, 23 seconds), so that one offset fits most of
 * them; where the gaps are all alike, or there is only one, several fit, and the first two are taken for one another.
 *
 * @param offsets at which others of the same clock lie, which decide where they fit
 */
export function pairSeries(
  left: Series,
  right: Series,
  offsets: readonly number[],
  toleranceMs: number,
): Pairs {
  if (left.length === 1 && right.length === 1) return { pairs: inOrder(1), assumed: false };
  const isTimed = (ms: number | null): ms is number => ms !== null;
  const lefts = left.slice(0, MOST).filter(isTimed);
  const rights = right.slice(0, MOST).filter(isTimed);
  if (left.includes(null) || right.includes(null)) {
    return left.length === right.length
      ? { pairs: inOrder(left.length), assumed: false }
      : { pairs: [[0, 0]], assumed: true };
  }
  const fitAt = (offset: number): Pairs['pairs'] => matched(lefts, rights, offset, toleranceMs);
  const known = longest(offsets.map(fitAt));
  if (left.length === right.length && inStep(lefts, rights, toleranceMs) >= known.length) {
    const all = inOrder(left.length);
    const shifted = longest(differences(lefts, rights).map(fitAt));
    if (inStep(lefts, rights, toleranceMs) >= shifted.length) return { pairs: all, assumed: false };
  }
  if (known.length > 0) return { pairs: known, assumed: false };
  const fits = differences(lefts, rights).map((offset) => ({ offset, pairs: fitAt(offset) }));
  const most = Math.max(...fits.map(({ pairs }) => pairs.length));
  const likely = fits.filter(({ pairs }) => pairs.length === most);
  const rivals = likely.some(
    ({ offset }) => Math.abs(offset - likely[0]!.offset) > 2 * toleranceMs,
  );
  return rivals || most < LEAST
    ? { pairs: [[0, 0]], assumed: true }
    : { pairs: likely[0]!.pairs, assumed: false };
}

/** Two gaps that agree are a fingerprint; a single one is not. */
const LEAST = 3;

const inOrder = (length: number): Pairs['pairs'] =>
  Array.from({ length }, (_, index) => [index, index] as const);

const longest = (all: readonly Pairs['pairs'][]): Pairs['pairs'] =>
  all.reduce((a, b) => (b.length > a.length ? b : a), []);

type Known = readonly number[];

const differences = (left: Known, right: Known): readonly number[] =>
  left.flatMap((a) => right.map((b) => b - a));

/** How many of the first, second, … of both lie at one offset. */
function inStep(left: Known, right: Known, toleranceMs: number): number {
  const apart = left.map((a, index) => right[index]! - a);
  const near = (offset: number): number =>
    apart.filter((each) => Math.abs(each - offset) <= toleranceMs).length;
  return Math.max(...apart.map(near));
}

/** Both in order, each to the next that lies at this offset. */
function matched(left: Known, right: Known, offset: number, toleranceMs: number): Pairs['pairs'] {
  const pairs: (readonly [number, number])[] = [];
  let next = 0;
  for (const [index, a] of left.entries()) {
    const found = right.findIndex((b, at) => at >= next && Math.abs(b - a - offset) <= toleranceMs);
    if (found < 0) continue;
    pairs.push([index, found]);
    next = found + 1;
  }
  return pairs;
}
