import { describe, expect, it } from 'vitest';

import { groupAttempts, primaryAttempt } from '../../src/report/attempts.ts';
import { initiator, responder } from '../support/report.ts';

const onWire = {
  ...initiator,
  id: 'w',
  router: null,
  pairedWith: ['n1'],
  evidenceLines: [],
  timeline: [],
};

describe('groupAttempts', () => {
  it('joins what is paired, also through a third, and tells the sides apart', () => {
    const alone = { ...responder, id: 'n9', pairedWith: [] };
    const attempts = groupAttempts([responder, alone, initiator, onWire]);
    expect(
      attempts.map(({ number, negotiations }) => [number, negotiations.map(({ id }) => id)]),
    ).toEqual([
      [1, ['n1', 'n2', 'w']],
      [2, ['n9']],
    ]);
    expect(attempts[0]?.initiator?.id).toBe('n2');
    expect(attempts[0]?.responder?.id).toBe('n1');
    expect(attempts[0]?.wire?.id).toBe('w');
    expect(attempts[1]?.initiator).toBeNull();
  });

  it('joins when only one of the two says so', () => {
    expect(groupAttempts([{ ...responder, pairedWith: [] }, initiator])).toHaveLength(1);
  });

  it('survives a partner that the report does not hold', () => {
    const attempts = groupAttempts([{ ...responder, pairedWith: ['gone'] }]);
    expect(attempts[0]?.negotiations).toHaveLength(1);
  });
});

describe('primaryAttempt', () => {
  const up = { ...initiator, id: 'up', pairedWith: [], outcome: 'established' as const };
  const failed = { ...responder, id: 'down', pairedWith: [] };
  const attempts = groupAttempts([up, failed]);

  it('is the one of the verdict', () => {
    expect(primaryAttempt(attempts, 'up')?.number).toBe(1);
  });

  it('is else the first that failed', () => {
    expect(primaryAttempt(attempts, null)?.number).toBe(2);
  });

  it('is null where there is none', () => {
    expect(primaryAttempt([], 'up')).toBeNull();
  });
});
