import { describe, expect, it } from 'vitest';
import type { LogDocument, LogEvent, LogTime } from '../../src/model/log.ts';
import type { Incident } from '../../src/model/incident.ts';
import {
  START_MS,
  documentOf,
  incidentOf,
  logTime,
  loggedView,
  opening,
  packetsLogged,
  sent,
  unanswered,
  wire,
} from '../support/incident.ts';

const AFTER = [0, 4000, 11_200, 24_160, 47_488, 89_478];
const tried = wire([
  ...opening,
  ...AFTER.map((at, index) => sent('MM5', '>', 80 + at, { again: index > 0 })),
]);

/** A log of the responder whose clock shows `ahead` more at each moment after the first message. */
function heard(
  ahead: (sinceMs: number) => number,
  more: (sinceMs: number) => Partial<LogTime> = () => ({}),
  said: readonly Pick<LogEvent, 'line' | 'text' | 'time'>[] = [],
): LogDocument {
  const log = loggedView(tried, 'responder', 'n1', 'log0', (ms) => {
    const since = ms - START_MS;
    return logTime(Math.round(ms + ahead(since)), more(since));
  });
  return packetsLogged(log, 'R1', said);
}

const clockOf = (incident: Incident): Incident['routers'][number]['clock'] =>
  incident.routers[0]!.clock;

/** How far from its frame the log is placed, at worst. */
function misplaced(incident: Incident): number {
  const items = incident.negotiations[0]!.timeline;
  const frames = items.filter(({ frame }) => frame !== undefined);
  const lines = items.filter(({ direction }) => direction !== undefined);
  return Math.max(
    ...lines.map(({ referenceMs }) =>
      Math.min(...frames.map((frame) => Math.abs(frame.referenceMs! - referenceMs!))),
    ),
  );
}

describe('a clock that is set while a log is written', () => {
  const stepped =
    (from: number, by: number, first = 0) =>
    (since: number): number =>
      since < from ? first : first + by;

  it.each([
    ['forward, by seconds', -45_000, 45_000],
    ['forward, by days', -5 * 86_400_000, 5 * 86_400_000],
    ['back, by hours', 7_200_000, -7_200_000],
    ['back, by less than the time that passed', 5000, -5000],
    ['back an hour, as summer time ends', 0, -3_600_000],
  ])('%s', (_, first, by) => {
    const incident = incidentOf({
      exchanges: [tried],
      logs: [heard(stepped(10_000, by, first))],
    });
    const { offsetMs, steps } = clockOf(incident);
    expect(Math.abs(offsetMs! - first)).toBeLessThan(50);
    expect(steps).toEqual([
      { input: 'log0', line: 7, byMs: expect.closeTo(by, -1) as number, isMeasured: true },
    ]);
    expect(misplaced(incident)).toBeLessThan(50);
  });

  it('twice', () => {
    const ahead = (since: number): number => (since < 5000 ? 0 : since < 30_000 ? -600_000 : 9000);
    const { steps } = clockOf(incidentOf({ exchanges: [tried], logs: [heard(ahead)] }));
    expect(steps!.map(({ line, byMs }) => [line, Math.round(byMs / 1000)])).toEqual([
      [7, -600],
      [9, 609],
    ]);
  });

  it('and says so itself', () => {
    const update = {
      line: 6.5,
      time: logTime(START_MS + 8000),
      text: '%SYS-6-CLOCKUPDATE: System clock has been updated from 09:00:00 UTC Mon Nov 23 2026 to 11:00:00 UTC Mon Nov 23 2026, configured from console by vty0 (192.0.2.9).',
    };
    const incident = incidentOf({
      exchanges: [tried],
      logs: [heard(stepped(8000, 7_200_000), undefined, [update])],
    });
    expect(clockOf(incident).steps).toEqual([
      expect.objectContaining({ line: 6.5, byMs: expect.closeTo(7_200_000, -1) as number }),
    ]);
    expect(misplaced(incident)).toBeLessThan(50);
  });

  it('is told without a capture too, as far as its lines go back', () => {
    const { steps } = clockOf(incidentOf({ logs: [heard(stepped(10_000, -7_200_000))] }));
    expect(steps).toEqual([expect.objectContaining({ line: 7, isMeasured: false })]);
    expect(steps![0]!.byMs).toBeCloseTo(-7_200_000 + 7200, -2);
  });

  it('leaves the hour that comes twice where the zone is known', () => {
    const end = Date.UTC(2024, 10, 3, 6, 0, 0);
    const ahead = (since: number): number => {
      const utc = end - 9000 + since;
      return (utc < end ? -4 : -5) * 3_600_000 + end - 9000 - START_MS;
    };
    const moved = wire(
      [...opening, ...AFTER.map((at, index) => sent('MM5', '>', 80 + at, { again: index > 0 }))],
      { startMs: end - 9000 },
    );
    const { steps, offsetMs } = clockOf(
      incidentOf({ exchanges: [moved], logs: [heard(ahead)], options: { tz: 'America/New_York' } }),
    );
    expect(steps).toBeUndefined();
    expect(Math.abs(offsetMs!)).toBeLessThan(50);
  });
});

describe('a clock that is not set', () => {
  it.each([
    [
      'one message that was logged late',
      (since: number) => (since > 20_000 && since < 30_000 ? 3000 : 0),
    ],
    ['a busy console', (since: number) => (since > 4000 && since < 20_000 ? 350 : 0)],
    ['a clock that runs two parts in a hundred too fast', (since: number) => since * 0.02],
  ])('is not said to be for %s', (_, ahead) => {
    const { steps, basis } = clockOf(incidentOf({ exchanges: [tried], logs: [heard(ahead)] }));
    expect(steps).toBeUndefined();
    expect(basis).not.toContain('ppm');
  });
});

describe('an offset that rests on little', () => {
  it('is an assumption where only repetitions are common, all alike', () => {
    const late = wire([...unanswered(6)].slice(2).map((each) => ({ ...each, again: false })));
    const log = loggedView(wire([...opening, ...unanswered(6)]), 'responder', 'n1', 'log0', (ms) =>
      logTime(ms),
    );
    const clock = clockOf(
      incidentOf({
        exchanges: [late],
        logs: [documentOf('log0', [{ ...log, messageIds: [5] }], 'R1')],
      }),
    );
    expect(clock.offsetMs).toBeNull();
    if (clock.basis.includes('matched')) expect(clock.basis).toContain('assum');
  });

  it('has no jitter to show for a single message', () => {
    const once = wire([sent('MM1', '>', 0)]);
    const log = loggedView(once, 'responder', 'n1', 'log0', (ms) => logTime(ms + 4000));
    const clock = clockOf(
      incidentOf({ exchanges: [once], logs: [documentOf('log0', [log], 'R1')] }),
    );
    expect(clock).toMatchObject({ offsetMs: 4000, jitterMs: null });
    expect(clock.basis).toContain('nothing to check it by');
  });

  it('is none without stamps', () => {
    const log = loggedView(tried, 'responder', 'n1', 'log0', () => null);
    const clock = clockOf(
      incidentOf({ exchanges: [tried], logs: [documentOf('log0', [log], 'R1')] }),
    );
    expect(clock).toEqual({ offsetMs: null, jitterMs: null, basis: 'its log has no time stamps' });
  });
});

describe('two logs alone, of which one was set', () => {
  const viewed = (
    role: 'initiator' | 'responder',
    ahead: (sinceMs: number) => number,
    more: (sinceMs: number) => Partial<LogTime> = () => ({}),
  ): LogDocument => {
    const input = `log-${role}`;
    const log = loggedView(tried, role, role, input, (ms) => {
      const since = ms - START_MS;
      return logTime(Math.round(ms + ahead(since)), more(since));
    });
    return packetsLogged(log, role === 'initiator' ? 'R2' : 'R1');
  };
  const steady = (): number => 0;
  const set =
    (byMs: number) =>
    (since: number): number =>
      since < 10_000 ? 0 : byMs;
  type Shown = readonly [router: string | null, bySeconds: number, or: string | null];
  const shown = (logs: readonly LogDocument[]): readonly Shown[] =>
    incidentOf({ logs }).routers.flatMap(({ name, clock }) =>
      (clock.steps ?? []).map(({ byMs, or }): Shown => [
        name,
        Math.round(byMs / 1000),
        or === undefined ? null : `${or.router} ${Math.round(or.byMs / 1000)}`,
      ]),
    );
  const starred = (since: number): Partial<LogTime> => ({
    mark: since < 10_000 ? 'not-authoritative' : 'authoritative',
  });

  it.each([
    ['its lines go back', set(-45_000), undefined, -45, null],
    ['no router is silent for so long', set(7_200_000), undefined, 7200, null],
    ['the mark of its stamps changes', set(45_000), starred, 45, null],
    ['nothing tells', set(45_000), undefined, 45, -45],
  ])('are told apart where %s, whichever comes first', (_, ahead, more, byMs, either) => {
    const one = viewed('responder', ahead, more);
    const other = viewed(
      'initiator',
      steady,
      more === undefined
        ? undefined
        : () => ({
            mark: 'authoritative',
          }),
    );
    const or = either === null ? null : `R2 ${either}`;
    expect(shown([other, one])).toEqual([['R1', byMs, or]]);
    expect(shown([one, other])).toEqual(
      either === null ? [['R1', byMs, null]] : [['R2', either, `R1 ${byMs}`]],
    );
  });

  it('are both placed on one clock', () => {
    const one = viewed('responder', set(-45_000));
    const incident = incidentOf({ logs: [one, viewed('initiator', steady)] });
    const items = incident.negotiations[0]!.timeline.filter(({ step }) => step === 'MM5');
    const [sent5, got5] = ['sent', 'received'].map((way) =>
      items.filter(({ direction }) => direction === way).map(({ referenceMs }) => referenceMs!),
    );
    expect(sent5!.length).toBe(6);
    for (const [index, at] of sent5!.entries())
      expect(Math.abs(at - got5![index]!)).toBeLessThan(50);
  });
});
