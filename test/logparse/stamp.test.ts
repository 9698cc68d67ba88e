import { describe, expect, it } from 'vitest';
import { parseLog } from '../../src/logparse/parse.ts';
import type { LogTime } from '../../src/model/log.ts';

const line = (stamp: string): string => `${stamp}: ISAKMP:(0):SA request profile is (NULL)\n`;

function timesOf(stamps: readonly string[], year?: number): readonly LogTime[] {
  const options = year === undefined ? {} : { year };
  const { events } = parseLog(stamps.map(line).join(''), 'log0', options);
  return events.map(({ time }) => time!);
}

describe('February 29 in stamps without a year', () => {
  it('stays that day, and comes before March 1', () => {
    const [first, second] = timesOf(['Feb 29 23:59:59.500', 'Mar  1 00:00:03.500']);
    expect(new Date(first!.ms).toISOString().slice(5, 10)).toBe('02-29');
    expect(second!.ms - first!.ms).toBe(4000);
  });

  it.each([
    [2028, 2028],
    [2000, 2000],
    [2027, null],
    [2100, null],
  ])('is in %i, if it can be', (told, year) => {
    const [time] = timesOf(['Feb 29 12:00:00.000'], told);
    expect(time!.year).toBe(year);
    expect(new Date(time!.ms).toISOString().slice(5, 10)).toBe('02-29');
  });
});
