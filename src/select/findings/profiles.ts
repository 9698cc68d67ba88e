import type { ConfigModel } from '../../model/config.ts';
import { allowed, sameAuthority, usableTrustpoints } from '../certificates.ts';
import { unreadLines } from '../damage.ts';
import { isakmpProfileNamed } from '../lookup.ts';
import { policiesOf } from '../policy.ts';
import { tunnelsOf } from '../tunnels.ts';
import { CERTIFICATE_NOTE, KEYRING_NOTE, between, nameOf, required } from './make.ts';
import type { Draft } from './make.ts';
import { overlaps } from './overlaps.ts';
import { tableText } from '../words.ts';

/** What is wrong with the ISAKMP and IKEv2 profiles of one router, whoever calls. */
export function profileFindings(model: ConfigModel): readonly Draft[] {
  return [
    ...overlaps(model),
    ...withoutMatch(model),
    ...matchElsewhere(model),
    ...trustpoints(model),
  ];
}

function withoutMatch(model: ConfigModel): readonly Draft[] {
  if (unreadLines(model, 1).length > 0) return [];
  return model.profiles
    .filter(({ matches }) => matches.length === 0)
    .map((profile) => ({
      id: 'profile-not-matched',
      severity: 'warning' as const,
      title: `Profile ${profile.name} of ${nameOf(model)} has no match statement`,
      explanation: `No peer can match profile ${profile.name}, so that ${nameOf(model)} can use it as initiator only; as responder it refuses phase 2 for every tunnel that requires it.`,
      places: [{ model, line: profile.line }, ...required(model, 'isakmp-profile', [profile.name])],
      references: [KEYRING_NOTE],
      isOf: between(model),
    }));
}

/** Every match by address is in another VRF than the tunnel that requires the profile. */
function matchElsewhere(model: ConfigModel): readonly Draft[] {
  const told = new Set<string>();
  return tunnelsOf(model).flatMap((tunnel) => {
    const profile = isakmpProfileNamed(model, tunnel.isakmpProfile?.name ?? null);
    const [first] = profile?.matches ?? [];
    const elsewhere = profile?.matches.every(
      ({ kind, vrf }) => (kind === 'address' || kind === 'ipv6') && vrf !== tunnel.fvrf,
    );
    if (profile === null || first === undefined || elsewhere !== true) return [];
    const key = `${profile.name} ${tunnel.fvrf ?? ''}`;
    if (told.has(key)) return [];
    told.add(key);
    return [
      {
        id: 'profile-not-matched',
        severity: 'warning' as const,
        title: `Profile ${profile.name} of ${nameOf(model)} matches its peers in ${tableText(first.vrf)}, and ${tunnel.label} serves ${tableText(tunnel.fvrf)}`,
        explanation: `A match by address holds in the VRF that it names, and without one in the global table. ${tunnel.label} requires profile ${profile.name}, which no peer in ${tableText(tunnel.fvrf)} can match, so that ${nameOf(model)} as responder refuses phase 2.`,
        places: [
          ...profile.matches.map(({ line }) => ({ model, line })),
          { model, line: tunnel.isakmpProfile!.line },
          { model, line: tunnel.line },
        ],
        references: ['Cisco command reference: match identity'],
        isOf: between(model, (address) => address === tunnel.peer),
      },
    ];
  });
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
        isOf: between(model),
      },
    ];
  });
}
