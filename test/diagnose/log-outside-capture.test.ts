import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { diagnosisOf, opening, sent, unanswered, wire } from '../support/incident.ts';
import type { WireOptions } from '../support/incident.ts';

const [HUB, SPOKE] = ['198.51.100.2', '192.0.2.1'];

/** What a responder logs of an attempt that stops at MM5; seconds of its lines, or no stamps. */
const log = (
  peer: string,
  { day = 'Jun 19 2024', cipher = '', times = true, times2 = [0, 20, 40, 60, 80] } = {},
): string =>
  [
    `received packet from ${peer} dport 500 sport 500 Global (N) NEW SA`,
    ...(cipher === ''
      ? []
      : [
          'Checking ISAKMP transform 1 against priority 10 policy',
          `     encryption ${cipher}`,
          'atts are acceptable. Next payload is 0',
        ]),
    `sending packet to ${peer} my_port 500 peer_port 500 (R) MM_SA_SETUP`,
    `received packet from ${peer} dport 500 sport 500 Global (R) MM_SA_SETUP`,
    `sending packet to ${peer} my_port 500 peer_port 500 (R) MM_KEY_EXCH`,
    `received packet from ${peer} dport 500 sport 500 Global (R) MM_KEY_EXCH`,
    'reserved not zero on ID payload!',
  ]
    .map((line, at) => {
      const ms = times2[Math.min(at, times2.length - 1)]!;
      const second = String(Math.floor(ms / 1000)).padStart(2, '0');
      const stamp = `${day} 10:00:${second}.${String(ms % 1000).padStart(3, '0')} UTC: `;
      return `${times ? stamp : ''}ISAKMP:(7): ${line}`;
    })
    .join('\n');

const exchange = (options: WireOptions = {}): ReturnType<typeof wire> =>
  wire([...opening, ...unanswered(1)], options);

const told = (
  logs: readonly string[],
  exchanges: readonly ReturnType<typeof wire>[],
): readonly Finding[] =>
  diagnosisOf({ logs, exchanges }).findings.filter(({ id }) => id === 'log-outside-capture');

describe('a log beside a capture', () => {
  it.each([
    ['other peers', log('203.0.113.9'), /attempts with 203\.0\.113\.9.*the peers differ/],
    ['other proposals', log(SPOKE, { cipher: '3DES-CBC' }), /the negotiated transforms differ/],
    [
      'another day',
      log('203.0.113.9', { day: 'Jun 22 2024' }),
      /By its stamps the log is 3 days after the capture/,
    ],
  ])('of %s is told once, with what keeps them apart', (_, text, expected) => {
    const findings = told([text], [exchange()]);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: 'warning' });
    expect(findings[0]!.title).toMatch(/and the capture have no attempt in common$/);
    expect(findings[0]!.explanation).toMatch(expected);
    expect(findings[0]!.evidence.map(({ line, frame }) => line ?? frame)).toEqual([1, 1]);
  });

  it('of another pace is told as what could not be joined', () => {
    const findings = told(
      [log(SPOKE, { times2: [0, 9000, 21_000, 22_000, 48_000] })],
      [exchange()],
    );
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: 'note' });
    expect(findings[0]!.title).toMatch(/and the capture could not be joined$/);
    expect(findings[0]!.explanation).toMatch(/the times between the messages do not fit/);
    expect(findings[0]!.explanation).toMatch(/does not prove that they tell of different attempts/);
  });

  it('of the other direction is told as that', () => {
    const [finding] = told([log(SPOKE)], [exchange({ initiator: HUB, responder: SPOKE })]);
    expect(finding?.explanation).toMatch(/the other end initiates/);
  });

  it('that fits several attempts is told as that', () => {
    const twice = [
      exchange(),
      exchange({
        id: 'x2',
        cookie: 'cccccccccccccccc',
        startMs: Date.UTC(2024, 5, 19, 11),
        firstFrame: 20,
      }),
    ];
    const [finding] = told([log(SPOKE, { times: false })], twice);
    expect(finding?.title).toMatch(/^Nothing tells which attempt/);
  });

  it('that shows one of its attempts is not told', () => {
    expect(told([log(SPOKE)], [exchange()])).toEqual([]);
    expect(told([`${log('203.0.113.9')}\n${log(SPOKE)}`], [exchange()])).toEqual([]);
  });

  it('weighs less where another log does belong to the capture', () => {
    const findings = told([log(SPOKE), `Other#\n${log('203.0.113.9')}`], [exchange()]);
    expect(findings.map(({ severity }) => severity)).toEqual(['note']);
  });

  it('is not told without attempts on both sides', () => {
    expect(told([log(SPOKE)], [])).toEqual([]);
    expect(told([], [exchange()])).toEqual([]);
    expect(told([log('203.0.113.9')], [wire([sent('INFO', '>', 0, { messageId: 5 })])])).toEqual(
      [],
    );
  });
});
