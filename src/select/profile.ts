import { covers } from '../iosconfig/address.ts';
import type { ConfigModel, IdentityMatch, IsakmpProfile } from '../model/config.ts';
import type { LostProfile, ProfileChoice, ProfileSearch } from '../model/selection.ts';
import { fitsCertificateMap, unitsOf } from './certificate-map.ts';
import type { Certificate } from './certificates.ts';
import { addressIdentity, namedCertificate } from './identity.ts';
import type { Identity } from './identity.ts';
import { isakmpProfileNamed, servesLocal } from './lookup.ts';
import { candidateProfiles } from './profile-index.ts';
import { MAIN_READING } from './rules.ts';
import type { Reading } from './rules.ts';
import { tableText } from './words.ts';

export type ProfileQuery = {
  readonly identity: Identity;
  readonly fvrf: string | null;
  readonly local: string | null;
  /** The peer's certificate; null for pre-shared keys or when unknown. */
  readonly certificate?: Certificate | null;
};

/** Exact strings beat every mask: they are compared only among identities of one type. */
export const EXACT = 1000;

/** How specific a match statement is among those that one identity fits; certificate maps are not comparable. */
export function specificity(match: Pick<IdentityMatch, 'kind' | 'prefixLength' | 'value'>): number {
  switch (match.kind) {
    case 'address':
    case 'ipv6':
      return match.prefixLength ?? 0;
    case 'host':
    case 'user':
    case 'group':
      return EXACT;
    case 'host-domain':
    case 'user-domain':
      return match.value.split('.').length;
    case 'certificate-map':
      return 0;
  }
}

/** The profile that an identity matches: of the responder after MM5, of an unbound initiator after MM6. */
export function selectProfile(
  model: ConfigModel,
  query: ProfileQuery,
  reading: Reading = MAIN_READING,
): ProfileSearch {
  const fitting: (ProfileChoice & { readonly weight: number })[] = [];
  const lost: LostProfile[] = [];
  const undecided: string[] = [];
  for (const profile of candidateProfiles(model, query.identity)) {
    if (!servesLocal(model, profile.localAddress, query.local)) {
      lost.push({
        profile: profile.name,
        lost: `serves local address ${profile.localAddress?.value ?? ''} only`,
        line: profile.localAddress?.line ?? profile.line,
      });
      continue;
    }
    const best = bestMatch(model, profile, query);
    if (best === null) {
      lost.push({ profile: profile.name, lost: whyNot(profile, query), line: profile.line });
      if (profile.matches.some((match) => mayFitCertificate(model, match, query)))
        undecided.push(profile.name);
    } else {
      fitting.push({ profile, match: best.match, weight: best.weight });
    }
  }
  return { ...decide(fitting, lost, reading), undecided };
}

/** The profile that an initiator asks for: bound, or found by the address of the peer. */
export function requestedProfile(
  model: ConfigModel,
  bound: string | null,
  peer: string,
  fvrf: string | null,
  local: string | null,
  reading: Reading = MAIN_READING,
): {
  readonly name: string | null;
  readonly profile: IsakmpProfile | null;
  readonly line: number | null;
  readonly rules: readonly string[];
} {
  if (bound !== null) {
    const profile = isakmpProfileNamed(model, bound);
    return { name: bound, profile, line: profile?.line ?? null, rules: ['profile-bound'] };
  }
  const none = { name: null, profile: null, line: null };
  if (reading.unboundInitiator === 'none') return { ...none, rules: ['profile-initiator-null'] };
  const first = reading.unboundInitiator === 'first-match';
  const search = selectProfile(
    model,
    { identity: addressIdentity(peer), fvrf, local },
    { ...reading, profile: first ? 'first-match' : 'most-specific' },
  );
  const rule = first ? 'profile-initiator-first-match' : 'profile-initiator-best-match';
  if (search.winner === null) return { ...none, rules: ['profile-none'] };
  const { profile, match } = search.winner;
  return { name: profile.name, profile, line: match.line, rules: [rule] };
}

function decide(
  fitting: readonly (ProfileChoice & { readonly weight: number })[],
  lost: LostProfile[],
  reading: Reading,
): Omit<ProfileSearch, 'undecided'> {
  const heaviest = Math.max(...fitting.map(({ weight }) => weight));
  const tied = fitting.filter(({ weight }) => weight === heaviest);
  const winner = (reading.profile === 'first-match' ? fitting[0] : tied[0]) ?? null;
  const rules: string[] = [];
  if (winner === null) rules.push('profile-none');
  if (fitting.length > 1) {
    rules.push(reading.profile === 'first-match' ? 'profile-first-match' : 'profile-most-specific');
    if (tied.length > 1) rules.push('profile-first-defined');
  }
  for (const each of fitting) {
    if (each === winner) continue;
    const equal = each.weight === winner!.weight;
    lost.push({
      profile: each.profile.name,
      lost: equal
        ? `matches as well, but is defined after ${winner!.profile.name}`
        : `matches as well, but less specifically than ${winner!.profile.name}`,
      line: each.match.line,
    });
  }
  return {
    winner: winner === null ? null : { profile: winner.profile, match: winner.match },
    fitting: fitting.map(({ profile, match }) => ({ profile, match })),
    lost: lost.sort((a, b) => a.line - b.line),
    rules,
  };
}

function bestMatch(
  model: ConfigModel,
  profile: IsakmpProfile,
  query: ProfileQuery,
): { readonly match: IdentityMatch; readonly weight: number } | null {
  let best: { match: IdentityMatch; weight: number } | null = null;
  for (const match of profile.matches) {
    const weight = weigh(model, match, query);
    if (weight !== null && (best === null || weight > best.weight)) best = { match, weight };
  }
  return best;
}

/** How specifically a match statement fits; null when it does not. */
function weigh(model: ConfigModel, match: IdentityMatch, query: ProfileQuery): number | null {
  return fits(model, match, query) ? specificity(match) : null;
}

function fits(model: ConfigModel, match: IdentityMatch, query: ProfileQuery): boolean {
  const { identity } = query;
  const value = identity.value.toLowerCase();
  const wanted = match.value.toLowerCase();
  switch (match.kind) {
    case 'address':
    case 'ipv6': {
      const type = match.kind === 'address' ? 'ipv4' : 'ipv6';
      if (identity.type !== type || match.vrf !== query.fvrf) return false;
      // Whatever a mask was that cannot be read, the address itself lies in it.
      if (match.prefixLength === null) return value === wanted;
      return covers(match.value, match.prefixLength, identity.value);
    }
    case 'host':
      return identity.type === 'fqdn' && value === wanted;
    case 'host-domain':
      return identity.type === 'fqdn' && value.endsWith(`.${wanted}`);
    case 'user':
      return identity.type === 'user-fqdn' && value === wanted;
    case 'user-domain':
      return identity.type === 'user-fqdn' && value.endsWith(`@${wanted}`);
    case 'group':
      return identity.type === 'dn'
        ? unitsOf(identity.value).includes(match.value)
        : identity.type === 'key-id' && identity.value === match.value;
    case 'certificate-map':
      return fitsCertificateMap(model, match.value, certificateOf(query)) === 'fits';
  }
}

/** Whether a match hangs on what is not known: more of the certificate, or whether its unit counts without a name as identity. */
function mayFitCertificate(model: ConfigModel, match: IdentityMatch, query: ProfileQuery): boolean {
  const certificate = certificateOf(query);
  return match.kind === 'group'
    ? unitsOf(certificate?.subject ?? '').includes(match.value)
    : match.kind === 'certificate-map' &&
        fitsCertificateMap(model, match.value, certificate) === 'unknown';
}

function certificateOf({ certificate, identity }: ProfileQuery): Certificate | null {
  return certificate ?? namedCertificate(identity);
}

function whyNot(profile: IsakmpProfile, query: ProfileQuery): string {
  if (profile.matches.length === 0) return 'has no match statement';
  const elsewhere = profile.matches.find(
    (match) =>
      (match.kind === 'address' || match.kind === 'ipv6') &&
      match.vrf !== query.fvrf &&
      match.prefixLength !== null &&
      covers(match.value, match.prefixLength, query.identity.value),
  );
  if (elsewhere !== undefined) {
    return `matches in ${tableText(elsewhere.vrf)}, the peer is in ${tableText(query.fvrf)}`;
  }
  return `no match statement fits ${query.identity.value}`;
}
