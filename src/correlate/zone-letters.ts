import { readingOf } from './clock-breaks.ts';
import type { Reading } from './clock-breaks.ts';
import type { ClockEstimate } from './clock.ts';
import { label } from './router-clocks.ts';
import type { RouterIdentity } from './routers.ts';
import type { Letters } from './wall-clock.ts';
import { wallClock } from './wall-clock.ts';

/** Zones are apart by quarters of an hour: a clock that is off by less than half of one is in the zone it was read in. */
const FITS_MS = 7.5 * 60_000;

/** A time near which the stamps are, and the zone that the user told. */
export type Told = { readonly nearMs: number | null; readonly zone: string | null };

/** Letters in the stamps of a router that mean another zone than the one that was told; null where there are none. */
function openLetters({ negotiations }: RouterIdentity, { nearMs, zone }: Told): string | null {
  if (zone === null) return null;
  const clock = wallClock(nearMs, zone);
  return (
    negotiations.find(({ log: { firstTime } }) => firstTime !== null && clock.isOpen(firstTime))
      ?.log.firstTime?.zone ?? null
  );
}

/** The ways to read the stamps of a router, the usual one of its letters first; what was told is the last. */
export function waysToRead(
  router: RouterIdentity,
  told: Told,
  decided: Letters | undefined,
): readonly Letters[] {
  if (decided !== undefined) return [decided];
  return openLetters(router, told) === null ? ['told'] : ['usual', 'told'];
}

export const readAs = (router: RouterIdentity, told: Told, letters: Letters): Reading =>
  readingOf(router.negotiations, wallClock(told.nearMs, told.zone, letters));

/** The first way in which a clock shows the time that it is held against, else the last one. */
export function firstThatFits<Way, Result extends { readonly offsetMs: number | null }>(
  ways: readonly Way[],
  measure: (way: Way) => Result,
): Result {
  for (const way of ways.slice(0, -1)) {
    const result = measure(way);
    if (result.offsetMs !== null && Math.abs(result.offsetMs) < FITS_MS) return result;
  }
  return measure(ways.at(-1)!);
}

/** Says of a clock which letters `--tz` was put in the place of: its own, and those of the clock that it is held against. */
export function withLetters(
  estimate: ClockEstimate,
  routers: ReadonlySet<RouterIdentity>,
  told: Told,
  letters: ReadonlyMap<RouterIdentity, Letters>,
): ClockEstimate {
  const notes = [...routers].flatMap((router) => {
    const open = letters.get(router) === 'usual' ? null : openLetters(router, told);
    const text = `the letters ${open} in the stamps of ${label(router)} are set aside for --tz ${told.zone}`;
    return open === null ? [] : [text];
  });
  return { ...estimate, basis: [estimate.basis, ...notes].join('; ') };
}
