import type { ConfigModel, TransformSet } from '../model/config.ts';
import { addressText } from './identity.ts';
import { tablesOf } from './lookup.ts';
import { isFragment } from './policy.ts';
import {
  asSeen,
  betweenPeers,
  coveredProxies,
  proposalText,
  proxiesFit,
  whyRefused,
} from './proxies.ts';
import { tunnelsOf, tunnelsTo } from './tunnels.ts';
import type { Proxy, Tunnel } from './tunnels.ts';
import { tableText } from './words.ts';

export type Phase2 =
  | {
      readonly kind: 'up';
      readonly tunnel: Tunnel | null;
      readonly known: boolean;
      readonly refused: readonly RefusedProxy[];
    }
  | {
      readonly kind: 'fails';
      readonly finding:
        | 'profile-mismatch-phase2'
        | 'profile-not-matched'
        | 'proxy-identity-mismatch'
        | 'transform-set-mismatch';
      readonly step: 'qm1-map-lookup' | 'qm1-transform';
      readonly why: string;
      readonly tunnel: Tunnel | null;
      /** Lines of the responder that refuse. */
      readonly lines: readonly number[];
    };

/** What the responder compares is not known, and it ends otherwise by it. */
type OpenPhase2 = {
  readonly kind: 'open';
  readonly why: string;
  readonly lines: readonly number[];
};

/** A flow of the initiator that no place of the responder takes, and the place that would with another profile. */
export type RefusedProxy = { readonly proxy: Proxy; readonly byProfile: WrongProfile | null };

type WrongProfile = {
  readonly finding: 'profile-mismatch-phase2' | 'profile-not-matched';
  readonly why: string;
  readonly tunnel: Tunnel;
  readonly lines: readonly number[];
};

export type Phase2Query = {
  readonly initiator: ConfigModel;
  readonly initiatorTunnel: Tunnel;
  readonly responder: ConfigModel;
  /** The initiator's address, as the responder sees it. */
  readonly peer: string;
  readonly local: string;
  readonly fvrf: string | null;
  readonly ikeVersion: 1 | 2;
  /** The profile that the responder matched for the IKE SA. */
  readonly profile: string | null;
};

/** Quick mode at the responder: map entry by profile and proxy identities, then transforms and PFS. */
export function answerPhase2(query: Phase2Query): Phase2 | OpenPhase2 {
  const answer = answerOffer(query);
  const seen = offerAsSeen(query);
  if (seen === null || answerOffer({ ...query, initiatorTunnel: seen }).kind === answer.kind) {
    return answer;
  }
  return {
    kind: 'open',
    why: `${proposalText(query.initiatorTunnel)} is for transport mode across a translation: whether the responder compares these addresses, or those that it sees, is not documented, and it ends otherwise by it`,
    lines: tunnelsTo(query.responder, query.peer).map(({ line }) => line),
  };
}

/**
 * In transport mode the traffic between the peers has the addresses that the responder sees, once a translation has
 * changed them. Null where nothing is translated, or tunnel mode keeps what the initiator proposes.
 */
function offerAsSeen({ initiator, initiatorTunnel, peer, local }: Phase2Query): Tunnel | null {
  if (initiatorTunnel.local === peer && initiatorTunnel.peer === local) return null;
  const sets = setsOf(initiator, initiatorTunnel) ?? [];
  if (!sets.some(({ mode }) => mode === 'transport')) return null;
  return asSeen(initiatorTunnel, peer, local);
}

function answerOffer(query: Phase2Query): Phase2 {
  const candidates = placesFor(query);
  if (candidates.length === 0) return noPlace(query);
  const fitting = candidates.filter((tunnel) => bindingFits(tunnel, query));
  const accepting = fitting.find((tunnel) => proxiesFit(query.initiatorTunnel, tunnel));
  if (accepting !== undefined) {
    const answer = answerTransforms(query, accepting);
    return answer.kind === 'up'
      ? { ...answer, refused: refusedProxies(query, candidates, fitting) }
      : answer;
  }
  const refused = candidates.find((tunnel) => proxiesFit(query.initiatorTunnel, tunnel));
  if (fitting.length === 0 || refused !== undefined) {
    const tunnel = refused ?? candidates[0]!;
    return { kind: 'fails', step: 'qm1-map-lookup', ...wrongProfile(query, tunnel) };
  }
  return {
    kind: 'fails',
    finding: 'proxy-identity-mismatch',
    step: 'qm1-map-lookup',
    why:
      fitting.length === 1
        ? whyRefused(query.initiatorTunnel, fitting[0]!)
        : `${proposalText(query.initiatorTunnel)} is not covered by ${fitting.map(({ label }) => label).join(', ')}`,
    tunnel: fitting[0]!,
    lines: fitting.flatMap(({ line, proxies }) => [line, ...proxies.map((proxy) => proxy.line)]),
  };
}

function placesFor(query: Phase2Query): readonly Tunnel[] {
  const open = tunnelsOf(query.responder).filter(
    (tunnel) => tunnel.peer === null && tunnel.hostname === null,
  );
  const places = [...tunnelsTo(query.responder, query.peer), ...open].filter(
    (tunnel) =>
      tunnel.fvrf === query.fvrf && (tunnel.local === null || tunnel.local === query.local),
  );
  const { key } = query.initiatorTunnel;
  const other = places.find((tunnel) => key !== null && tunnel.key === key);
  // Of tunnels between the same addresses, GRE delivers to the one with the same key.
  return other === undefined
    ? places
    : places.filter((tunnel) => tunnel.mode === null || tunnel.key === key);
}

/** Flows that would not come up beside the one that does: every fitting place takes what its list covers. */
function refusedProxies(
  query: Phase2Query,
  candidates: readonly Tunnel[],
  fitting: readonly Tunnel[],
): readonly RefusedProxy[] {
  const by = (tunnel: Tunnel, proxy: Proxy): boolean =>
    coveredProxies(query.initiatorTunnel, tunnel).includes(proxy);
  return query.initiatorTunnel.proxies
    .filter((proxy) => !fitting.some((tunnel) => by(tunnel, proxy)))
    .map((proxy) => {
      const place = candidates.find((tunnel) => by(tunnel, proxy));
      return { proxy, byProfile: place === undefined ? null : wrongProfile(query, place) };
    });
}

function noPlace(query: Phase2Query): Phase2 {
  if (tunnelsOf(query.responder).length === 0 && isFragment(query.responder)) {
    return { kind: 'up', tunnel: null, known: false, refused: [] };
  }
  const elsewhere = tunnelsTo(query.responder, query.peer);
  const [place] = elsewhere;
  return {
    kind: 'fails',
    finding: 'proxy-identity-mismatch',
    step: 'qm1-map-lookup',
    why:
      place === undefined
        ? `no tunnel or crypto map entry of the responder names ${addressText(query.peer)} as its peer`
        : `${place.label} of the responder names ${query.peer} as its peer, but ${whyElsewhere(place, query)}`,
    tunnel: null,
    lines: (place === undefined ? tunnelsOf(query.responder) : elsewhere)
      .slice(0, 4)
      .map(({ line }) => line),
  };
}

function whyElsewhere({ fvrf, local }: Tunnel, query: Phase2Query): string {
  return fvrf === query.fvrf
    ? `serves ${local ?? ''}, and the initiator calls ${query.local}`
    : `serves ${tableText(fvrf)}, and the initiator calls in ${tableText(query.fvrf)}`;
}

function bindingFits(tunnel: Tunnel, query: Phase2Query): boolean {
  if (query.ikeVersion === 2) {
    if (tunnel.ikev2Profile === null) return tunnel.isakmpProfile === null;
    return tunnel.ikev2Profile.name === query.profile;
  }
  if (tunnel.ikev2Profile !== null) return false;
  return tunnel.isakmpProfile === null || tunnel.isakmpProfile.name === query.profile;
}

function wrongProfile(query: Phase2Query, tunnel: Tunnel): WrongProfile {
  const wanted = query.ikeVersion === 1 ? tunnel.isakmpProfile : tunnel.ikev2Profile;
  const other = wanted ?? tunnel.ikev2Profile ?? tunnel.isakmpProfile;
  const held = query.profile === null ? 'no profile' : `profile ${query.profile}`;
  return {
    finding: query.profile === null ? 'profile-not-matched' : 'profile-mismatch-phase2',
    why: `${tunnel.label} requires profile ${other?.name ?? ''}, the IKE SA has ${held}`,
    tunnel,
    lines: other === null ? [tunnel.line] : [other.line, tunnel.line],
  };
}

function answerTransforms(query: Phase2Query, own: Tunnel): Phase2 {
  const offered = setsOf(query.initiator, query.initiatorTunnel);
  const accepted = setsOf(query.responder, own);
  // IKE_AUTH carries no key exchange, so that the first child SA of IKEv2 comes up whatever PFS says.
  const pfs = query.ikeVersion === 2 ? null : pfsRefusal(query.initiatorTunnel, own);
  if (offered === null || accepted === null) {
    return pfs === null
      ? { kind: 'up', tunnel: own, known: false, refused: [] }
      : refusal(own, pfs.why, pfs.lines);
  }
  const traffic = betweenPeers(query.initiatorTunnel, own);
  const refused = traffic.filter(
    (hosts) => !offered.some((set) => accepted.some((other) => sameTransforms(set, other, hosts))),
  );
  const [hosts] = refused;
  if (hosts !== undefined) {
    const lines = accepted.map(({ line }) => line);
    const text = (sets: readonly TransformSet[]): string =>
      sets.map((set) => `${set.transforms.join(' ')} (${modeOf(set, hosts)})`).join(' or ');
    const part = hosts ? 'for traffic between the peers, ' : 'for traffic of others, ';
    const why = `${refused.length < traffic.length ? part : ''}offered: ${text(offered)}; accepted: ${text(accepted)}${onlyModes(offered, accepted)}`;
    return refusal(own, why, lines);
  }
  return pfs === null
    ? { kind: 'up', tunnel: own, known: true, refused: [] }
    : refusal(own, pfs.why, pfs.lines);
}

function refusal(tunnel: Tunnel, why: string, lines: readonly number[]): Phase2 {
  return {
    kind: 'fails',
    finding: 'transform-set-mismatch',
    step: 'qm1-transform',
    why,
    tunnel,
    lines,
  };
}

/** Null when a set is not in the paste, or none is named and the built-in default applies. */
function setsOf(model: ConfigModel, tunnel: Tunnel): readonly TransformSet[] | null {
  const sets = tunnel.transformSets.map(({ name }) => tablesOf(model).transformSets.get(name));
  const known = sets.filter((set) => set !== undefined);
  return known.length === 0 || known.length < sets.length ? null : known;
}

/** Transport mode is for traffic between the peers themselves; for any other it is not negotiated, unless required. */
function modeOf(set: TransformSet, hosts: boolean): TransformSet['mode'] {
  return hosts || set.modeRequired ? set.mode : 'tunnel';
}

/** The transforms of a set in one order, with their key lengths. */
export function transformsOf({ transforms }: Pick<TransformSet, 'transforms'>): string {
  return transforms
    .map((each) => (/^esp-(?:aes|gcm|gmac)$/.test(each) ? `${each} 128` : each))
    .sort()
    .join(' ');
}

/** The order of the transforms is free; a responder in transport mode without `require` takes tunnel mode too. */
function sameTransforms(offer: TransformSet, own: TransformSet, hosts: boolean): boolean {
  if (transformsOf(offer) !== transformsOf(own)) return false;
  return (
    modeOf(offer, hosts) === modeOf(own, hosts) || (own.mode === 'transport' && !own.modeRequired)
  );
}

/** Said where some sets are equal but for the mode. */
function onlyModes(offered: readonly TransformSet[], accepted: readonly TransformSet[]): string {
  return offered.some((set) => accepted.some((other) => transformsOf(set) === transformsOf(other)))
    ? ': the mode differs'
    : '';
}

/** A responder without PFS takes what comes; with PFS it insists on its group, and group 1 stands for any. */
export function pfsRefusal(
  initiator: Tunnel,
  own: Tunnel,
): { readonly why: string; readonly lines: readonly number[] } | null {
  if (own.pfs === null) return null;
  const offered = initiator.pfs?.group ?? null;
  if (offered !== null && (offered === own.pfs.group || own.pfs.group === 1)) return null;
  const text = offered === null ? 'without PFS' : `with PFS group ${String(offered)}`;
  return {
    why: `the initiator proposes ${text}, the responder requires group ${String(own.pfs.group)}`,
    lines: [own.pfs.line],
  };
}
