import { describe, expect, it } from 'vitest';
import { pairSeries } from '../../src/correlate/series.ts';

/** Main mode as a BSD daemon repeats it, and as IOS does. */
const GROWING = [0, 4000, 11_200, 24_160, 47_488, 89_478];
const EVEN = [0, 10_000, 20_000, 30_000, 40_000, 50_000];

const at = (times: readonly number[], offset: number): readonly number[] =>
  times.map((ms, index) => ms + offset + (index % 2));

const identical = (count: number, left = 0, right = 0): (readonly number[])[] =>
  Array.from({ length: count }, (_, index) => [index + left, index + right]);

describe('repetitions of one message, as two saw them', () => {
  const told: readonly (readonly [
    name: string,
    left: readonly number[],
    right: readonly number[],
    known: readonly number[],
    pairs: readonly (readonly number[])[],
  ])[] = [
    ['are one after the other where both have all', GROWING, at(GROWING, 500), [], identical(6)],
    [
      'fit by their gaps where one begins late',
      GROWING.slice(2),
      at(GROWING, 12_500),
      [],
      identical(4, 0, 2),
    ],
    [
      'fit where the other begins late',
      GROWING,
      at(GROWING, 12_500).slice(1),
      [],
      identical(5, 1, 0),
    ],
    [
      'fit where each lacks another end',
      GROWING.slice(0, 5),
      at(GROWING, -7000).slice(1),
      [],
      identical(4, 1, 0),
    ],
    [
      'fit where one lacks some between',
      GROWING,
      at(GROWING, 0).filter((_, index) => index !== 2),
      [],
      [
        [0, 0],
        [1, 1],
        [3, 2],
        [4, 3],
        [5, 4],
      ],
    ],
    ['fit by what is known of the clock', EVEN, at(EVEN, 300).slice(2), [300], identical(4, 2, 0)],
    ['are single', [0], [77], [], identical(1)],
    [
      'go on where a clock was set',
      GROWING,
      [0, 4000, 56_200, 69_160, 92_488, 134_478],
      [],
      identical(6),
    ],
  ];
  it.each(told)('%s', (_, left, right, known, pairs) => {
    expect(pairSeries(left, right, known, 401)).toEqual({ pairs, assumed: false });
  });

  it.each([
    ['gaps that are all alike', EVEN, at(EVEN, 0).slice(2)],
    ['a single one among many', GROWING, [12_000]],
    ['two that are both there', [0, 10_000], [0, 10_000, 20_000]],
  ])('are assumed to be the first for %s', (_, left, right) => {
    expect(pairSeries(left, right, [], 401)).toEqual({ pairs: [[0, 0]], assumed: true });
  });

  it('are in order where there are no times', () => {
    expect(pairSeries([null, null], [1, 2], [], 401).pairs).toEqual(identical(2));
    expect(pairSeries([null], [1, 2], [], 401)).toEqual({ pairs: [[0, 0]], assumed: true });
  });
});
