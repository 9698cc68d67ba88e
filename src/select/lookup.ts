import { isAddress } from '../iosconfig/address.ts';
import { interfaceKey } from '../iosconfig/interface-name.ts';
import type {
  AccessList,
  ConfigModel,
  CryptoMap,
  Interface,
  IpsecProfile,
  IsakmpProfile,
  LocalAddress,
  TransformSet,
} from '../model/config.ts';

type Tables = {
  readonly interfaces: ReadonlyMap<string, Interface>;
  readonly owners: ReadonlyMap<string, readonly Interface[]>;
  readonly profiles: ReadonlyMap<string, IsakmpProfile>;
  readonly ipsecProfiles: ReadonlyMap<string, IpsecProfile>;
  readonly transformSets: ReadonlyMap<string, TransformSet>;
  readonly cryptoMaps: ReadonlyMap<string, CryptoMap>;
  readonly dynamicMaps: ReadonlyMap<string, CryptoMap>;
  readonly accessLists: ReadonlyMap<string, AccessList>;
};

const CACHE = new WeakMap<ConfigModel, Tables>();

/** Look-ups by name and address, built once for a model. */
export function tablesOf(model: ConfigModel): Tables {
  const held = CACHE.get(model);
  if (held !== undefined) return held;
  const owners = new Map<string, Interface[]>();
  for (const each of model.interfaces) {
    for (const { address } of each.addresses) {
      const list = owners.get(address);
      if (list === undefined) owners.set(address, [each]);
      else list.push(each);
    }
  }
  const made: Tables = {
    interfaces: new Map(model.interfaces.map((each) => [interfaceKey(each.name), each])),
    owners,
    profiles: byName(model.profiles),
    ipsecProfiles: byName(model.ipsecProfiles),
    transformSets: byName(model.transformSets),
    cryptoMaps: byName(model.cryptoMaps),
    dynamicMaps: byName(model.dynamicMaps),
    accessLists: byName(model.accessLists),
  };
  CACHE.set(model, made);
  return made;
}

export function interfaceNamed(model: ConfigModel, name: string): Interface | null {
  return tablesOf(model).interfaces.get(interfaceKey(name)) ?? null;
}

/** The interface whose `shutdown` keeps one down: itself, or the one that it is a part of; null where none does. */
export function downBy(model: ConfigModel, owner: Interface): Interface | null {
  if (owner.shutdown) return owner;
  const whole = /^(.+)\.\d+$/.exec(owner.name)?.[1];
  const parent = whole === undefined ? null : interfaceNamed(model, whole);
  return parent?.shutdown === true ? parent : null;
}

/** The addresses of a `local-address`, which names one or the interface that owns them; null when no line tells them. */
function addressesOf(model: ConfigModel, { value }: LocalAddress): readonly string[] | null {
  if (isAddress(value)) return [value];
  const owner = interfaceNamed(model, value);
  if (owner === null || owner.addresses.length === 0) return null;
  const virtual = virtualAddress(owner);
  const own = owner.addresses.map(({ address }) => address);
  return virtual === null ? own : [...own, virtual];
}

/** The address that a redundant crypto map answers at and calls from: that of the standby group it names. */
export function virtualAddress({ redundancy, standby }: Interface): string | null {
  return standby.find(({ name }) => name !== null && name === redundancy)?.address ?? null;
}

/** Whether a keyring or profile serves packets to a local address; one that is not known excludes nothing. */
export function servesLocal(
  model: ConfigModel,
  bound: LocalAddress | null,
  local: string | null,
): boolean {
  if (bound === null || local === null) return true;
  const addresses = addressesOf(model, bound);
  return addresses === null ? !isElsewhere(model, bound.value, local) : addresses.includes(local);
}

/** Whether an address is that of another interface than one whose own address no line tells. */
function isElsewhere(model: ConfigModel, name: string, local: string): boolean {
  const owners = tablesOf(model).owners.get(local) ?? [];
  const lender = interfaceNamed(model, name)?.unnumbered?.name ?? null;
  const keys = [name, ...(lender === null ? [] : [lender])].map(interfaceKey);
  return owners.length > 0 && !owners.some((owner) => keys.includes(interfaceKey(owner.name)));
}

/** Whether no packet can be for both: each is tied to local addresses of its own. */
export function apart(
  model: ConfigModel,
  one: LocalAddress | null,
  other: LocalAddress | null,
): boolean {
  if (one === null || other === null) return false;
  const held = addressesOf(model, one);
  const others = addressesOf(model, other);
  if (held === null || others === null) return false;
  return !others.some((address) => held.includes(address));
}

export function isakmpProfileNamed(model: ConfigModel, name: string | null): IsakmpProfile | null {
  return name === null ? null : (tablesOf(model).profiles.get(name) ?? null);
}

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}
