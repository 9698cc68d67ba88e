import { covers, readMask } from '../iosconfig/address.ts';
import type { ConfigModel, Ikev2Profile, NameUse, Trustpoint } from '../model/config.ts';
import { fitsCertificateMap } from './certificate-map.ts';
import { allowed, certificateFor } from './certificates.ts';
import type { Certificate } from './certificates.ts';
import { addressIdentity, dnIdentity, namedCertificate, toIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { servesLocal } from './lookup.ts';
import { EXACT } from './profile.ts';

/** What a peer proves itself by: a certificate, or none because it has a key. */
type Proof = Certificate | 'key' | 'unknown';

type Ikev2Query = {
  readonly identity: Identity;
  readonly proof: Proof;
  readonly fvrf: string | null;
  readonly local: string | null;
};

type Ikev2Choice = {
  readonly profile: Ikev2Profile | null;
  /** Names of profiles that would win if a certificate map fitted what no configuration tells of the certificate. */
  readonly undecided: readonly string[];
  /** Names of profiles of which a certificate map fits, while an identity that is written out selects the other one. */
  readonly rivals: readonly string[];
};

type Match = Ikev2Profile['matches'][number];

const CERTIFICATE = 0;
const ANY = -1;

/**
 * The most specific match, and `any` least. Whether a certificate map or an identity that is written out comes first is
 * not documented.
 */
export function selectIkev2Profile(model: ConfigModel, query: Ikev2Query): Ikev2Choice {
  let best: { profile: Ikev2Profile; weight: number } | null = null;
  const open: Ikev2Profile[] = [];
  const certified: Ikev2Profile[] = [];
  for (const profile of model.ikev2Profiles) {
    if (!serves(model, profile, query)) continue;
    for (const match of remoteMatches(profile)) {
      const weight = weigh(model, match, query);
      if (weight === CERTIFICATE && match.kind === 'certificate-map') certified.push(profile);
      if (weight === 'undecided') open.push(profile);
      else if (weight !== null && (best === null || weight > best.weight))
        best = { profile, weight };
    }
  }
  const others = (profiles: readonly Ikev2Profile[]): readonly string[] =>
    profiles.filter((each) => each !== best?.profile).map(({ name }) => name);
  const byMap = best !== null && certified.includes(best.profile);
  return {
    profile: best?.profile ?? null,
    undecided: byMap ? [] : others(open),
    rivals: byMap ? [] : others(certified),
  };
}

/** Whether a profile matches the other end; null when that hangs on what is not known of its certificate. */
export function matchesRemote(
  model: ConfigModel,
  profile: Ikev2Profile,
  query: Pick<Ikev2Query, 'identity' | 'proof'>,
): boolean | null {
  const weights = remoteMatches(profile).map((match) => weigh(model, match, query));
  if (weights.some((weight) => typeof weight === 'number')) return true;
  return weights.includes('undecided') ? null : false;
}

/** Local addresses and VRF must fit besides the identity; of several addresses, one. */
function serves(model: ConfigModel, profile: Ikev2Profile, { fvrf, local }: Ikev2Query): boolean {
  if (profile.fvrf !== 'any' && profile.fvrf !== fvrf) return false;
  const bound = localMatches(profile);
  return bound.length === 0 || bound.some((each) => servesLocal(model, each, local));
}

/** A profile that would match but for the local address that is called. */
export function tiedElsewhere(model: ConfigModel, query: Ikev2Query): Ikev2Profile | null {
  return selectIkev2Profile(model, { ...query, local: null }).profile;
}

/** `match address local`, as an address or the interface that owns it. */
export function localMatches(
  profile: Ikev2Profile,
): readonly { readonly value: string; readonly vrf: null; readonly line: number }[] {
  return profile.matches
    .filter(({ kind }) => kind === 'local-address')
    .map(({ value, line }) => ({ value, vrf: null, line }));
}

/** The statements that tell peers apart: IOS takes a profile when one of them fits. */
export function remoteMatches(profile: Ikev2Profile): readonly Match[] {
  return profile.matches.filter(({ kind }) => kind !== 'local-address');
}

function weigh(
  model: ConfigModel,
  match: Match,
  { identity, proof }: Pick<Ikev2Query, 'identity' | 'proof'>,
): number | 'undecided' | null {
  if (match.kind !== 'certificate-map') return weighIdentity(match, identity);
  if (proof === 'key') return null;
  const certificate = proof === 'unknown' ? namedCertificate(identity) : proof;
  switch (fitsCertificateMap(model, match.value, certificate)) {
    case 'fits':
      return CERTIFICATE;
    case 'unknown':
      return 'undecided';
    case 'differs':
      return null;
  }
}

/** How specifically an identity fits what a profile or a peer block names; null when it does not. */
export function weighIdentity(
  match: { readonly kind: string; readonly value: string; readonly mask: string | null },
  identity: Identity,
): number | null {
  const value = identity.value.toLowerCase();
  const wanted = match.value.toLowerCase();
  switch (match.kind) {
    case 'any':
      return ANY;
    case 'address': {
      if (identity.type !== 'ipv4' && identity.type !== 'ipv6') return null;
      const length = prefixOf(match.mask, identity.type);
      // Whatever a mask was that cannot be read, the address itself lies in it.
      if (length === null) return value === wanted ? 0 : null;
      return covers(match.value, length, identity.value) ? length : null;
    }
    case 'fqdn':
      return identity.type === 'fqdn' && value === wanted ? EXACT : null;
    case 'fqdn-domain':
      return identity.type === 'fqdn' && value.endsWith(`.${wanted}`) ? wanted.length : null;
    case 'email':
      return identity.type === 'user-fqdn' && value === wanted ? EXACT : null;
    case 'email-domain':
      return identity.type === 'user-fqdn' && value.endsWith(`@${wanted}`) ? wanted.length : null;
    case 'key-id':
      return identity.type === 'key-id' && identity.value === match.value ? EXACT : null;
    default:
      return null;
  }
}

/** The prefix length of a `match identity remote address` or a peer's address; without a mask it is one host. */
export function prefixOf(mask: string | null, type: 'ipv4' | 'ipv6'): number | null {
  if (mask === null) return type === 'ipv4' ? 32 : 128;
  return type === 'ipv6' ? Number(mask) : readMask(mask).prefixLength;
}

/** What a router says it is under a profile: its address, unless `identity local` says otherwise. */
export function ikev2Identity(model: ConfigModel, profile: Ikev2Profile, local: string): Identity {
  const own = profile.identityLocal;
  if (own === null || own.kind === 'address') return addressIdentity(own?.value ?? local);
  if (own.kind === 'dn') return dnIdentity(model, trustpointsTo('sign', profile));
  return toIdentity({ type: own.kind, value: own.value ?? '' });
}

/** What a router proves itself by under a profile, to an end that asks for these certificates. */
export function ikev2Proof(
  model: ConfigModel,
  profile: Ikev2Profile,
  asks: readonly Trustpoint[],
): Proof {
  if (provesByKey(profile)) return 'key';
  if (!signs(profile)) return 'unknown';
  return certificateFor(asks, allowed(model, trustpointsTo('sign', profile))) ?? 'unknown';
}

export function provesByKey({ authenticationLocal }: Ikev2Profile): boolean {
  return authenticationLocal === 'pre-share';
}

export function signs({ authenticationLocal }: Ikev2Profile): boolean {
  return authenticationLocal === 'rsa-sig' || authenticationLocal === 'ecdsa-sig';
}

/** The `pki trustpoint` lines of a profile that serve this purpose. */
export function trustpointsTo(
  purpose: 'sign' | 'verify',
  { trustpoints }: Ikev2Profile,
): readonly NameUse[] {
  return trustpoints.filter((use) => use.purpose === null || use.purpose === purpose);
}
