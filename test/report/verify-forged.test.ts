import { describe, expect, it } from 'vitest';

import { analyze } from '../../src/index.ts';
import type { AnalysisReport } from '../../src/model/report.ts';
import { analysisSchema } from '../../src/report/schema/analysis.ts';
import { verifyReport } from '../../src/report/verify.ts';
import { createRandom } from '../support/random.ts';
import { readSample } from '../support/samples.ts';

type Path = readonly (string | number)[];

/** What no evidence tells: who made the report, and what its files were called. */
const untold = /^(?:schema|tool\..*|inputs\.#\.path)$/;

const nameOf = (path: Path): string =>
  path.map((part) => (typeof part === 'number' ? '#' : part)).join('.');

/** Every place of a report that holds a value of the kind. */
function placesOf(value: unknown, isWanted: (value: unknown) => boolean, path: Path = []): Path[] {
  const own = isWanted(value) ? [path] : [];
  if (typeof value !== 'object' || value === null) return own;
  return Object.entries(value).reduce((all: Path[], [key, item]) => {
    all.push(...placesOf(item, isWanted, [...path, Array.isArray(value) ? Number(key) : key]));
    return all;
  }, own);
}

/** The report with the value at a place changed. */
function forged(
  report: AnalysisReport,
  path: Path,
  change: (value: never) => unknown,
): AnalysisReport {
  const copy = structuredClone(report) as unknown;
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((item, part) => (item as Record<string, unknown>)[part], copy);
  const last = path.at(-1)!;
  const fields = holder as Record<string, unknown>;
  fields[last] = change(fields[last] as never);
  return copy as AnalysisReport;
}

function otherLeaf(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  return typeof value === 'string' ? `${value}.` : 'forged';
}

const isLeaf = (value: unknown): boolean => typeof value !== 'object' || value === null;
const isList = (value: unknown): boolean => Array.isArray(value) && value.length > 0;
const EACH = 2;

describe.each(['02-r2-initiates', '12-certificates'])('a forged report of %s', (sample) => {
  const report = JSON.parse(JSON.stringify(analyze(readSample(sample)))) as AnalysisReport;
  const random = createRandom(6);
  const isNoticed = (saved: AnalysisReport): boolean => {
    const { broken, added } = verifyReport(saved, report);
    return broken.length + added.length > 0;
  };
  /** A few places of each name. */
  const chosen = (isWanted: (value: unknown) => boolean): readonly Path[] => {
    const byName = new Map<string, Path[]>();
    for (const path of placesOf(report, isWanted)) {
      const name = nameOf(path);
      if (!untold.test(name)) byName.set(name, [...(byName.get(name) ?? []), path]);
    }
    return [...byName.values()].flatMap((paths) =>
      Array.from({ length: Math.min(EACH, paths.length) }, () => paths[random(paths.length)]!),
    );
  };
  const unnoticed = (
    isWanted: (value: unknown) => boolean,
    change: (value: never) => unknown,
  ): readonly string[] =>
    chosen(isWanted).flatMap((path) =>
      isNoticed(forged(report, path, change)) ? [] : [path.join('.')],
    );

  it('is noticed whatever single value is changed', () => {
    expect(isNoticed(report)).toBe(false);
    expect(chosen(isLeaf).length).toBeGreaterThan(100);
    expect(unnoticed(isLeaf, otherLeaf)).toEqual([]);
  });

  it('is noticed whatever item of a list is left out, doubled or moved', () => {
    expect(unnoticed(isList, (list: unknown[]) => list.slice(1))).toEqual([]);
    expect(unnoticed(isList, (list: unknown[]) => [...list, list[0]])).toEqual([]);
    const isMixed = (value: unknown): boolean =>
      Array.isArray(value) &&
      JSON.stringify(value.at(0)) !== JSON.stringify(value.at(-1)) &&
      value.length > 1;
    expect(
      unnoticed(isMixed, (list: unknown[]) => [list.at(-1), ...list.slice(1, -1), list[0]]),
    ).toEqual([]);
  });

  it('is noticed whatever field is left out that a report may lack', () => {
    for (const path of chosen((value) => isLeaf(value) && value !== null)) {
      const saved = JSON.stringify(forged(report, path, () => undefined));
      const { data } = analysisSchema.safeParse(JSON.parse(saved));
      if (data) expect(isNoticed(data), path.join('.')).toBe(true);
    }
  });
});

describe('a forged report', () => {
  const report = analyze(readSample('02-r2-initiates'));

  it('lists the false one of two things in one place, and no other', () => {
    const [first] = report.negotiations;
    const event = first!.timeline.at(-1)!;
    const timeline = [...first!.timeline, { ...event, text: 'a forged event' }];
    const saved = {
      ...report,
      negotiations: [{ ...first!, timeline }, ...report.negotiations.slice(1)],
    };
    const { broken, added } = verifyReport(saved, report);
    expect(broken.map(({ kind, now }) => [kind, now])).toEqual([['event', null]]);
    expect(broken[0]!.claim).toContain('a forged event');
    expect(added).toEqual([]);
  });

  it('that leaves out a whole input tells it once', () => {
    const saved = {
      ...report,
      inputs: report.inputs.slice(0, -1),
    };
    const { broken, added } = verifyReport(saved, report);
    expect(broken).toEqual([]);
    expect(added).toHaveLength(1);
  });
});
