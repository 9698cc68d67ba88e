import type { ClockStep, OtherStep } from '../model/report.ts';
import type { ClockBreak } from './clock-breaks.ts';
import { LEAST_STEP_MS } from './clock-breaks.ts';
import type { LogPlace, Sample } from './sample.ts';
import { DELAY_MS, regionOf } from './sample.ts';
import { deviation, median, roundMs } from './statistics.ts';

/** From a line of an input on, how much a clock shows more than the reference; the breaks that its log tells are taken out. */
export type Level = {
  readonly input: string;
  readonly line: number;
  readonly region: number;
  readonly ms: number;
  readonly samples: readonly Sample[];
  /** That the reference was set instead explains it as well. */
  readonly or?: OtherStep;
};

type Placed = Sample & { readonly place: LogPlace };

/** A quartz that is worse than this is broken: what moves faster was moved. */
export const MOST_DRIFT = 1000e-6;

/** A step stands out against the noise on either side of it. */
const SHARPNESS = 4;

/** Splits the messages of a router at every place where its clock was set. Empty without any that has a line. */
export function levelsOf(samples: readonly Sample[], resolution: number): readonly Level[] {
  const placed = samples.filter((sample): sample is Placed => sample.place !== null);
  const inputs = [...new Set(placed.map(({ place }) => place.input))];
  return inputs.flatMap((input) => {
    const own = placed
      .filter(({ place }) => place.input === input)
      .sort((a, b) => a.place.line - b.place.line);
    const regions = [...new Set(own.map(regionOf))];
    return regions.flatMap((region) =>
      runsOf(
        own.filter((sample) => regionOf(sample) === region),
        resolution,
      ),
    );
  });
}

/** Messages whose middle is where a clock has come to: it may drift for days. */
const LATEST = 5;

/** Stretches of one level, in order of lines. A single message that is off was logged late. */
function runsOf(samples: readonly Placed[], resolution: number): readonly Level[] {
  const tolerance = DELAY_MS + resolution;
  const runs: Placed[][] = [];
  for (const [index, sample] of samples.entries()) {
    const run = runs.at(-1);
    const next = samples[index + 1];
    if (run === undefined) {
      runs.push([sample]);
      continue;
    }
    const last = run.at(-1)!;
    const away = Math.min(
      Math.abs(sample.difference - levelOf(run.slice(-LATEST))),
      Math.abs(sample.difference - last.difference),
    );
    const limit = LEAST_STEP_MS + 2 * resolution + MOST_DRIFT * Math.abs(sample.at - last.at);
    const goesOn = next !== undefined && Math.abs(next.difference - sample.difference) <= tolerance;
    if (away > limit && goesOn) runs.push([sample]);
    else if (away <= limit) run.push(sample);
  }
  return sharp(runs).map((run) => ({
    input: run[0]!.place.input,
    line: run[0]!.place.line,
    region: run[0]!.place.region,
    ms: levelOf(run),
    samples: run,
  }));
}

const levelOf = (run: readonly Sample[]): number => median(run.map(({ difference }) => difference));

/** Runs that a step divides; those that a restless clock divides are one. */
function sharp(runs: readonly Placed[][]): readonly Placed[][] {
  const kept: Placed[][] = [];
  for (const run of runs) {
    const before = kept.at(-1);
    if (before === undefined) {
      kept.push(run);
      continue;
    }
    const noise = [before, run].map((each) =>
      deviation(
        each.map(({ difference }) => difference),
        levelOf(each),
      ),
    );
    const step = Math.abs(run[0]!.difference - before.at(-1)!.difference);
    if (step > SHARPNESS * Math.max(...noise)) kept.push(run);
    else before.push(...run);
  }
  return kept;
}

/** The levels, where they tell of more than one clock: two in one log, or two logs farther apart than a drift explains. */
export function setApart(levels: readonly Level[], spanMs: number): readonly Level[] {
  const inputs = new Set(levels.map(({ input }) => input));
  const all = levels.map(({ ms }) => ms);
  const apart = Math.max(...all) - Math.min(...all);
  return levels.length > inputs.size || apart > LEAST_STEP_MS + MOST_DRIFT * spanMs ? levels : [];
}

/** The line between two others from which on the clock shows `byMs` more. */
export type FindLine = (input: string, after: number, upTo: number, byMs: number) => number;

/** Moves the beginning of every level to the line where the clock was set. */
export function begunAt(levels: readonly Level[], findLine: FindLine): readonly Level[] {
  return levels.map((level, index) => {
    const before = levels[index - 1];
    if (before?.input !== level.input || before.region !== level.region) return level;
    const after = before.samples.at(-1)!.place!.line;
    return { ...level, line: findLine(level.input, after, level.line, level.ms - before.ms) };
  });
}

/** The level in which a line stands; where its stretch has none, that of the one before, else of the one behind. */
export function levelAt(
  levels: readonly Level[],
  input: string,
  line: number,
  region: number,
): Level | undefined {
  const own = levels.filter((level) => level.input === input);
  const stretch = own.filter((level) => level.region === region);
  return (
    stretch.findLast((level) => level.line <= line) ??
    stretch[0] ??
    own.findLast((level) => level.region < region) ??
    own[0]
  );
}

/** Every step of a clock with its size: those that the log tells, by the messages around them, and those that only these show. */
export function stepsOf(
  levels: readonly Level[],
  breaks: readonly ClockBreak[],
): readonly ClockStep[] {
  const told = breaks
    .filter(({ isZone }) => !isZone)
    .map(({ input, line, byMs, doubtMs }) => {
      const own = levels.filter((level) => level.input === input);
      const before = own.findLast((level) => level.line < line);
      const after = own.find((level) => level.line >= line);
      // Two breaks with nothing between them share what is left over.
      const isMeasured =
        before !== undefined && after !== undefined && after.region === before.region + 1;
      return {
        input,
        line,
        byMs: isMeasured ? byMs + after.ms - before.ms : byMs,
        isMeasured: isMeasured || doubtMs <= LEAST_STEP_MS,
      };
    });
  const seen = levels.flatMap((level, index) => {
    const before = levels[index - 1];
    if (before?.input !== level.input || before.region !== level.region) return [];
    const { input, line, or } = level;
    const rival = or === undefined ? {} : { or: { ...or, byMs: roundMs(or.byMs) } };
    return [{ input, line, byMs: level.ms - before.ms, isMeasured: true, ...rival }];
  });
  return [...told, ...seen]
    .filter(({ byMs }) => Math.abs(byMs) > LEAST_STEP_MS)
    .sort((a, b) => (a.input === b.input ? a.line - b.line : 0))
    .map((step) => ({ ...step, byMs: roundMs(step.byMs) }));
}
