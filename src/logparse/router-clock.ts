import type { LogTime } from '../model/log.ts';
import type { Stamp } from './stamp.ts';
import { YEARLESS } from './stamp.ts';

const mostSenders = 10_000;

/** Makes times of stamps: keeps count of the years that turned, and gives equal stamps one object. */
export class RouterClock {
  private last: LogTime | null = null;
  private lastStamp = { month: -2, day: 0, ms: -1, year: 0, mark: '', length: 0 };
  /** Per sender: the month seen last, and how often the year turned. */
  private readonly calendars = new Map<string, { month: number; turned: number }>();
  private readonly year: number | undefined;

  /** `year` is that of stamps that name none. */
  constructor(year: number | undefined) {
    this.year = year;
  }

  /** The time of a stamp that was read from `s`. */
  time(s: string, stamp: Stamp, host: string): LogTime {
    const { lastStamp } = this;
    const length = stamp.to - stamp.from;
    if (
      this.last &&
      lastStamp.ms === stamp.ms &&
      lastStamp.month === stamp.month &&
      lastStamp.day === stamp.dayOfMonth &&
      lastStamp.year === stamp.year &&
      lastStamp.mark === stamp.mark &&
      lastStamp.length === length
    ) {
      return this.last;
    }
    const turned = this.yearsTurned(stamp, host);
    lastStamp.ms = stamp.ms;
    lastStamp.month = stamp.month;
    lastStamp.day = stamp.dayOfMonth;
    lastStamp.year = stamp.year;
    lastStamp.mark = stamp.mark;
    lastStamp.length = length;
    const { year } = this;
    this.last = stamp.toTime(s, (year ?? YEARLESS) + turned, year !== undefined);
    return this.last;
  }

  private yearsTurned({ month, year }: Stamp, host: string): number {
    if (month < 0 || year !== 0) return 0;
    let calendar = this.calendars.get(host);
    if (!calendar) {
      calendar = { month, turned: 0 };
      if (this.calendars.size < mostSenders) this.calendars.set(host, calendar);
    }
    if (calendar.month === 11 && month === 0) calendar.turned++;
    else if (calendar.month === 0 && month === 11 && calendar.turned > 0) calendar.turned--;
    calendar.month = month;
    return calendar.turned;
  }
}
