import { describe, expect, it } from 'vitest';
import { renewals } from '../../src/correlate/history.ts';
import {
  START_MS,
  diagnosisOf,
  incidentOf,
  mainModeUp,
  opening,
  sent,
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

const begun = wire(
  [
    sent('SA_INIT', '>', 0),
    sent('SA_INIT', '<', 20),
    sent('AUTH', '>', 40, { messageId: 1, length: 300 }),
    sent('AUTH', '<', 60, { messageId: 1, length: 280 }),
  ],
  { version: 2, completed: true },
);
const renewal = (id: string, of: string, notify?: number): ReturnType<typeof wire> => ({
  ...wire(
    [
      sent('CREATE_CHILD_SA', '>', 900, { opened: {} }),
      sent('CREATE_CHILD_SA', '<', 920, {
        opened: {},
        ...(notify === undefined ? {} : { notify }),
      }),
    ],
    {
      version: 2,
      id,
      cookie: id.slice(1).repeat(16),
      startMs: START_MS + Number(id.slice(1)) * 1000,
      startedBefore: true,
      completed: true,
    },
  ),
  rekeyedFrom: { exchange: of, frames: [5, 6] },
});

it('a rekeyed IKE SA is no attempt of its own', () => {
  const { histories, attempts } = incidentOf({ exchanges: [begun, renewal('x2', 'x1')] });
  expect(attempts).toHaveLength(2);
  expect(histories.map((entry) => entry.attempts)).toEqual([[attempts[0]!.id]]);
});

it('what renews an SA again and again and what was renewed are one', () => {
  const exchanges = [begun, renewal('x2', 'x1'), renewal('x3', 'x2', 14)];
  const { attempts } = incidentOf({ exchanges });
  for (const attempt of attempts)
    expect([...renewals(attempt, attempts)].sort()).toEqual(['a1', 'a2', 'a3']);
  const { verdict } = diagnosisOf({ exchanges });
  expect(verdict.finding).toBe('ikev2-no-proposal-chosen');
  expect(verdict.summary).not.toContain('Other attempts');
});

it('a renewed IKE SA alone is up', () => {
  const { findings } = diagnosisOf({ exchanges: [renewal('x2', 'x1')] });
  expect(findings[0]!.title).toBe('The IKE SA from 192.0.2.1 to 198.51.100.2 is up');
  expect(findings[0]!.explanation).toContain('took the place of the one before it');
  expect(findings[0]!.explanation).not.toContain('quick mode');
});

const FAILED = "Can't find a valid tunnel group, aborting...!";
const UP: readonly string[] = ['PHASE 1 COMPLETED', 'PHASE 2 COMPLETED (msgid=1a2b3c4d)'];
const DEAD = 'IKE lost contact with remote peer, deleting connection (keepalive type: DPD)';

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
    expect(verdict.summary).toMatch(
      /^The tunnel from 192\.0\.2\.1 to 198\.51\.100\.2 is up now: it failed 4 times, then came up once\. /,
    );
    // The success is part of that story, no other attempt.
    expect(verdict.summary).not.toContain('Other attempts');
  });

  it.each([
    [
      'failed and stands',
      [FAILED, ...UP],
      'no-psk-for-peer',
      /is up now: it failed once, then came up once\. Why it failed before: .* found none\./,
    ],
    [
      'failed, came up and lost its peer',
      [FAILED, ...UP, DEAD],
      'dpd-peer-dead',
      /got no answer, so .* it failed once, then came up once\. Why it failed until then: .* has no pre-shared key for 192\.0\.2\.7\.$/,
    ],
    [
      'failed, came up and ended by itself',
      [FAILED, ...UP, 'Session is being torn down. Reason: Idle Timeout'],
      'no-psk-for-peer',
      /came up and has ended: it failed once, then came up once\. Why/,
    ],
    [
      'lost its peer and came up again',
      [...UP, DEAD, ...UP],
      'dpd-peer-dead',
      /is up now: it came up twice\. Why it ended before: /,
    ],
  ])('tell first what matters now of a tunnel that %s', (_, lines, finding, summary) => {
    const who = 'Group = 192.0.2.7, IP = 192.0.2.7, ';
    const log = lines.map((line, n) => `Jul 15 10:00:1${n} [IKEv1]: ${who}${line}`).join('\n');
    const { verdict } = diagnosisOf({ logs: [log] });
    expect(verdict.finding).toBe(finding);
    expect(verdict.summary).toMatch(summary);
    expect(verdict.summary).not.toContain('Other attempts');
  });

  it('tell what fails since it came up, and before it what failed until then', () => {
    const silent = wire([sent('MM1', '>', 0), sent('MM1', '>', 9000, { again: true })], {
      id: 'x9',
      cookie: '9999999999999999',
      startMs: START_MS + 600_000,
      transform: null,
    });
    const { verdict } = diagnosisOf({ exchanges: [...attempts.slice(3), silent] });
    expect(verdict.finding).toBe('peer-unreachable');
    expect(verdict.summary).toMatch(
      /failed once, then came up once, then failed once\. Why it failed until then: MM5 of [^:]*\.$/,
    );
  });

  it('name the router whose configuration changed in between', () => {
    const lines = [
      'ISAKMP:(0): SA request profile is (NULL)',
      'ISAKMP:(0): sending packet to 198.51.100.2 my_port 500 peer_port 500 (I) MM_NO_STATE',
      'ISAKMP:(0): retransmitting phase 1 MM_NO_STATE...',
      'ISAKMP:(0):deleting SA reason "Death by retransmission P1" state (I) MM_NO_STATE (peer 198.51.100.2)',
    ];
    const stamped = (hour: number, text: string): string => `*Jun 19 ${hour}:00:00.000: ${text}`;
    const log = [
      'EDGE#debug crypto isakmp',
      ...lines.map((line) => stamped(10, line)),
      stamped(11, '%SYS-5-CONFIG_I: Configured from console by vty0 (192.0.2.200)'),
      ...lines.map((line) => stamped(12, line)),
    ].join('\n');
    const [history] = incidentOf({ logs: [log] }).histories;
    expect(history?.text).toBe(
      'failed twice; the configuration of EDGE changed at line 6 of its log',
    );
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
