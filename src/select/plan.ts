import type { ConfigModel } from '../model/config.ts';
import type { Kept, Repair } from '../model/selection.ts';
import type { Candidate } from './candidates.ts';
import type { Edit } from './edit.ts';
import {
  effectsElsewhere,
  leavesAmbiguous,
  newWarnings,
  newWeakness,
  warningsOf,
} from './side-effects.ts';

/** A repair as it is replayed: the changes that it is made of, and those of their commands that are left. */
export type Plan = {
  readonly changes: readonly Candidate[];
  readonly edits: readonly Edit[];
  readonly keeps: readonly Kept[];
};

/** Configurations with more lines are predicted, and not replayed again and again. */
export const MOST_LINES = 20_000;

const MOST_SHOWN = 5;

export function extend(plan: Plan | null, candidate: Candidate): Plan {
  return {
    changes: [...(plan?.changes ?? []), candidate],
    edits: [...(plan?.edits ?? []), ...candidate.edits],
    keeps: keptByBoth(plan?.keeps ?? candidate.keeps, candidate.keeps),
  };
}

/** A key that either gives up is given up; whatever else either keeps is kept. */
function keptByBoth(first: readonly Kept[], second: readonly Kept[]): readonly Kept[] {
  return [...new Set([...first, ...second])].filter(
    (each) => each !== 'keys' || (first.includes(each) && second.includes(each)),
  );
}

/** Only the main reading is asked of a plan that rests on the order of keyrings. */
export function restsOnOrder({ keeps }: { readonly keeps: readonly Kept[] }): boolean {
  return keeps.includes('all-but-order');
}

/** Leaves out edits one by one, as long as the rest still holds, until none can be spared. */
export function fewest(
  { changes, edits: all }: Pick<Plan, 'changes' | 'edits'>,
  holds: (edits: readonly Edit[]) => boolean,
): readonly Edit[] {
  const whole = changes.filter((change) => change.whole === true);
  const withoutOne = (edits: readonly Edit[], at: number): readonly Edit[] => {
    const group = whole.find((change) => change.edits.includes(edits[at]!));
    return edits.filter((each, index) => !(group?.edits.includes(each) ?? index === at));
  };
  let edits = all;
  for (let at = edits.length - 1; at >= 0; at -= 1) {
    const fewer = withoutOne(edits, at);
    if (fewer.length === 0 || !holds(fewer)) continue;
    edits = fewer;
    at = edits.length;
  }
  return edits;
}

/** The changes of which some command is left; null where one has lost what it says it does. */
export function changesLeft({ changes, edits }: Plan): readonly Candidate[] | null {
  const left: Candidate[] = [];
  for (const change of changes.flatMap((each) => each.parts ?? [each])) {
    if (!change.edits.some((edit) => edits.includes(edit))) continue;
    const isTrue = change.needs?.every((edit) => edits.includes(edit)) ?? true;
    const told = isTrue ? change : change.otherwise;
    if (told === undefined) return null;
    left.push(told);
  }
  return left;
}

/** What a plan says of itself, what speaks against it, and how it ranks among others: the lowest cost is shown first. */
type Weighed = {
  readonly text: string;
  readonly sideEffects: readonly string[];
  readonly cost: number;
};

const COSTS = { order: 100, elsewhere: 20, warning: 20, said: 3, weaker: 60, looser: 300 } as const;

/** `peers` are the addresses of the router at the other end, which the plan is for. */
export function weigh(
  plan: Plan,
  changes: readonly Candidate[],
  before: readonly ConfigModel[],
  after: readonly ConfigModel[],
  peers: ReadonlySet<string>,
): Weighed {
  const routers = before.map((model, at) => [model, after[at]!] as const);
  const told = <T>(tell: (was: ConfigModel, is: ConfigModel) => readonly T[]): readonly T[] =>
    routers.flatMap(([was, is]) => (was === is ? [] : tell(was, is)));
  const elsewhere = told((was, is) => effectsElsewhere(was, is, peers));
  const warnings = told(newWarnings);
  const weak = told(newWeakness);
  const ambiguous = restsOnOrder(plan) ? [] : told((_, is) => leavesAmbiguous(is, peers));
  const sideEffects = [
    ...new Set([
      ...changes.flatMap((change) => change.sideEffects),
      ...elsewhere,
      ...warnings,
      ...ambiguous,
      ...weak,
    ]),
  ];
  const left = routers.reduce(
    (sum, [was, is]) => sum + warningsOf(is).length - warningsOf(was).length,
    0,
  );
  const behind = changes.flatMap((change) => change.behind ?? []);
  const cost =
    (restsOnOrder(plan) ? COSTS.order : 0) +
    elsewhere.length * COSTS.elsewhere +
    (left + ambiguous.length) * COSTS.warning +
    sideEffects.length * COSTS.said +
    plan.edits.length +
    (behind.includes('weaker') || weak.length > 0 ? COSTS.weaker : 0) +
    (behind.includes('looser') ? COSTS.looser : 0);
  return { text: [...new Set(changes.map(({ text }) => text))].join(' '), sideEffects, cost };
}

export type Priced = { readonly repair: Repair; readonly cost: number };

export function cheapest(found: readonly Priced[]): readonly Repair[] {
  return [...found]
    .sort((a, b) => a.cost - b.cost)
    .slice(0, MOST_SHOWN)
    .map(({ repair }) => repair);
}
