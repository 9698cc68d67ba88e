import { describe, expect, it } from 'vitest';
import {
  INITIATOR,
  RESPONDER,
  START_MS,
  documentOf,
  incidentOf,
  logTime,
  loggedView,
  mainModeUp,
  opening,
  sent,
  unanswered,
  wire,
} from '../support/incident.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import type { LogNegotiation, LogTime } from '../../src/model/log.ts';

const failing = wire([...opening, ...unanswered(3)]);
const stamp =
  (offset: number) =>
  (ms: number, own: boolean): LogTime =>
    logTime(Math.round(ms + offset + (own ? -1 : 1)));
const view = (
  role: 'initiator' | 'responder',
  id: string,
  offset: number,
  more: Partial<LogNegotiation> = {},
): LogNegotiation => ({ ...loggedView(failing, role, id, `log-${role}`, stamp(offset)), ...more });

describe('joining a log to packets', () => {
  it('is exact by a message id', () => {
    const exchange = wire(mainModeUp, { completed: true });
    const log = {
      ...loggedView(exchange, 'initiator', 'n1', 'log0', () => null),
      messageIds: [77],
    };
    const incident = incidentOf({ exchanges: [exchange], logs: [documentOf('log0', [log], 'R2')] });
    expect(incident.attempts[0]!.joins).toEqual([
      expect.objectContaining({
        strength: 'exact',
        by: expect.stringContaining('0x0000004d') as string,
      }),
    ]);
  });

  it('compares message ids as unsigned numbers, as old releases print them signed', () => {
    const exchange = wire(
      mainModeUp.map((each) =>
        each.messageId === undefined ? each : { ...each, messageId: 0xfffffff6 },
      ),
      { completed: true },
    );
    const log = {
      ...loggedView(exchange, 'initiator', 'n1', 'log0', () => null),
      messageIds: [-10],
    };
    const incident = incidentOf({ exchanges: [exchange], logs: [documentOf('log0', [log], 'R2')] });
    expect(incident.attempts[0]!.joins[0]!.strength).toBe('exact');
  });

  const refusals: readonly (readonly [string, Partial<LogNegotiation>, string])[] = [
    [
      'of other peers',
      { peerAddress: '203.0.113.1', localAddress: '203.0.113.2' },
      'the peers differ',
    ],
    ['of another exchange type', { exchange: 'aggressive' }, 'aggressive mode'],
    ['of another version', { ikeVersion: 2, exchange: 'ikev2' }, 'another IKE version'],
    [
      'with another transform',
      {
        transform: {
          encryption: '3DES-CBC',
          hash: 'MD5',
          group: 2,
          auth: 'pre-share',
          lifeSeconds: null,
        },
      },
      'transforms differ',
    ],
    ['that found a NAT where the packets show none', { natFound: true }, 'NAT'],
    ['with other cookies', { initiatorCookie: 'ffffffffffffffff' }, 'cookies differ'],
    ['that came up', { phase1: 'complete' }, 'given up on the wire'],
  ];
  it.each(refusals)('refuses a log %s', (_, more, why) => {
    const incident = incidentOf({
      exchanges: [failing],
      logs: [documentOf('log-initiator', [view('initiator', 'n1', 0, more)], 'R2')],
    });
    expect(incident.attempts).toHaveLength(2);
    expect(incident.attempts.every((attempt) => attempt.joins.length === 0)).toBe(true);
    expect(incident.refused.map((entry) => entry.why).join()).toContain(why);
  });

  describe('where the last answer of phase 1 is lost', () => {
    const THROUGH: Partial<LogNegotiation> = { phase1: 'complete', outcome: 'incomplete' };
    /** The responder heard MM5 so often. */
    const through = (offset: number, copies: number): LogNegotiation => {
      const heard = view('responder', 'n1', offset, THROUGH);
      const mm5 = heard.packets.filter(({ state }) => state === 'MM_KEY_EXCH').slice(1 + copies);
      return { ...heard, packets: heard.packets.filter((packet) => !mm5.includes(packet)) };
    };
    const joins = (exchange: Exchange, log: LogNegotiation): number =>
      incidentOf({ exchanges: [exchange], logs: [documentOf(log.input, [log], 'R2')] }).attempts[0]!
        .joins.length;

    it('the responder is through and the initiator gives up', () => {
      expect(joins(failing, through(0, 1))).toBe(1);
    });
    it('the responder, by a clock of its own, hears MM5 as often as it is sent', () => {
      expect(joins(failing, through(3_600_000, 3))).toBe(1);
    });
    it('but an attempt of another hour may be another one', () => {
      expect(joins(failing, through(3_600_000, 1))).toBe(0);
    });
    it('the clock that other attempts share speaks for it', () => {
      const later = wire(mainModeUp, {
        id: 'x2',
        cookie: 'cccccccccccccccc',
        startMs: START_MS + 90_000,
        firstFrame: 50,
        completed: true,
      });
      const second = loggedView(later, 'responder', 'n2', 'log-responder', stamp(3_600_000));
      const incident = incidentOf({
        exchanges: [failing, later],
        logs: [documentOf('log-responder', [through(3_600_000, 1), second], 'R2')],
      });
      expect(incident.attempts.map((attempt) => attempt.joins.length)).toEqual([1, 1]);
    });

    const proven = wire([...opening, ...unanswered(3), sent('MM6', '<', 90)], { completed: true });
    it('keys that show that MM6 fits do not part the initiator from it', () => {
      expect(joins(proven, view('initiator', 'n1', 3000))).toBe(1);
    });
    it('but an initiator that goes on has not failed', () => {
      const goesOn = wire(mainModeUp, { completed: true });
      expect(joins(goesOn, view('initiator', 'n1', 0))).toBe(0);
    });
  });

  it('refuses to choose between two attempts that fit alike', () => {
    const again = wire([...opening, ...unanswered(3)], {
      id: 'x2',
      cookie: 'cccccccccccccccc',
      startMs: START_MS + 60_000,
      firstFrame: 50,
    });
    const incident = incidentOf({
      exchanges: [failing, again],
      logs: [documentOf('log-initiator', [view('initiator', 'n1', 0)], 'R2')],
    });
    expect(incident.attempts).toHaveLength(3);
    expect(incident.refused.map((entry) => entry.why)).toContain(
      'several attempts between these peers fit equally well',
    );
  });

  it('lets two synchronised clocks choose', () => {
    const again = wire([...opening, ...unanswered(3)], {
      id: 'x2',
      cookie: 'cccccccccccccccc',
      startMs: START_MS + 60_000,
      firstFrame: 50,
    });
    const log = loggedView(again, 'initiator', 'n1', 'log0', (ms) =>
      logTime(ms + 3, { mark: 'authoritative' }),
    );
    const incident = incidentOf({
      exchanges: [failing, again],
      logs: [documentOf('log0', [log], 'R2')],
    });
    const joined = incident.attempts.find((attempt) => attempt.joins.length > 0)!;
    expect(joined.exchange?.id).toBe('x2');
  });

  it('takes a log without times when nothing else fits', () => {
    const log = loggedView(failing, 'initiator', 'n1', 'log0', () => null);
    const incident = incidentOf({ exchanges: [failing], logs: [documentOf('log0', [log], 'R2')] });
    expect(incident.attempts[0]!.joins[0]!.strength).toBe('weak');
  });

  it('refuses an attempt that repeats what the other has only once', () => {
    // The responder asks for MM5 again on the wire; this log goes on for half a minute and does not.
    const asking = wire([
      ...opening,
      ...unanswered(4),
      ...[10, 20, 30].map((s) => sent('MM4', '<', 60 + 1000 * s, { again: true })),
    ]);
    const log = loggedView(wire([...opening, ...unanswered(5)]), 'responder', 'n1', 'log0', (ms) =>
      logTime(Math.round(ms + 5000)),
    );
    const incident = incidentOf({ exchanges: [asking], logs: [documentOf('log0', [log], 'R1')] });
    expect(incident.attempts).toHaveLength(2);
    expect(incident.refused.map(({ why }) => why)).toEqual([
      'one repeats a message that the other has only once',
    ]);
  });

  it('keeps another tunnel of the same times apart', () => {
    const other = wire([...opening, ...unanswered(3)], {
      id: 'x2',
      cookie: 'cccccccccccccccc',
      initiator: '192.0.2.77',
      firstFrame: 50,
    });
    const incident = incidentOf({
      exchanges: [other, failing],
      logs: [documentOf('log-initiator', [view('initiator', 'n1', 500)], 'R2')],
    });
    const joined = incident.attempts.find((attempt) => attempt.joins.length > 0)!;
    expect(joined.exchange?.id).toBe('x1');
  });
});

describe('joining two logs', () => {
  const logs = [
    documentOf('log-initiator', [view('initiator', 'i1', 1000)], 'R2'),
    documentOf('log-responder', [view('responder', 'r1', -4000)], 'R1'),
  ];

  it('goes by opposite roles, peers and times, and sets one clock against the other', () => {
    const incident = incidentOf({ logs });
    expect(incident.attempts).toHaveLength(1);
    expect(incident.negotiations.map((entry) => entry.pairedWith)).toEqual([['r1'], ['i1']]);
    expect(incident.routers[0]!.clock.offsetMs).toBe(0);
    expect(incident.routers[1]!.clock.offsetMs!).toBeCloseTo(-5000, -1);
  });

  it('goes through the capture when there is one', () => {
    const incident = incidentOf({ exchanges: [failing], logs });
    expect(incident.attempts).toHaveLength(1);
    expect(incident.negotiations[0]!.pairedWith).toEqual(['r1', 'x1']);
    expect(incident.negotiations[0]!.pairedBy).toHaveLength(2);
    expect(incident.routers.map((router) => Math.round(router.clock.offsetMs! / 100))).toEqual([
      10, -40,
    ]);
  });

  it('goes through a translation by the identity that it leaves alone', () => {
    const inside = '10.0.0.9';
    const hidden = (peerIdentity: LogNegotiation['peerIdentity']): number =>
      incidentOf({
        logs: [
          documentOf(
            'log-initiator',
            [view('initiator', 'i1', 1000, { localAddress: inside, natFound: true })],
            'R2',
          ),
          documentOf(
            'log-responder',
            [
              view('responder', 'r1', -4000, {
                localAddress: null,
                peerAddress: '203.0.113.200',
                natFound: true,
                peerIdentity,
              }),
            ],
            'R1',
          ),
        ],
      }).attempts.length;
    expect(hidden({ type: 'ID_IPV4_ADDR', value: inside, line: 5 })).toBe(1);
    expect(hidden({ type: 'ID_IPV4_ADDR', value: '10.0.0.10', line: 5 })).toBe(2);
  });

  it('keeps two initiators apart', () => {
    const same = [
      documentOf('log-initiator', [view('initiator', 'i1', 0)], 'R2'),
      documentOf(
        'log-other',
        [view('initiator', 'i2', 0, { input: 'log-other', localAddress: '192.0.2.50' })],
        'R3',
      ),
    ];
    expect(incidentOf({ logs: same }).attempts).toHaveLength(2);
  });
});

describe('scope', () => {
  it('keeps to a peer and to a span of time', () => {
    const later = wire(mainModeUp, {
      id: 'x2',
      cookie: 'cccccccccccccccc',
      initiator: '192.0.2.9',
      startMs: START_MS + 3_600_000,
      completed: true,
    });
    const given = { exchanges: [failing, later] };
    const ids = (
      options: NonNullable<Parameters<typeof incidentOf>[0]['options']>,
    ): readonly string[] => incidentOf({ ...given, options }).negotiations.map((entry) => entry.id);
    expect(ids({ peer: '192.0.2.9' })).toEqual(['x2']);
    expect(ids({ peer: RESPONDER })).toEqual(['x1', 'x2']);
    expect(ids({ peer: INITIATOR })).toEqual(['x1']);
    expect(ids({ sinceMs: START_MS + 1_800_000 })).toEqual(['x2']);
    expect(ids({ untilMs: START_MS + 1_800_000 })).toEqual(['x1']);
  });

  it('reads stamps without a year in the year that is asked for, and leaves uptimes in', () => {
    const at = (month: number, more: Partial<LogTime> = {}): Partial<LogNegotiation> => ({
      firstTime: { ...logTime(Date.UTC(1970, month, 19)), year: null, ...more },
    });
    const logs = [
      documentOf('log-initiator', [
        view('initiator', 'june', 0, at(5)),
        view('initiator', 'july', 0, at(6)),
        view('initiator', 'booted', 0, at(0, { mark: 'uptime' })),
      ]),
    ];
    const ids = (sinceMs: number, untilMs: number): readonly string[] =>
      incidentOf({ logs, options: { sinceMs, untilMs } }).negotiations.map(({ id }) => id);
    expect(ids(Date.UTC(2023, 5, 1), Date.UTC(2023, 5, 30))).toEqual(['booted', 'june']);
    expect(ids(Date.UTC(2025, 6, 1), Date.UTC(2025, 6, 30))).toEqual(['booted', 'july']);
  });
});

describe('what is no attempt', () => {
  it('leaves keepalives of an older SA out', () => {
    const keepalive = wire([{ step: 'INFO', way: '>', at: 0 }], { mode: 'informational' });
    expect(incidentOf({ exchanges: [keepalive] }).attempts).toHaveLength(0);
  });
});

describe('a log that begins within an attempt', () => {
  const given = [0, 4000, 11_200, 24_160, 47_488, 89_478];
  const repeated = wire([
    ...opening,
    ...given.map((at, index) => sent('MM5', '>', 80 + at, { again: index > 0 })),
  ]);
  const later = wire(
    [...opening, ...given.map((at, index) => sent('MM5', '>', 80 + at, { again: index > 0 }))],
    { id: 'x2', cookie: 'cccccccccccccccc', startMs: START_MS + 3_600_000, firstFrame: 40 },
  );
  const rest = (offset: number): LogNegotiation => {
    const whole = loggedView(repeated, 'initiator', 'n1', 'log0', stamp(offset));
    const packets = whole.packets.slice(5);
    return { ...whole, packets, firstTime: packets[0]!.time, transform: null };
  };

  it.each([
    ['is joined where its pace fits the clock of the capture', 300, [repeated], 'x1'],
    ['is joined with the one of its time', 300, [repeated, later], 'x1'],
    ['is not joined by its pace alone', 3_600_000 * 5, [repeated, later], null],
  ])('%s', (_, offset, exchanges, expected) => {
    const incident = incidentOf({
      exchanges,
      logs: [documentOf('log0', [rest(offset)], 'R2')],
    });
    const joined = incident.attempts.find(({ initiator }) => initiator.log !== null);
    expect(joined?.exchange?.id ?? null).toBe(expected);
  });
});
