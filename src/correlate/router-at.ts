import { isPrivate } from '../iosconfig/address.ts';
import type { ConfigModel } from '../model/config.ts';
import { toIdentity } from '../select/identity.ts';
import type { Identity } from '../select/identity.ts';
import { tunnelsOf, tunnelsTo } from '../select/tunnels.ts';
import { interfaceAddresses, speaksOf } from './routers.ts';
import type { RouterIdentity } from './routers.ts';

/** An end of an attempt as the others see it. */
export type SeenEnd = {
  /** Under which it is seen. */
  readonly address: string | null;
  /** The other end, as this one sees it. */
  readonly peer: string | null;
  /** The other end, where it is known already. */
  readonly far: RouterIdentity | null;
  /** Whether its address is that of a translator on the way; null where nothing tells. */
  readonly translated: boolean | null;
  /** What it said it is. */
  readonly identity: { readonly type: string; readonly value: string } | null;
};

/** A tunnel or crypto map points at the peer: plainer than any key. */
const POINTED = 1000;

/**
 * The router at one end of an exchange: by its address, else the only one whose configuration points at the other end
 * and that can have been seen under this address: its own is not in the configuration, or was translated.
 */
export function routerAt(routers: readonly RouterIdentity[], seen: SeenEnd): RouterIdentity | null {
  const { address, peer } = seen;
  if (address !== null) {
    const owner = routers.find((router) => router.addresses.has(address));
    if (owner !== undefined) return owner;
    const known = seenBefore(address, seen.identity, routers);
    if (known !== null) return known;
  }
  if (peer === null) return null;
  const far = seen.far ?? routers.find((router) => router.addresses.has(peer)) ?? null;
  const scored = routers
    .flatMap((router) =>
      router.config === null || router.addresses.has(peer)
        ? []
        : [{ router, config: router.config, score: speaksOf(router.config, peer) }],
    )
    // An owner of other addresses that only has a key for the peer is this end no more than anybody else.
    .filter(
      ({ config, score }) => score >= POINTED || (score > 0 && !interfaceAddresses(config).length),
    )
    .filter(
      ({ router, config }) =>
        address === null || mayAppearAs(address, router, config, peer, { ...seen, far }, routers),
    )
    .sort((a, b) => b.score - a.score);
  const best = scored[0];
  return best === undefined || best.score === scored[1]?.score ? null : best.router;
}

/** Whom another attempt shows under this address; an identity that is not its own outweighs that. */
function seenBefore(
  address: string,
  identity: SeenEnd['identity'],
  routers: readonly RouterIdentity[],
): RouterIdentity | null {
  const [only, ...more] = routers.filter(({ seenAs }) => seenAs.has(address));
  if (only === undefined || more.length > 0) return null;
  return identity === null || isOwn(identity, only) ? only : null;
}

/** Whether an identity is that of a router beyond doubt. */
export const isOwn = (
  identity: NonNullable<SeenEnd['identity']>,
  { config, addresses }: RouterIdentity,
): boolean => config !== null && introduces(toIdentity(identity), config, addresses) === true;

function mayAppearAs(
  address: string,
  router: RouterIdentity,
  config: ConfigModel,
  peer: string,
  { far, translated, identity }: SeenEnd,
  routers: readonly RouterIdentity[],
): boolean {
  const ends = tunnelsTo(config, peer).map(({ local }) => local);
  if (ends.includes(address)) return true;
  const own = new Set([...router.addresses, ...ends.filter((end) => end !== null)]);
  const fixed = ends.length > 0 && ends.every((end) => end !== null);
  if (identity !== null) {
    const introduced = introduces(toIdentity(identity), config, own);
    if (introduced !== null && (introduced || fixed)) return introduced;
  }
  if (far !== null) {
    const met = far.negotiations.flatMap(({ log }) => log.peerAddress ?? []);
    // The other end meets it under its own address already, or tells the two apart.
    if (met.some((each) => own.has(each))) return false;
    if (far.config !== null && tellsApart(far.config, address, own)) return false;
    // Of two strangers nothing tells which one it is.
    const owned = (each: string): boolean => routers.some(({ addresses }) => addresses.has(each));
    if (met.some((each) => each !== address && !owned(each))) return false;
  }
  // An address that others can reach needs no translator on its way to them.
  const hidden = ends.every((end) => end === null || isPrivate(end)) && !isPrivate(address);
  return !fixed || (hidden && translated !== false);
}

/** Whether an identity is that of a router; null for one that does not tell. */
function introduces(
  { type, value }: Identity,
  config: ConfigModel,
  own: ReadonlySet<string>,
): boolean | null {
  if (type === 'ipv4' || type === 'ipv6') return own.has(value);
  const host = config.hostname?.toLowerCase();
  const named = type === 'fqdn' && value.toLowerCase().split('.')[0] === host;
  return named ? true : null;
}

/** A configuration that names both addresses as peers, each for itself, means two routers. */
function tellsApart(config: ConfigModel, address: string, own: ReadonlySet<string>): boolean {
  const keyed = config.keyrings
    .flatMap(({ entries }) => entries)
    .filter(({ prefixLength, kind }) => prefixLength === (kind === 'ipv6' ? 128 : 32))
    .map((entry) => entry.address);
  const named = new Set([...tunnelsOf(config).map((tunnel) => tunnel.peer), ...keyed]);
  return named.has(address) && [...own].some((each) => named.has(each));
}
