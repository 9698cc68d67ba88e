import { isCalendarTime } from '../bytes/iso-time.ts';
import type { Exchange, Side, Step } from '../model/exchange.ts';
import type { LogNegotiation } from '../model/log.ts';
import type { Reading } from './clock-breaks.ts';
import type { Level } from './clock-levels.ts';
import { levelAt, levelsOf } from './clock-levels.ts';
import type { LogPlace, Sample } from './sample.ts';
import { DELAY_MS, centre, regionOf } from './sample.ts';
import { pairSeries } from './series.ts';
import { deviation } from './statistics.ts';
import { packetSteps } from './steps.ts';

/** Two views laid side by side, message by message in order. */
export type Alignment = {
  readonly samples: readonly Sample[];
  /** Messages that both have. */
  readonly common: number;
  /** Messages that one of them should have too, and has not. */
  readonly missing: number;
  /** Milliseconds; NaN without a time on both sides. */
  readonly offset: number;
  readonly spread: number;
  /** Granularity of the coarser clock in milliseconds. */
  readonly resolution: number;
  /** All that both have was repeated, and nothing tells which repetition of the one is which of the other. */
  readonly assumed: boolean;
  /** How far the offset may be from that of other attempts, because the clock was set between them. */
  readonly slack: number;
  /** The levels of the other clock, where it was set in between without a line that tells so. */
  readonly steps: readonly Level[];
};

export type Sighting = {
  readonly ms: number | null;
  readonly resolution: number;
  readonly place: LogPlace | null;
};
export type Track = ReadonlyMap<string, readonly Sighting[]>;

const WIRE_RESOLUTION = 0.001;
const key = (step: Step, from: Side): string => `${step} ${from}`;

/** Every packet of the log by message, in order. */
export function logTrack(log: LogNegotiation, reading: Reading): Track {
  const track = new Map<string, Sighting[]>();
  for (const { step, from, packet } of packetSteps(log)) {
    if (step === 'OTHER') continue;
    const list = track.get(key(step, from)) ?? [];
    const { time, line } = packet;
    list.push({
      ms: time === null ? null : reading.ms(time, log.input, line),
      resolution: time?.resolutionMs ?? 1,
      place: { input: log.input, line, region: reading.region(log.input, line) },
    });
    track.set(key(step, from), list);
  }
  return track;
}

/** Every packet of the exchange by message; copies that a second tap made are left out. */
export function wireTrack(exchange: Exchange): Track {
  const track = new Map<string, Sighting[]>();
  for (const { message, step, direction, copyOf, partOf } of exchange.messages) {
    if (direction === null || copyOf !== null || partOf !== null || step === 'OTHER') continue;
    const from: Side = direction === 'i2r' ? 'initiator' : 'responder';
    const list = track.get(key(step, from)) ?? [];
    const ms = isCalendarTime(message.timeNs) ? Number(message.timeNs / 1000n) / 1000 : null;
    list.push({ ms, resolution: WIRE_RESOLUTION, place: null });
    track.set(key(step, from), list);
  }
  return track;
}

/** Messages whose presence in both views can be expected; quick mode and informational ones log under one tag. */
const COUNTED = /^(?:MM|AM|SA_INIT|AUTH)/;

/** Lays two tracks side by side. `offset` is other minus reference. */
export function align(reference: Track, other: Track, ownSide: Side, slack = 0): Alignment {
  const samples: Sample[] = [];
  const assumed: Sample[] = [];
  let common = 0;
  let missing = 0;
  let resolution = WIRE_RESOLUTION;
  const shared: (readonly [name: string, left: readonly Sighting[], right: readonly Sighting[]])[] =
    [];
  for (const name of new Set([...reference.keys(), ...other.keys()])) {
    const left = reference.get(name);
    const right = other.get(name);
    if (left === undefined || right === undefined) {
      if (COUNTED.test(name)) missing += 1;
      continue;
    }
    common += 1;
    shared.push([name, left, right]);
  }
  // What was not repeated is the surest, and tells where the repeated ones fit.
  const repeated = (left: readonly Sighting[], right: readonly Sighting[]): number =>
    Math.abs(left.length - right.length);
  shared.sort((a, b) => repeated(a[1], a[2]) - repeated(b[1], b[2]));
  for (const [name, left, right] of shared) {
    const tolerance = DELAY_MS + Math.max(left[0]!.resolution, right[0]!.resolution);
    const paired = pairSeries(
      left.map(({ ms }) => ms),
      right.map(({ ms }) => ms),
      samples.map(({ difference }) => difference),
      tolerance,
    );
    for (const [one, two] of paired.pairs) {
      const a = left[one]!;
      const b = right[two]!;
      if (a.ms === null || b.ms === null) continue;
      resolution = Math.max(resolution, a.resolution, b.resolution);
      const sample = {
        at: a.ms,
        difference: b.ms - a.ms,
        forward: name.endsWith(ownSide),
        place: b.place,
        referencePlace: a.place,
      };
      (paired.assumed ? assumed : samples).push(sample);
    }
  }
  const used = samples.length > 0 ? samples : assumed;
  const differences = used.map((sample) => sample.difference);
  const steps = stepsIn(used, resolution);
  // Where the clock was set in between, the offset is that before it.
  const offset = centre(steps[0]?.samples ?? used);
  return {
    samples: used,
    common,
    missing,
    offset,
    spread: differences.length === 0 ? 0 : deviation(differences, offset),
    resolution,
    assumed: samples.length === 0 && assumed.length > 0,
    slack,
    steps,
  };
}

/** The same with the reference for the other. */
export const swapped = (alignment: Alignment): Alignment => ({
  ...alignment,
  offset: -alignment.offset,
  samples: alignment.samples.map((sample) => ({
    at: sample.at + sample.difference,
    difference: -sample.difference,
    forward: sample.forward,
    place: sample.referencePlace,
    referencePlace: sample.place,
  })),
});

/** On each side of a step that no line tells of, so many messages say the same. */
const STEADY = 3;

/**
 * The differences that lie around their centre, as a share of all; 1 without times. What lies behind a place where the
 * clock was set has a centre of its own.
 */
export function coherence(alignment: Alignment, toleranceMs: number): number {
  const { samples } = alignment;
  if (samples.length === 0) return 1;
  const level = levelFor(alignment);
  const near = samples.filter(
    (sample) => Math.abs(sample.difference - level(sample)) <= toleranceMs,
  );
  return near.length / samples.length;
}

function levelFor({ samples, offset, steps }: Alignment): (sample: Sample) => number {
  const regions = [...new Set(samples.map(regionOf))];
  if (regions.length > 1) {
    const levels = new Map(
      regions.map((region) => [region, centre(samples.filter((one) => regionOf(one) === region))]),
    );
    return (sample) => levels.get(regionOf(sample))!;
  }
  return ({ place }) =>
    place === null ? offset : (levelAt(steps, place.input, place.line, place.region)?.ms ?? offset);
}

/** The two levels of a log whose clock was set in the middle; empty where it was not, or nothing but noise tells so. */
function stepsIn(samples: readonly Sample[], resolution: number): readonly Level[] {
  const levels = levelsOf(samples, resolution);
  const isOne = levels.length === 2 && levels[0]!.region === levels[1]!.region;
  return isOne && levels.every((level) => level.samples.length >= STEADY) ? levels : [];
}
