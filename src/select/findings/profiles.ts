import { ipv6Network, networkOf, parseIpv4, parseIpv6 } from '../../iosconfig/address.ts';
import type { ConfigModel, IdentityMatch, IsakmpProfile } from '../../model/config.ts';
import { allowed, sameAuthority, usableTrustpoints } from '../certificates.ts';
import { apart } from '../lookup.ts';
import { specificity } from '../profile.ts';
import { domainsOf } from '../profile-index.ts';
import { policiesOf } from '../policy.ts';
import { tunnelsOf } from '../tunnels.ts';
import { CERTIFICATE_NOTE, KEYRING_NOTE, nameOf } from './make.ts';
import type { Draft } from './make.ts';

/** What is wrong with the ISAKMP profiles of one router, whoever calls. */
export function profileFindings(model: ConfigModel): readonly Draft[] {
  return [...overlaps(model), ...withoutMatch(model), ...trustpoints(model)];
}

type Statement = { readonly profile: IsakmpProfile; readonly match: IdentityMatch };

/** Two profiles that one identity matches. */
function overlaps(model: ConfigModel): readonly Draft[] {
  const byKey = new Map<string, Statement[]>();
  const lengths = new Set<number>();
  const order = new Map(model.profiles.map((profile, index) => [profile, index]));
  for (const profile of model.profiles) {
    for (const match of profile.matches) {
      const key = keyOf(match, match.prefixLength);
      if (key === null) continue;
      if (match.prefixLength !== null) lengths.add(match.prefixLength);
      const list = byKey.get(key);
      if (list === undefined) byKey.set(key, [{ profile, match }]);
      else list.push({ profile, match });
    }
  }
  const pairs = new Map<string, { inner: Statement; outer: Statement }>();
  for (const list of byKey.values()) {
    for (const inner of list) {
      for (const outer of covering(inner, byKey, lengths)) {
        if (outer.profile === inner.profile) continue;
        if (apart(model, inner.profile.localAddress, outer.profile.localAddress)) continue;
        // Two profiles are told of once for a tie and once for each that lies within the other, whatever their names.
        const places = [order.get(inner.profile)!, order.get(outer.profile)!];
        const key =
          specificity(inner.match) === specificity(outer.match)
            ? `tie ${places.sort((a, b) => a - b).join(' ')}`
            : `within ${places.join(' ')}`;
        if (!pairs.has(key)) pairs.set(key, { inner, outer });
      }
    }
  }
  return [...pairs.values()].map(({ inner, outer }) => {
    const equal = specificity(inner.match) === specificity(outer.match);
    const rule = equal
      ? `both match equally, and ${model.profiles.indexOf(inner.profile) < model.profiles.indexOf(outer.profile) ? inner.profile.name : outer.profile.name} is defined first`
      : `${inner.profile.name} is more specific and wins; by the vendor's table the first in the configuration would`;
    return {
      id: 'profile-overlap',
      severity: 'warning' as const,
      title: `Profiles ${inner.profile.name} and ${outer.profile.name} of ${nameOf(model)} match the same peers`,
      explanation: `An identity ${inner.match.value} matches both profiles: ${rule}. A tunnel that requires the other one is refused in phase 2.`,
      places: [
        { model, line: inner.match.line },
        { model, line: outer.match.line },
        ...required(model, [inner.profile.name, outer.profile.name]),
      ],
      references: [KEYRING_NOTE],
    };
  });
}

function required(
  model: ConfigModel,
  names: readonly string[],
): readonly { model: ConfigModel; line: number }[] {
  return model.uses
    .filter(({ kind, name }) => kind === 'isakmp-profile' && names.includes(name))
    .slice(0, 6)
    .map(({ line }) => ({ model, line }));
}

function covering(
  { match }: Statement,
  byKey: ReadonlyMap<string, readonly Statement[]>,
  lengths: ReadonlySet<number>,
): readonly Statement[] {
  const own = match.prefixLength;
  if (own === null) return namesCovering(match).flatMap((key) => byKey.get(key) ?? []);
  return [...lengths]
    .filter((length) => length <= own)
    .flatMap((length) => byKey.get(keyOf(match, length) ?? '') ?? []);
}

/** A name is matched by its own statement and by every domain that it lies in. */
function namesCovering(match: IdentityMatch): readonly string[] {
  const value = match.value.toLowerCase();
  const own = `${match.kind} ${value}`;
  switch (match.kind) {
    case 'host':
    case 'host-domain':
      return [own, ...domainsOf(value).map((each) => `host-domain ${each}`)];
    case 'user':
      return [own, `user-domain ${value.slice(value.indexOf('@') + 1)}`];
    default:
      return [own];
  }
}

function keyOf(match: IdentityMatch, length: number | null): string | null {
  if (match.kind === 'address' || match.kind === 'ipv6') {
    if (length === null) return null;
    const v4 = parseIpv4(match.value);
    const v6 = v4 === null ? parseIpv6(match.value) : null;
    if (v4 === null && v6 === null) return null;
    const network = v4 === null ? ipv6Network(v6!, length) : networkOf(v4, length);
    return `${match.kind} ${match.vrf ?? ''} ${String(length)} ${String(network)}`;
  }
  return `${match.kind} ${match.value.toLowerCase()}`;
}

function withoutMatch(model: ConfigModel): readonly Draft[] {
  return model.profiles
    .filter(({ matches }) => matches.length === 0)
    .map((profile) => ({
      id: 'profile-not-matched',
      severity: 'warning' as const,
      title: `Profile ${profile.name} of ${nameOf(model)} has no match statement`,
      explanation: `No peer can match profile ${profile.name}, so that ${nameOf(model)} can use it as initiator only; as responder it refuses phase 2 for every tunnel that requires it.`,
      places: [{ model, line: profile.line }, ...required(model, [profile.name])],
      references: [KEYRING_NOTE],
    }));
}

/** The responder asks for certificates of all its authorities, while the matched profile accepts some of them. */
function trustpoints(model: ConfigModel): readonly Draft[] {
  const signs = policiesOf(model)?.some((each) => each.authentication !== 'pre-share') ?? true;
  const first = usableTrustpoints(model)[0];
  if (!signs || first === undefined) return [];
  return model.profiles.flatMap((profile) => {
    const accepted = allowed(model, profile.trustpoints);
    if (accepted.length === 0 || accepted.some((each) => sameAuthority(each, first))) return [];
    const names = accepted.map(({ name }) => name).join(', ');
    const used = tunnelsOf(model).some(({ isakmpProfile }) => isakmpProfile?.name === profile.name);
    return [
      {
        id: 'certificate-trustpoint-mismatch',
        severity: 'warning' as const,
        title: `Profile ${profile.name} of ${nameOf(model)} accepts ${names} only, but asks for ${first.name} first`,
        explanation:
          `As responder ${nameOf(model)} asks for certificates of all its trust-points, ${first.name} first, because it knows no profile before MM5. ` +
          `A peer with certificates of both answers the first request and is refused by profile ${profile.name}.` +
          (used
            ? ' As initiator the profile is known, so that the tunnel may come up from this side only.'
            : ''),
        places: [
          { model, line: first.line },
          ...accepted.map(({ line }) => ({ model, line })),
          ...profile.trustpoints.map(({ line }) => ({ model, line })),
        ],
        references: [CERTIFICATE_NOTE],
      },
    ];
  });
}
