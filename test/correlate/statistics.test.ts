import { describe, expect, it } from 'vitest';
import { deviation, median, slope } from '../../src/correlate/statistics.ts';

describe('robust statistics', () => {
  it('takes the middle', () => {
    expect(median([5, 1, 9])).toBe(5);
    expect(median([1, 2, 3, 10])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('is not moved by one wild sample in three', () => {
    expect(median([10, 11, 1e9])).toBe(11);
    expect(deviation([10, 11, 12, 1e9, 11], 11)).toBe(1);
  });

  it('finds a slope through outliers', () => {
    const points = Array.from({ length: 50 }, (_, x) => ({
      x,
      y: 3 * x + (x % 10 === 0 ? 500 : 0),
    }));
    expect(slope(points)).toBeCloseTo(3, 6);
    expect(slope([{ x: 1, y: 5 }])).toBe(0);
    expect(
      slope([
        { x: 1, y: 5 },
        { x: 1, y: 9 },
      ]),
    ).toBe(0);
  });
});
