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
  for (const nat of model.natStatics) {
    if (!own.has(nat.inside)) continue;
    const outside = interfaceNamed(model, nat.outside)?.addresses[0]?.address ?? nat.outside;
    if (!own.has(outside)) own.set(outside, null);
  }
  return own;
}

/** Every tunnel that leads from one of the routers to another, in order of routers and lines. */
export function findLinks(
  models: readonly ConfigModel[],
  options: PairOptions = {},
): readonly Link[] {
  const owners = new Map<string, { router: number; vrf: string | null }[]>();
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
  return models.flatMap((model, from) =>
    tunnelsOf(model).flatMap((tunnel) => {
      if (tunnel.peer === null) return [];
      const found = (owners.get(tunnel.peer) ?? []).filter(({ router }) => router !== from);
      const known = found.length > 0 ? found : bySilence(models, from, tunnel, owners);
      return known.map(({ router, vrf }) => ({
        from,
        to: router,
        tunnel,
        attempt: attemptOf(models, from, router, tunnel, vrf),
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
): Attempt | null {
  const initiator = models[from]!;
  const responder = models[to]!;
  const own = ownAddresses(initiator);
  const back =
    tunnelsOf(responder).find(({ peer }) => peer !== null && own.has(peer))?.peer ?? null;
  const initiatorAddress = tunnel.local ?? back;
  if (initiatorAddress === null) return null;
  const outside = translated(initiator, responder, initiatorAddress);
  const owner = tablesOf(responder).owners.get(tunnel.peer!)?.[0];
  const destination =
    owner === undefined && tunnelsOf(responder).some(({ local }) => local !== null)
      ? inside(responder, tunnel.peer!)
      : tunnel.peer!;
  const served = tunnelsOf(responder).find(({ local }) => local === destination);
  return {
    initiator,
    responder,
    tunnel,
    initiatorAddress: outside,
    responderAddress: destination,
    responderVrf: served?.fvrf ?? vrf,
  };
}

/** The initiator's address as the responder sees it: behind a static translation, the outside one. */
function translated(initiator: ConfigModel, responder: ConfigModel, local: string): string {
  const nat = initiator.natStatics.find(({ inside }) => inside === local);
  if (nat === undefined) return local;
  const outside = interfaceNamed(initiator, nat.outside)?.addresses[0]?.address ?? nat.outside;
  return tunnelsOf(responder).some(({ peer }) => peer === outside) ? outside : local;
}

function inside(responder: ConfigModel, address: string): string {
  const nat = responder.natStatics.find(({ outside }) => outside === address);
  return nat?.inside ?? address;
}
