import { canonicalAddress, isAddress, parseIpv4 } from '../iosconfig/address.ts';
import type {
  AclEntry,
  ConfigModel,
  CryptoMap,
  CryptoMapEntry,
  Interface,
  NameUse,
} from '../model/config.ts';
import { isInterfaceName } from '../iosconfig/interface-name.ts';
import { downBy, interfaceNamed, tablesOf, virtualAddress } from './lookup.ts';
import { inOrder, withShadows } from './map-order.ts';
import { aclProxies, blindList, missingList, unlistedTraffic } from './map-traffic.ts';
import { isFragment } from './policy.ts';
import { takesModeOfCaller } from './templates.ts';
import { incomplete, notApplied, shutDown } from './why-idle.ts';
import type { Idle } from './why-idle.ts';

/** One flow to protect, from this router's side. Wildcards as in access lists. */
export type Proxy = {
  readonly protocol: string;
  readonly source: AclEntry['source'];
  readonly destination: AclEntry['destination'];
  readonly line: number;
};

/** A place of the configuration that starts or accepts IPsec for a peer: a protected tunnel, or a crypto map entry. */
export type Tunnel = {
  /** `Tunnel1`, `crypto map M 10`, `dynamic map D 10`. */
  readonly label: string;
  readonly kind: 'tunnel' | 'multipoint' | 'map' | 'dynamic';
  /** Null when any peer may call (dynamic maps, multipoint tunnels that know nobody), or a name is not resolved. */
  readonly peer: string | null;
  /** The name that the peer is given by. */
  readonly hostname: string | null;
  readonly local: string | null;
  /** `tunnel mode`; null for maps, and for templates, of which an IKEv2 profile may leave the mode to the caller. */
  readonly mode: string | null;
  /** `tunnel key` */
  readonly key: string | null;
  readonly fvrf: string | null;
  readonly isakmpProfile: NameUse | null;
  readonly ikev2Profile: NameUse | null;
  readonly transformSets: readonly NameUse[];
  readonly pfs: { readonly group: number; readonly line: number } | null;
  readonly lifeSeconds: number | null;
  /** Empty: anything the peer proposes. */
  readonly proxies: readonly Proxy[];
  /** Why it may protect other traffic than that, without a full stop; null where the listing shows all of it. */
  readonly unlisted: string | null;
  /** `responder-only`: it answers and never calls. */
  readonly responderOnly: boolean;
  /** An earlier entry of its map that takes all of its traffic, so that it answers and never calls. */
  readonly shadowedBy: string | null;
  /** The IPsec profile or map entry, for commands that change it. */
  readonly binding: {
    readonly kind: 'ipsec-profile' | 'map-entry';
    readonly command: string;
  } | null;
  /** What it needs and the listing does not hold; null where all is there. */
  readonly doubt: string | null;
  readonly line: number;
};

/** A place that is configured and serves nobody. */
export type IdleTunnel = Tunnel & {
  readonly idle: Idle;
};

type Place = Tunnel & { readonly idle: Idle | null };

const CACHE = new WeakMap<
  ConfigModel,
  { readonly active: readonly Tunnel[]; readonly idle: readonly IdleTunnel[] }
>();
const BY_PEER = new WeakMap<ConfigModel, ReadonlyMap<string, readonly Tunnel[]>>();

/** Every tunnel of a router, in order of the listing. Those that are shut down or incomplete are left out. */
export function tunnelsOf(model: ConfigModel): readonly Tunnel[] {
  return placesOf(model).active;
}

/** Those whose peer is given by a name that the router does not resolve by itself. */
export function unresolved(model: ConfigModel): readonly Tunnel[] {
  return tunnelsOf(model).filter(({ peer, hostname }) => peer === null && hostname !== null);
}

/** What is left out of `tunnelsOf`, and why it serves nobody. */
export function idleTunnelsOf(model: ConfigModel): readonly IdleTunnel[] {
  return placesOf(model).idle;
}

function placesOf(model: ConfigModel): NonNullable<ReturnType<(typeof CACHE)['get']>> {
  const held = CACHE.get(model);
  if (held !== undefined) return held;
  const mapOf = new Map<Place, MapPlace>();
  const entries = mapPlaces(model).flatMap((place) => {
    const { map, at, idle } = place;
    const own = map.entries.flatMap((entry) => mapTunnels(model, map, entry, at, idle));
    const ordered = withShadows(model, map, own);
    for (const each of ordered) mapOf.set(each, place);
    return ordered;
  });
  const tunnels = model.interfaces.flatMap((each) => tunnelInterface(model, each));
  const all = inOrder([...tunnels, ...entries], (each) => mapOf.get(each) ?? null);
  const made = {
    active: all.filter(({ idle }) => idle === null),
    idle: all.filter((place): place is IdleTunnel => place.idle !== null),
  };
  CACHE.set(model, made);
  return made;
}

/** Tunnels to one peer; its address as this router writes it. */
export function tunnelsTo(model: ConfigModel, peer: string): readonly Tunnel[] {
  let byPeer = BY_PEER.get(model);
  if (byPeer === undefined) {
    const made = new Map<string, Tunnel[]>();
    for (const tunnel of tunnelsOf(model)) {
      if (tunnel.peer === null) continue;
      const list = made.get(tunnel.peer);
      if (list === undefined) made.set(tunnel.peer, [tunnel]);
      else list.push(tunnel);
    }
    byPeer = made;
    BY_PEER.set(model, byPeer);
  }
  return byPeer.get(canonicalAddress(peer)) ?? [];
}

function tunnelInterface(model: ConfigModel, owner: Interface): readonly Place[] {
  const tunnel = owner.tunnel;
  if (tunnel?.ipsecProfile == null) return [];
  const profile = tablesOf(model).ipsecProfiles.get(tunnel.ipsecProfile.name) ?? null;
  // The profile that IOS brings takes the IKEv2 profile of its own name.
  const builtIn =
    profile === null &&
    tunnel.ipsecProfile.name === 'default' &&
    model.ikev2Profiles.some(({ name }) => name === 'default')
      ? tunnel.ipsecProfile
      : null;
  const source = tunnel.source === null ? null : localOf(model, tunnel.source.name, tunnel.mode);
  const mode = tunnel.mode;
  const base = {
    label: owner.name,
    local: source,
    mode: takesModeOfCaller(model, owner) ? null : mode,
    key: tunnel.key,
    fvrf: tunnel.vrf,
    isakmpProfile: tunnel.isakmpProfile ?? profile?.isakmpProfile ?? null,
    ikev2Profile: tunnel.ikev2Profile ?? profile?.ikev2Profile ?? builtIn,
    transformSets: profile?.transformSets ?? [],
    pfs: profile?.pfs ?? null,
    lifeSeconds: profile?.lifeSeconds ?? model.lifeSeconds,
    responderOnly: profile?.responderOnly ?? false,
    shadowedBy: null,
    unlisted: null,
    binding: {
      kind: 'ipsec-profile' as const,
      command: `crypto ipsec profile ${tunnel.ipsecProfile.name}`,
    },
    doubt: isFragment(model)
      ? null
      : missingPart(model, owner, profile !== null || builtIn !== null),
    idle: shutDown(model, owner, sourceOf(model, owner)),
    line: owner.line,
  };
  const fixed = tunnel.destination !== null && tunnel.destination.value !== 'dynamic';
  if (fixed && !tunnel.mode.includes('multipoint')) {
    return [toPeer(tunnel.destination.value, tunnel.destination.line, 'tunnel')];
  }
  const known = tunnel.nhrpPeers.map(({ value, line }) => toPeer(value, line, 'multipoint'));
  // Whoever else calls is served too: a multipoint tunnel has no fixed peer.
  return [...known, { ...base, kind: 'multipoint', peer: null, hostname: null, proxies: [] }];

  function toPeer(written: string, line: number, kind: Tunnel['kind']): Place {
    const { peer, hostname } = called(model, written);
    return {
      ...base,
      kind,
      peer,
      hostname,
      proxies: tunnelProxies(mode, source, peer, line),
    };
  }
}

/** The interface whose address a tunnel has for its source; of several with that address one that is up. */
function sourceOf(model: ConfigModel, { tunnel }: Interface): Interface | null {
  const name = tunnel?.source?.name;
  if (name === undefined) return null;
  if (!isAddress(name)) return interfaceNamed(model, name);
  const owners = tablesOf(model).owners.get(canonicalAddress(name)) ?? [];
  return owners.find((each) => downBy(model, each) === null) ?? owners[0] ?? null;
}

function missingPart(model: ConfigModel, owner: Interface, hasProfile: boolean): string | null {
  const { source, ipsecProfile } = owner.tunnel!;
  if (!hasProfile && ipsecProfile?.name !== 'default')
    return `IPsec profile ${ipsecProfile?.name ?? ''} is not in the configuration`;
  return source !== null &&
    isInterfaceName(source.name) &&
    interfaceNamed(model, source.name) === null
    ? `${owner.name} takes its address from ${source.name}, which is not in the configuration`
    : null;
}

/** The same tunnel once its own address is known. */
export function calledFrom(tunnel: Tunnel, local: string): Tunnel {
  const { mode, peer, line } = tunnel;
  const proxies = mode === null ? tunnel.proxies : tunnelProxies(mode, local, peer, line);
  return { ...tunnel, local, proxies };
}

/** What a tunnel interface protects: GRE between its ends, or everything. */
function tunnelProxies(
  mode: string,
  source: string | null,
  peer: string | null,
  line: number,
): readonly Proxy[] {
  const any = { address: '0.0.0.0', wildcard: '255.255.255.255', port: null };
  if (mode.startsWith('ipsec')) return [{ protocol: 'ip', source: any, destination: any, line }];
  if (source === null || peer === null) return [];
  const host = (address: string): AclEntry['source'] => ({
    address,
    wildcard: '0.0.0.0',
    port: null,
  });
  const protocol = mode.startsWith('ipip') ? '4' : mode.startsWith('ipv6ip') ? '41' : 'gre';
  return [{ protocol, source: host(source), destination: host(peer), line }];
}

function localOf(model: ConfigModel, name: string, mode: string): string | null {
  if (isAddress(name)) return canonicalAddress(name);
  const owner = interfaceNamed(model, name);
  return owner === null ? null : addressOf(model, owner, mode.includes('ipv6'));
}

function addressOf(model: ConfigModel, owner: Interface, v6 = false): string | null {
  const fitting = owner.addresses.filter(({ address }) => (parseIpv4(address) === null) === v6);
  const own = fitting.find(({ secondary }) => !secondary) ?? fitting[0];
  if (own !== undefined) return own.address;
  if (owner.unnumbered === null || owner.unnumbered.name === owner.name) return null;
  const lender = interfaceNamed(model, owner.unnumbered.name);
  return lender?.addresses[0]?.address ?? null;
}

type MapPlace = {
  readonly map: CryptoMap;
  readonly at: Interface | null;
  readonly idle: Idle | null;
};

/** Crypto maps with the interfaces that apply them. A fragment without interfaces may hold maps alone. */
function mapPlaces(model: ConfigModel): readonly MapPlace[] {
  if (model.interfaces.length === 0)
    return model.cryptoMaps.map((map) => ({ map, at: null, idle: null }));
  const maps = tablesOf(model).cryptoMaps;
  const applied = model.interfaces.flatMap((at) => {
    const map = at.cryptoMap === null ? undefined : maps.get(at.cryptoMap.name);
    return map === undefined ? [] : [{ map, at, idle: shutDown(model, at, lenderOf(model, map)) }];
  });
  const unapplied = model.cryptoMaps
    .filter((map) => !applied.some((place) => place.map === map))
    .map((map) => ({ map, at: null, idle: notApplied(map) }));
  return [...applied, ...unapplied];
}

/** `crypto map M local-address INTERFACE` */
function lenderOf(model: ConfigModel, { localAddressInterface }: CryptoMap): Interface | null {
  return localAddressInterface === null ? null : interfaceNamed(model, localAddressInterface.name);
}

function mapTunnels(
  model: ConfigModel,
  map: CryptoMap,
  entry: CryptoMapEntry,
  at: Interface | null,
  idle: Idle | null,
): readonly Place[] {
  if (entry.kind === 'template') return [];
  const lender = map.localAddressInterface === null ? at : lenderOf(model, map);
  const local = lender === null ? null : (virtualAddress(lender) ?? addressOf(model, lender));
  const fvrf = at?.vrf ?? null;
  if (entry.dynamicMap !== null) {
    const dynamic = tablesOf(model).dynamicMaps.get(entry.dynamicMap.name);
    if (dynamic === undefined && !isFragment(model)) {
      const doubt = `dynamic map ${entry.dynamicMap.name} is not in the configuration`;
      return entryTunnels(model, map, entry, local, fvrf, 'map').map((place) => ({
        ...place,
        kind: 'dynamic' as const,
        doubt,
        idle,
      }));
    }
    return (dynamic?.entries ?? []).flatMap((each) =>
      entryTunnels(model, map, each, local, fvrf, 'dynamic').map((place) => ({ ...place, idle })),
    );
  }
  return entryTunnels(model, map, entry, local, fvrf, 'map').map((place) => ({
    ...place,
    idle: idle ?? incomplete(model, place.label, entry),
  }));
}

function entryTunnels(
  model: ConfigModel,
  map: CryptoMap,
  entry: CryptoMapEntry,
  local: string | null,
  fvrf: string | null,
  kind: 'map' | 'dynamic',
): readonly Tunnel[] {
  const command =
    kind === 'map'
      ? `crypto map ${entry.map} ${String(entry.sequence)} ipsec-isakmp`
      : `crypto dynamic-map ${entry.map} ${String(entry.sequence)}`;
  const base = {
    label: `${kind === 'map' ? 'crypto map' : 'dynamic map'} ${entry.map} ${String(entry.sequence)}`,
    kind,
    local,
    mode: null,
    key: null,
    fvrf,
    isakmpProfile: entry.isakmpProfile ?? map.isakmpProfile,
    ikev2Profile: entry.ikev2Profile,
    transformSets: entry.transformSets,
    pfs: entry.pfs,
    lifeSeconds: entry.lifeSeconds ?? model.lifeSeconds,
    responderOnly: false,
    shadowedBy: null,
    proxies: aclProxies(model, entry),
    unlisted: unlistedTraffic(model, entry, kind),
    binding: { kind: 'map-entry' as const, command },
    doubt: (isFragment(model) ? null : missingList(model, entry)) ?? blindList(model, entry),
    line: entry.line,
  };
  if (entry.peers.length === 0) return [{ ...base, peer: null, hostname: null }];
  return entry.peers.map(({ value }) => {
    return { ...base, ...called(model, value) };
  });
}

/** A peer given by address, or by a name that the router may resolve by itself. */
function called(model: ConfigModel, written: string): Pick<Tunnel, 'peer' | 'hostname'> {
  if (isAddress(written)) return { peer: canonicalAddress(written), hostname: null };
  return { peer: model.hosts.get(written.toLowerCase()) ?? null, hostname: written };
}
