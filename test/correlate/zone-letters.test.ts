import { describe, expect, it } from 'vitest';
import type { LogDocument } from '../../src/model/log.ts';
import type { Incident } from '../../src/model/incident.ts';
import {
  documentOf,
  incidentOf,
  logTime,
  loggedView,
  opening,
  unanswered,
  wire,
} from '../support/incident.ts';

const HOUR = 3_600_000;
const tried = wire([...opening, ...unanswered(3)]);

/** A log whose clock shows so many hours more than UTC, and prints these letters. */
function heard(side: 'initiator' | 'responder', hours: number, zone: string | null): LogDocument {
  const input = `log-${side}`;
  const log = loggedView(tried, side, `n-${side}`, input, (ms) =>
    logTime(ms + hours * HOUR, { zone }),
  );
  return documentOf(input, [log], side === 'initiator' ? 'SPOKE' : 'HUB');
}

const offsets = ({ routers }: Incident): readonly (number | null)[] =>
  routers.map(({ clock }) =>
    clock.offsetMs === null ? null : Math.round(clock.offsetMs / HOUR) + 0,
  );

const asides = ({ routers }: Incident): number =>
  routers.filter(({ clock }) => clock.basis.includes('are set aside for --tz')).length;

/** Europe/Paris is two hours ahead in the June of these stamps, and Australia/Sydney ten. */
describe('letters beside --tz', () => {
  it.each([
    ['fit the capture', [heard('initiator', -5, 'EST')], 'Europe/Paris', [0], 0],
    ['mean what is told', [heard('initiator', 10, 'EST')], 'Australia/Sydney', [0], 1],
    ['mean neither', [heard('initiator', 5, 'EST')], 'Europe/Paris', [3], 1],
    ['are of a clock that is off', [heard('initiator', -4.95, 'EST')], 'Europe/Paris', [0], 0],
    ['have no usual meaning', [heard('initiator', 5.5, 'IST')], '+05:30', [0], 0],
  ])('that %s, against a capture', (_, logs, tz, expected, aside) => {
    const incident = incidentOf({ exchanges: [tried], logs, options: { tz } });
    expect(offsets(incident)).toEqual(expected);
    expect(asides(incident)).toBe(aside);
  });

  it.each([
    ['fit the other log', heard('responder', 2, null), heard('initiator', -5, 'EST'), [0, 0], 0],
    [
      'fit it, and come first',
      heard('initiator', -5, 'EST'),
      heard('responder', 2, null),
      [0, 0],
      0,
    ],
    ['of both fit', heard('initiator', -5, 'EST'), heard('responder', 1, 'CET'), [0, 0], 0],
    ['do not fit it', heard('responder', 2, null), heard('initiator', 2, 'EST'), [0, 0], 1],
  ])('that %s, without a capture', (_, one, other, expected, aside) => {
    const incident = incidentOf({ logs: [one, other], options: { tz: 'Europe/Paris' } });
    expect(offsets(incident)).toEqual(expected);
    expect(asides(incident)).toBe(aside);
  });

  it('are set aside where nothing can be compared', () => {
    const incident = incidentOf({
      logs: [heard('initiator', -5, 'EST')],
      options: { tz: 'Europe/Paris' },
    });
    expect(asides(incident)).toBe(1);
  });
});
