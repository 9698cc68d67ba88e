import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../src/select/candidates.ts';
import type { Edit } from '../../src/select/edit.ts';
import { fewest } from '../../src/select/plan.ts';

const commands = (count: number): readonly Edit[] =>
  Array.from({ length: count }, (_, at) => ({ router: 0, block: [], command: String(at) }));

const changeOf = (edits: readonly Edit[], whole: boolean): Candidate => ({
  text: '',
  edits,
  keeps: [],
  sideEffects: [],
  ...(whole && { whole: true }),
});

/** What is left where these commands are needed, and how often that was tried. */
function cut(
  edits: readonly Edit[],
  needed: readonly number[],
  { tries = 1_000, changes = [] as readonly Candidate[] } = {},
): { readonly left: readonly number[]; readonly tried: number } {
  let tried = 0;
  const holds = (fewer: readonly Edit[]): boolean => {
    tried += 1;
    const left = new Set(fewer.map(({ command }) => Number(command)));
    return needed.every((each) => left.has(each));
  };
  const left = fewest({ changes, edits }, holds, tries).map(({ command }) => Number(command));
  return { left, tried };
}

describe('the fewest commands that hold', () => {
  it.each([[[0]], [[0, 1, 2]], [[3]], [[1, 300, 599]], [[597, 598, 599]]])(
    '%j of 600, in a few tries',
    (needed) => {
      const { left, tried } = cut(commands(600), needed);
      expect(left).toEqual(needed);
      expect(tried).toBeLessThan(300);
    },
  );

  it('are never none', () => {
    expect(cut(commands(40), []).left).toHaveLength(1);
  });

  it('are those that are left where the tries end', () => {
    const needed = commands(600).map((_, at) => at);
    expect(cut(commands(600), needed, { tries: 100 })).toEqual({ left: needed, tried: 100 });
    const { left, tried } = cut(commands(600), [5], { tries: 6 });
    expect(tried).toBe(6);
    expect(left).toContain(5);
  });

  it('go together where a change says something as a whole only', () => {
    const edits = commands(6);
    const changes = [changeOf(edits.slice(0, 3), true), changeOf(edits.slice(3), false)];
    expect(cut(edits, [1], { changes }).left).toEqual([0, 1, 2]);
    expect(cut(edits, [4], { changes }).left).toEqual([4]);
  });
});
