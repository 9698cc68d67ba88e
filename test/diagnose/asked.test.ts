import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../src/diagnose/engine.ts';
import { notGiven } from '../../src/diagnose/logged.ts';
import {
  diagnosisOf,
  documentOf,
  incidentOf,
  loggedView,
  logTime,
  mainModeUp,
  opening,
  unanswered,
  wire,
} from '../support/incident.ts';

/** What a report asks for, or puts down to a cause, where the answer is at hand. */
const exchange = wire([...opening, ...unanswered(3)]);
const shifted = (offset: number): Diagnosis => {
  const log = loggedView(exchange, 'initiator', 'n1', 'log0', (ms) => logTime(ms + offset));
  return diagnosisOf({ exchanges: [exchange], logs: [documentOf('log0', [log], 'R2')] });
};

describe('the debug of an end', () => {
  const attempt = incidentOf({
    exchanges: [exchange],
    logs: [
      documentOf(
        'log0',
        [loggedView(exchange, 'initiator', 'n1', 'log0', (ms) => logTime(ms))],
        'R2',
      ),
    ],
  }).attempts[0]!;

  it.each([
    ['"debug crypto isakmp" of R2 for the same moment.', false],
    ['"debug crypto isakmp" of R2.', false],
    ['"debug crypto isakmp" of R2: it shows whether MM4 arrives.', false],
    ['"debug crypto isakmp" of R20.', true],
    ['"debug crypto isakmp" of 198.51.100.2.', true],
    ['"debug crypto ipsec" of R2.', true],
    ['"debug crypto isakmp" and "debug crypto ipsec" of R2', true],
  ])('%s', (text, isAsked) => {
    expect(notGiven(attempt, [text])).toEqual(isAsked ? [text] : []);
  });
});

describe('clocks that lie apart', () => {
  const told = (offset: number): string => {
    const finding = shifted(offset).findings.find(({ id }) => id === 'clocks-disagree')!;
    return [finding.title, finding.explanation, ...finding.remedies.map(({ text }) => text)].join(
      ' ',
    );
  };

  it.each([3_600_000, -7_200_000, 3_600_180])('by whole hours: %i ms', (offset) => {
    expect(told(offset)).toMatch(/probably another time zone.*time zone, or summer time/);
    expect(told(offset)).not.toMatch(/NTP/);
  });

  it.each([90_000, 3_500_000, 30 * 3_600_000])('by another time: %i ms', (offset) => {
    expect(told(offset)).toMatch(/Synchronise with NTP/);
    expect(told(offset)).not.toMatch(/zone\b.*differ|another time zone/);
  });
});

describe('an SA that the peer deleted', () => {
  const up = wire(mainModeUp, { completed: true });
  const view = (
    role: 'initiator' | 'responder',
    reason: string | null,
  ): ReturnType<typeof documentOf> => {
    const input = role === 'initiator' ? 'log0' : 'log1';
    const log = {
      ...loggedView(up, role, `${input}-n1`, input, (ms) => logTime(ms)),
      phase1: 'complete' as const,
      phase2: 'complete' as const,
      outcome: 'established' as const,
      verdict: role === 'responder' ? 'deleted-by-peer' : 'tunnel-up',
      deleteReason: reason === null ? null : { text: reason, line: 210 },
    };
    return documentOf(input, [log], role === 'initiator' ? 'R1' : 'R2');
  };
  const told = (...logs: readonly ReturnType<typeof documentOf>[]): string => {
    const finding = diagnosisOf({ exchanges: [up], logs }).findings.find(
      ({ id }) => id === 'deleted-by-peer',
    )!;
    return [...finding.remedies.map(({ text }) => text), ...finding.settle].join(' ');
  };

  it('is put down to what the log of the peer says, which is not asked for again', () => {
    expect(told(view('responder', null), view('initiator', 'No reason'))).toMatch(
      /^The log of R1 names no reason \(line 210\): [^"]*"clear crypto" command/,
    );
    expect(told(view('responder', null), view('initiator', 'Peer lost'))).toBe(
      'The log of R1 gives as its reason (line 210): Peer lost.',
    );
    expect(told(view('responder', null))).toMatch(/may say why.*"debug crypto isakmp" of/);
  });
});
