import { isCalendarTime } from '../bytes/iso-time.ts';
import type { Exchange, Side, Step } from '../model/exchange.ts';
import type { LogNegotiation } from '../model/log.ts';
import type { WallClock } from './wall-clock.ts';
import { deviation, median } from './statistics.ts';
import { packetSteps } from './steps.ts';

/** One message seen from two sides: `at` by the reference clock, `difference` what the other clock shows more. Milliseconds. */
export type Sample = {
  readonly at: number;
  readonly difference: number;
  readonly forward: boolean;
};

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
};

export type Sighting = { readonly ms: number | null; readonly resolution: number };
export type Track = ReadonlyMap<string, readonly Sighting[]>;

const WIRE_RESOLUTION = 0.001;
const key = (step: Step, from: Side): string => `${step} ${from}`;

/** Every packet of the log by message, in order. */
export function logTrack(log: LogNegotiation, clock: WallClock): Track {
  const track = new Map<string, Sighting[]>();
  for (const { step, from, packet } of packetSteps(log)) {
    if (step === 'OTHER') continue;
    const list = track.get(key(step, from)) ?? [];
    list.push({
      ms: packet.time === null ? null : clock.ms(packet.time),
      resolution: packet.time?.resolutionMs ?? 1,
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
    list.push({ ms, resolution: WIRE_RESOLUTION });
    track.set(key(step, from), list);
  }
  return track;
}

/** Messages whose presence in both views can be expected; quick mode and informational ones log under one tag. */
const COUNTED = /^(?:MM|AM|SA_INIT|AUTH)/;

/** Lays two tracks side by side. `offset` is other minus reference. */
export function align(reference: Track, other: Track, ownSide: Side): Alignment {
  const samples: Sample[] = [];
  let common = 0;
  let missing = 0;
  let resolution = WIRE_RESOLUTION;
  for (const name of new Set([...reference.keys(), ...other.keys()])) {
    const left = reference.get(name);
    const right = other.get(name);
    if (left === undefined || right === undefined) {
      if (COUNTED.test(name)) missing += 1;
      continue;
    }
    common += 1;
    // The first of a message is the surest; later copies pair only while both count the same.
    const pairs = left.length === right.length ? left.length : 1;
    for (let index = 0; index < pairs; index += 1) {
      const a = left[index]!;
      const b = right[index]!;
      if (a.ms === null || b.ms === null) continue;
      resolution = Math.max(resolution, a.resolution, b.resolution);
      samples.push({ at: a.ms, difference: b.ms - a.ms, forward: name.endsWith(ownSide) });
    }
  }
  const differences = samples.map((sample) => sample.difference);
  const offset = centre(samples);
  return {
    samples,
    common,
    missing,
    offset,
    spread: differences.length === 0 ? 0 : deviation(differences, offset),
    resolution,
  };
}

/** Delays of the two directions pull against each other, so each has its own median and the centre is between. */
function centre(samples: readonly Sample[]): number {
  const forward = samples.filter((sample) => sample.forward).map((sample) => sample.difference);
  const backward = samples.filter((sample) => !sample.forward).map((sample) => sample.difference);
  if (forward.length === 0) return median(backward);
  if (backward.length === 0) return median(forward);
  return (median(forward) + median(backward)) / 2;
}

/** The differences that lie around their centre, as a share of all; 1 without times. */
export function coherence(alignment: Alignment, toleranceMs: number): number {
  if (alignment.samples.length === 0) return 1;
  const near = alignment.samples.filter(
    (sample) => Math.abs(sample.difference - alignment.offset) <= toleranceMs,
  );
  return near.length / alignment.samples.length;
}
