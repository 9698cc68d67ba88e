import { describe, expect, it } from 'vitest';
import {
  START_MS,
  diagnosisOf,
  incidentOf,
  mainModeUp,
  opening,
  unanswered,
  wire,
} from '../support/incident.ts';

const attempts = Array.from({ length: 5 }, (_, index) =>
  wire(index === 4 ? mainModeUp : [...opening, ...unanswered(3)], {
    id: `x${index + 1}`,
    cookie: String(index + 1).repeat(16),
    startMs: START_MS + index * 60_000,
    completed: index === 4,
    firstFrame: 1 + 20 * index,
  }),
);

describe('repeated attempts', () => {
  it('are one story', () => {
    const [history] = incidentOf({ exchanges: attempts }).histories;
    expect(history?.text).toBe('failed 4 times, then came up once');
    expect(history?.healed).toBe(true);
    expect(history?.attempts).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
  });

  it('are one finding with all its negotiations, and the summary tells the story', () => {
    const { findings, verdict } = diagnosisOf({ exchanges: attempts });
    const failed = findings.filter((finding) => finding.severity === 'failure');
    expect(failed).toHaveLength(1);
    expect(failed[0]!.negotiations).toEqual(['x1', 'x2', 'x3', 'x4']);
    expect(verdict.summary).toContain('failed 4 times, then came up once');
  });

  it('do not count the other direction', () => {
    const back = wire(mainModeUp, {
      id: 'x9',
      cookie: '9999999999999999',
      initiator: '198.51.100.2',
      responder: '192.0.2.1',
      startMs: START_MS + 600_000,
      completed: true,
    });
    expect(incidentOf({ exchanges: [...attempts.slice(0, 2), back] }).histories).toHaveLength(2);
  });
});
