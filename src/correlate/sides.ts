import type { Attempt, AttemptSide, EvidenceSet } from '../model/incident.ts';
import type { Exchange, Side } from '../model/exchange.ts';
import type { LogDocument, LogNegotiation } from '../model/log.ts';
import type { Selection } from '../model/selection.ts';
import { toIdentity } from '../select/identity.ts';
import { tunnelsFor } from '../select/selection.ts';
import type { TunnelClues } from '../select/selection.ts';
import { tunnelsOf, tunnelsTo } from '../select/tunnels.ts';
import { identitiesOf } from './identity.ts';
import { isOwn, routerAt } from './router-at.ts';
import type { RouterIdentity } from './routers.ts';
import { asAt } from './versions.ts';

export type LoggedView = {
  readonly log: LogNegotiation;
  readonly document: LogDocument;
  readonly router: RouterIdentity;
};

export type Identity = { readonly type: string; readonly value: string };

/** The selection functions, passed in so that correlation itself holds no rule. */
export type Select = (
  router: RouterIdentity,
  role: Side,
  mode: Attempt['mode'],
  far: {
    readonly peer: string;
    readonly identity: Identity | null;
    /** Undefined where nothing tells. */
    readonly fvrf: string | null | undefined;
    readonly local: string | null;
    readonly clues: TunnelClues;
    /** The profile that an initiator logged to have requested. */
    readonly requested?: string | null;
  },
) => Selection | null;

/** What is known of an attempt before its ends are told. */
export type Facts = {
  readonly exchange: Exchange | null;
  readonly initiator: LoggedView | null;
  readonly responder: LoggedView | null;
  readonly mode: Attempt['mode'];
};

/** The address at which each end serves the other by its configuration. */
type Served = Readonly<Record<Side, string | null>>;
const NOWHERE: Served = { initiator: null, responder: null };

const other = (side: Side): Side => (side === 'initiator' ? 'responder' : 'initiator');

/** The address of an end by everything that names it: its own log first, the peer's behind it, for a NAT may hide it there. */
function addressOf(side: Side, facts: Facts, served: Served): string | null {
  return (
    facts[side]?.log.localAddress ??
    facts.exchange?.[side].address ??
    facts[other(side)]?.log.peerAddress ??
    served[side]
  );
}

/** The address under which this end sees the other. */
function peerOf(side: Side, facts: Facts, served: Served): string | null {
  return (
    facts[side]?.log.peerAddress ??
    facts.exchange?.[other(side)].address ??
    addressOf(other(side), facts, served)
  );
}

/** Whether an end is seen under the address of a translator. A log tells of both ends together. */
function isTranslated(side: Side, facts: Facts): boolean | null {
  const { initiatorTranslated, responderTranslated } = facts.exchange?.nat ?? {
    initiatorTranslated: null,
    responderTranslated: null,
  };
  const proven = side === 'initiator' ? initiatorTranslated : responderTranslated;
  if (proven !== null) return proven;
  const logs = [facts.initiator, facts.responder].flatMap((view) => view?.log ?? []);
  return logs.find(({ natFound }) => natFound !== null)?.natFound ?? null;
}

/** What the other end called itself in MM5 (seen by the responder) or MM6. */
function identityOfPeer(side: Side, facts: Facts): Identity | null {
  const told = facts[side]?.log.peerIdentity ?? facts[other(side)]?.log.ownIdentity ?? null;
  if (told !== null) return { type: told.type, value: told.value };
  if (facts.exchange === null) return null;
  const steps = side === 'responder' ? ['MM5', 'AM1', 'AUTH'] : ['MM6', 'AM2'];
  const seen = identitiesOf(facts.exchange).find((entry) => steps.includes(entry.step));
  return seen === undefined ? null : { type: seen.type, value: seen.value };
}

/** The VRF stands in the lines of received packets; a router that only sent told none. */
function vrfOf(log: LogNegotiation | null): string | null | undefined {
  if (log === null) return undefined;
  const received = log.packets.some(({ direction }) => direction === 'received');
  return received ? log.fvrf : (log.fvrf ?? undefined);
}

/** The profile that an initiator requested, where its log tells and its configuration has it. */
function requestLogged(
  log: LogNegotiation | null,
  router: RouterIdentity | null,
): string | null | undefined {
  if (log?.role !== 'initiator' || log.ikeVersion !== 1) return undefined;
  const name = log.saRequestProfile?.name;
  const isKnown = router?.config?.profiles.some((profile) => profile.name === name) === true;
  return name === null || isKnown ? name : undefined;
}

/** What its log, and the name by which the other end knows it, tell of the tunnel that a router called or was called by. */
export function tunnelClues(
  side: Side,
  log: LogNegotiation | null,
  sent: Identity | null,
): TunnelClues {
  const told = side === 'initiator' ? log?.saRequestProfile : log?.profileMatched;
  // A responder that refused quick mode matched another profile than its tunnel has.
  const refused = side === 'responder' && log?.phase2 === 'failed';
  return {
    profile: refused ? undefined : told?.name,
    sent: sent === null ? null : toIdentity(sent),
  };
}

/**
 * A responder's log prints no address of its own. What its configuration has for the peer stands in for it, where that is
 * one address only and the other configuration, if there is one, calls it.
 */
function servedBy(found: Readonly<Record<Side, RouterIdentity | null>>, facts: Facts): Served {
  const addressAt = (side: Side): string | null => {
    const config = found[side]?.config ?? null;
    const peer = peerOf(side, facts, NOWHERE);
    if (config === null || peer === null) return null;
    const fvrf = vrfOf(facts[side]?.log ?? null);
    const tunnels = tunnelsFor(config, peer, fvrf, null, {});
    const [local, ...more] = new Set(tunnels.map((tunnel) => tunnel.local));
    // What names no peer waits for whoever calls.
    if (local === undefined) return soleAddress(found[side]);
    if (local === null || more.length > 0) return null;
    const far = found[other(side)]?.config ?? null;
    return far === null || tunnelsTo(far, local).length > 0 ? local : null;
  };
  return { initiator: addressAt('initiator'), responder: addressAt('responder') };
}

/** The address at which a router takes part in IKE, if all its tunnels and map entries have the same. */
function soleAddress(router: RouterIdentity | null): string | null {
  const tunnels = router?.config == null ? [] : tunnelsOf(router.config);
  const [local, ...more] = new Set(tunnels.map((tunnel) => tunnel.local));
  return more.length > 0 ? null : (local ?? null);
}

/** The routers at both ends of an attempt, as far as anything tells. */
function routersOf(
  facts: Facts,
  routers: readonly RouterIdentity[],
): Readonly<Record<Side, RouterIdentity | null>> {
  const found: Record<Side, RouterIdentity | null> = {
    initiator: facts.initiator?.router ?? null,
    responder: facts.responder?.router ?? null,
  };
  for (const side of ['initiator', 'responder'] as const) {
    if (found[side] !== null) continue;
    const candidate = routerAt(routers, {
      address: addressOf(side, facts, NOWHERE),
      peer: peerOf(side, facts, NOWHERE) ?? soleAddress(found[other(side)]),
      far: found[other(side)],
      translated: isTranslated(side, facts),
      identity: identityOfPeer(other(side), facts),
    });
    if (candidate !== found[other(side)]) found[side] = candidate;
  }
  return found;
}

/**
 * Lets each router be known by the addresses under which attempts show it, for those that end before they tell who calls:
 * by a log of its own, by its identity, or by the NAT before it. An address that shows somebody else as well tells nothing.
 */
export function noteSeen(attempts: readonly Facts[], routers: readonly RouterIdentity[]): void {
  const shared = new Set<string>();
  const shown: (readonly [RouterIdentity, string])[] = [];
  for (const facts of attempts) {
    const found = routersOf(facts, routers);
    for (const side of ['initiator', 'responder'] as const) {
      const router = found[side];
      const identity = identityOfPeer(other(side), facts);
      const seen = [facts[other(side)]?.log.peerAddress, facts.exchange?.[side].address];
      for (const address of seen) {
        if (address == null || routers.some(({ addresses }) => addresses.has(address))) continue;
        if (router === null) {
          if (identity !== null) shared.add(address);
        } else if (
          facts[side] !== null ||
          (identity === null ? isTranslated(side, facts) === true : isOwn(identity, router))
        ) {
          shown.push([router, address]);
        }
      }
    }
  }
  for (const [router, address] of shown) if (!shared.has(address)) router.seenAs.add(address);
}

/** Both ends of an attempt. */
export function sidesOf(
  facts: Facts,
  routers: readonly RouterIdentity[],
  select: Select,
): { readonly initiator: AttemptSide; readonly responder: AttemptSide } {
  const found = routersOf(facts, routers);
  const served = servedBy(found, facts);
  const make = (side: Side): AttemptSide => {
    const view = facts[side];
    const address = addressOf(side, facts, served);
    const peer = peerOf(side, facts, served);
    const far = {
      peer: peer ?? '',
      identity: identityOfPeer(side, facts),
      fvrf: vrfOf(view?.log ?? null),
      local: address,
      clues: tunnelClues(side, view?.log ?? null, identityOfPeer(other(side), facts)),
    };
    const router = asAt(found[side], view?.log ?? null, (version) =>
      peer === null ? null : select(version, side, facts.mode, far),
    );
    const name = router?.name ?? null;
    const selection =
      router === null || peer === null ? null : select(router, side, facts.mode, far);
    const requested = requestLogged(view?.log ?? null, router);
    return {
      side,
      router: name,
      label: name ?? address ?? `the ${side}`,
      address,
      config: router?.config ?? null,
      log: view?.log ?? null,
      document: view?.document ?? null,
      selection,
      replayed:
        selection === null || requested === undefined || requested === selection.requestedProfile
          ? selection
          : select(router!, side, facts.mode, { ...far, requested }),
    };
  };
  return { initiator: make('initiator'), responder: make('responder') };
}

/** The number of a capture as an input id. */
export const captureName = (evidence: EvidenceSet, capture: number): string | null =>
  evidence.captures.find((entry) => entry.capture === capture)?.input ??
  evidence.inputs[capture]?.id ??
  null;

export const inputOf = (evidence: EvidenceSet, exchange: Exchange): string | null =>
  captureName(evidence, exchange.messages[0]?.message.capture ?? exchange.capture);
