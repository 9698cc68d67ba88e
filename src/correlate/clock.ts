import type { RouterClock } from '../model/report.ts';
import type { Alignment, Sample } from './align.ts';
import { deviation, median, slope } from './statistics.ts';

/** A router's clock against the reference clock, with what a reader needs to trust it. */
export type ClockEstimate = RouterClock & {
  /** Seconds gained in a million, null when the span is too short to tell. */
  readonly driftPpm: number | null;
};

export const UNKNOWN_CLOCK: ClockEstimate = {
  offsetMs: null,
  jitterMs: null,
  basis: 'no message of it could be joined to the reference clock',
  driftPpm: null,
};

/** A drift below what the jitter alone could feign is not claimed. */
const SPAN_FOR_DRIFT_MS = 60_000;

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Median of the two directions' medians, so that the delay of the path cancels. */
function centred(samples: readonly Sample[], value: (sample: Sample) => number): number {
  const forward = samples.filter((sample) => sample.forward).map(value);
  const backward = samples.filter((sample) => !sample.forward).map(value);
  if (forward.length === 0) return median(backward);
  if (backward.length === 0) return median(forward);
  return (median(forward) + median(backward)) / 2;
}

/**
 * Offset, drift and jitter from all matched messages. The offset holds at the first matched message.
 *
 * @param reference whose clock it is compared with, in words
 */
export function estimateClock(alignments: readonly Alignment[], reference: string): ClockEstimate {
  const samples = alignments.flatMap((alignment) => alignment.samples);
  if (samples.length === 0) return UNKNOWN_CLOCK;
  const start = samples.reduce(
    (least, sample) => Math.min(least, sample.at),
    Number.POSITIVE_INFINITY,
  );
  const span = samples.reduce((most, sample) => Math.max(most, sample.at), start) - start;
  const raw = centred(samples, (sample) => sample.difference);
  const jitterRaw = deviation(
    samples.map((sample) => sample.difference),
    raw,
  );
  const rate =
    span < SPAN_FOR_DRIFT_MS
      ? 0
      : slope(samples.map((sample) => ({ x: sample.at - start, y: sample.difference })));
  // Only a drift that moves the ends further apart than the noise is worth naming.
  const drift = Math.abs(rate) * span > 4 * Math.max(jitterRaw * 0.25, 1) ? rate : 0;
  const level = centred(samples, (sample) => sample.difference - drift * (sample.at - start));
  const jitter = deviation(
    samples.map((sample) => sample.difference - drift * (sample.at - start)),
    level,
  );
  const resolution = alignments.reduce(
    (most, alignment) => Math.max(most, alignment.resolution),
    0,
  );
  const count = `${samples.length} message${samples.length === 1 ? '' : 's'}`;
  const coarse = resolution > 1 ? `; stamps are no finer than ${resolution} ms` : '';
  const moving = drift === 0 ? '' : `; gains ${(drift * 1e6).toFixed(1)} ppm`;
  return {
    offsetMs: round(level),
    jitterMs: round(jitter),
    basis: `${count} matched with ${reference}${moving}${coarse}`,
    driftPpm: span < SPAN_FOR_DRIFT_MS ? null : round(drift * 1e6),
  };
}
