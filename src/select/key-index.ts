import { ipv6Network, networkOf, parseIpv4, parseIpv6 } from '../iosconfig/address.ts';
import type { ConfigModel, KeyEntry, Keyring } from '../model/config.ts';

/** A key in its place: rings and entries count in order of definition. */
export type PlacedKey = {
  readonly ring: Keyring;
  readonly ringOrder: number;
  readonly entry: KeyEntry;
  readonly entryOrder: number;
};

type ByNetwork<N> = Map<number, Map<N, PlacedKey[]>>;

/** All keys of a router by mask length and network, so that a search costs one look-up per mask length in use. */
export type KeyIndex = {
  readonly size: number;
  readonly v4: ByNetwork<number>;
  readonly v6: ByNetwork<bigint>;
  readonly hostnames: ReadonlyMap<string, readonly PlacedKey[]>;
  readonly all: readonly PlacedKey[];
};

const CACHE = new WeakMap<ConfigModel, KeyIndex>();

export function keyIndex(model: ConfigModel): KeyIndex {
  const held = CACHE.get(model);
  if (held !== undefined) return held;
  const made = buildIndex(model);
  CACHE.set(model, made);
  return made;
}

/**
 * Every address key that covers a peer, in order of definition. A name stands for an address that is not known, which
 * a key for any address alone covers for sure.
 */
export function coveringKeys(index: KeyIndex, peer: string): readonly PlacedKey[] {
  const found: PlacedKey[] = [];
  const v4 = parseIpv4(peer);
  if (v4 !== null) {
    for (const [length, networks] of index.v4) {
      found.push(...(networks.get(networkOf(v4, length)) ?? []));
    }
  }
  const v6 = v4 === null ? parseIpv6(peer) : null;
  if (v4 === null && v6 === null) return index.v4.get(0)?.get(0) ?? [];
  if (v6 !== null) {
    for (const [length, networks] of index.v6) {
      found.push(...(networks.get(ipv6Network(v6, length)) ?? []));
    }
  }
  return found.sort((a, b) => a.ringOrder - b.ringOrder || a.entryOrder - b.entryOrder);
}

function buildIndex(model: ConfigModel): KeyIndex {
  const index = {
    size: 0,
    v4: new Map<number, Map<number, PlacedKey[]>>(),
    v6: new Map<number, Map<bigint, PlacedKey[]>>(),
    hostnames: new Map<string, PlacedKey[]>(),
    all: [] as PlacedKey[],
  };
  model.keyrings.forEach((ring, ringOrder) => {
    ring.entries.forEach((entry, entryOrder) => {
      const placed = { ring, ringOrder, entry, entryOrder };
      index.all.push(placed);
      place(index, placed);
    });
  });
  index.size = index.all.length;
  return index;
}

function place(
  index: {
    v4: ByNetwork<number>;
    v6: ByNetwork<bigint>;
    hostnames: Map<string, PlacedKey[]>;
  },
  placed: PlacedKey,
): void {
  const { entry } = placed;
  if (entry.kind === 'hostname') {
    const name = entry.address.toLowerCase();
    const held = index.hostnames.get(name);
    if (held === undefined) index.hostnames.set(name, [placed]);
    else held.push(placed);
    return;
  }
  // Whatever a mask was that cannot be read, the address itself lies in it.
  const length = entry.prefixLength ?? (entry.kind === 'address' ? 32 : 128);
  if (entry.kind === 'address') {
    const value = parseIpv4(entry.address);
    if (value !== null) insert(index.v4, length, networkOf(value, length), placed);
  } else {
    const value = parseIpv6(entry.address);
    if (value !== null) insert(index.v6, length, ipv6Network(value, length), placed);
  }
}

function insert<N>(by: ByNetwork<N>, length: number, network: N, placed: PlacedKey): void {
  let networks = by.get(length);
  if (networks === undefined) {
    networks = new Map();
    by.set(length, networks);
  }
  const held = networks.get(network);
  if (held === undefined) networks.set(network, [placed]);
  else held.push(placed);
}
