import type { LogDocument, LogNegotiation } from '../model/log.ts';
import type { OtherStep } from '../model/report.ts';
import { LEAST_STEP_MS, LONGEST_WAIT_MS, setAt } from './clock-breaks.ts';
import type { Reading } from './clock-breaks.ts';
import type { Level } from './clock-levels.ts';
import { eventsOf } from './log-lines.ts';
import type { LogPlace } from './sample.ts';

/**
 * Two logs show that the distance of their clocks changes, and not which of the clocks was set. Its own lines may tell:
 * one that goes back, a mark that changes, a silence that would be too long or too short.
 */

/** One of the two routers, with its lines and how its stamps read. */
export type Witness = {
  readonly name: string | null;
  readonly logged: readonly { readonly log: LogNegotiation; readonly document: LogDocument }[];
  readonly reading: Reading;
};

export type Blamed = {
  /** Levels of the router that is set against the reference. */
  readonly own: readonly Level[];
  /** Those of the reference, beside the offset that it has; empty where it was not set. */
  readonly reference: readonly Level[];
};

type Stretch = { readonly input: string; readonly after: number; readonly upTo: number };

const between = (before: LogPlace | null, after: LogPlace | null): Stretch | null =>
  before === null || after === null || before.input !== after.input
    ? null
    : { input: before.input, after: before.line, upTo: after.line };

/** Whether a clock can have been set by so much there, or must have been. */
function verdictOf(
  { logged, reading }: Witness,
  { input, after, upTo }: Stretch,
  byMs: number,
): 'possible' | 'certain' | 'impossible' {
  const lines = logged
    .filter(({ document }) => document.input === input)
    .flatMap(({ log, document }) => eventsOf(document, log))
    .filter(({ line, time }) => time !== null && line >= after && line <= upTo)
    .sort((a, b) => a.line - b.line);
  const pairs = lines.slice(1).map((event, index) => ({ last: lines[index]!, event }));
  if (pairs.some(({ last, event }) => last.time!.mark !== event.time!.mark)) return 'certain';
  const isPossible = pairs.some(({ last, event }) => {
    const passed =
      reading.ms(event.time!, input, event.line) - reading.ms(last.time!, input, last.line) - byMs;
    return passed >= -LEAST_STEP_MS && passed <= LONGEST_WAIT_MS;
  });
  return isPossible ? 'possible' : 'impossible';
}

/** Gives every change of the distance to the clock that was set, as far as the lines of the two tell. */
export function blame(levels: readonly Level[], own: Witness, reference: Witness): Blamed {
  const unchanged = { own: levels, reference: [] };
  if (new Set(levels.map(({ input }) => input)).size !== 1) return unchanged;
  const kept: Level[] = [];
  const others: Level[] = [];
  // How much of the distance is the reference's.
  let taken = 0;
  for (const [index, level] of levels.entries()) {
    const before = levels[index - 1];
    const moved = { ...level, ms: level.ms - taken };
    if (before === undefined) {
      kept.push(level);
      continue;
    }
    const change = judge(before, level, own, reference);
    if (change === null) return unchanged;
    if (change.kind === 'own') kept.push(moved);
    else if (change.kind === 'either') kept.push({ ...moved, or: change.or });
    else {
      taken += level.ms - before.ms;
      if (others.length === 0) others.push(asReference(levels[0]!, 0));
      others.push(asReference(level, -taken, change.line));
    }
  }
  return { own: kept.length > 1 ? kept : others.length === 0 ? kept : [], reference: others };
}

type Change =
  | { readonly kind: 'own' }
  | { readonly kind: 'reference'; readonly line: number }
  | { readonly kind: 'either'; readonly or: OtherStep };

/** Whose clock was set between two levels; null where the log of the reference does not hold both. */
function judge(before: Level, level: Level, own: Witness, reference: Witness): Change | null {
  const [last, first] = [before.samples.at(-1)!, level.samples[0]!];
  const there = between(last.referencePlace, first.referencePlace);
  if (there === null) return null;
  const byMs = level.ms - before.ms;
  const isBroken = last.place!.region !== first.place!.region;
  const isBrokenThere = last.referencePlace!.region !== first.referencePlace!.region;
  const brokenAt = reference.reading.breaks.find(
    ({ input, line, isZone }) =>
      input === there.input && line > there.after && line <= there.upTo && !isZone,
  );
  // Its own lines say that it was set; by how much, the other log tells.
  if (isBroken) return { kind: 'own' };
  if (isBrokenThere && brokenAt !== undefined) return { kind: 'reference', line: brokenAt.line };
  const here = { input: level.input, after: last.place!.line, upTo: first.place!.line };
  const [a, b] = [verdictOf(own, here, byMs), verdictOf(reference, there, -byMs)];
  const line = setAt(reference.logged, reference.reading)(
    there.input,
    there.after,
    there.upTo,
    -byMs,
  );
  if (a === b)
    return {
      kind: 'either',
      or: { router: reference.name, input: there.input, line, byMs: -byMs },
    };
  return a === 'impossible' || b === 'certain' ? { kind: 'reference', line } : { kind: 'own' };
}

/** The same stretch as the reference wrote it. */
function asReference(level: Level, ms: number, line?: number): Level {
  const samples = level.samples.map((sample) => ({
    ...sample,
    place: sample.referencePlace,
    referencePlace: sample.place,
  }));
  const { input, line: begins, region } = samples[0]!.place!;
  return { input, line: line ?? begins, region, ms, samples };
}
