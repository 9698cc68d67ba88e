import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/index.ts';
import { readSample } from '../support/samples.ts';

const line = 'ISAKMP (0): received packet from 198.51.100.7 dport 500 sport 500 Global (N) NEW SA';

const firstTime = (stamp: string, year?: number): string | null | undefined =>
  analyze(
    [
      {
        path: 'log',
        content: `${stamp}: ${line}\n${stamp}: ISAKMP:(0):Old State = IKE_READY  New State = IKE_R_MM1\n`,
      },
    ],
    year === undefined ? {} : { year },
  ).negotiations[0]?.timeline[0]?.time;

describe('times of the timeline are ISO 8601 with the precision of the source', () => {
  it.each([
    ['*Mar  1 00:27:51.891', undefined, '--03-01T00:27:51.891'],
    ['Mar  1 2031 00:27:51.891', undefined, '2031-03-01T00:27:51.891'],
    ['.Aug  3 09:15:40', 2019, '2019-08-03T09:15:40'],
    ['May 17 2022 08:02:11.530 UTC', undefined, '2022-05-17T08:02:11.530Z'],
    ['00:27:07', undefined, 'PT27M7S'],
    ['1d02h', undefined, 'P1DT2H'],
  ])('%s', (stamp, year, expected) => {
    expect(firstTime(stamp, year)).toBe(expected);
  });

  it('a year that the log leaves out comes from the capture', () => {
    const { negotiations } = analyze(readSample('02-r2-initiates'));
    const own = negotiations[0]?.timeline.filter(({ line }) => line !== undefined);
    expect(own?.length).toBeGreaterThan(0);
    for (const { time } of own ?? []) expect(time).toMatch(/^2024-09-03T14:2\d:\d\d\.\d{3}$/);
  });
});
