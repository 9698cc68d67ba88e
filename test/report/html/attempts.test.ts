import { expect, it } from 'vitest';

import { groupAttempts } from '../../../src/report/attempts.ts';
import { attemptOutcome, attemptTitle, mergeTimelines } from '../../../src/report/html/attempts.ts';
import { initiator, responder } from '../../support/report.ts';

const attempt = groupAttempts([responder, initiator])[0]!;

it('names the attempt from initiator to responder', () => {
  expect(attemptTitle(attempt)).toBe('R2 to R1, IKEv1 main mode: failed');
  expect(attemptTitle(groupAttempts([{ ...responder, pairedWith: [] }])[0]!)).toBe(
    '192.168.0.2 to R1, IKEv1 main mode: failed',
  );
});

it('takes the worst outcome that a side tells', () => {
  const up = { ...initiator, outcome: 'established' as const };
  expect(attemptOutcome(groupAttempts([responder, up])[0]!)).toBe('failed');
});

it('lays all sides on one clock, each thing once', () => {
  const items = mergeTimelines(attempt);
  expect(items).toHaveLength(16 + 7 + 11);
  const times = items.map(({ referenceMs }) => referenceMs!);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

it('keeps what has no time where its log has it', () => {
  const timeline = responder.timeline.map((item, i) =>
    i === 3 ? { ...item, referenceMs: null } : item,
  );
  const items = mergeTimelines(groupAttempts([{ ...responder, timeline, pairedWith: [] }])[0]!);
  const at = items.findIndex(({ referenceMs }) => referenceMs === null);
  expect(items[at - 1]?.line).toBe(3);
});
