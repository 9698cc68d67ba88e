import type { RouterClock } from '../model/report.ts';
import type { Alignment, Sample } from './align.ts';
import { deviation, median, slope } from './statistics.ts';

/** A router's clock against the reference clock, with what a reader needs to trust it. */
export type ClockEstimate = RouterClock & {
  /** Seconds gained in a million, null when the span is too short to tell. */
  readonly driftPpm: number | null;
  /** How far the offset may be from the truth because the stamps are coarse. */
  readonly doubtMs: number;
};

export const UNKNOWN_CLOCK: ClockEstimate = {
  offsetMs: null,
  jitterMs: null,
  basis: 'no message of it could be joined to the reference clock',
  driftPpm: null,
  doubtMs: 0,
};

/** An offset in more doubt than this places a log well enough, but is no measurement. */
export const MOST_DOUBT_MS = 50;

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
 * A stamp that is cut to whole seconds lies up to one second before the event, so that each message allows a range of
 * offsets; the truth is in all of them. Jitter can leave nothing in common.
 */
function withinStamps(
  differences: readonly number[],
  level: number,
  resolution: number,
): { readonly offset: number; readonly doubt: number } {
  const least = differences.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY);
  const most =
    differences.reduce((low, each) => Math.min(low, each), Number.POSITIVE_INFINITY) + resolution;
  if (least >= most) return { offset: level + resolution / 2, doubt: resolution / 2 };
  return { offset: (least + most) / 2, doubt: (most - least) / 2 };
}

/**
 * Offset, drift and jitter from all matched messages. The offset holds at the first matched message.
 *
 * @param reference whose clock it is compared with, in words
 * @param exact whether the reference clock has no coarse stamps of its own
 */
export function estimateClock(
  alignments: readonly Alignment[],
  reference: string,
  exact: boolean,
): ClockEstimate {
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
  const resolution = alignments.reduce(
    (most, alignment) => Math.max(most, alignment.resolution),
    0,
  );
  // Only a drift that moves the ends further apart than the noise is worth naming.
  const drift = Math.abs(rate) * span > 4 * Math.max(jitterRaw * 0.25, resolution, 1) ? rate : 0;
  const steady = (sample: Sample): number => sample.difference - drift * (sample.at - start);
  const level = centred(samples, steady);
  const jitter = deviation(samples.map(steady), level);
  const coarsely = resolution > MOST_DOUBT_MS;
  const { offset, doubt } =
    exact && coarsely
      ? withinStamps(samples.map(steady), level, resolution)
      : { offset: level, doubt: coarsely ? resolution : 0 };
  const count = `${samples.length} message${samples.length === 1 ? '' : 's'}`;
  const range =
    doubt > MOST_DOUBT_MS
      ? `, so the offset is only known as ${offset.toFixed(0)} ms give or take ${doubt.toFixed(0)} ms`
      : '';
  const coarse = resolution > 1 ? `; stamps are no finer than ${resolution} ms${range}` : '';
  const moving = drift === 0 ? '' : `; gains ${(drift * 1e6).toFixed(1)} ppm`;
  return {
    offsetMs: round(offset),
    jitterMs: round(jitter),
    basis: `${count} matched with ${reference}${moving}${coarse}`,
    driftPpm: span < SPAN_FOR_DRIFT_MS ? null : round(drift * 1e6),
    doubtMs: doubt,
  };
}
