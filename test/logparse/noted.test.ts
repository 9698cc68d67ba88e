import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Noted } from '../../src/logparse/negotiations/noted.ts';

const ids = ['skeyid', 'sent MM_NO_STATE', 'error-counter', 'phase 1 complete'];

describe('what the lines of an attempt showed', () => {
  it('is the first lines of each fact and the last one', () => {
    const step = fc.tuple(fc.constantFrom(...ids), fc.integer({ min: 1, max: 300 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const noted = new Noted();
        const all = new Map<string, number[]>();
        let line = 0;
        for (const [id, times] of steps) {
          for (let i = 0; i < times; i++) {
            noted.add(id, ++line);
            all.set(id, [...(all.get(id) ?? []), line]);
          }
        }
        for (const id of ids) {
          const lines = all.get(id);
          expect(noted.has(id)).toBe(lines !== undefined);
          expect(noted.of(id)).toEqual(
            lines && lines.length > 64 ? [...lines.slice(0, 63), lines.at(-1)] : lines,
          );
        }
      }),
      { seed: 20240301, numRuns: 100 },
    );
  });

  it('can take back what came last', () => {
    const noted = new Noted();
    noted.add('received MM_SA_SETUP', 3);
    noted.add('skeyid', 4);
    noted.add('received MM_SA_SETUP', 9);
    noted.takeBack('received MM_SA_SETUP', 8);
    expect(noted.of('received MM_SA_SETUP')).toEqual([3, 9]);
    noted.takeBack('received MM_SA_SETUP', 9);
    expect(noted.of('received MM_SA_SETUP')).toEqual([3]);
    noted.takeBack('received MM_SA_SETUP', 3);
    expect(noted.has('received MM_SA_SETUP')).toBe(false);
    expect(noted.has('skeyid')).toBe(true);
  });
});
