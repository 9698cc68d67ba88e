/** Decimals of the second that a capture's clock counts; a binary resolution gets as many as it can show. */
export function timeDigits(resolution: {
  readonly base: 'decimal' | 'binary';
  readonly exponent: number;
}): number {
  const digits =
    resolution.base === 'decimal'
      ? resolution.exponent
      : Math.ceil(resolution.exponent * Math.log10(2));
  return Math.min(Math.max(digits, 0), 9);
}

const SECOND = 1_000_000_000n;

/** ISO 8601 writes the years 0000 to 9999; a time stamp of a damaged capture may lie beyond them. */
const FIRST_NS = BigInt(Date.parse('0000-01-01T00:00:00Z')) * 1_000_000n;
const AFTER_NS = (BigInt(Date.parse('9999-12-31T23:59:59Z')) + 1000n) * 1_000_000n;

/** Whether a calendar has such a time. What has none is ordered by its place in the file, and shown without. */
export function isCalendarTime(ns: bigint): boolean {
  return ns >= FIRST_NS && ns < AFTER_NS;
}

/** Whole milliseconds since 1970; null where no calendar has such a time. */
export function calendarMs(ns: bigint): number | null {
  return isCalendarTime(ns) ? Number(ns / 1_000_000n) : null;
}

/** ISO 8601 in UTC with `digits` decimals of the second; null where it cannot write the time. */
export function isoTime(ns: bigint, digits: number): string | null {
  if (!isCalendarTime(ns)) return null;
  const seconds = ns / SECOND - (ns % SECOND < 0n ? 1n : 0n);
  const fraction = ns - seconds * SECOND;
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, -5);
  const decimals = fraction.toString().padStart(9, '0').slice(0, digits);
  return digits === 0 ? `${text}Z` : `${text}.${decimals}Z`;
}

const SECOND_NUMBER = 1_000_000_000;

/** `isoTime` for many times, most of which share their second with the one before. */
export function createTimeText(): (ns: bigint, digits: number) => string | null {
  let start = 0n;
  let prefix: string | null = null;
  return (ns, digits) => {
    let fraction = prefix === null ? -1 : Number(ns - start);
    if (fraction < 0 || fraction >= SECOND_NUMBER) {
      if (!isCalendarTime(ns)) return null;
      const seconds = ns / SECOND - (ns % SECOND < 0n ? 1n : 0n);
      start = seconds * SECOND;
      prefix = new Date(Number(seconds) * 1000).toISOString().slice(0, -5);
      fraction = Number(ns - start);
    }
    if (digits === 0) return `${prefix!}Z`;
    const decimals = Math.floor(fraction / 10 ** (9 - digits));
    return `${prefix!}.${String(decimals).padStart(digits, '0')}Z`;
  };
}
