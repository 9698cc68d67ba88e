import type { LogTime } from '../model/log.ts';
import { isBlank, isDigit, isLetter } from './characters.ts';
import { detach } from './detach.ts';
import { startsWithTag } from './tag.ts';

const monthNames: readonly string[] = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
];
/** Three letters as one number, for a look-up without a substring. */
const months: ReadonlyMap<number, number> = new Map(
  monthNames.map((name, month) => [
    (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2),
    month,
  ]),
);
const daysBefore: readonly number[] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const week = 7 * day;
const unit: Readonly<Record<string, number>> = {
  y: 365 * day,
  w: week,
  d: day,
  h: hour,
  H: hour,
  m: minute,
  s: second,
};

/** Up to three digits and a dot, as an address begins. */
function beginsDottedNumber(s: string, at: number): boolean {
  let i = at;
  while (i - at < 3 && isDigit(s.charCodeAt(i))) i++;
  return s.charCodeAt(i) === 46;
}

/** Of stamps that name no year and were told none: one that has a February 29. */
export const YEARLESS = 1972;

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Milliseconds since 1970 of a date as if it were UTC. A day that the year lacks runs over into the next month. */
function dateMs(year: number, month: number, dayOfMonth: number): number {
  const y = year - 1;
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) - 477;
  const days =
    (year - 1970) * 365 +
    leaps +
    daysBefore[month]! +
    (month > 1 && isLeap(year) ? 1 : 0) +
    dayOfMonth -
    1;
  return days * day;
}

/** One time stamp, as read from a line. Filled again and again; `toTime` makes the value that is kept. */
export class Stamp {
  from = 0;
  to = 0;
  mark: LogTime['mark'] = 'authoritative';
  /** Month from 0; -1 for an uptime or a stamp without a date. */
  month = -1;
  dayOfMonth = 0;
  year = 0;
  /** Within the day; for an uptime since boot. */
  ms = 0;
  /** Where `hh:mm:ss` and its fraction stand; both 0 in a stamp without them. */
  clockFrom = 0;
  clockTo = 0;
  resolutionMs = 1;
  zoneFrom = 0;
  zoneTo = 0;
  /** Counts the stamps that were read in full; lines whose stamps share one begin alike but for digits of clock and counters. */
  reading = 0;
  private readings = 0;
  /** Of the stamp made last: its reading, what stood in front of its clock and behind it, and its zone. */
  private made = 0;
  private day = '';
  private rest = '';
  private zone: string | null = null;

  /** Returns the position after the stamp (of its colon, if it has one), or -1. */
  read(s: string, at: number, end: number): number {
    let i = at;
    const first = s.charCodeAt(i);
    if (first === 42 || first === 46) i++;
    if (i >= end) return -1;
    const numeric = isDigit(s.charCodeAt(i));
    if (numeric) {
      // An address is no time, and the time in front of it stays.
      if (beginsDottedNumber(s, i)) return -1;
      this.begin(at, first);
      return this.readNumeric(s, i, end);
    }
    const month = months.get(
      (s.charCodeAt(i) << 16) | (s.charCodeAt(i + 1) << 8) | s.charCodeAt(i + 2),
    );
    if (month === undefined || i + 14 > end || !isBlank(s.charCodeAt(i + 3))) return -1;
    this.begin(at, first);
    i += 4;
    if (isBlank(s.charCodeAt(i))) i++;
    let dayOfMonth = 0;
    const from = i;
    while (i < end && i - from < 2 && isDigit(s.charCodeAt(i)))
      dayOfMonth = dayOfMonth * 10 + s.charCodeAt(i++) - 48;
    if (i === from || dayOfMonth < 1 || dayOfMonth > 31 || !isBlank(s.charCodeAt(i))) return -1;
    i++;
    // A year stands before the time of day, or after it on a server.
    if (
      isDigit(s.charCodeAt(i)) &&
      isDigit(s.charCodeAt(i + 1)) &&
      isDigit(s.charCodeAt(i + 2)) &&
      isDigit(s.charCodeAt(i + 3)) &&
      s.charCodeAt(i + 4) === 32
    ) {
      this.year =
        (s.charCodeAt(i) - 48) * 1000 +
        (s.charCodeAt(i + 1) - 48) * 100 +
        (s.charCodeAt(i + 2) - 48) * 10 +
        s.charCodeAt(i + 3) -
        48;
      i += 5;
    }
    i = this.readClock(s, i, end);
    if (i < 0) return -1;
    this.month = month;
    this.dayOfMonth = dayOfMonth;
    return this.readZone(s, i, end);
  }

  private begin(at: number, first: number): void {
    this.reading = ++this.readings;
    this.from = at;
    this.year = 0;
    this.clockFrom = 0;
    this.clockTo = 0;
    this.zoneFrom = 0;
    this.zoneTo = 0;
    this.mark = first === 42 ? 'not-authoritative' : first === 46 ? 'lost-sync' : 'authoritative';
  }

  /** `hh:mm:ss[.mmm]` into `ms` and `resolutionMs`; returns the position after it, or -1. */
  readClock(s: string, at: number, end: number): number {
    if (at + 8 > end) return -1;
    const h = this.two(s, at);
    const m = this.two(s, at + 3);
    const sec = this.two(s, at + 6);
    if (h < 0 || m < 0 || sec < 0 || s.charCodeAt(at + 2) !== 58 || s.charCodeAt(at + 5) !== 58)
      return -1;
    let i = at + 8;
    let fraction = 0;
    let scale = second;
    if (i + 1 < end && s.charCodeAt(i) === 46 && isDigit(s.charCodeAt(i + 1))) {
      i++;
      while (i < end && scale > 0.000001 && isDigit(s.charCodeAt(i))) {
        scale /= 10;
        fraction += (s.charCodeAt(i) - 48) * scale;
        i++;
      }
    }
    this.ms = h * hour + m * minute + sec * second + fraction;
    this.resolutionMs = scale;
    this.clockFrom = at;
    this.clockTo = i;
    return i;
  }

  private two(s: string, at: number): number {
    const tens = s.charCodeAt(at);
    const ones = s.charCodeAt(at + 1);
    return isDigit(tens) && isDigit(ones) ? (tens - 48) * 10 + ones - 48 : -1;
  }

  /** ` UTC:`, `MSK:`, `:`, or nothing when a sender follows. */
  private readZone(s: string, at: number, end: number): number {
    this.to = at;
    if (at >= end) return at;
    let i = at;
    if (s.charCodeAt(i) === 58) return i;
    if (s.charCodeAt(i) === 32) i++;
    const from = i;
    while (i < end && i - from < 8 && isLetter(s.charCodeAt(i))) i++;
    if (i > from && i < end && s.charCodeAt(i) === 58 && i - from <= 7) {
      // The sender of a syslog server looks the same but for the colon: a zone is written in capitals.
      const zone = s.slice(from, i);
      // Nor is the tag one, behind a stamp that lost its own colon.
      if (!startsWithTag(s, from) && (zone === zone.toUpperCase() || at === from)) {
        this.zoneFrom = from;
        this.zoneTo = i;
        this.to = i;
        return i;
      }
    }
    return at;
  }

  /** `00:27:07:`, `1d02h:`, `17w5d:`, and ISO 8601. */
  private readNumeric(s: string, at: number, end: number): number {
    this.month = -1;
    if (at + 2 < end && s.charCodeAt(at + 2) === 58) {
      const i = this.readClock(s, at, end);
      if (i < 0) return -1;
      this.to = i;
      if (this.mark === 'authoritative') this.mark = 'uptime';
      return i < end && s.charCodeAt(i) === 58 ? i : -1;
    }
    if (s.charCodeAt(at + 4) === 45 || s.charCodeAt(at + 4) === 47) return this.readIso(s, at, end);
    let i = at;
    let total = 0;
    for (let part = 0; part < 3; part++) {
      const from = i;
      let value = 0;
      while (i < end && i - from < 5 && isDigit(s.charCodeAt(i)))
        value = value * 10 + s.charCodeAt(i++) - 48;
      const size = i < end && i > from ? unit[s[i]!] : undefined;
      if (size === undefined) return -1;
      total += value * size;
      i++;
      if (s.charCodeAt(i) === 58) {
        if (part === 0 && size < hour) return -1;
        this.ms = total;
        this.resolutionMs = size;
        this.mark = 'uptime';
        this.to = i;
        return i;
      }
    }
    return -1;
  }

  private readIso(s: string, at: number, end: number): number {
    const match = /^(\d{4})[-/](\d\d)[-/](\d\d)[T \t]/.exec(s.slice(at, Math.min(end, at + 11)));
    if (!match) return -1;
    const month = Number(match[2]) - 1;
    const dayOfMonth = Number(match[3]);
    if (month > 11 || dayOfMonth < 1 || dayOfMonth > 31) return -1;
    const i = this.readClock(s, at + 11, end);
    if (i < 0) return -1;
    this.year = Number(match[1]);
    this.month = month;
    this.dayOfMonth = dayOfMonth;
    const zone = /^(?:Z|[+-]\d\d:?\d\d)/.exec(s.slice(i, Math.min(end, i + 6)));
    this.to = i + (zone ? zone[0].length : 0);
    if (zone) {
      this.zoneFrom = i;
      this.zoneTo = this.to;
    }
    return this.to;
  }

  /** `baseYear` is used when the stamp names no year; `isKnown` tells whether that was told. */
  toTime(s: string, baseYear: number, isKnown: boolean): LogTime {
    const { from, to, clockFrom, clockTo, zoneFrom, zoneTo } = this;
    const dated = this.month >= 0;
    // A year that lacks the day is not the one in which it was stamped.
    const isOther = this.month === 1 && this.dayOfMonth === 29 && !isLeap(baseYear);
    const assumed = isOther ? YEARLESS : baseYear;
    if (this.reading !== this.made || clockTo <= clockFrom) {
      this.made = this.reading;
      const hasClock = clockTo > clockFrom;
      this.day = detach(s.slice(from, hasClock ? clockFrom : to));
      this.rest = hasClock ? detach(s.slice(clockTo, to)) : '';
      this.zone = zoneTo > zoneFrom ? detach(s.slice(zoneFrom, zoneTo)) : null;
    }
    return {
      written: this.day + detach(s.slice(clockFrom, clockTo)) + this.rest,
      mark: this.mark,
      ms: dated ? dateMs(this.year || assumed, this.month, this.dayOfMonth) + this.ms : this.ms,
      resolutionMs: this.resolutionMs,
      year: dated ? this.year || (isKnown && !isOther ? baseYear : null) : null,
      zone: this.zone,
    };
  }
}
