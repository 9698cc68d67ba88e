import { describe, expect, it } from 'vitest';
import { calendarMs, createTimeText, isoTime, timeDigits } from '../../src/bytes/iso-time.ts';

describe('time', () => {
  it('is the same whatever came before', () => {
    const text = createTimeText();
    const second = 1_000_000_000n;
    const times = [
      0n,
      1n,
      second - 1n,
      second,
      -1n,
      -second,
      10n ** 30n,
      1_700_000_000_123_456_789n,
    ];
    for (const ns of [...times, ...times.toReversed()]) {
      for (const digits of [0, 3, 6, 9]) expect(text(ns, digits)).toBe(isoTime(ns, digits));
    }
  });

  it('is none beyond the years that ISO 8601 writes', () => {
    const last = 253_402_300_799_999_999_999n;
    expect(isoTime(last, 3)).toBe('9999-12-31T23:59:59.999Z');
    expect(isoTime(last + 1n, 3)).toBeNull();
    expect(isoTime(-62_167_219_200n * 10n ** 9n, 0)).toBe('0000-01-01T00:00:00Z');
    expect(isoTime(-62_167_219_200n * 10n ** 9n - 1n, 0)).toBeNull();
    expect([calendarMs(1_999_999n), calendarMs(10n ** 30n)]).toEqual([1, null]);
  });

  it('has the precision of the capture', () => {
    expect(isoTime(1_700_000_000_123_456_789n, 6)).toBe('2023-11-14T22:13:20.123456Z');
    expect(isoTime(1_700_000_000_123_456_789n, 9)).toBe('2023-11-14T22:13:20.123456789Z');
    expect(isoTime(5n, 0)).toBe('1970-01-01T00:00:00Z');
    expect(isoTime(-1n, 9)).toBe('1969-12-31T23:59:59.999999999Z');
    expect(timeDigits({ base: 'decimal', exponent: 9 })).toBe(9);
    expect(timeDigits({ base: 'binary', exponent: 10 })).toBe(4);
  });
});
