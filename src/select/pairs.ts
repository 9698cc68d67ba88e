import type { ConfigModel } from '../model/config.ts';
import { NOBODY } from './identity.ts';
import { tablesOf } from './lookup.ts';
import {
  arrivesFrom,
  insideOf,
  onlyTranslates,
  strangersOf,
  translationsOf,
} from './translations.ts';
import type { Reading } from './rules.ts';
import type { Translations } from './translations.ts';
import { tunnelsOf } from './tunnels.ts';
import type { Tunnel } from './tunnels.ts';
import type { Attempt } from './walk-steps.ts';

/** A tunnel of one router that leads to another router given. */
export type Link = {
  readonly from: number;
  readonly to: number;
  readonly tunnel: Tunnel;
  /** Null when it cannot be made: the responder only answers. */
  readonly call: Call | null;
};

type Call = { readonly kind: 'seen'; readonly attempt: Attempt } | HiddenCall;

/** The address that the responder sees cannot be told: the attempt comes from one that nobody names. */
export type HiddenCall = {
  readonly kind: 'hidden';
  readonly attempt: Attempt;
  readonly why: string;
  /** The initiator's own address; null when that cannot be told either. */
  readonly local: string | null;
  /** Peers of the responder that are nobody given: it may know the initiator by one of them. */
  readonly named: readonly string[];
  /** Whether an address is that of a router given that has tunnels of its own. */
  readonly isTaken: (address: string) => boolean;
};

/** A link by which one router does call the other. */
export type FoundLink = Link & { readonly call: Call };

/** The attempt of a call whose addresses are known at both ends. */
export function seenAttempt({ call }: Link): Attempt | null {
  return call?.kind === 'seen' ? call.attempt : null;
}

/** The same, with the one address that the responder names where the source of a call cannot be told. */
export function likelyAttempt(link: Link): Attempt | null {
  const { call } = link;
  if (call?.kind !== 'hidden' || call.local === null || call.named.length !== 1) {
    return seenAttempt(link);
  }
  return { ...call.attempt, initiatorAddress: call.named[0]! };
}

export type PairOptions = {
  /** Further addresses of routers, for instance behind a NAT that no configuration shows: address to router name. */
  readonly addresses?: Readonly<Record<string, string>>;
  /** How the documents are read where they contradict themselves; without it as the vendor's debugs bear out. */
  readonly reading?: Reading;
  /** Rules of other readings about which debugs leave no doubt, whichever way. */
  readonly settled?: ReadonlySet<string>;
};

const CACHE = new WeakMap<ConfigModel, ReadonlyMap<string, string | null>>();

/** Addresses that IKE can reach a router at: its interfaces, tunnel sources, and static translations to them. */
export function ownAddresses(model: ConfigModel): ReadonlyMap<string, string | null> {
  const held = CACHE.get(model);
  if (held !== undefined) return held;
  const own = new Map<string, string | null>();
  CACHE.set(model, own);
  for (const each of model.interfaces) {
    for (const { address } of each.addresses) own.set(address, each.vrf);
  }
  for (const tunnel of tunnelsOf(model)) {
    if (tunnel.local !== null && !own.has(tunnel.local)) own.set(tunnel.local, tunnel.fvrf);
  }
  return own;
}

/** Every tunnel of one of the routers that names another, in order of routers and lines; see `calls`. */
export function findLinks(
  models: readonly ConfigModel[],
  options: PairOptions = {},
): readonly FoundLink[] {
  const owners = new Map<string, { router: number; vrf: string | null }[]>();
  const translations = translationsOf(models);
  models.forEach((model, router) => {
    const add = (address: string, vrf: string | null): void => {
      const list = owners.get(address);
      if (list === undefined) owners.set(address, [{ router, vrf }]);
      else list.push({ router, vrf });
    };
    for (const [address, vrf] of ownAddresses(model)) add(address, vrf);
    for (const [address, name] of Object.entries(options.addresses ?? {})) {
      if (model.hostname === name) add(address, null);
    }
  });
  // Who calls a translated address reaches the host behind it, not the router that translates.
  const behind = new Map<string, { router: number; vrf: string | null }[]>();
  for (const { inside, outside } of translations.statics) {
    const list = owners.get(inside);
    if (list !== undefined) behind.set(outside, list);
  }
  for (const [outside, list] of behind) owners.set(outside, list);
  const isTaken = (address: string): boolean =>
    owners.get(address)?.some(({ router }) => tunnelsOf(models[router]!).length > 0) ?? false;
  return models.flatMap((model, from) =>
    tunnelsOf(model).flatMap((tunnel) => {
      if (tunnel.peer === null) return [];
      const found = (owners.get(tunnel.peer) ?? []).filter(
        ({ router }) => router !== from && !onlyTranslates(models, models[router]!, model),
      );
      const known = found.length > 0 ? found : bySilence(models, from, tunnel, owners);
      return known.map(({ router, vrf }) => ({
        from,
        to: router,
        tunnel,
        call: callOf(models, from, router, tunnel, vrf, translations, isTaken, options.addresses),
      }));
    }),
  );
}

/** Whether a router calls by this link, and does not only wait for the other one. */
export function calls({ tunnel }: Link): boolean {
  return !tunnel.responderOnly && tunnel.shadowedBy === null;
}

/** Of two routers, one whose listing shows no address of its own is the peer if it points back. */
function bySilence(
  models: readonly ConfigModel[],
  from: number,
  tunnel: Tunnel,
  owners: ReadonlyMap<string, readonly { router: number }[]>,
): readonly { router: number; vrf: string | null }[] {
  if (models.length !== 2 || owners.has(tunnel.peer!)) return [];
  const other = 1 - from;
  const silent = ownAddresses(models[other]!).size === 0;
  const pointsBack = tunnelsOf(models[other]!).some(
    ({ peer }) => peer !== null && ownAddresses(models[from]!).has(peer),
  );
  return silent && pointsBack ? [{ router: other, vrf: null }] : [];
}

function callOf(
  models: readonly ConfigModel[],
  from: number,
  to: number,
  tunnel: Tunnel,
  vrf: string | null,
  translations: Translations,
  isTaken: HiddenCall['isTaken'],
  addresses: PairOptions['addresses'],
): Call {
  const initiator = models[from]!;
  const responder = models[to]!;
  const called = (peer: string): boolean => {
    const own = ownAddresses(initiator);
    return (
      own.has(peer) ||
      translations.statics.some((each) => each.outside === peer && own.has(each.inside))
    );
  };
  const back = tunnelsOf(responder).find(({ peer }) => peer !== null && called(peer))?.peer ?? null;
  const local = tunnel.local ?? back;
  const owner = tablesOf(responder).owners.get(tunnel.peer!)?.[0];
  const destination =
    owner === undefined && tunnelsOf(responder).some((each) => each.local !== null)
      ? insideOf(translations, tunnel.peer!)
      : tunnel.peer!;
  const served = tunnelsOf(responder).find((each) => each.local === destination);
  const seen =
    outsideOf(initiator, responder, addresses) ??
    (local === null
      ? null
      : arrivesFrom(translations, [initiator, responder], local, tunnel.peer!));
  const attempt = {
    initiator,
    responder,
    tunnel,
    initiatorLocal: local ?? NOBODY,
    initiatorAddress: seen ?? NOBODY,
    responderAddress: destination,
    responderSeen: tunnel.peer!,
    responderVrf: served?.fvrf ?? vrf,
  };
  if (seen !== null) return { kind: 'seen', attempt };
  const why =
    local === null
      ? `the address of ${tunnel.label} is not in the configuration`
      : `${local} may be translated on the way to ${tunnel.peer!}, and no configuration tells to what`;
  const named = [...new Set(strangersOf(models, responder))];
  return { kind: 'hidden', attempt, why, local, named, isTaken };
}

/** The one address that is none of its own under which a router was seen, unless the responder knows it by its own. */
function outsideOf(
  initiator: ConfigModel,
  responder: ConfigModel,
  addresses: PairOptions['addresses'] = {},
): string | null {
  const own = ownAddresses(initiator);
  if (tunnelsOf(responder).some(({ peer }) => peer !== null && own.has(peer))) return null;
  const [seen, ...more] = Object.entries(addresses).flatMap(([address, name]) =>
    name === initiator.hostname && !own.has(address) ? [address] : [],
  );
  return seen === undefined || more.length > 0 ? null : seen;
}
