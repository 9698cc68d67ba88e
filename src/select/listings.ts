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
  /** The host name that a configuration shows, by the name that it has here, where that is another one. */
  readonly hostnames: ReadonlyMap<string, string>;
  /** What was predicted from them, with the lines of joined parts counted in their own files. */
  readonly inFiles: (prediction: Prediction) => Prediction;
};

/**
 * Several listings of one host name. Those that call each other are of several routers. Of one router what repeats
 * another listing is left out, and parts that complete each other are read as one; what remains are listings of
 * different times. Whatever has one name is called apart.
 */
export function joinListings(models: readonly ConfigModel[]): Listings {
  const groups = new Map<string | ConfigModel, ConfigModel[]>();
  for (const model of models) {
    const key = groupOf(model);
    groups.set(key, [...(groups.get(key) ?? []), model]);
  }
  const hostnames = new Map<string, string>();
  const joined = [...groups.values()].flatMap((group) =>
    calledApart(routersOf(group).map(joinRouter), hostnames),
  );
  return {
    models: joined.map(({ model }) => model),
    hostnames,
    inFiles: (prediction) =>
      joined.length === models.length ? prediction : inFiles(prediction, joined),
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

/** No router is its own peer, before a change or after it. */
function routersOf(group: readonly ConfigModel[]): readonly (readonly ConfigModel[])[] {
  const routers: ConfigModel[][] = [];
  for (const model of group) {
    const own = routers.find((held) => !held.some((each) => calls(each, model)));
    if (own === undefined) routers.push([model]);
    else own.push(model);
  }
  return routers;
}

/** Whether either of two listings has the other's address for a peer. */
function calls(one: ConfigModel, other: ConfigModel): boolean {
  const names = (from: ConfigModel, to: ConfigModel): boolean =>
    tunnelsOf(from).some(({ peer }) => peer !== null && ownAddresses(to).has(peer));
  return names(one, other) || names(other, one);
}

function joinRouter(listings: readonly ConfigModel[]): readonly Joined[] {
  const joined = joinParts(withoutRepeats(listings));
  const [only, ...more] = joined;
  return more.length > 0 ? joined : [{ ...only!, inputs: listings.map(({ input }) => input) }];
}

/** Names that differ, if only in case, are told apart as they are. */
function calledApart(
  routers: readonly (readonly Joined[])[],
  hostnames: Map<string, string>,
): readonly Joined[] {
  return routers.flatMap((listings) =>
    listings.map((told) => {
      const { hostname } = told.model;
      const isNamed = ({ model }: Joined): boolean => model.hostname === hostname;
      const namesakes = routers.filter((each) => each.some(isNamed));
      const own = listings.filter(isNamed);
      const marks = [
        ...(namesakes.length > 1 ? [`router ${String(namesakes.indexOf(listings) + 1)}`] : []),
        ...(own.length > 1 ? [`listing ${String(own.indexOf(told) + 1)}`] : []),
      ];
      if (hostname === null || marks.length === 0) return told;
      const name = `${hostname} (${marks.join(', ')})`;
      hostnames.set(name, hostname);
      return { ...told, model: { ...told.model, hostname: name } };
    }),
  );
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
type Joined = {
  readonly model: ConfigModel;
  readonly parts: readonly Part[];
  /** Its files, those that only repeat as well. */
  readonly inputs: readonly string[];
};

const asJoined = (model: ConfigModel): Joined => ({
  model,
  parts: [{ input: model.input, before: 0 }],
  inputs: [model.input],
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
  return completeEachOther(one, other, typedAfter);
}

/** `!` leaves whatever block the first part ended in. */
function typedAfter(one: ConfigModel, other: ConfigModel): ConfigModel {
  return applyCommands({ ...one, openedKeys: new Map([...one.openedKeys, ...other.openedKeys]) }, [
    '!',
    ...other.lines,
  ]);
}

function join({ model, parts, inputs }: Joined, other: ConfigModel): Joined {
  return {
    model: { ...typedAfter(model, other), input: `${model.input}+${other.input}` },
    parts: [...parts, { input: other.input, before: model.lines.length + 1 }],
    inputs: [...inputs, other.input],
  };
}

function inFiles(prediction: Prediction, joined: readonly Joined[]): Prediction {
  const byName = new Map(joined.map(({ model, parts }) => [model.hostname, parts]));
  const byInput = new Map(joined.map(({ model, parts }) => [model.input, parts]));
  const partsOf = (router: string | null): readonly Part[] => byName.get(router)!;
  return {
    ...prediction,
    routers: prediction.routers.map((router, at) => {
      const { parts, inputs } = joined[at]!;
      return { ...withLines(router, parts), inputs: [...new Set(inputs)] };
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
