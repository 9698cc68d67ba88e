import type { ConfigModel } from '../model/config.ts';
import type { Kept, Repair } from '../model/selection.ts';
import type { Candidate } from './candidates.ts';
import type { Edit } from './edit.ts';
import { nameOf } from './findings/make.ts';
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

/** What may end otherwise by another reading of the documents, as the changes of a plan say themselves. */
export function allowedAgainst({ changes }: Plan, contested: readonly string[]): boolean {
  const against = changes.flatMap((change) => change.parts ?? [change]).map((each) => each.against);
  return contested.every((rule) => against.includes(rule));
}

/** Lines of configuration that may be replayed to cut one plan: a replay costs as much as its routers are long. */
const MOST_REPLAYED = 100_000;

/** How often a plan for these routers may be tried again, with fewer commands. */
export const triesFor = (models: readonly ConfigModel[]): number =>
  Math.floor(MOST_REPLAYED / models.reduce((sum, { lines }) => sum + lines.length, 1));

/** Fewer commands are left out one by one only. */
const FEWEST_AT_ONCE = 8;

type Units = readonly (readonly Edit[])[];

/**
 * Leaves out edits, from the last to the first, as long as the rest still holds, until none can be spared. With no tries
 * left the rest stays: it holds, though some of it may be spared.
 */
export function fewest(
  { changes, edits }: Pick<Plan, 'changes' | 'edits'>,
  holds: (edits: readonly Edit[]) => boolean,
  tries: number,
): readonly Edit[] {
  let left = tries;
  const hold = (units: Units): boolean => {
    if (units.length === 0 || left <= 0) return false;
    left -= 1;
    return holds(units.flat());
  };
  let units = withoutRuns(unitsOf(changes, edits), hold);
  for (let at = units.length - 1; at >= 0 && left > 0; at -= 1) {
    const fewer = units.toSpliced(at, 1);
    if (!hold(fewer)) continue;
    units = fewer;
    at = units.length;
  }
  return units.flat();
}

/** Runs that can be spared, twice as long after each that was: of hundreds of commands most go in a few tries. */
function withoutRuns(all: Units, hold: (units: Units) => boolean): Units {
  let units = all;
  let size = FEWEST_AT_ONCE;
  for (let end = units.length; end >= FEWEST_AT_ONCE;) {
    const start = Math.max(0, end - size);
    const fewer = [...units.slice(0, start), ...units.slice(end)];
    if (hold(fewer)) {
      units = fewer;
      end = start;
      size *= 2;
    } else if (size > FEWEST_AT_ONCE) {
      size >>= 1;
    } else {
      end = start;
    }
  }
  return units;
}

/** What is left out together: the edits of a change that says something as a whole only, or one. */
function unitsOf(changes: readonly Candidate[], edits: readonly Edit[]): Units {
  const whole = changes.filter((change) => change.whole === true);
  const units = new Map<Candidate | Edit, Edit[]>();
  for (const edit of edits) {
    const of = whole.find((change) => change.edits.includes(edit)) ?? edit;
    const unit = units.get(of) ?? [];
    units.set(of, unit);
    unit.push(edit);
  }
  return [...units.values()];
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

const COSTS = {
  order: 100,
  elsewhere: 20,
  warning: 20,
  said: 3,
  weaker: 60,
  beside: 60,
  shared: 70,
  strands: 200,
  looser: 300,
} as const;

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
  const say = sayer(plan, before);
  const sideEffects = [
    ...new Set([
      ...changes.flatMap((change) => change.sideEffects.map((each) => say(change, each))),
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
    (behind.includes('weaker') ? COSTS.weaker : 0) +
    (weak.length > 0 ? COSTS.weaker : 0) +
    (behind.includes('beside') ? COSTS.beside : 0) +
    (behind.includes('shared') ? COSTS.shared : 0) +
    (behind.includes('strands') ? COSTS.strands : 0) +
    (behind.includes('looser') ? COSTS.looser : 0);
  const text = [...new Set(changes.map((change) => say(change, change.text)))].join(' ');
  return { text, sideEffects, cost };
}

/** Where several routers change, a sentence of a change tells which of them it is for. */
function sayer(
  { edits }: Plan,
  models: readonly ConfigModel[],
): (change: Candidate, sentence: string) => string {
  const namesOf = (of: readonly Edit[]): readonly string[] => [
    ...new Set(of.map(({ router }) => nameOf(models[router]!))),
  ];
  const isOne = namesOf(edits).length === 1;
  return (change, sentence) => {
    const [name, ...more] = namesOf(change.edits.filter((edit) => edits.includes(edit)));
    if (isOne || name === undefined || more.length > 0) return sentence;
    return tellsRouter(sentence, name) ? sentence : `On ${name}: ${sentence}`;
  };
}

/** What stands before the name of a router; keyrings, profiles and the like may have the same one. */
const BEFORE_ROUTER = ['of', 'on', 'Let', 'which'];

function tellsRouter(sentence: string, name: string): boolean {
  return BEFORE_ROUTER.some((word) =>
    ` ${sentence}`
      .split(` ${word} ${name}`)
      .slice(1)
      .some((rest) => /^[.,;:]?(?:\s|$)/.test(rest)),
  );
}

export type Priced = { readonly repair: Repair; readonly cost: number };

/** Whether the first is all of the second and a change more, which nothing needs and by which nothing more is kept. */
function holdsMore(more: Repair, less: Repair): boolean {
  return (
    more.router === less.router &&
    less.commands.length < more.commands.length &&
    (more.text.includes(less.text) || more.proof === less.proof) &&
    less.commands.every((command) => more.commands.includes(command))
  );
}

/** The repairs to show, those that are best to type first. */
export function cheapest(found: readonly Priced[]): readonly Repair[] {
  return found
    .filter((each) => !found.some((other) => holdsMore(each.repair, other.repair)))
    .sort((a, b) => a.cost - b.cost)
    .slice(0, MOST_SHOWN)
    .map(({ repair }) => repair);
}
