/** Robust statistics: an estimate must not move because one sample in three is wrong. */

/** The middle value; of an even number the mean of the two in the middle. NaN when empty. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Median absolute deviation from `centre`. */
export function deviation(values: readonly number[], centre: number): number {
  return median(values.map((value) => Math.abs(value - centre)));
}

/** Milliseconds, to the microsecond that a capture counts. */
export const roundMs = (ms: number): number => Math.round(ms * 1000) / 1000;

/** Pairs beyond this many are thinned evenly, which keeps the slope of Theil and Sen quadratic in a constant. */
const SLOPE_SAMPLES = 200;

/** Theil-Sen: the median slope over all pairs of points; 0 when the points do not spread in x. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const step = Math.max(1, Math.ceil(points.length / SLOPE_SAMPLES));
  const thinned = points.filter((_, index) => index % step === 0);
  const slopes: number[] = [];
  for (let i = 0; i < thinned.length; i += 1) {
    for (let j = i + 1; j < thinned.length; j += 1) {
      const run = thinned[j]!.x - thinned[i]!.x;
      if (run !== 0) slopes.push((thinned[j]!.y - thinned[i]!.y) / run);
    }
  }
  return slopes.length === 0 ? 0 : median(slopes);
}
