import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateClock } from '../../src/correlate/clock.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import type { LogNegotiation } from '../../src/model/log.ts';
import {
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
import type { RouterClock } from '../../src/model/report.ts';
import { createRandom } from '../support/random.ts';

type Disturbance = {
  readonly seed: number;
  readonly offsetMs: number;
  readonly driftPpm: number;
  readonly jitterMs: number;
  readonly lossPercent: number;
  readonly attempts: number;
  readonly noYear: boolean;
};

/** Attempts of one pair of peers at irregular times, as a tap and as the initiator's log saw them. */
function disturbed(how: Disturbance): {
  readonly exchanges: readonly Exchange[];
  readonly logs: readonly LogNegotiation[];
} {
  const random = createRandom(how.seed);
  const exchanges: Exchange[] = [];
  let start = START_MS;
  for (let index = 0; index < how.attempts; index += 1) {
    const up = random(3) === 0;
    const between = 10 + random(30);
    const messages = (up ? mainModeUp : [...opening, ...unanswered(2 + random(4))]).map(
      (each, at) => ({
        ...each,
        at: each.at + between * at + random(20),
      }),
    );
    exchanges.push(
      wire(messages, {
        id: `x${index + 1}`,
        cookie: (index + 1).toString(16).padStart(16, '0'),
        startMs: start,
        completed: up,
        firstFrame: 1 + index * 20,
      }),
    );
    start += 60_000 + random(240_000);
  }
  const stamp = (wireMs: number, own: boolean): ReturnType<typeof logTime> => {
    const noise = how.jitterMs === 0 ? 0 : random(2 * how.jitterMs * 1000) / 1000 - how.jitterMs;
    const delay = own ? -0.4 : 0.4;
    const drift = (wireMs - START_MS) * how.driftPpm * 1e-6;
    const ms = Math.round(wireMs + how.offsetMs + drift + noise + delay);
    return how.noYear ? logTime(new Date(ms).setUTCFullYear(1970), { year: null }) : logTime(ms);
  };
  const logs = exchanges.map((exchange, index) => {
    const view = loggedView(exchange, 'initiator', `n${index + 1}`, 'log0', stamp);
    const kept = view.packets.filter(() => random(100) >= how.lossPercent);
    return { ...view, packets: kept, firstTime: kept[0]?.time ?? null };
  });
  return { exchanges, logs };
}

describe('the clock of a router against the capture', () => {
  it('is recovered within 50 ms or declared unknown, and joins are right or absent', () => {
    let joined = 0;
    let possible = 0;
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 1, max: 1 << 30 }),
          offsetMs: fc.integer({ min: -86_400_000, max: 86_400_000 }),
          driftPpm: fc.integer({ min: -100, max: 100 }),
          jitterMs: fc.integer({ min: 0, max: 30 }),
          lossPercent: fc.integer({ min: 0, max: 20 }),
          attempts: fc.integer({ min: 1, max: 8 }),
          noYear: fc.constant(false),
        }),
        (how) => {
          const { exchanges, logs } = disturbed(how);
          const incident = incidentOf({ exchanges, logs: [documentOf('log0', logs, 'R1')] });
          const clock = incident.routers[0]!.clock;
          if (clock.offsetMs !== null) {
            expect(Math.abs(clock.offsetMs - how.offsetMs)).toBeLessThanOrEqual(50);
          }
          for (const attempt of incident.attempts) {
            const log = attempt.initiator.log;
            if (log === null || attempt.exchange === null) continue;
            expect(log.id.slice(1)).toBe(attempt.exchange.id.slice(1));
            joined += 1;
          }
          possible += how.attempts;
        },
      ),
      { seed: 20240619, numRuns: 150 },
    );
    // Absent joins are allowed, but not as a habit.
    expect(joined / possible).toBeGreaterThan(0.9);
  });

  it('solves a year that the log does not print', () => {
    const { exchanges, logs } = disturbed({
      seed: 5,
      offsetMs: 4321,
      driftPpm: 0,
      jitterMs: 2,
      lossPercent: 0,
      attempts: 3,
      noYear: true,
    });
    const incident = incidentOf({ exchanges, logs: [documentOf('log0', logs, 'R1')] });
    expect(Math.abs(incident.routers[0]!.clock.offsetMs! - 4321)).toBeLessThan(50);
  });

  it('names a drift that moves the ends apart', () => {
    const { exchanges, logs } = disturbed({
      seed: 9,
      offsetMs: 1000,
      driftPpm: 90,
      jitterMs: 1,
      lossPercent: 0,
      attempts: 8,
      noYear: false,
    });
    const { clock } = incidentOf({ exchanges, logs: [documentOf('log0', logs, 'R1')] }).routers[0]!;
    expect(clock.basis).toMatch(/gains (?:8\d|9\d)\.\d ppm/);
  });

  it('says that it is unknown where nothing joins', () => {
    const exchange = wire([sent('MM1', '>', 0)], { responder: '203.0.113.9' });
    const other = wire([...opening], { id: 'x9', cookie: 'cccccccccccccccc' });
    const log = loggedView(other, 'initiator', 'n1', 'log0', (ms) => logTime(ms));
    const incident = incidentOf({ exchanges: [exchange], logs: [documentOf('log0', [log], 'R1')] });
    expect(incident.routers[0]!.clock.offsetMs).toBeNull();
    expect(incident.routers[0]!.clock.basis).toMatch(/could be joined.*: the peers differ$/);
    expect(incident.attempts).toHaveLength(2);
    expect(incident.refused.map((entry) => entry.why)).toContain('the peers differ');
  });

  it('does not report the time since boot as a clock error', () => {
    const exchange = wire([...opening, ...unanswered(3)]);
    const log = loggedView(exchange, 'initiator', 'n1', 'log0', (ms) =>
      logTime(ms - START_MS + 90_000, { mark: 'uptime', year: null }),
    );
    const incident = incidentOf({ exchanges: [exchange], logs: [documentOf('log0', [log], 'R1')] });
    expect(incident.attempts).toHaveLength(1);
    expect(incident.routers[0]!.clock.offsetMs).toBeNull();
    expect(incident.routers[0]!.clock.basis).toContain('boot');
  });

  it('does not pass whole seconds for a measurement, unless the messages narrow them down', () => {
    const clockOf = (messages: readonly ReturnType<typeof sent>[]): RouterClock => {
      const exchange = wire(messages);
      const log = loggedView(exchange, 'initiator', 'n1', 'log0', (ms) =>
        logTime(Math.floor((ms + 7250) / 1000) * 1000, { resolutionMs: 1000 }),
      );
      return incidentOf({ exchanges: [exchange], logs: [documentOf('log0', [log], 'R1')] })
        .routers[0]!.clock;
    };
    const short = clockOf([...opening, ...unanswered(1)]);
    expect(short.offsetMs).toBeNull();
    expect(short.basis).toContain('give or take');
    const phases = Array.from({ length: 24 }, (_, n) =>
      sent('MM5', '>', 80 + n * 10_043, { again: n > 0 }),
    );
    expect(Math.abs(clockOf([...opening, ...phases]).offsetMs! - 7250)).toBeLessThan(50);
  });

  it('sets no calendar against a count from boot', () => {
    const exchange = wire([...opening, ...unanswered(3)]);
    const counted = loggedView(exchange, 'initiator', 'n1', 'log0', (ms) =>
      logTime(ms - START_MS + 90_000, { mark: 'uptime', year: null }),
    );
    const dated = loggedView(exchange, 'responder', 'n2', 'log1', (ms) => logTime(ms));
    const { routers, attempts } = incidentOf({
      logs: [documentOf('log0', [counted], 'R1'), documentOf('log1', [dated], 'R2')],
    });
    expect(attempts).toHaveLength(1);
    expect(routers.map(({ clock }) => clock.offsetMs)).toEqual([0, null]);
  });
});

describe('a clock that is set by too little to show where', () => {
  it.each([900, -900])('has the offset of the first message: %i ms', (by) => {
    const times = [0, 10, 20, 30, 80, 4000, 11_000, 24_000, 47_000, 90_000];
    const samples = times.map((at) => ({
      at,
      difference: at < 1000 ? 40 : 40 + by,
      forward: true,
      place: null,
      referencePlace: null,
    }));
    const alignment = {
      samples,
      common: samples.length,
      missing: 0,
      offset: 40,
      spread: 0,
      resolution: 1,
      assumed: false,
      slack: 0,
      steps: [],
    };
    const { offsetMs, basis } = estimateClock([alignment], 'the capture', true);
    expect(offsetMs).toBe(40);
    expect(basis).toContain('is that of the first message and moves by 900 ms');
  });
});

describe('a message that only the log repeats', () => {
  it('is not said to be repeated by both', () => {
    const tried = wire([
      ...opening.slice(0, 1),
      ...[10_000, 20_000].map((at) => sent('MM1', '>', at, { again: true })),
    ]);
    const log = loggedView(tried, 'initiator', 'n1', 'log0', (ms) => logTime(ms));
    const { clock } = incidentOf({
      exchanges: [wire(opening.slice(0, 1))],
      logs: [documentOf('log0', [log], 'R1')],
    }).routers[0]!;
    expect(clock.basis).toContain('at least one of the two has it repeatedly');
  });
});
