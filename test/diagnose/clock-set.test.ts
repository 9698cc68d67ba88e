import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnose/engine.ts';
import {
  START_MS,
  diagnosisOf,
  documentOf,
  incidentOf,
  logTime,
  loggedView,
  opening,
  packetsLogged,
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

  it('is told of both where two logs alone do not show which', () => {
    const views = (['initiator', 'responder'] as const).map((role) => {
      const log = loggedView(tried, role, role, `log-${role}`, (ms) =>
        logTime(ms + (role === 'responder' && ms - START_MS >= 25_000 ? 45_000 : 0)),
      );
      return packetsLogged(log, role === 'initiator' ? 'R2' : 'R1');
    });
    const [finding] = diagnosisOf({ logs: views }).findings.filter(
      ({ id }) => id === 'clocks-disagree',
    );
    expect(finding?.title).toBe(
      'The clock of R1 is set forward by 45.000 s at line 8, or that of R2 back at its line 8',
    );
    expect(finding?.explanation).toMatch(/one of the two was set, and no line tells which/);
  });

  it('is not told of one that was not', () => {
    expect(told(500, 0)).toEqual([]);
  });

  it('has no amount where it was never set before', () => {
    const startMs = Date.UTC(2026, 10, 23, 8, 10);
    const late = wire([...opening, ...unanswered(6)], { startMs });
    const march = Date.UTC(1972, 2, 1) - Date.UTC(1972, 10, 23);
    const written = '*Mar  1 08:10:00.000';
    const log = loggedView(late, 'responder', 'n1', 'log0', (ms) => {
      const yearless = new Date(ms).setUTCFullYear(1972);
      return ms - startMs < 25_000
        ? logTime(yearless + march, { year: null, written })
        : logTime(yearless, { year: null, written: 'Nov 23 08:10:30', mark: 'authoritative' });
    });
    const incident = incidentOf({
      exchanges: [late],
      logs: [documentOf('log0', [log], 'R1')],
    });
    const texts = diagnose(incident)
      .findings.filter(({ id }) => id === 'clocks-disagree')
      .map((one) => one.explanation);
    expect(texts).toEqual([
      expect.stringContaining('The clock of R1 was never set'),
      expect.stringMatching(
        /^The clock of R1 is set at line 8: .* Before, it was never set; then it agrees\./,
      ),
    ]);
    expect(incident.routers[0]!.clock.steps![0]!.byMs).toBeGreaterThan(0);
  });
});
