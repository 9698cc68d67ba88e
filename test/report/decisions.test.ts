import { expect, it } from 'vitest';

import { groupAttempts } from '../../src/report/attempts.ts';
import { decisionRows } from '../../src/report/decisions.ts';
import { initiator, responder } from '../support/report.ts';

it('tells the decisions of both sides in the order of the messages', () => {
  const rows = decisionRows(groupAttempts([responder, initiator])[0]!);
  expect(rows.map(({ step, router, what }) => [step, router, what])).toEqual([
    ['SA request', 'R2', 'profile'],
    ['MM3', 'R1', 'keyring'],
    ['MM4', 'R2', 'keyring'],
    ['MM5', 'R1', 'profile'],
    ['MM5', 'R1', 'verification'],
  ]);
});

it('tells a decision once that both negotiations hold', () => {
  const twice = { ...initiator, decisions: [...initiator.decisions, ...responder.decisions] };
  expect(decisionRows(groupAttempts([responder, twice])[0]!)).toHaveLength(5);
});
