import { median } from './statistics.ts';

/** One message seen from two sides: `at` by the reference clock, `difference` what the other clock shows more. Milliseconds. */
export type Sample = {
  readonly at: number;
  readonly difference: number;
  readonly forward: boolean;
  /** Where the other log has it. */
  readonly place: LogPlace | null;
  /** Where the reference has it, if that is a log. */
  readonly referencePlace: LogPlace | null;
};

/** A line, and the stretch between two breaks of its clock in which it stands. */
export type LogPlace = { readonly input: string; readonly line: number; readonly region: number };

/** A message may be logged this much later than it passed: a slow Diffie-Hellman, a busy console. */
export const DELAY_MS = 400;

/** The stretch of a log in which a message stands. */
export const regionOf = ({ place }: Sample): string =>
  place === null ? '' : `${place.region} ${place.input}`;

/** Delays of the two directions pull against each other, so each has its own median and the centre is between. */
export function centre<S extends Pick<Sample, 'difference' | 'forward'>>(
  samples: readonly S[],
  value: (sample: S) => number = ({ difference }) => difference,
): number {
  const forward = samples.filter((sample) => sample.forward).map(value);
  const backward = samples.filter((sample) => !sample.forward).map(value);
  if (forward.length === 0) return median(backward);
  if (backward.length === 0) return median(forward);
  return (median(forward) + median(backward)) / 2;
}
