import { describe, expect, it } from 'vitest';
import { isFixedZone, wallClock, zoneMinutes } from '../../src/correlate/wall-clock.ts';
import type { LogTime } from '../../src/model/log.ts';
import { logTime } from '../support/incident.ts';

describe('zoneMinutes', () => {
  it('reads names and offsets', () => {
    expect(zoneMinutes('UTC')).toBe(0);
    expect(zoneMinutes('cest')).toBe(120);
    expect(zoneMinutes('+05:30')).toBe(330);
    expect(zoneMinutes('-0800')).toBe(-480);
    expect(zoneMinutes('UTC+2')).toBe(120);
  });

  it('does not guess what a name means that several regions use', () => {
    expect(zoneMinutes('IST')).toBeNull();
    expect(zoneMinutes('LAB')).toBeNull();
  });

  it.each([
    ['UTC', true],
    ['gmt', true],
    ['Z', true],
    ['+05:30', true],
    ['UTC-3', true],
    ['CST', false],
    ['BST', false],
    ['LAB', false],
  ])('%s has one meaning: %s', (zone, isFixed) => {
    expect(isFixedZone(zone)).toBe(isFixed);
  });
});

describe('wallClock', () => {
  const near = Date.UTC(2024, 11, 31, 23, 59, 0);

  it('gives stamps without a year the year that fits, across New Year too', () => {
    const clock = wallClock(near, null);
    const before = logTime(Date.UTC(1970, 11, 31, 23, 58), { year: null });
    const after = logTime(Date.UTC(1970, 0, 1, 0, 1), { year: null });
    expect(clock.ms(before)).toBe(Date.UTC(2024, 11, 31, 23, 58));
    expect(clock.ms(after)).toBe(Date.UTC(2025, 0, 1, 0, 1));
  });

  it.each([
    [Date.UTC(2028, 2, 1, 0, 0, 1), 2028],
    [Date.UTC(2027, 1, 28), 2028],
    [Date.UTC(2025, 5, 1), 2024],
    [Date.UTC(2101, 0, 1), 2104],
  ])('gives February 29 a year that has it', (nearest, year) => {
    const clock = wallClock(nearest, null);
    const leapDay = logTime(Date.UTC(1972, 1, 29, 12), { year: null });
    expect(clock.ms(leapDay)).toBe(Date.UTC(year, 1, 29, 12));
  });

  it('reads an hour that comes twice as the first, and knows what the second one is', () => {
    const cases = [
      ['America/New_York', Date.UTC(2026, 10, 1, 1, 30), Date.UTC(2026, 10, 1, 5, 30)],
      ['Europe/Paris', Date.UTC(2026, 9, 25, 2, 30), Date.UTC(2026, 9, 25, 0, 30)],
    ] as const;
    for (const [zone, local, utc] of cases) {
      const clock = wallClock(null, zone);
      expect(clock.ms(logTime(local))).toBe(utc);
      expect(clock.foldMs(logTime(local))).toBe(-3_600_000);
      expect(clock.foldMs(logTime(local + 3_600_000))).toBe(0);
    }
  });

  it('leaves a clock behind that nobody set', () => {
    const ms = (time: Partial<LogTime>): number =>
      wallClock(Date.UTC(2026, 10, 23), null).ms(
        logTime(Date.UTC(1972, 2, 1, 0, 27), { year: null, ...time }),
      );
    expect(ms({})).toBe(Date.UTC(2026, 2, 1, 0, 27));
    expect(ms({ mark: 'authoritative' })).toBe(Date.UTC(2027, 2, 1, 0, 27));
    const soon = wallClock(Date.UTC(2026, 1, 28, 23), null);
    const next = logTime(Date.UTC(1972, 2, 1, 1), { year: null });
    expect(soon.ms(next)).toBe(Date.UTC(2026, 2, 1, 1));
  });

  it('leaves a year that was printed', () => {
    const stamp = logTime(Date.UTC(2019, 3, 1));
    expect(wallClock(near, null).ms(stamp)).toBe(Date.UTC(2019, 3, 1));
  });

  it('turns a printed zone into UTC, and a told one where none is printed', () => {
    const printed = logTime(Date.UTC(2024, 5, 1, 12), { zone: 'CEST' });
    const bare = logTime(Date.UTC(2024, 5, 1, 12));
    expect(wallClock(null, null).ms(printed)).toBe(Date.UTC(2024, 5, 1, 10));
    expect(wallClock(null, '-03:00').ms(bare)).toBe(Date.UTC(2024, 5, 1, 15));
  });

  it.each([
    ['EST', '+10:00', 600],
    ['EST', 'Australia/Sydney', 600],
    ['IST', '+05:30', 330],
    ['CST', 'Asia/Shanghai', 480],
    ['LAB', '-03:00', -180],
    // One that the region has as well is what was printed.
    ['EST', 'America/New_York', -300],
    ['EDT', 'America/New_York', -240],
    ['UTC', '+10:00', 0],
    ['+01:00', '+10:00', 60],
    ['GMT-4', 'Europe/Paris', -240],
  ])('reads the name %s as %s is told, and a distance as printed', (zone, told, minutes) => {
    // Summer time ended in New York ten hours before, and begins in no other place of these.
    const noon = Date.UTC(2026, 10, 1, 12);
    const at = zone === 'EST' && told === 'Australia/Sydney' ? Date.UTC(2026, 6, 1, 12) : noon;
    expect(wallClock(null, told).ms(logTime(at, { zone }))).toBe(at - minutes * 60_000);
  });

  it('knows the summer of a region', () => {
    const clock = wallClock(null, 'Europe/Paris');
    const at = (month: number, day: number, hour: number): number =>
      clock.ms(logTime(Date.UTC(2026, month, day, hour)));
    expect(at(0, 15, 12)).toBe(Date.UTC(2026, 0, 15, 11));
    expect(at(6, 15, 12)).toBe(Date.UTC(2026, 6, 15, 10));
    // Summer begins at two o'clock, and ends at three.
    expect(at(2, 29, 1)).toBe(Date.UTC(2026, 2, 29, 0));
    expect(at(2, 29, 3)).toBe(Date.UTC(2026, 2, 29, 1));
    expect(at(9, 25, 1)).toBe(Date.UTC(2026, 9, 24, 23));
    expect(at(9, 25, 4)).toBe(Date.UTC(2026, 9, 25, 3));
    const half = logTime(Date.UTC(1970, 6, 1, 12), { year: null });
    expect(wallClock(near, 'Australia/Adelaide').ms(half)).toBe(Date.UTC(2025, 6, 1, 2, 30));
    expect(wallClock(null, 'Mars/Olympus').ms(half)).toBe(half.ms);
  });

  it('leaves uptime alone', () => {
    const stamp = logTime(4000, { mark: 'uptime', year: null });
    expect(wallClock(near, 'CET').ms(stamp)).toBe(4000);
  });
});
