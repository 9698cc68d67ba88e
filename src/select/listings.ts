import { applyCommands } from '../iosconfig/parse.ts';
import { undefinedNames } from '../iosconfig/names.ts';
import type { ConfigModel } from '../model/config.ts';
import type { Prediction } from '../model/selection.ts';
import { ownAddresses } from './pairs.ts';
import { isFragment } from './policy.ts';
import { completeEachOther, saysNothingElse, saysTheSame } from './same-words.ts';
import { tunnelsOf } from './tunnels.ts';

/** Configurations no two of which have one name. */
export type Listings = {
  readonly models: readonly ConfigModel[];
  /** What was predicted from them, with the lines of joined parts counted in their own files. */
  readonly inFiles: (prediction: Prediction) => Prediction;
};

/**
 * Several listings of one host name. What repeats another one is left out, and parts that complete each other are read
 * as one. What remains are listings of different times, or of different routers: they are called apart.
 */
export function joinListings(models: readonly ConfigModel[]): Listings {
  const groups = new Map<string | ConfigModel, ConfigModel[]>();
  for (const model of models) {
    const key = groupOf(model);
    groups.set(key, [...(groups.get(key) ?? []), model]);
  }
  const joined = [...groups.values()].map((group) => joinParts(withoutRepeats(group)));
  const apart = joined.flatMap((told) =>
    told.length === 1 ? told : told.map((each, at) => calledApart(each, at)),
  );
  const inputs = new Map(
    [...groups.values()].map((group) => [group[0]!.hostname, group.map(({ input }) => input)]),
  );
  return {
    models: apart.map(({ model }) => model),
    inFiles: (prediction) =>
      groups.size === models.length ? prediction : inFiles(prediction, apart, inputs),
  };
}

/** Whoever has no name, or the one that every router comes with, is nobody else. */
function groupOf(model: ConfigModel): string | ConfigModel {
  const { hostname, firewallLine } = model;
  return hostname === null || firewallLine !== null || FACTORY.test(hostname)
    ? model
    : hostname.toLowerCase();
}

const FACTORY = /^(?:router|switch)$/i;

function calledApart({ model, parts }: Joined, at: number): Joined {
  return { model: { ...model, hostname: `${model.hostname!} (listing ${String(at + 1)})` }, parts };
}

/** A part repeats what holds all of it; of two listings that stand alone one may lack what the other has for a reason. */
function withoutRepeats(group: readonly ConfigModel[]): readonly ConfigModel[] {
  const repeats = (model: ConfigModel, other: ConfigModel, isLater: boolean): boolean =>
    saysTheSame(model, other)
      ? isLater || (isFragment(model) && !isFragment(other))
      : !standsAlone(model) && saysNothingElse(model, other);
  const kept = [...group];
  for (const model of group) {
    const at = kept.indexOf(model);
    const isRepeat = kept.some(
      (other, position) => other !== model && repeats(model, other, position < at),
    );
    if (isRepeat) kept.splice(at, 1);
  }
  return kept;
}

/** A whole listing, or a part with the tunnels, the addresses and all that they name. */
function standsAlone(model: ConfigModel): boolean {
  return (
    !isFragment(model) ||
    (model.interfaces.some(({ addresses }) => addresses.length > 0) &&
      tunnelsOf(model).length > 0 &&
      undefinedNames(model).length === 0)
  );
}

type Part = { readonly input: string; readonly before: number };
type Joined = { readonly model: ConfigModel; readonly parts: readonly Part[] };

const asJoined = (model: ConfigModel): Joined => ({
  model,
  parts: [{ input: model.input, before: 0 }],
});

function joinParts(group: readonly ConfigModel[]): readonly Joined[] {
  const joined: Joined[] = [];
  for (const model of group) {
    const at = joined.findIndex((held) => complete(held.model, model));
    if (at < 0) joined.push(asJoined(model));
    else joined[at] = join(joined[at]!, model);
  }
  return joined;
}

/** Whether two parts are of one configuration: something is missing in one of them, and neither contradicts the other. */
function complete(one: ConfigModel, other: ConfigModel): boolean {
  if (!isFragment(one) || !isFragment(other)) return false;
  if (standsAlone(one) && standsAlone(other)) return false;
  const calls = (from: ConfigModel, to: ConfigModel): boolean =>
    tunnelsOf(from).some(({ peer }) => peer !== null && ownAddresses(to).has(peer));
  return !calls(one, other) && !calls(other, one) && completeEachOther(one, other, typedAfter);
}

/** `!` leaves whatever block the first part ended in. */
function typedAfter(one: ConfigModel, other: ConfigModel): ConfigModel {
  return applyCommands({ ...one, openedKeys: new Map([...one.openedKeys, ...other.openedKeys]) }, [
    '!',
    ...other.lines,
  ]);
}

function join({ model, parts }: Joined, other: ConfigModel): Joined {
  return {
    model: { ...typedAfter(model, other), input: `${model.input}+${other.input}` },
    parts: [...parts, { input: other.input, before: model.lines.length + 1 }],
  };
}

/** `inputs` are the files of each router of which no listing is called apart, those that repeat another one as well. */
function inFiles(
  prediction: Prediction,
  joined: readonly Joined[],
  inputs: ReadonlyMap<string | null, readonly string[]>,
): Prediction {
  const byName = new Map(joined.map(({ model, parts }) => [model.hostname, parts]));
  const byInput = new Map(joined.map(({ model, parts }) => [model.input, parts]));
  const partsOf = (router: string | null): readonly Part[] => byName.get(router)!;
  return {
    ...prediction,
    routers: prediction.routers.map((router) => {
      if (router.name === null) return router;
      const parts = partsOf(router.name);
      const from = inputs.get(router.name) ?? parts.map(({ input }) => input);
      return { ...withLines(router, parts), inputs: [...new Set(from)] };
    }),
    selections: prediction.selections.map((each) => withLines(each, partsOf(each.router))),
    findings: prediction.findings.map((finding) => ({
      ...finding,
      evidence: finding.evidence.map((each) => {
        const parts = byInput.get(each.input);
        return parts === undefined || each.line === undefined
          ? each
          : { ...withLines(each, parts), input: partAt(each.line, parts).input };
      }),
    })),
  };
}

function partAt(line: number, parts: readonly Part[]): Part {
  return parts.findLast(({ before }) => line > before) ?? parts[0]!;
}

/** The same, with each line counted in the file that it stands in. */
function withLines<T>(value: T, parts: readonly Part[]): T {
  if (parts.length === 1) return value;
  return JSON.parse(JSON.stringify(value), (key, each: unknown) =>
    typeof each === 'number' && /line$/i.test(key) ? each - partAt(each, parts).before : each,
  ) as T;
}
