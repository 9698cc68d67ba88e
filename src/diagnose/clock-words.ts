import { countsFromMarch, isFixedZone, zoneMinutes } from '../correlate/wall-clock.ts';
import type { LogTime } from '../model/log.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Zones are apart by quarters of an hour. */
const QUARTER_MS = 15 * MINUTE_MS;
/** Zones lie within fourteen hours of UTC, and so within 26 of one another. */
const MOST_ZONE_MS = 26 * HOUR_MS;
/** A clock that nobody synchronises is off by so much; more on top of a zone is no zone. */
const MOST_ERROR_MS = MINUTE_MS;
/** A remainder that no reader misses. */
const UNSEEN_MS = 500;

/** Why a clock shows what it shows, as far as its stamps tell. */
export type ClockReason =
  /** A zone, and what the clock is off besides. */
  | { readonly kind: 'zone'; readonly zoneMs: number; readonly restMs: number }
  /** Whole days: the time of day agrees. */
  | { readonly kind: 'days'; readonly days: number }
  /** It counts from the day on which IOS begins when nobody tells it. */
  | { readonly kind: 'never-set' }
  /** The stamps name no year, so that the distance is none. */
  | { readonly kind: 'other-date' }
  | { readonly kind: 'off' };

/** What an offset is measured against: a capture, which counts in UTC, or a clock whose zone nobody knows. */
export type ClockReference = 'utc' | 'unknown';

/** `2 h`, `1 h 37.250 s`, `5 h 30 min`, `97 days 16 h`; seconds where they can matter. */
export function duration(ms: number): string {
  const whole = Math.round(Math.abs(ms));
  if (whole < 2 * MINUTE_MS) return `${(whole / SECOND_MS).toFixed(3)} s`;
  const near = Math.round(whole / QUARTER_MS) * QUARTER_MS;
  const shown = near > 0 && Math.abs(whole - near) < UNSEEN_MS ? near : whole;
  const days = Math.floor(shown / DAY_MS);
  const hours = Math.floor((shown % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((shown % HOUR_MS) / MINUTE_MS);
  const seconds = (shown % MINUTE_MS) / SECOND_MS;
  const parts = [
    days === 0 ? '' : `${days} day${days === 1 ? '' : 's'}`,
    hours === 0 ? '' : `${hours} h`,
    minutes === 0 ? '' : `${minutes} min`,
    seconds === 0 || days > 1 ? '' : `${seconds.toFixed(3)} s`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Zones that are no whole hours from UTC, in minutes, with the summer time of those that have one. */
const ODD_ZONES: readonly number[] = [
  -570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825,
];
const WHOLE_ZONES = Array.from({ length: 27 }, (_, index) => (index - 12) * 60);
const ZONES: ReadonlySet<number> = new Set([...WHOLE_ZONES, ...ODD_ZONES]);
const BETWEEN_ZONES: ReadonlySet<number> = new Set(
  [...ZONES].flatMap((one) => [...ZONES].map((other) => one - other)),
);

/** Whether clocks somewhere in the world are so far apart. What a name was read as is taken back first. */
function isOfZones(zoneMs: number, time: LogTime | null, against: ClockReference): boolean {
  const read = time?.zone == null ? 0 : (zoneMinutes(time.zone) ?? 0);
  const minutes = zoneMs / MINUTE_MS + read;
  return (against === 'utc' ? ZONES : BETWEEN_ZONES).has(minutes);
}

/** The zone is told; then a difference is none of zones. */
const saysZone = ({ zone }: LogTime): boolean => zone !== null && isFixedZone(zone);

const namesYear = ({ written }: LogTime): boolean => /\b(?:19|20)\d\d\b/.test(written);

/** The years in which IOS begins. */
const beganItself = (time: LogTime): boolean =>
  countsFromMarch(time) && (!namesYear(time) || time.year === 1993 || time.year === 2002);

/** What a log's first stamp and the offset of its clock tell together. */
export function reasonOf(
  offsetMs: number,
  time: LogTime | null,
  against: ClockReference,
): ClockReason {
  const far = Math.abs(offsetMs);
  const zoneMs = Math.round(offsetMs / QUARTER_MS) * QUARTER_MS;
  const restMs = offsetMs - zoneMs;
  const isNear = Math.abs(restMs) <= MOST_ERROR_MS;
  const isZoned = time !== null && saysZone(time);
  const isDays = zoneMs !== 0 && zoneMs % DAY_MS === 0;
  const isApart = zoneMs !== 0 && isNear && !isDays && far <= MOST_ZONE_MS;
  if (isApart && !isZoned && isOfZones(zoneMs, time, against))
    return { kind: 'zone', zoneMs, restMs };
  if (far > MOST_ZONE_MS && time !== null && beganItself(time)) return { kind: 'never-set' };
  if (far > MOST_ZONE_MS && time !== null && !namesYear(time)) return { kind: 'other-date' };
  return isDays && isNear ? { kind: 'days', days: Math.abs(zoneMs) / DAY_MS } : { kind: 'off' };
}
