import type { RouterClock } from '../model/report.ts';
import type { Alignment } from './align.ts';
import type { Level } from './clock-levels.ts';
import { MOST_DRIFT, levelAt, levelsOf, setApart } from './clock-levels.ts';
import type { Sample } from './sample.ts';
import { centre } from './sample.ts';
import { deviation, roundMs, slope } from './statistics.ts';

/** A router's clock against the reference clock, with what a reader needs to trust it. */
export type ClockEstimate = RouterClock & {
  /** Seconds gained in a million, null when the span is too short to tell. */
  readonly driftPpm: number | null;
  /** How far the offset may be from the truth because the stamps are coarse. */
  readonly doubtMs: number;
  /** Its offset by lines, where it was set in between; empty where it never was. */
  readonly levels: readonly Level[];
};

const NOTHING: ClockEstimate = {
  offsetMs: null,
  jitterMs: null,
  basis: '',
  driftPpm: null,
  doubtMs: 0,
  levels: [],
};

export const UNKNOWN_CLOCK: ClockEstimate = {
  ...NOTHING,
  basis: 'no message of it could be joined to the reference clock',
};

/** However it was joined. */
export const UNTIMED_CLOCK: ClockEstimate = { ...NOTHING, basis: 'its log has no time stamps' };

/** An offset in more doubt than this places a log well enough, but is no measurement. */
export const MOST_DOUBT_MS = 50;

/** A drift below what the jitter alone could feign is not claimed. */
const SPAN_FOR_DRIFT_MS = 60_000;

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
  const sure = alignments.filter(({ assumed }) => !assumed);
  const used = sure.length > 0 ? sure : alignments;
  const samples = used.flatMap((alignment) => alignment.samples);
  if (samples.length === 0)
    return { ...NOTHING, basis: 'no message that was joined has a time on both sides' };
  const start = samples.reduce(
    (least, sample) => Math.min(least, sample.at),
    Number.POSITIVE_INFINITY,
  );
  const span = samples.reduce((most, sample) => Math.max(most, sample.at), start) - start;
  const resolution = used.reduce((most, alignment) => Math.max(most, alignment.resolution), 0);
  const levels = setApart(levelsOf(samples, resolution), span);
  const unset = levels.length === 0 ? samples : asNeverSet(samples, levels);
  const raw = centre(unset);
  const jitterRaw = deviation(
    unset.map((sample) => sample.difference),
    raw,
  );
  const rate =
    span < SPAN_FOR_DRIFT_MS
      ? 0
      : slope(unset.map((sample) => ({ x: sample.at - start, y: sample.difference })));
  // Only a drift that moves the ends further apart than the noise is worth naming.
  const isNotable = Math.abs(rate) * span > 4 * Math.max(jitterRaw * 0.25, resolution, 1);
  // A clock that was set by too little to show where has no offset but those of its moments.
  const isRestless = isNotable && Math.abs(rate) > MOST_DRIFT && levels.length === 0;
  const isDrift = isNotable && Math.abs(rate) <= MOST_DRIFT && levels.length === 0;
  const drift = isDrift ? rate : 0;
  const steady = (sample: Sample): number => sample.difference - drift * (sample.at - start);
  const level = centre(unset, steady);
  const jitter = deviation(unset.map(steady), level);
  const coarsely = resolution > MOST_DOUBT_MS;
  const { offset, doubt } = isRestless
    ? atFirst(samples, exact && coarsely ? resolution : 0)
    : exact && coarsely
      ? withinStamps(unset.map(steady), level, resolution)
      : { offset: level, doubt: coarsely ? resolution : 0 };
  const isAssumed = sure.length === 0;
  const isSingle = samples.length === 1;
  const count = `${samples.length} message${isSingle ? '' : 's'}`;
  const range =
    doubt > MOST_DOUBT_MS
      ? `, so the offset is only known as ${offset.toFixed(0)} ms give or take ${doubt.toFixed(0)} ms`
      : '';
  const notes = [
    isAssumed
      ? 'an assumption: at least one of the two has it repeatedly, and nothing tells which time is the one that the other has'
      : isSingle
        ? 'there is nothing to check it by'
        : '',
    drift === 0 ? '' : `gains ${(drift * 1e6).toFixed(1)} ppm`,
    isRestless
      ? `the offset is that of the first message and moves by ${rangeOf(samples).toFixed(0)} ms, more than the drift of any quartz`
      : '',
    resolution > 1 ? `stamps are no finer than ${resolution} ms${range}` : '',
  ].filter((note) => note !== '');
  return {
    offsetMs: roundMs(offset),
    jitterMs: isSingle ? null : roundMs(jitter),
    basis: [`${count} matched with ${reference}`, ...notes].join('; '),
    driftPpm: span < SPAN_FOR_DRIFT_MS ? null : Math.round(drift * 1e9) / 1000,
    doubtMs: isAssumed ? Number.POSITIVE_INFINITY : doubt,
    levels,
  };
}

function atFirst(
  samples: readonly Sample[],
  resolution: number,
): { readonly offset: number; readonly doubt: number } {
  const first = samples.reduce((least, sample) => (sample.at < least.at ? sample : least));
  return { offset: first.difference + resolution / 2, doubt: resolution / 2 };
}

/** How far the largest difference is from the smallest. */
function rangeOf(samples: readonly Sample[]): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { difference } of samples) {
    least = Math.min(least, difference);
    most = Math.max(most, difference);
  }
  return most - least;
}

/** Samples as they would be, had the clock stayed at its first level. */
function asNeverSet(samples: readonly Sample[], levels: readonly Level[]): readonly Sample[] {
  const [first] = [...levels].sort((a, b) => a.samples[0]!.at - b.samples[0]!.at);
  return samples.map((sample) => {
    const { place, difference } = sample;
    const own = place === null ? undefined : levelAt(levels, place.input, place.line, place.region);
    return own === undefined ? sample : { ...sample, difference: difference - own.ms + first!.ms };
  });
}
