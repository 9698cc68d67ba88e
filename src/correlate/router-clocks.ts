import type { RefusedJoin } from '../model/incident.ts';
import type { Alignment } from './align.ts';
import { swapped } from './align.ts';
import { blame } from './clock-blame.ts';
import type { Witness } from './clock-blame.ts';
import type { Reading } from './clock-breaks.ts';
import { setAt } from './clock-breaks.ts';
import type { Level } from './clock-levels.ts';
import { begunAt, levelAt } from './clock-levels.ts';
import type { ClockEstimate } from './clock.ts';
import { UNKNOWN_CLOCK, estimateClock } from './clock.ts';
import type { RouterIdentity } from './routers.ts';

/** The clock of a router against the reference, and of one that follows through another. */

export const uptime = (router: RouterIdentity): boolean =>
  router.negotiations.some(({ log }) => log.firstTime?.mark === 'uptime');

export const timeless = (router: RouterIdentity): boolean =>
  router.negotiations.length > 0 && router.negotiations.every(({ log }) => log.firstTime === null);

export const label = (router: RouterIdentity): string =>
  router.name ?? [...router.addresses][0] ?? 'the unnamed router';

/** Uptime counts from boot, so that its distance from a calendar is no clock error. */
export function presentable(
  measured: ClockEstimate,
  router: RouterIdentity,
  reading: Reading,
): ClockEstimate {
  const levels = begunAt(measured.levels, setAt(router.negotiations, reading));
  const estimate = { ...measured, levels };
  if (!uptime(router) || estimate.offsetMs === null) return estimate;
  return {
    ...estimate,
    basis: `${estimate.basis}; stamps count from boot, so the offset is the time of boot`,
  };
}

/** A clock that is set against nothing, and why: what speaks against the views that could have been meant. */
export function unjoined(router: RouterIdentity, refused: readonly RefusedJoin[]): ClockEstimate {
  const ids = new Set(router.negotiations.map(({ log }) => log.id));
  const reasons = refused.filter(({ left, right }) => ids.has(left) || ids.has(right));
  const [why] = new Set(reasons.map((one) => one.why));
  return why === undefined
    ? UNKNOWN_CLOCK
    : { ...UNKNOWN_CLOCK, basis: `${UNKNOWN_CLOCK.basis}: ${why}` };
}

/** A log whose steps are known reads as if its clock had stayed at its first level. */
export function asNeverSet(reading: Reading, estimate: ClockEstimate | undefined): Reading {
  const [first] = estimate?.levels ?? [];
  if (estimate === undefined || first === undefined) return reading;
  return {
    ...reading,
    ms: (time, input, line) => {
      const level = levelAt(estimate.levels, input, line, reading.region(input, line));
      return reading.ms(time, input, line) - (level?.ms ?? first.ms) + first.ms;
    },
  };
}

/** One of two routers is set against the reference already; the other follows through it. */
export function setClock(
  first: RouterIdentity,
  second: RouterIdentity,
  alignments: readonly Alignment[],
  clocks: Map<RouterIdentity, ClockEstimate>,
  readings: ReadonlyMap<RouterIdentity, Reading>,
  hasWire: boolean,
): void {
  const follow = (to: RouterIdentity, via: RouterIdentity, some: readonly Alignment[]): void => {
    const known = clocks.get(via);
    const ahead = estimateClock(some, `the log of ${label(via)}`, false);
    if (known?.offsetMs === undefined || known.offsetMs === null || ahead.offsetMs === null) return;
    const by = known.offsetMs;
    const witness = (router: RouterIdentity): Witness => ({
      name: router.name,
      logged: router.negotiations,
      reading: readings.get(router)!,
    });
    // A clock that a capture was held against is not the one that was set.
    const isOpen = !hasWire && known.levels.length === 0;
    const { own, reference } = isOpen
      ? blame(ahead.levels, witness(to), witness(via))
      : { own: ahead.levels, reference: [] };
    const raised = (levels: readonly Level[]): readonly Level[] =>
      levels.map((level) => ({ ...level, ms: level.ms + by }));
    if (reference.length > 0) clocks.set(via, { ...known, levels: raised(reference) });
    const through = {
      ...ahead,
      offsetMs: by + ahead.offsetMs,
      doubtMs: known.doubtMs + ahead.doubtMs,
      levels: raised(own),
    };
    clocks.set(to, presentable(through, to, readings.get(to)!));
  };
  if (!clocks.has(second)) follow(second, first, alignments);
  else if (!clocks.has(first)) follow(first, second, alignments.map(swapped));
}

/** What one of two clocks is off, by the other one and what that is known to be off itself; null where nothing is compared. */
export function apartBy(
  found: readonly Alignment[],
  first: ClockEstimate | undefined,
  second: ClockEstimate | undefined,
): number | null {
  const ahead = found.length === 0 ? null : estimateClock(found, '', false).offsetMs;
  if (ahead === null) return null;
  return first === undefined ? (second?.offsetMs ?? 0) - ahead : (first.offsetMs ?? 0) + ahead;
}
