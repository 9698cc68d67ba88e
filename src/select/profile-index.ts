import { ipv6Network, networkOf, parseIpv4, parseIpv6 } from '../iosconfig/address.ts';
import type { ConfigModel, IdentityMatch, IsakmpProfile } from '../model/config.ts';
import { unitsOf } from './certificate-map.ts';
import type { Identity } from './identity.ts';

type Index = {
  readonly byKey: ReadonlyMap<string, readonly number[]>;
  readonly v4Lengths: ReadonlySet<number>;
  readonly v6Lengths: ReadonlySet<number>;
  /** Matches that no key can find: certificate maps. */
  readonly always: readonly number[];
};

/** With fewer profiles each of them is looked at, so that each one that lost can be told with its reason. */
const SMALL = 48;

const CACHE = new WeakMap<ConfigModel, Index>();

/** The profiles that can match an identity, in order of definition; all of them in a small configuration. */
export function candidateProfiles(
  model: ConfigModel,
  identity: Identity,
): readonly IsakmpProfile[] {
  if (model.profiles.length <= SMALL) return model.profiles;
  const index = indexOf(model);
  const found = new Set<number>(index.always);
  for (const key of keysOf(index, identity)) {
    for (const at of index.byKey.get(key) ?? []) found.add(at);
  }
  return [...found].sort((a, b) => a - b).map((at) => model.profiles[at]!);
}

function indexOf(model: ConfigModel): Index {
  const held = CACHE.get(model);
  if (held !== undefined) return held;
  const byKey = new Map<string, number[]>();
  const v4Lengths = new Set<number>();
  const v6Lengths = new Set<number>();
  const always: number[] = [];
  model.profiles.forEach((profile, at) => {
    for (const match of profile.matches) {
      if (match.kind === 'certificate-map') always.push(at);
      const key = keyOf(match);
      if (key === null) continue;
      if (match.kind === 'address') v4Lengths.add(match.prefixLength ?? 32);
      if (match.kind === 'ipv6') v6Lengths.add(match.prefixLength!);
      const list = byKey.get(key);
      if (list === undefined) byKey.set(key, [at]);
      else list.push(at);
    }
  });
  const made = { byKey, v4Lengths, v6Lengths, always };
  CACHE.set(model, made);
  return made;
}

function keyOf(match: IdentityMatch): string | null {
  const length = match.prefixLength;
  if (match.kind === 'address') {
    const value = parseIpv4(match.value);
    return value === null ? null : v4Key(value, length ?? 32);
  }
  if (match.kind === 'ipv6') {
    const value = parseIpv6(match.value);
    return value === null || length === null ? null : v6Key(value, length);
  }
  return `${match.kind} ${match.value.toLowerCase()}`;
}

function v4Key(value: number, length: number): string {
  return `4 ${String(length)} ${String(networkOf(value, length))}`;
}

function v6Key(value: bigint, length: number): string {
  return `6 ${String(length)} ${String(ipv6Network(value, length))}`;
}

function keysOf(index: Index, identity: Identity): readonly string[] {
  const value = identity.value.toLowerCase();
  switch (identity.type) {
    case 'ipv4': {
      const address = parseIpv4(value);
      return address === null ? [] : [...index.v4Lengths].map((each) => v4Key(address, each));
    }
    case 'ipv6': {
      const address = parseIpv6(value);
      return address === null ? [] : [...index.v6Lengths].map((each) => v6Key(address, each));
    }
    case 'fqdn':
      return [`host ${value}`, ...domainsOf(value).map((each) => `host-domain ${each}`)];
    case 'user-fqdn':
      return [`user ${value}`, `user-domain ${value.slice(value.indexOf('@') + 1)}`];
    case 'key-id':
      return [`group ${value}`];
    case 'dn':
      return unitsOf(value).map((each) => `group ${each}`);
  }
}

/** Every domain that a name lies in, the longest first. */
export function domainsOf(name: string): readonly string[] {
  const parts = name.split('.');
  return parts.slice(1).map((_, at) => parts.slice(at + 1).join('.'));
}
