import { describe, expect, it } from 'vitest';
import { duration, reasonOf } from '../../src/diagnose/clock-words.ts';
import { logTime } from '../support/incident.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('duration', () => {
  it.each([
    [2210, '2.210 s'],
    [-90_000, '90.000 s'],
    [HOUR, '1 h'],
    [7_199_999.591, '2 h'],
    [HOUR + 37_250, '1 h 37.250 s'],
    [5 * HOUR + 30 * MINUTE, '5 h 30 min'],
    [-DAY, '1 day'],
    [97 * DAY + 16 * HOUR + 1234, '97 days 16 h'],
  ])('%i ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

describe('reasonOf', () => {
  const at = Date.UTC(2026, 10, 23, 8);
  const stamp = logTime(at);
  const yearless = { year: null, written: '*Nov 23 08:00:00.000' };
  const reset = { year: null, written: '*Mar  1 00:27:51.000' };

  it.each([
    ['whole hours', HOUR, stamp, 'zone'],
    ['half hours', 5.5 * HOUR + 20, stamp, 'zone'],
    ['quarters', 5 * HOUR + 45 * MINUTE, stamp, 'zone'],
    ['half hours that no zone has', 30 * MINUTE, stamp, 'off'],
    ['half hours on the side where no zone has them', -5.5 * HOUR, stamp, 'off'],
    ['quarters that no zone has', 15 * MINUTE, stamp, 'off'],
    ['Newfoundland', -3.5 * HOUR, stamp, 'zone'],
    ['Chatham in summer', 13 * HOUR + 45 * MINUTE, stamp, 'zone'],
    ['EST of Australia, read as that of America', 15 * HOUR, logTime(at, { zone: 'EST' }), 'zone'],
    ['BST of Bangladesh', 5 * HOUR, logTime(at, { zone: 'BST' }), 'zone'],
    ['a name that no zone makes true', 30 * MINUTE, logTime(at, { zone: 'CST' }), 'off'],
    ['hours under a distance in numbers', HOUR, logTime(at, { zone: '+01:00' }), 'off'],
    ['hours and seconds', HOUR + 37_000, stamp, 'zone'],
    ['hours and minutes', HOUR + 5 * MINUTE, stamp, 'off'],
    ['seconds', 37_000, stamp, 'off'],
    ['hours under a known zone', HOUR, logTime(at, { zone: 'UTC' }), 'off'],
    ['hours under an unknown zone', 5.5 * HOUR, logTime(at, { zone: 'IST' }), 'zone'],
    ['a day', -DAY, stamp, 'days'],
    ['a day under a known zone', DAY + 200, logTime(at, { zone: 'UTC' }), 'days'],
    ['days', 30 * HOUR, stamp, 'off'],
    ['days in no year', 30 * HOUR, logTime(at, yearless), 'other-date'],
    [
      'a year that the stamps do not name',
      -365 * DAY,
      logTime(at, { ...yearless, year: 2026 }),
      'other-date',
    ],
    [
      'the first day of IOS',
      97 * DAY,
      logTime(Date.UTC(1972, 2, 1, 0, 27, 51), reset),
      'never-set',
    ],
    [
      'the first day of IOS, with its year',
      -33 * 365 * DAY,
      logTime(Date.UTC(1993, 2, 1, 0, 27)),
      'never-set',
    ],
    [
      'March by a clock that was set',
      97 * DAY,
      logTime(Date.UTC(1972, 2, 1), { ...reset, mark: 'authoritative' }),
      'other-date',
    ],
  ] as const)('%s', (_, offset, time, kind) => {
    expect(reasonOf(offset, time, 'utc').kind).toBe(kind);
  });

  it.each([
    ['15 min', 15 * MINUTE, 'zone'],
    ['30 min', 30 * MINUTE, 'zone'],
    ['18 h 15 min', -(18 * HOUR + 15 * MINUTE), 'zone'],
    ['26 h', 26 * HOUR, 'zone'],
    ['25 h 45 min', 25 * HOUR + 45 * MINUTE, 'zone'],
    ['25 h 30 min', 25 * HOUR + 30 * MINUTE, 'off'],
  ] as const)('%s between two clocks', (_, offset, kind) => {
    expect(reasonOf(offset, stamp, 'unknown').kind).toBe(kind);
  });
});
