import type { ConfigModel, TemplateUse } from '../model/config.ts';
import { addressText } from './identity.ts';
import { interfaceNamed } from './lookup.ts';
import { isFragment } from './policy.ts';
import { asSeen, coveredProxies, proposalText, proxiesFit, whyRefused } from './proxies.ts';
import { tunnelsOf, tunnelsTo, unresolved } from './tunnels.ts';
import { templateName, templateNumber } from './templates.ts';
import { agreeTransforms, setsOf } from './transforms.ts';
import type { Proxy, Tunnel } from './tunnels.ts';
import { idleTo } from './idle.ts';
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
  const { sets } = setsOf(initiator, initiatorTunnel);
  if (!sets.some(({ mode }) => mode === 'transport')) return null;
  return asSeen(initiatorTunnel, peer, local);
}

function answerOffer(query: Phase2Query): Phase2 | OpenPhase2 {
  const candidates = placesFor(query);
  if (candidates.length === 0) return noPlace(query);
  const bound = candidates.filter((tunnel) => bindingFits(tunnel, query));
  const fitting = bound.filter((tunnel) => notCloned(tunnel, query) === null);
  if (bound.length > fitting.length && fitting.length === 0) return noClone(query, bound[0]!);
  const accepting = fitting.find((tunnel) => proxiesFit(query.initiatorTunnel, tunnel));
  if (accepting !== undefined) {
    const answer = answerTransforms(query, accepting);
    return answer.kind === 'up'
      ? { ...answer, refused: refusedProxies(query, candidates, fitting) }
      : answer;
  }
  const unlisted = fitting.length === 0 ? null : unlistedTraffic(query, fitting);
  if (unlisted !== null) return unlisted;
  const refused = candidates.find(
    (tunnel) => !bound.includes(tunnel) && proxiesFit(query.initiatorTunnel, tunnel),
  );
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

/** What is not shown of the traffic may be what both have. */
function unlistedTraffic(
  { initiatorTunnel }: Phase2Query,
  fitting: readonly Tunnel[],
): OpenPhase2 | null {
  const open = [initiatorTunnel, ...fitting].find(({ unlisted }) => unlisted !== null);
  if (open === undefined) return null;
  const side = open === initiatorTunnel ? 'initiator' : 'responder';
  return {
    kind: 'open',
    why: `which traffic ${open.label} of the ${side} protects cannot be told: ${open.unlisted!}`,
    lines: fitting.map(({ line }) => line),
  };
}

/** What a template serves is a clone of it, which the profile of the IKE SA asks for. */
function notCloned({ label }: Tunnel, query: Phase2Query): string | null {
  const number = templateNumber(label);
  const asked = templateOf(query);
  if (number === null || asked === undefined || asked?.number === number) return null;
  const held = query.profile === null ? 'no profile' : `profile ${query.profile}`;
  const which = asked === null ? 'names no virtual-template' : `names ${templateName(asked)}`;
  return `the IKE SA has ${held}${query.profile === null ? '' : `, which ${which}`}, so that ${label} is not cloned for it`;
}

/** Undefined where the profile is not in the listing. */
function templateOf({
  responder,
  ikeVersion,
  profile,
}: Phase2Query): TemplateUse | null | undefined {
  if (profile === null) return null;
  const profiles = ikeVersion === 1 ? responder.profiles : responder.ikev2Profiles;
  return profiles.find(({ name }) => name === profile)?.virtualTemplate;
}

function noClone(query: Phase2Query, tunnel: Tunnel): Phase2 | OpenPhase2 {
  return (
    missingTemplate(query) ?? {
      kind: 'fails',
      finding: 'proxy-identity-mismatch',
      step: 'qm1-map-lookup',
      why: notCloned(tunnel, query)!,
      tunnel,
      lines: [tunnel.line],
    }
  );
}

function missingTemplate(query: Phase2Query): OpenPhase2 | null {
  const asked = templateOf(query);
  if (asked == null || interfaceNamed(query.responder, templateName(asked)) !== null) return null;
  return {
    kind: 'open',
    why: `${templateName(asked)}, which profile ${query.profile ?? ''} of the responder names, is not in the configuration`,
    lines: [asked.line],
  };
}

/** Tunnels and map entries that take a quick mode of a peer, those for it first, then those for anybody. */
export function placesAt(
  model: ConfigModel,
  peer: string,
  called: string,
  fvrf: string | null,
): readonly Tunnel[] {
  const open = tunnelsOf(model).filter(
    (tunnel) => tunnel.peer === null && tunnel.hostname === null,
  );
  return [...tunnelsTo(model, peer), ...open].filter(
    ({ local, fvrf: own }) => own === fvrf && (local === null || local === called),
  );
}

function placesFor(query: Phase2Query): readonly Tunnel[] {
  const places = placesAt(query.responder, query.peer, query.local, query.fvrf);
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
  if (fitting.some(({ unlisted }) => unlisted !== null)) return [];
  const by = (tunnel: Tunnel, proxy: Proxy): boolean =>
    coveredProxies(query.initiatorTunnel, tunnel).includes(proxy);
  return query.initiatorTunnel.proxies
    .filter((proxy) => !fitting.some((tunnel) => by(tunnel, proxy)))
    .map((proxy) => {
      const place = candidates.find((tunnel) => by(tunnel, proxy));
      return { proxy, byProfile: place === undefined ? null : wrongProfile(query, place) };
    });
}

function noPlace(query: Phase2Query): Phase2 | OpenPhase2 {
  const idle = idlePlace(query);
  if (tunnelsOf(query.responder).length === 0 && isFragment(query.responder) && idle === null) {
    return { kind: 'up', tunnel: null, known: false, refused: [] };
  }
  const missing = missingTemplate(query);
  if (missing !== null) return missing;
  const elsewhere = tunnelsTo(query.responder, query.peer);
  const [place] = elsewhere;
  if (place === undefined) {
    const [named] = unresolved(query.responder);
    if (named !== undefined)
      return {
        kind: 'open',
        why: `whether ${named.label} of the responder names ${addressText(query.peer)} as its peer cannot be told: it names ${named.hostname ?? ''}, which no listing resolves`,
        lines: [named.line],
      };
    if (idle !== null) return idle;
  }
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

/** A place that would serve, and is off. */
function idlePlace({ responder, peer }: Phase2Query): Phase2 | OpenPhase2 | null {
  const [place] = idleTo(responder, peer);
  if (place === undefined) return null;
  const { label, idle, line } = place;
  const names = place.peer === null ? '' : ` names ${addressText(peer)} as its peer`;
  const why = names === '' ? idle.why : `${label} of the responder${names}, but ${idle.why}`;
  // What applies the map may stand in another part.
  if (idle.cure?.kind === 'apply' && isFragment(responder))
    return { kind: 'open', why, lines: [line] };
  return {
    kind: 'fails',
    finding: 'proxy-identity-mismatch',
    step: 'qm1-map-lookup',
    why,
    tunnel: null,
    lines: [line],
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

function answerTransforms(query: Phase2Query, own: Tunnel): Phase2 | OpenPhase2 {
  // IKE_AUTH carries no key exchange, so that the first child SA of IKEv2 comes up whatever PFS says.
  const pfs = query.ikeVersion === 2 ? null : pfsRefusal(query.initiatorTunnel, own);
  const { initiator, initiatorTunnel, responder } = query;
  const answer = agreeTransforms([initiator, initiatorTunnel], [responder, own]);
  if (answer.kind === 'differ') return refusal(own, answer.why, answer.lines);
  if (pfs !== null) return refusal(own, pfs.why, pfs.lines);
  if (answer.kind === 'open') return answer;
  return { kind: 'up', tunnel: own, known: answer.kind === 'agree', refused: [] };
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
