import type { SecretToken } from '../iosconfig/mask.ts';
import type { ConfigModel } from '../model/config.ts';
import type { Remedy } from '../model/finding.ts';
import type { Cure, Kept, Repair } from '../model/selection.ts';
import { walkLink, walkLinks } from './directions.ts';
import type { WalkedLink } from './directions.ts';
import { applyEdits, commandsFor } from './edit.ts';
import type { Edit, Reveal } from './edit.ts';
import { nameOf } from './findings/make.ts';
import { calls, findLinks, likelyAttempt, seenAttempt } from './pairs.ts';
import type { FoundLink, PairOptions } from './pairs.ts';
import { baresProfile, broken, neededFor, proofOf } from './kept.ts';
import {
  MOST_LINES,
  allowedAgainst,
  changesLeft,
  cheapest,
  extend,
  fewest,
  restsOnOrder,
  triesFor,
  weigh,
} from './plan.ts';
import type { Plan, Priced } from './plan.ts';
import { proposeRepairs } from './propose.ts';

type Workshop = {
  readonly models: readonly ConfigModel[];
  readonly token: SecretToken;
  readonly reveal: Reveal;
  readonly options: PairOptions;
  readonly before: readonly WalkedLink[];
  /** The address that a router is taken to be seen from; null where the configurations tell. */
  readonly assumed: string | null;
  replays: number;
};

const MOST_REPLAYS = 160;
const MOST_DEPTH = 3;

/** Changes that make both directions of every failing pair come up, each replayed and cut to what is needed. */
export function findRepairs(
  models: readonly ConfigModel[],
  token: SecretToken,
  reveal: Reveal,
  walked: readonly WalkedLink[],
  options: PairOptions = {},
): readonly Repair[] {
  const size = models.reduce((sum, model) => sum + model.lines.length, 0);
  if (size > MOST_LINES) return [];
  const shop: Workshop = {
    models,
    token,
    reveal,
    options,
    before: walked,
    assumed: null,
    replays: 0,
  };
  const pairs = new Map<string, WalkedLink>();
  for (const each of walked) {
    if (each.walk?.outcome !== 'fails') continue;
    const key = [each.link.from, each.link.to].sort((a, b) => a - b).join(' ');
    if (!pairs.has(key)) pairs.set(key, each);
  }
  return [...pairs.values()].flatMap((failing) => {
    const seen = fromNamed(shop, failing);
    return seen === null ? repairPair(shop, failing) : repairPair(seen.shop, seen.failing);
  });
}

/** A call of which the source cannot be told is replayed from the one address that the responder names. */
function fromNamed(
  shop: Workshop,
  { link }: WalkedLink,
): { readonly shop: Workshop; readonly failing: WalkedLink } | null {
  const { models, token } = shop;
  const attempt = link.call?.kind === 'hidden' ? likelyAttempt(link) : null;
  const name = models[link.from]!.hostname;
  if (attempt === null || name === null) return null;
  const address = attempt.initiatorAddress;
  const options = {
    ...shop.options,
    addresses: { ...shop.options.addresses, [address]: name },
  };
  const before = walkLinks(models, token, options).filter(
    (each) => each.link.tunnel.peer !== address,
  );
  const failing = before.find(
    (each) =>
      each.walk?.outcome === 'fails' &&
      each.link.from === link.from &&
      each.link.to === link.to &&
      each.link.tunnel.label === link.tunnel.label,
  );
  if (failing === undefined) return null;
  return { shop: { ...shop, options, before, assumed: address }, failing };
}

function repairPair(shop: Workshop, failing: WalkedLink): readonly Repair[] {
  const found = new Map<string, Priced>();
  const visit = (plan: Plan | null, trouble: WalkedLink, depth: number): void => {
    const models = plan === null ? shop.models : applyEdits(shop.models, plan.edits, shop.reveal);
    for (const candidate of proposeRepairs(models, trouble, shop.token)) {
      if (shop.replays >= MOST_REPLAYS) return;
      const next = extend(plan, candidate);
      const result = replay(shop, next, failing);
      if (result.up) {
        const cut = minimise(shop, next, failing, result);
        const made = toRepair(shop, cut, failing);
        if (made === null) continue;
        const key = [made.repair.router, ...made.repair.commands].join('\n');
        if (!found.has(key)) found.set(key, made);
      } else if (depth < MOST_DEPTH && result.trouble !== null && result.progress) {
        visit(next, result.trouble, depth + 1);
      }
    }
  };
  visit(null, failing, 1);
  return cheapest([...found.values()]);
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
  if (refused.broken.length > 0 || baresProfile(shop.models, models)) return refused;
  const pair = new Set([failing.link.from, failing.link.to]);
  const links = linksIn(shop, models);
  const walked = links
    .filter((link) => calls(link) && (pair.has(link.from) || pair.has(link.to)))
    .map((link) => walkLink(models, link, shop.token, shop.options));
  const own = walked.filter(({ link }) => pair.has(link.from) && pair.has(link.to));
  if (!keepsOthers(shop, walked) || own.length < ownBefore(shop, pair)) return refused;
  const trouble = own.find(({ walk }) => walk?.outcome !== 'up') ?? null;
  if (trouble !== null) {
    const progress =
      trouble.walk?.failingStep !== failing.walk?.failingStep ||
      trouble.link.from !== failing.link.from;
    return { ...refused, progress, trouble };
  }
  const contested = [...new Set(own.flatMap((each) => newlyContested(shop, each)))];
  const up = restsOnOrder(plan) || allowedAgainst(plan, contested);
  return { ...refused, up, contested };
}

/** What calls an address that is assumed may reach nobody: that a router is seen from it leads no call in. */
function linksIn(
  { options, assumed }: Workshop,
  models: readonly ConfigModel[],
): readonly FoundLink[] {
  return findLinks(models, options).filter(({ tunnel }) => tunnel.peer !== assumed);
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
function keepsOthers({ before }: Pick<Workshop, 'before'>, walked: readonly WalkedLink[]): boolean {
  const up = new Set(before.filter(({ walk }) => walk?.outcome === 'up').map(keyOf));
  return walked.every((each) => !up.has(keyOf(each)) || each.walk?.outcome === 'up');
}

/** Whether a router that is changed by itself still comes up with the others given. */
export function keeperOf(
  models: readonly ConfigModel[],
  router: number,
  token: SecretToken,
  before: readonly WalkedLink[],
  options: PairOptions,
): (after: ConfigModel) => boolean {
  return (after) => {
    const changed = models.with(router, after);
    const walked = findLinks(changed, options)
      .filter((link) => calls(link) && (link.from === router || link.to === router))
      .map((link) => walkLink(changed, link, token, options));
    return keepsOthers({ before }, walked);
  };
}

/** A plan that holds, with the routers after it. */
type Cut = Plan & {
  readonly contested: readonly string[];
  /** What some command is there for, although both directions would come up without it. */
  readonly needed: readonly Kept[];
  readonly models: readonly ConfigModel[];
};

/** Leaves out every command that the replay does not miss. */
function minimise(shop: Workshop, plan: Plan, failing: WalkedLink, replayed: Replay): Cut {
  let { models } = replayed;
  const holds = (fewer: readonly Edit[]): boolean => {
    const result = replay(shop, { ...plan, edits: fewer }, failing);
    if (result.up) models = result.models;
    return result.up;
  };
  const edits = fewest(plan, holds, triesFor(shop.models));
  const cut = { ...plan, edits, contested: replayed.contested, models };
  return { ...cut, needed: neededFor(shop.models, edits, plan.keeps, shop.reveal) };
}

function toRepair(shop: Workshop, plan: Cut, failing: WalkedLink): Priced | null {
  const changes = changesLeft(plan);
  if (changes === null) return null;
  const routers = [...new Set(plan.edits.map(({ router }) => router))];
  const commands = routers.flatMap((router) => [
    ...(routers.length > 1 ? [`! ${nameOf(shop.models[router]!)}`] : []),
    ...commandsFor(plan.edits, router),
  ]);
  const peers = new Set(shop.before.flatMap((each) => peersOf(each, failing)));
  const { text, sideEffects, cost } = weigh(plan, changes, shop.models, plan.models, peers);
  const repair: Repair = {
    router: routers.length === 1 ? shop.models[routers[0]!]!.hostname : null,
    text,
    commands,
    verified: true,
    replay: 'both-directions',
    proof: proofOf(replayedText(shop, plan, failing), plan.needed),
    cures: shop.before.filter((each) => isOfPair(each, failing)).flatMap(cureOf),
    restsOn: plan.contested,
    sideEffects,
  };
  return { repair, cost: cost + plan.contested.length * 50 };
}

/** A direction that nobody calls in was not replayed. */
function replayedText(shop: Workshop, { models }: Cut, { link }: WalkedLink): string {
  const [from, to] = [nameOf(shop.models[link.from]!), nameOf(shop.models[link.to]!)];
  if (shop.assumed !== null) {
    return `replayed with ${from} seen from ${shop.assumed}: ${from} to ${to} comes up; whether ${to} reaches ${from} there cannot be told`;
  }
  const back = linksIn(shop, models).some(
    (each) => calls(each) && each.from === link.to && each.to === link.from,
  );
  if (back) return 'replayed in both directions: both come up';
  return `replayed: ${from} to ${to} comes up; ${to} does not call ${from}`;
}

/** Between the same two routers, in either direction. */
function isOfPair({ link }: WalkedLink, { link: other }: WalkedLink): boolean {
  const pair = [other.from, other.to];
  return pair.includes(link.from) && pair.includes(link.to);
}

/** What a repair of the pair has to bring up, if it fails. */
function cureOf({ link, walk, direction }: WalkedLink): readonly Cure[] {
  if (walk?.outcome !== 'fails' || walk.finding === null) return [];
  const { initiator, responder, tunnel } = direction;
  const attempt = seenAttempt(link);
  return [
    {
      initiator,
      responder,
      tunnel,
      finding: walk.finding,
      initiatorAddress: attempt?.initiatorAddress ?? null,
      responderAddress: attempt?.responderSeen ?? null,
    },
  ];
}

/** Addresses by which the two routers of the pair know each other. */
function peersOf(each: WalkedLink, failing: WalkedLink): readonly string[] {
  const attempt = seenAttempt(each.link);
  if (attempt === null || !isOfPair(each, failing)) return [];
  return [attempt.responderSeen, attempt.initiatorAddress];
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
