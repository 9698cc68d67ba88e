import { describe, expect, it } from 'vitest';
import type { Sent } from '../support/incident.ts';
import {
  INITIATOR,
  RESPONDER,
  START_MS,
  diagnosisOf,
  incidentOf,
  mainModeUp,
  opening,
  sent,
  unanswered,
  wire,
} from '../support/incident.ts';

/** Exchanges of two ends towards one another. */

const first = (messages: readonly Sent[], completed = true): ReturnType<typeof wire> =>
  wire(messages, { completed });
const second = (
  afterMs: number,
  messages: readonly Sent[] = mainModeUp,
  responder = INITIATOR,
): ReturnType<typeof wire> =>
  wire(messages, {
    id: 'x2',
    cookie: 'cccccccccccccccc',
    initiator: RESPONDER,
    responder,
    startMs: START_MS + afterMs,
    firstFrame: 100,
    completed: true,
  });

const later = [
  sent('QM1', '>', 2900, { messageId: 78 }),
  sent('QM2', '<', 2910, { messageId: 78 }),
  sent('QM3', '>', 2920, { messageId: 78 }),
];

describe('two exchanges in opposite directions', () => {
  it.each<[string, boolean, ReturnType<typeof wire>, ReturnType<typeof wire>]>([
    ['the second begins within the first', true, first(mainModeUp), second(100)],
    ['the second begins as the first is done', false, first(mainModeUp), second(300)],
    [
      'and the first has a second quick mode',
      false,
      first([...mainModeUp, ...later]),
      second(2000),
    ],
    ['the first waits for an answer', true, first([sent('MM1', '>', 0)], false), second(3000)],
    ['the first repeats MM5', true, first([...opening, ...unanswered(2)], false), second(3000)],
    [
      'the first was refused by then',
      false,
      first([sent('MM1', '>', 0), sent('INFO', '<', 20, { clear: true, notify: 14 })], false),
      second(3000),
    ],
    ['they are between other ends', false, first(mainModeUp), second(100, mainModeUp, '192.0.2.9')],
  ])('collide or not: %s (%s)', (_, collide, one, other) => {
    const { findings } = diagnosisOf({ exchanges: [one, other] });
    expect(findings.some(({ id }) => id === 'rekey-collision')).toBe(collide);
  });
});

describe('a quick mode that is let be', () => {
  const left = [
    ...mainModeUp.slice(0, 8),
    sent('QM2', '<', 1140, { messageId: 77, again: true }),
    sent('QM2', '<', 3140, { messageId: 77, again: true }),
  ];

  it('is no failure where the tunnel stands under the SA that was set up beside', () => {
    const given = { exchanges: [first(left), second(50)] };
    expect(incidentOf(given).attempts.map(({ phase2 }) => phase2)).toEqual([
      'not-reached',
      'complete',
    ]);
    const { negotiations, findings } = diagnosisOf(given);
    expect(negotiations.map(({ verdict }) => verdict)).toEqual(['tunnel-up', 'tunnel-up']);
    expect(findings.filter(({ severity }) => severity === 'failure')).toEqual([]);
    expect(findings.map(({ explanation }) => explanation).join(' ')).toContain('was let be');
  });

  it.each([
    ['alone', []],
    ['before another attempt', [second(20_000)]],
  ])('has failed %s', (_, more) => {
    const { negotiations } = diagnosisOf({ exchanges: [first(left), ...more] });
    expect(negotiations[0]).toMatchObject({ phase2: 'failed', verdict: 'inconclusive' });
  });
});
