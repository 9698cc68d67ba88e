import type { HashName } from './algorithms.ts';
import type { Policy } from './ikev1.ts';
import { ipv4Number } from './octets.ts';

/** Wording of the debugs. */
export type Release = 'ios-15' | 'ios-12.4t' | 'ios-xe-17';

export type KeyEntry = { readonly address: string; readonly mask: string; readonly key: string };
export type Keyring = { readonly name: string; readonly entries: readonly KeyEntry[] };

export type IdentityMatch =
  | {
      readonly kind: 'address';
      readonly address: string;
      readonly mask: string;
      readonly note?: string;
    }
  | { readonly kind: 'host'; readonly name: string };

export type IsakmpProfile = {
  readonly name: string;
  readonly keyrings: readonly string[];
  readonly trustPoints?: readonly string[];
  readonly selfFqdn?: boolean;
  readonly matches: readonly IdentityMatch[];
};

/** One router: what is configured, where it stands and how far its clock is off. */
export type Router = {
  readonly hostname: string;
  readonly release: Release;
  readonly address: string;
  readonly mac: string;
  readonly interfaceName: string;
  readonly lan: {
    readonly address: string;
    readonly network: string;
    readonly interfaceName: string;
  };
  readonly tunnelAddress: string;
  readonly peer: {
    readonly address: string;
    readonly lanNetwork: string;
    readonly tunnelAddress: string;
  };
  readonly keyrings: readonly Keyring[];
  readonly globalKeys: readonly KeyEntry[];
  readonly policy: Policy;
  readonly keepaliveSeconds?: number;
  /** In the order of the configuration; `issuer` is the common name of the authority. */
  readonly trustPoints?: readonly { readonly name: string; readonly issuer: string }[];
  readonly profiles: readonly IsakmpProfile[];
  readonly transforms: 'esp-aes esp-sha256-hmac' | 'esp-aes esp-sha-hmac';
  readonly ipsecProfile: { readonly name: string; readonly isakmpProfile: string | null };
  /** Router's clock minus the capture's clock. */
  readonly clockOffsetMs: number;
  readonly clockMark: '*' | '.' | '';
  readonly connectionId: number;
};

export type Candidate = { readonly keyring: string; readonly entry: KeyEntry };

export type Lookup = {
  readonly chosen: Candidate | null;
  /** In the order in which the router considers them, each better than the one before. */
  readonly considered: readonly Candidate[];
  readonly defaultHad: boolean;
};

const covers = (entry: KeyEntry, address: string): boolean => {
  const mask = ipv4Number(entry.mask);
  return ((ipv4Number(entry.address) & mask) ^ (ipv4Number(address) & mask)) === 0;
};

const better = (keyrings: readonly Keyring[], address: string): readonly Candidate[] => {
  const considered: Candidate[] = [];
  for (const { name, entries } of keyrings) {
    for (const entry of entries) {
      if (!covers(entry, address)) continue;
      const best = considered.at(-1);
      if (best === undefined || ipv4Number(entry.mask) > ipv4Number(best.entry.mask)) {
        considered.push({ keyring: name, entry });
      }
    }
  }
  return considered;
};

/**
 * The search over everything that is configured, as a responder makes it at MM1 and MM3: the default
 * keyring before all others, then the longest mask, and the first defined of equals.
 */
export const searchAllKeyrings = (router: Router, address: string): Lookup => {
  const global = better([{ name: 'default', entries: router.globalKeys }], address);
  const considered = global.length > 0 ? global : better(router.keyrings, address);
  return { chosen: considered.at(-1) ?? null, considered, defaultHad: global.length > 0 };
};

export const profileNamed = (router: Router, name: string): IsakmpProfile => {
  const profile = router.profiles.find((one) => one.name === name);
  if (profile === undefined) throw new Error(`${router.hostname} has no profile ${name}`);
  return profile;
};

/** The search within the keyrings of a profile that is already known. */
export const searchProfile = (router: Router, profile: string, address: string): Lookup => {
  const names = profileNamed(router, profile).keyrings;
  const considered = better(
    names.flatMap((name) => router.keyrings.filter((keyring) => keyring.name === name)),
    address,
  );
  return { chosen: considered.at(-1) ?? null, considered, defaultHad: false };
};

export type Identity =
  | { readonly kind: 'address'; readonly value: string }
  | { readonly kind: 'fqdn'; readonly value: string };

/** The most specific profile that matches an identity; the first of equals. */
export const matchProfile = (router: Router, identity: Identity): string | null => {
  let best: { name: string; weight: number } | null = null;
  for (const { name, matches } of router.profiles) {
    for (const match of matches) {
      if (match.kind !== (identity.kind === 'fqdn' ? 'host' : 'address')) continue;
      const fits =
        match.kind === 'host'
          ? match.name === identity.value
          : covers({ ...match, key: '' }, identity.value);
      const weight = match.kind === 'host' ? 1 : ipv4Number(match.mask);
      if (fits && (best === null || weight > best.weight)) best = { name, weight };
    }
  }
  return best?.name ?? null;
};

export const hashWord: Readonly<Record<HashName, string>> = {
  md5: 'MD5',
  sha1: 'SHA',
  sha256: 'SHA256',
};

export const espIntegrity = (router: Router): 'sha1' | 'sha256' =>
  router.transforms === 'esp-aes esp-sha-hmac' ? 'sha1' : 'sha256';
