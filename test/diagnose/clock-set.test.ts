import { describe, expect, it } from 'vitest';
import {
  START_MS,
  diagnosisOf,
  documentOf,
  logTime,
  loggedView,
  opening,
  unanswered,
  wire,
} from '../support/incident.ts';

const tried = wire([...opening, ...unanswered(6)]);

const told = (first: number, by: number): readonly string[] => {
  const log = loggedView(tried, 'responder', 'n1', 'log0', (ms) =>
    logTime(ms + (ms - START_MS < 25_000 ? first : first + by)),
  );
  return diagnosisOf({ exchanges: [tried], logs: [documentOf('log0', [log], 'R1')] })
    .findings.filter(({ id }) => id === 'clocks-disagree')
    .map(({ title, explanation }) => `${title} | ${explanation}`);
};

describe('a clock that was set', () => {
  it('is told with its place and size, and with what it showed on both sides', () => {
    expect(told(-45_000, 45_000)).toEqual([
      expect.stringContaining('is 45.000 s behind, until line 8'),
      expect.stringMatching(
        /^The clock of R1 is set forward by 45\.000 s at line 8 \|.*Before, it is 45\.000 s behind; then it agrees\./,
      ),
    ]);
  });

  it('may have agreed at first', () => {
    expect(told(0, 45_000)).toEqual([expect.stringContaining('set forward by 45.000 s at line 8')]);
  });

  it('looks like the end of summer time where it is an hour', () => {
    expect(told(0, -3_600_000)).toEqual([expect.stringContaining('summer time ends')]);
  });

  it('is not told of one that was not', () => {
    expect(told(500, 0)).toEqual([]);
  });
});
