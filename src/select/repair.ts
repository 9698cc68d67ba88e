import type { SecretToken } from '../iosconfig/mask.ts';
import type { ConfigModel } from '../model/config.ts';
import type { Remedy } from '../model/finding.ts';
import type { Kept, Repair } from '../model/selection.ts';
import type { Candidate } from './candidates.ts';
import { walkLink } from './directions.ts';
import type { WalkedLink } from './directions.ts';
import { applyEdits, commandsFor, revealer } from './edit.ts';
import type { Edit, Reveal } from './edit.ts';
import { keyFindings } from './findings/keys.ts';
import { nameOf } from './findings/make.ts';
import { profileFindings } from './findings/profiles.ts';
import { calls, findLinks, seenAttempt } from './pairs.ts';
import type { PairOptions } from './pairs.ts';
import { broken, neededFor, proofOf } from './kept.ts';
import { forKeyring, proposeRepairs } from './propose.ts';
import { MAIN_READING, OTHER_READINGS } from './rules.ts';
import { askedFor, awaitsName, chooseAsInitiator, chooseAsResponder } from './selection.ts';
import type { Chosen } from './selection.ts';
import { effectsElsewhere } from './side-effects.ts';
import { tunnelsOf } from './tunnels.ts';
import type { Tunnel } from './tunnels.ts';

/** A repair as it is replayed: the commands of each router it changes. */
type Plan = {
  readonly edits: readonly Edit[];
  readonly keeps: readonly Kept[];
  readonly texts: readonly string[];
  readonly sideEffects: readonly string[];
};

type Workshop = {
  readonly models: readonly ConfigModel[];
  readonly token: SecretToken;
  readonly reveal: Reveal;
  readonly options: PairOptions;
  readonly before: readonly WalkedLink[];
  replays: number;
};

const MOST_REPLAYS = 160;
const MOST_LINES = 20_000;
const MOST_DEPTH = 3;
const MOST_SHOWN = 5;

/** Changes that make both directions of every failing pair come up, each replayed and cut to what is needed. */
export function findRepairs(
  models: readonly ConfigModel[],
  token: SecretToken,
  walked: readonly WalkedLink[],
  options: PairOptions = {},
): readonly Repair[] {
  const size = models.reduce((sum, model) => sum + model.lines.length, 0);
  if (size > MOST_LINES) return [];
  const shop: Workshop = {
    models,
    token,
    reveal: revealer(models),
    options,
    before: walked,
    replays: 0,
  };
  const pairs = new Map<string, WalkedLink>();
  for (const each of walked) {
    if (each.walk?.outcome !== 'fails') continue;
    const key = [each.link.from, each.link.to].sort((a, b) => a - b).join(' ');
    if (!pairs.has(key)) pairs.set(key, each);
  }
  return [...pairs.values()].flatMap((failing) => repairPair(shop, failing));
}

function repairPair(shop: Workshop, failing: WalkedLink): readonly Repair[] {
  const found = new Map<string, { repair: Repair; cost: number }>();
  const visit = (plan: Plan | null, trouble: WalkedLink, depth: number): void => {
    const models = plan === null ? shop.models : applyEdits(shop.models, plan.edits, shop.reveal);
    for (const candidate of proposeRepairs(models, trouble, shop.token)) {
      if (shop.replays >= MOST_REPLAYS) return;
      const next = extend(plan, candidate);
      const result = replay(shop, next, failing);
      if (result.up) {
        const cut = minimise(shop, next, failing, result);
        const made = toRepair(shop, cut, failing);
        const key = made.repair.commands.join('\n');
        if (!found.has(key)) found.set(key, made);
      } else if (depth < MOST_DEPTH && result.trouble !== null && result.progress) {
        visit(next, result.trouble, depth + 1);
      }
    }
  };
  visit(null, failing, 1);
  return [...found.values()]
    .sort((a, b) => a.cost - b.cost)
    .slice(0, MOST_SHOWN)
    .map(({ repair }) => repair);
}

function extend(plan: Plan | null, candidate: Candidate): Plan {
  return {
    edits: [...(plan?.edits ?? []), ...candidate.edits],
    keeps: keptByBoth(plan?.keeps ?? candidate.keeps, candidate.keeps),
    texts: [...(plan?.texts ?? []), candidate.text],
    sideEffects: [...(plan?.sideEffects ?? []), ...candidate.sideEffects],
  };
}

/** A key that either gives up is given up; whatever else either keeps is kept. */
function keptByBoth(first: readonly Kept[], second: readonly Kept[]): readonly Kept[] {
  return [...new Set([...first, ...second])].filter(
    (each) => each !== 'keys' || (first.includes(each) && second.includes(each)),
  );
}

type Replay = {
  readonly up: boolean;
  /** What the plan should have kept and did not. */
  readonly broken: readonly Kept[];
  /** Something fails at a later step than before, or at another router. */
  readonly progress: boolean;
  readonly trouble: WalkedLink | null;
  readonly contested: readonly string[];
  /** The routers after the plan. */
  readonly models: readonly ConfigModel[];
};

/** Applies a plan to the configurations and walks every direction of the pair again. */
function replay(shop: Workshop, plan: Plan, failing: WalkedLink): Replay {
  shop.replays += 1;
  const models = applyEdits(shop.models, plan.edits, shop.reveal);
  const refused: Replay = {
    up: false,
    broken: broken(plan.keeps, shop.models, models),
    progress: false,
    trouble: null,
    contested: [],
    models,
  };
  if (refused.broken.length > 0) return refused;
  const pair = new Set([failing.link.from, failing.link.to]);
  const links = findLinks(models, shop.options);
  const walked = links
    .filter((link) => calls(link) && (pair.has(link.from) || pair.has(link.to)))
    .map((link) => walkLink(models, link, shop.token, shop.options.reading));
  const own = walked.filter(({ link }) => pair.has(link.from) && pair.has(link.to));
  if (!keepsOthers(shop, walked) || own.length !== ownBefore(shop, pair)) return refused;
  const trouble = own.find(({ walk }) => walk?.outcome !== 'up') ?? null;
  if (trouble !== null) {
    const progress =
      trouble.walk?.failingStep !== failing.walk?.failingStep ||
      trouble.link.from !== failing.link.from;
    return { ...refused, progress, trouble };
  }
  const contested = [...new Set(own.flatMap((each) => newlyContested(shop, each)))];
  return { ...refused, up: restsOnOrder(plan) || contested.length === 0, contested };
}

/** Only the main reading is asked of a plan that rests on the order of keyrings. */
function restsOnOrder({ keeps }: { readonly keeps: readonly Kept[] }): boolean {
  return keeps.includes('all-but-order');
}

/** A direction that came up before may go on resting on what it rested on; a mended one must not rest on anything. */
function newlyContested(shop: Workshop, each: WalkedLink): readonly string[] {
  const held = shop.before.find((other) => keyOf(other) === keyOf(each));
  if (held?.walk?.outcome !== 'up') return each.contested;
  return each.contested.filter((rule) => !held.contested.includes(rule));
}

function keyOf({ link }: WalkedLink): string {
  return `${String(link.from)} ${String(link.to)} ${link.tunnel.label}`;
}

function ownBefore(shop: Workshop, pair: ReadonlySet<number>): number {
  return shop.before.filter(
    ({ link, walk }) => pair.has(link.from) && pair.has(link.to) && walk !== null,
  ).length;
}

/** Whatever came up before must still come up. */
function keepsOthers(shop: Workshop, walked: readonly WalkedLink[]): boolean {
  const up = new Set(shop.before.filter(({ walk }) => walk?.outcome === 'up').map(keyOf));
  return walked.every((each) => !up.has(keyOf(each)) || each.walk?.outcome === 'up');
}

/** Leaves out edits one by one, as long as the rest still holds, until none can be spared. */
function fewest(all: readonly Edit[], holds: (edits: readonly Edit[]) => boolean): readonly Edit[] {
  let edits = all;
  for (let at = edits.length - 1; at >= 0 && edits.length > 1; at -= 1) {
    const fewer = edits.filter((_, index) => index !== at);
    if (!holds(fewer)) continue;
    edits = fewer;
    at = edits.length;
  }
  return edits;
}

/** A plan that holds, with the routers after it. */
type Cut = Plan & {
  readonly contested: readonly string[];
  /** What some command is there for, although both directions would come up without it. */
  readonly needed: readonly Kept[];
  readonly whole: number;
  readonly models: readonly ConfigModel[];
};

/** Leaves out every command that the replay does not miss. */
function minimise(shop: Workshop, plan: Plan, failing: WalkedLink, replayed: Replay): Cut {
  let { models } = replayed;
  const edits = fewest(plan.edits, (fewer) => {
    const result = replay(shop, { ...plan, edits: fewer }, failing);
    if (result.up) models = result.models;
    return result.up;
  });
  const cut = { ...plan, edits, contested: replayed.contested, whole: plan.edits.length, models };
  return { ...cut, needed: neededFor(shop.models, edits, plan.keeps, shop.reveal) };
}

function toRepair(
  shop: Workshop,
  plan: Cut,
  failing: WalkedLink,
): { readonly repair: Repair; readonly cost: number } {
  const routers = [...new Set(plan.edits.map(({ router }) => router))];
  const commands = routers.flatMap((router) => [
    ...(routers.length > 1 ? [`! ${nameOf(shop.models[router]!)}`] : []),
    ...commandsFor(plan.edits, router),
  ]);
  const warnings = routers.reduce((sum, router) => sum + warningsOf(plan.models[router]!), 0);
  const router = routers.length === 1 ? shop.models[routers[0]!]!.hostname : null;
  const peers = new Set(shop.before.flatMap((each) => peersOf(each, failing)));
  const elsewhere = routers.flatMap((at) =>
    effectsElsewhere(shop.models[at]!, plan.models[at]!, peers),
  );
  const repair: Repair = {
    router,
    text:
      plan.edits.length < plan.whole
        ? `Enter no more than: ${listed(commands)}.`
        : plan.texts.join(' '),
    commands,
    verified: true,
    replay: 'both-directions',
    proof: proofOf(replayedText(shop, failing), plan.needed),
    finding: failing.walk!.finding!,
    restsOn: plan.contested,
    sideEffects: [...new Set([...plan.sideEffects, ...elsewhere])],
  };
  const cost =
    (restsOnOrder(plan) ? 100 : 0) +
    elsewhere.length * 20 +
    warnings * 20 +
    repair.sideEffects.length * 3 +
    plan.edits.length +
    plan.contested.length * 50;
  return { repair, cost };
}

/** A direction that nobody calls in was not replayed. */
function replayedText(shop: Workshop, { link }: WalkedLink): string {
  const back = shop.before.some(
    (each) => each.walk !== null && each.link.from === link.to && each.link.to === link.from,
  );
  if (back) return 'replayed in both directions: both come up';
  const [from, to] = [nameOf(shop.models[link.from]!), nameOf(shop.models[link.to]!)];
  return `replayed: ${from} to ${to} comes up; ${to} does not call ${from}`;
}

/** Addresses by which the two routers of the pair know each other. */
function peersOf({ link }: WalkedLink, failing: WalkedLink): readonly string[] {
  const pair = [failing.link.from, failing.link.to];
  const attempt = seenAttempt(link);
  if (attempt === null || !pair.includes(link.from) || !pair.includes(link.to)) return [];
  return [attempt.responderSeen, attempt.initiatorAddress];
}

function listed(commands: readonly string[]): string {
  return commands.map((command) => command.trim()).join('; ');
}

function warningsOf(model: ConfigModel): number {
  return keyFindings(model).length + profileFindings(model).length;
}

/**
 * The same with one configuration only: changes after which every tunnel selects one keyring in both roles. What the
 * other router does with it is not known.
 */
export function findRouterRepairs(model: ConfigModel, token: SecretToken): readonly Repair[] {
  if (model.lines.length > MOST_LINES) return [];
  const reveal = revealer([model]);
  const faulty = faultyTunnels(model);
  const found = new Map<string, { repair: Repair; cost: number }>();
  for (const { tunnel, chosen } of faulty.slice(0, 4)) {
    const profile = chosen.profiles!.winner!.profile;
    const bench = {
      model,
      router: 0,
      name: nameOf(model),
      token,
      peer: tunnel.peer!,
      local: tunnel.local,
    };
    for (const candidate of forKeyring(bench, chosen, profile)) {
      const holds = (edits: readonly Edit[]): boolean =>
        heals(model, applyEdits([model], edits, reveal)[0]!, tunnel, candidate, faulty);
      if (!holds(candidate.edits)) continue;
      const edits = fewest(candidate.edits, holds);
      const commands = commandsFor(edits, 0);
      const after = applyEdits([model], edits, reveal)[0]!;
      const elsewhere = effectsElsewhere(model, after, new Set([tunnel.peer!]));
      const repair: Repair = {
        router: model.hostname,
        text: candidate.text,
        commands,
        verified: true,
        replay: 'one-router',
        proof: proofOf(
          'replayed in both roles of this router',
          neededFor([model], edits, candidate.keeps, reveal),
        ),
        finding: chosen.rules.includes('keyring-default-first')
          ? 'default-keyring-shadows'
          : 'keyring-mismatch-after-mm5',
        restsOn: restsOnOrder(candidate) ? ['keyring-first-defined'] : [],
        sideEffects: [...candidate.sideEffects, ...elsewhere],
      };
      const cost =
        elsewhere.length * 20 +
        (restsOnOrder(candidate) ? 100 : 0) +
        warningsOf(after) * 20 +
        candidate.sideEffects.length * 3 +
        edits.length;
      if (!found.has(commands.join('\n'))) found.set(commands.join('\n'), { repair, cost });
    }
  }
  return [...found.values()]
    .sort((a, b) => a.cost - b.cost)
    .slice(0, MOST_SHOWN)
    .map(({ repair }) => repair);
}

type Faulty = { readonly tunnel: Tunnel; readonly chosen: Chosen };

/** Tunnels whose peer is refused after MM5 because of the keyring. */
function faultyTunnels(model: ConfigModel): readonly Faulty[] {
  return tunnelsOf(model).flatMap((tunnel) => {
    if (tunnel.peer === null || tunnel.ikev2Profile !== null) return [];
    if (awaitsName(model, tunnel)) return [];
    const chosen = chooseAsResponder(model, askedFor(tunnel));
    return chosen.verification === 'fails' ? [{ tunnel, chosen }] : [];
  });
}

function heals(
  before: ConfigModel,
  after: ConfigModel,
  tunnel: Tunnel,
  candidate: Candidate,
  faulty: readonly Faulty[],
): boolean {
  if (broken(candidate.keeps, [before], [after]).length > 0) return false;
  if (faultyTunnels(after).length >= faulty.length) return false;
  const same = tunnelsOf(after).find(
    ({ label, peer }) => label === tunnel.label && peer === tunnel.peer,
  );
  if (same === undefined) return false;
  const readings = restsOnOrder(candidate) ? [] : OTHER_READINGS.map(({ reading }) => reading);
  return [MAIN_READING, ...readings].every((reading) => {
    const first = chooseAsInitiator(after, askedFor(same), reading);
    const second = chooseAsResponder(after, askedFor(same), reading);
    const keys = [first.keys.winner?.entry.secret, second.keys.winner?.entry.secret];
    return keys[0] !== undefined && keys[0] === keys[1] && second.verification !== 'fails';
  });
}

/** Repairs as remedies of a finding, with everything that speaks against each. */
export function asRemedies(repairs: readonly Repair[]): readonly Remedy[] {
  return repairs.map((repair) => ({
    text: [
      repair.text,
      ...repair.sideEffects,
      repair.replay === 'one-router'
        ? `${sentence(repair.proof)} The configuration of the other one was not given.`
        : sentence(repair.proof),
    ].join(' '),
    ...(repair.router === null ? {} : { router: repair.router }),
    config: repair.commands.join('\n'),
    verified: repair.verified,
  }));
}

function sentence(proof: string): string {
  return `${proof.charAt(0).toUpperCase()}${proof.slice(1)}.`;
}
