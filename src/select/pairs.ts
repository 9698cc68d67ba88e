import type { ConfigModel } from '../model/config.ts';
import { interfaceNamed, tablesOf } from './lookup.ts';
import { tunnelsOf } from './tunnels.ts';
import type { Tunnel } from './tunnels.ts';
import type { Attempt } from './walk-steps.ts';

/** A tunnel of one router that leads to another router given. */
export type Link = {
  readonly from: number;
  readonly to: number;
  readonly tunnel: Tunnel;
  /** Null when the initiator's address cannot be told. */
  readonly attempt: Attempt | null;
};

export type PairOptions = {
  /** Further addresses of routers, for instance behind a NAT that no configuration shows: address to router name. */
  readonly addresses?: Readonly<Record<string, string>>;
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

type Translation = { readonly inside: string; readonly outside: string };

/** Static translations that IKE passes, of every router given: any of them may stand between two others. */
function translationsOf(models: readonly ConfigModel[]): readonly Translation[] {
  return models.flatMap((model) =>
    model.natStatics
      .filter(
        ({ protocol, outsidePort }) =>
          protocol === null ||
          (protocol === 'udp' && (outsidePort === 500 || outsidePort === 4500)),
      )
      .map(({ inside, outside }) => ({
        inside,
        outside: interfaceNamed(model, outside)?.addresses[0]?.address ?? outside,
      })),
  );
}

/** Every tunnel that leads from one of the routers to another, in order of routers and lines. */
export function findLinks(
  models: readonly ConfigModel[],
  options: PairOptions = {},
): readonly Link[] {
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
  for (const { inside, outside } of translations) {
    const list = owners.get(inside);
    if (list !== undefined) behind.set(outside, list);
  }
  for (const [outside, list] of behind) owners.set(outside, list);
  return models.flatMap((model, from) =>
    tunnelsOf(model).flatMap((tunnel) => {
      if (tunnel.peer === null) return [];
      const found = (owners.get(tunnel.peer) ?? []).filter(({ router }) => router !== from);
      const known = found.length > 0 ? found : bySilence(models, from, tunnel, owners);
      return known.map(({ router, vrf }) => ({
        from,
        to: router,
        tunnel,
        attempt: attemptOf(models, from, router, tunnel, vrf, translations),
      }));
    }),
  );
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

function attemptOf(
  models: readonly ConfigModel[],
  from: number,
  to: number,
  tunnel: Tunnel,
  vrf: string | null,
  translations: readonly Translation[],
): Attempt | null {
  const initiator = models[from]!;
  const responder = models[to]!;
  const called = (peer: string): boolean => {
    const own = ownAddresses(initiator);
    return (
      own.has(peer) || translations.some((each) => each.outside === peer && own.has(each.inside))
    );
  };
  const back = tunnelsOf(responder).find(({ peer }) => peer !== null && called(peer))?.peer ?? null;
  const initiatorLocal = tunnel.local ?? back;
  if (initiatorLocal === null) return null;
  const owner = tablesOf(responder).owners.get(tunnel.peer!)?.[0];
  const destination =
    owner === undefined && tunnelsOf(responder).some(({ local }) => local !== null)
      ? inside(translations, tunnel.peer!)
      : tunnel.peer!;
  const served = tunnelsOf(responder).find(({ local }) => local === destination);
  return {
    initiator,
    responder,
    tunnel,
    initiatorLocal,
    initiatorAddress: translated(translations, responder, initiatorLocal),
    responderAddress: destination,
    responderSeen: tunnel.peer!,
    responderVrf: served?.fvrf ?? vrf,
  };
}

/** The initiator's address as the responder sees it: behind a static translation, the outside one. */
function translated(
  translations: readonly Translation[],
  responder: ConfigModel,
  local: string,
): string {
  const peers = tunnelsOf(responder).map(({ peer }) => peer);
  const passed = translations.filter(({ inside }) => inside === local);
  const named = passed.find(({ outside }) => peers.includes(outside)) ?? passed[0];
  return named === undefined || peers.includes(local) ? local : named.outside;
}

function inside(translations: readonly Translation[], address: string): string {
  return translations.find(({ outside }) => outside === address)?.inside ?? address;
}
