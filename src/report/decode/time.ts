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

/** ISO 8601 in UTC with `digits` decimals of the second. */
export function isoTime(ns: bigint, digits: number): string {
  const seconds = ns / SECOND - (ns % SECOND < 0n ? 1n : 0n);
  const fraction = ns - seconds * SECOND;
  const date = new Date(Number(seconds) * 1000);
  // Time stamps of a damaged capture may lie beyond what a calendar holds.
  if (Number.isNaN(date.getTime())) return `@${seconds}`;
  const text = date.toISOString().slice(0, -5);
  const decimals = fraction.toString().padStart(9, '0').slice(0, digits);
  return digits === 0 ? `${text}Z` : `${text}.${decimals}Z`;
}

const SECOND_NUMBER = 1_000_000_000;

/** `isoTime` for many times, most of which share their second with the one before. */
export function createTimeText(): (ns: bigint, digits: number) => string {
  let start = 0n;
  let prefix: string | null = null;
  return (ns, digits) => {
    let fraction = prefix === null ? -1 : Number(ns - start);
    if (fraction < 0 || fraction >= SECOND_NUMBER) {
      const seconds = ns / SECOND - (ns % SECOND < 0n ? 1n : 0n);
      const date = new Date(Number(seconds) * 1000);
      if (Number.isNaN(date.getTime())) return isoTime(ns, digits);
      start = seconds * SECOND;
      prefix = date.toISOString().slice(0, -5);
      fraction = Number(ns - start);
    }
    if (digits === 0) return `${prefix!}Z`;
    const decimals = Math.floor(fraction / 10 ** (9 - digits));
    return `${prefix!}.${String(decimals).padStart(digits, '0')}Z`;
  };
}
