import type { AclEntry, ConfigModel, TransformSet } from '../model/config.ts';
import { contains } from './access-list.ts';
import { tablesOf } from './lookup.ts';
import { isFragment } from './policy.ts';
import { tunnelsOf, tunnelsTo } from './tunnels.ts';
import type { Proxy, Tunnel } from './tunnels.ts';

export type Phase2 =
  | { readonly kind: 'up'; readonly tunnel: Tunnel | null; readonly known: boolean }
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
export function answerPhase2(query: Phase2Query): Phase2 {
  const candidates = placesFor(query);
  if (candidates.length === 0) return noPlace(query);
  const fitting = candidates.filter((tunnel) => bindingFits(tunnel, query));
  const accepting = fitting.find((tunnel) => proxiesFit(query.initiatorTunnel, tunnel));
  if (accepting !== undefined) return answerTransforms(query, accepting);
  const refused = candidates.find((tunnel) => proxiesFit(query.initiatorTunnel, tunnel));
  if (fitting.length === 0 || refused !== undefined) {
    const tunnel = refused ?? candidates[0]!;
    return wrongProfile(query, tunnel);
  }
  return {
    kind: 'fails',
    finding: 'proxy-identity-mismatch',
    step: 'qm1-map-lookup',
    why: `${proposalText(query.initiatorTunnel)} is not covered by ${fitting.map(({ label }) => label).join(', ')}`,
    tunnel: fitting[0]!,
    lines: fitting.flatMap(({ line, proxies }) => [line, ...proxies.map((proxy) => proxy.line)]),
  };
}

function placesFor(query: Phase2Query): readonly Tunnel[] {
  const open = tunnelsOf(query.responder).filter(
    (tunnel) => tunnel.peer === null && tunnel.hostname === null,
  );
  return [...tunnelsTo(query.responder, query.peer), ...open].filter(
    (tunnel) =>
      tunnel.fvrf === query.fvrf && (tunnel.local === null || tunnel.local === query.local),
  );
}

function noPlace(query: Phase2Query): Phase2 {
  if (tunnelsOf(query.responder).length === 0 && isFragment(query.responder)) {
    return { kind: 'up', tunnel: null, known: false };
  }
  const elsewhere = tunnelsTo(query.responder, query.peer);
  const [place] = elsewhere;
  return {
    kind: 'fails',
    finding: 'proxy-identity-mismatch',
    step: 'qm1-map-lookup',
    why:
      place === undefined
        ? `no tunnel or crypto map entry of the responder names ${query.peer} as its peer`
        : `${place.label} of the responder names ${query.peer} as its peer, but ${whyElsewhere(place, query)}`,
    tunnel: null,
    lines: (place === undefined ? tunnelsOf(query.responder) : elsewhere)
      .slice(0, 4)
      .map(({ line }) => line),
  };
}

function whyElsewhere({ fvrf, local }: Tunnel, query: Phase2Query): string {
  const table = (vrf: string | null): string => (vrf === null ? 'the global table' : `VRF ${vrf}`);
  return fvrf === query.fvrf
    ? `serves ${local ?? ''}, and the initiator calls ${query.local}`
    : `serves ${table(fvrf)}, and the initiator calls in ${table(query.fvrf)}`;
}

function bindingFits(tunnel: Tunnel, query: Phase2Query): boolean {
  if (query.ikeVersion === 2) {
    if (tunnel.ikev2Profile === null) return tunnel.isakmpProfile === null;
    return tunnel.ikev2Profile.name === query.profile;
  }
  if (tunnel.ikev2Profile !== null) return false;
  return tunnel.isakmpProfile === null || tunnel.isakmpProfile.name === query.profile;
}

function wrongProfile(query: Phase2Query, tunnel: Tunnel): Phase2 {
  const wanted = query.ikeVersion === 1 ? tunnel.isakmpProfile : tunnel.ikev2Profile;
  const other = wanted ?? tunnel.ikev2Profile ?? tunnel.isakmpProfile;
  const held = query.profile === null ? 'no profile' : `profile ${query.profile}`;
  return {
    kind: 'fails',
    finding: query.profile === null ? 'profile-not-matched' : 'profile-mismatch-phase2',
    step: 'qm1-map-lookup',
    why: `${tunnel.label} requires profile ${other?.name ?? ''}, the IKE SA has ${held}`,
    tunnel,
    lines: other === null ? [tunnel.line] : [other.line, tunnel.line],
  };
}

/** The initiator proposes its entries mirrored; one that the responder covers is enough to bring the tunnel up. */
export function proxiesFit(initiator: Tunnel, responder: Tunnel): boolean {
  return initiator.proxies.length === 0 || coveredProxies(initiator, responder).length > 0;
}

function coveredProxies(initiator: Tunnel, responder: Tunnel): readonly Proxy[] {
  if (responder.proxies.length === 0) return initiator.proxies;
  return initiator.proxies.filter((offer) => responder.proxies.some((own) => mirrors(offer, own)));
}

/** Entries of the initiator that no entry of the responder covers. */
export function uncoveredProxies(initiator: Tunnel, responder: Tunnel): readonly Proxy[] {
  const covered = coveredProxies(initiator, responder);
  return initiator.proxies.filter((offer) => !covered.includes(offer));
}

function mirrors(offer: Proxy, own: Proxy): boolean {
  if (own.protocol !== 'ip' && protocolNumber(own.protocol) !== protocolNumber(offer.protocol)) {
    return false;
  }
  return contains(own.destination, offer.source) && contains(own.source, offer.destination);
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  icmp: '1',
  igmp: '2',
  ipinip: '4',
  tcp: '6',
  udp: '17',
  gre: '47',
  esp: '50',
  ahp: '51',
  eigrp: '88',
  ospf: '89',
};

function protocolNumber(protocol: string): string {
  return PROTOCOLS[protocol] ?? protocol;
}

function proposalText(tunnel: Tunnel): string {
  const proxy = tunnel.proxies[0];
  if (proxy === undefined) return 'the proposal';
  const side = (end: AclEntry['source']): string => `${end.address}/${end.wildcard}`;
  return `${proxy.protocol} ${side(proxy.source)} to ${side(proxy.destination)}`;
}

function answerTransforms(query: Phase2Query, own: Tunnel): Phase2 {
  const offered = setsOf(query.initiator, query.initiatorTunnel);
  const accepted = setsOf(query.responder, own);
  // IKE_AUTH carries no key exchange, so that the first child SA of IKEv2 comes up whatever PFS says.
  const pfs = query.ikeVersion === 2 ? null : pfsRefusal(query.initiatorTunnel, own);
  if (offered === null || accepted === null) {
    return pfs === null
      ? { kind: 'up', tunnel: own, known: false }
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
    const why = `${refused.length < traffic.length ? part : ''}offered: ${text(offered)}; accepted: ${text(accepted)}`;
    return refusal(own, why, lines);
  }
  return pfs === null ? { kind: 'up', tunnel: own, known: true } : refusal(own, pfs.why, pfs.lines);
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

/**
 * Whether what the two agree to protect is traffic between the peers themselves, as GRE is. Every entry has an SA of its
 * own, so that it may be so and not so.
 */
function betweenPeers(initiator: Tunnel, own: Tunnel): readonly boolean[] {
  const [proxies, tunnel] =
    initiator.proxies.length === 0
      ? [own.proxies, own]
      : [coveredProxies(initiator, own), initiator];
  return proxies.length === 0
    ? [false]
    : [...new Set(proxies.map((proxy) => joinsPeers(proxy, tunnel)))];
}

function joinsPeers({ source, destination }: Proxy, { local, peer }: Tunnel): boolean {
  const is = (end: AclEntry['source'], address: string | null): boolean =>
    end.wildcard === '0.0.0.0' && end.address === address;
  return is(source, local) && is(destination, peer);
}

/** Transport mode is for traffic between the peers themselves; for any other it is not negotiated, unless required. */
function modeOf(set: TransformSet, hosts: boolean): TransformSet['mode'] {
  return hosts || set.modeRequired ? set.mode : 'tunnel';
}

/** The order of the transforms is free; a responder in transport mode without `require` takes tunnel mode too. */
function sameTransforms(offer: TransformSet, own: TransformSet, hosts: boolean): boolean {
  const written = (set: TransformSet): string =>
    set.transforms
      .map((each) => (/^esp-(?:aes|gcm|gmac)$/.test(each) ? `${each} 128` : each))
      .sort()
      .join(' ');
  if (written(offer) !== written(own)) return false;
  return (
    modeOf(offer, hosts) === modeOf(own, hosts) || (own.mode === 'transport' && !own.modeRequired)
  );
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
