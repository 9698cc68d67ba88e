import type { LogTime } from '../model/log.ts';

/** What names of zones mean most often, in minutes east of UTC. Those of which none is usual (IST) are read as unknown. */
const ZONES: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  Z: 0,
  WET: 0,
  BST: 60,
  WEST: 60,
  CET: 60,
  MEZ: 60,
  CEST: 120,
  MESZ: 120,
  EET: 120,
  EEST: 180,
  MSK: 180,
  WAT: 60,
  CAT: 120,
  SAST: 120,
  EAT: 180,
  PKT: 300,
  NPT: 345,
  WIB: 420,
  AWST: 480,
  HKT: 480,
  JST: 540,
  KST: 540,
  ACST: 570,
  ACDT: 630,
  AEST: 600,
  AEDT: 660,
  NZST: 720,
  NZDT: 780,
  NST: -210,
  NDT: -150,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
  AKST: -540,
  AKDT: -480,
  HST: -600,
};

const MINUTE = 60_000;

/** Minutes east of UTC: `CET`, `UTC+2`, `+02:00`, `-0530`; null when it says nothing certain. */
export function zoneMinutes(zone: string): number | null {
  const named = ZONES[zone.toUpperCase()];
  if (named !== undefined) return named;
  const match = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/i.exec(zone);
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? '0');
  return match[1] === '-' ? -minutes : minutes;
}

/** It means one distance from UTC: any other name is only what a router was configured to print. */
export const isFixedZone = (zone: string): boolean =>
  /^(?:UTC|GMT|Z)$|^(?:UTC|GMT)?[+-]\d/i.test(zone) && zoneMinutes(zone) !== null;

/** Years in which a February 29 may lie near a time: it is at most four away, and eight around 1900 and 2100. */
const LEAPS = [-8, -4, 0, 4, 8];

/**
 * Stamps without a year take the year that brings them nearest to `nearMs`; so a log that crosses New Year stays in
 * order. February 29 takes one that has it.
 */
export function inNearestYear(ms: number, nearMs: number): number {
  const stamp = new Date(ms);
  const around = new Date(nearMs).getUTCFullYear();
  let best = ms;
  let distance = Number.POSITIVE_INFINITY;
  const isLeapDay = stamp.getUTCMonth() === 1 && stamp.getUTCDate() === 29;
  const years = isLeapDay
    ? LEAPS.map((years) => 4 * Math.floor(around / 4) + years)
    : [around - 1, around, around + 1];
  for (const year of years) {
    const moved = Date.UTC(
      year,
      stamp.getUTCMonth(),
      stamp.getUTCDate(),
      stamp.getUTCHours(),
      stamp.getUTCMinutes(),
      stamp.getUTCSeconds(),
      stamp.getUTCMilliseconds(),
    );
    if (isLeapDay && new Date(moved).getUTCMonth() !== 1) continue;
    if (Math.abs(moved - nearMs) < distance) {
      best = moved;
      distance = Math.abs(moved - nearMs);
    }
  }
  return best;
}

/** IOS without a battery begins on March 1 of a year long past, and says with `*` that nobody set it. */
export const countsFromMarch = ({ mark, ms }: LogTime): boolean =>
  mark === 'not-authoritative' && new Date(ms).getUTCMonth() === 2;

/** A clock that is set may be ahead by a zone against another one; one that nobody set lies behind. */
const MOST_AHEAD_MS = 26 * 3_600_000;
const YEAR_MS = 365 * 86_400_000;

/** Local time of a stamp without a year, in the year that the reference clock makes likely. */
export function inLikelyYear(time: LogTime, nearMs: number): number {
  const nearest = inNearestYear(time.ms, nearMs);
  return countsFromMarch(time) && nearest - nearMs > MOST_AHEAD_MS
    ? inNearestYear(time.ms, nearest - YEAR_MS)
    : nearest;
}

/** Minutes east of UTC at a time of the router's own clock, in milliseconds as if it were UTC. */
type OffsetAt = {
  readonly minutes: (localMs: number) => number;
  /** Minutes that it changes by where an hour comes twice, below zero; else 0. */
  readonly fold: (localMs: number) => number;
  /** Whether it is so many minutes around that time, before or behind a change. */
  readonly has: (minutes: number, localMs: number) => boolean;
};

/** Offsets change on the quarter of an hour, if at all. */
const QUARTER = 15 * MINUTE;
const DAY = 1440 * MINUTE;

/** `Europe/Paris`, with its summer; null when the runtime does not know the name. */
function regionOffset(name: string): OffsetAt | null {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    return null;
  }
  const at = (utcMs: number): number => {
    const parts = format.formatToParts(utcMs);
    const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    return zoneMinutes(text) ?? 0;
  };
  const isRight = (localMs: number, offset: number): boolean =>
    at(localMs - offset * MINUTE) === offset;
  let quarter = NaN;
  let minutes = 0;
  let day = NaN;
  let around: readonly number[] = [];
  return {
    minutes: (localMs) => {
      if (!(Math.abs(localMs) < 8e15)) return 0;
      const now = Math.floor(localMs / QUARTER);
      if (now !== quarter) {
        quarter = now;
        const early = at(localMs - DAY);
        // Of an hour that comes twice the first, in every part of the world.
        minutes = isRight(localMs, early) ? early : at(localMs - at(localMs) * MINUTE);
      }
      return minutes;
    },
    fold: (localMs) => {
      if (!(Math.abs(localMs) < 8e15)) return 0;
      const [early, late] = [at(localMs - DAY), at(localMs + DAY)];
      return isRight(localMs, early) && isRight(localMs, late) ? late - early : 0;
    },
    has: (wanted, localMs) => {
      if (!(Math.abs(localMs) < 8e15)) return false;
      const now = Math.floor(localMs / DAY);
      if (now !== day) {
        day = now;
        around = [at((now - 1) * DAY), at((now + 2) * DAY)];
      }
      return around.includes(wanted);
    },
  };
}

function offsetOf(zone: string): OffsetAt | null {
  const minutes = zoneMinutes(zone);
  return minutes === null
    ? regionOffset(zone)
    : { minutes: () => minutes, fold: () => 0, has: (wanted) => wanted === minutes };
}

export type WallClock = {
  /** Milliseconds since 1970 UTC by the router's own clock; for uptime stamps, since boot. */
  readonly ms: (time: LogTime) => number;
  /** Below zero by what a second reading of the stamp is later, where summer time ends and no zone is printed; else 0. */
  readonly foldMs: (time: LogTime) => number;
  /** Whether the letters of a stamp usually mean a distance from UTC that the zone which was told never has. */
  readonly isOpen: (time: LogTime) => boolean;
};

/** Which of two meanings letters have where they differ: the usual one, or the zone that was told. */
export type Letters = 'usual' | 'told';

/**
 * Reads a log's stamps as UTC as far as year and zone are known or can be solved.
 *
 * @param nearMs a time of the reference clock; null leaves years alone
 * @param zone as `+02:00` or `Europe/Paris`: what the user says of stamps that tell no distance from UTC. A name is what a
 *   router was configured to print, and may mean what it usually does or what is said
 */
export function wallClock(
  nearMs: number | null,
  zone: string | null,
  letters: Letters = 'told',
): WallClock {
  const assumed = zone === null ? null : offsetOf(zone);
  const localOf = (time: LogTime): number =>
    time.year === null && nearMs !== null ? inLikelyYear(time, nearMs) : time.ms;
  const isOpen = ({ zone: name }: LogTime, local: number): boolean => {
    const minutes = name === null ? null : zoneMinutes(name);
    if (name === null || minutes === null || assumed === null || isFixedZone(name)) return false;
    return !assumed.has(minutes, local);
  };
  const named = (time: LogTime, local: number): number | null =>
    time.zone === null || (letters === 'told' && isOpen(time, local))
      ? null
      : zoneMinutes(time.zone);
  return {
    ms: (time) => {
      if (time.mark === 'uptime') return time.ms;
      const local = localOf(time);
      return local - (named(time, local) ?? assumed?.minutes(local) ?? 0) * MINUTE;
    },
    foldMs: (time) => {
      if (time.mark === 'uptime' || assumed === null) return 0;
      const local = localOf(time);
      return named(time, local) === null ? assumed.fold(local) * MINUTE : 0;
    },
    isOpen: (time) => time.mark !== 'uptime' && isOpen(time, localOf(time)),
  };
}
