import type { ConfigModel } from '../model/config.ts';
import { nameOf } from './findings/make.ts';
import { ownAddresses } from './pairs.ts';
import { downBy, tablesOf } from './lookup.ts';
import { isFragment } from './policy.ts';
import { idleTunnelsOf, tunnelsOf } from './tunnels.ts';
import type { IdleTunnel } from './tunnels.ts';
import { unknown } from './walk-steps.ts';
import type { Attempt, Stop, Walk } from './walk-steps.ts';

/** Places of a router that name another router given, and serve nobody. */
export function idleTowards(model: ConfigModel, far: ConfigModel): readonly IdleTunnel[] {
  const own = ownAddresses(far);
  return idleTunnelsOf(model).filter(({ peer }) => peer !== null && own.has(peer));
}

/** Why a router neither calls another one nor answers it; null where that is not for a place that serves nobody. */
export function whyIdle(model: ConfigModel, far: ConfigModel): string | null {
  const [named] = idleTowards(model, far);
  if (named !== undefined) {
    // What the entry itself lacks is told with its name.
    const { why } = named.idle;
    const but = why.startsWith(`${named.label} `) ? `it${why.slice(named.label.length)}` : why;
    return `${named.label} of ${nameOf(model)} names ${nameOf(far)}, but ${but}: it neither calls nor answers`;
  }
  const [other] = idleTunnelsOf(model);
  return other === undefined || tunnelsOf(model).length > 0
    ? null
    : `${other.idle.why}, and ${nameOf(model)} has no other place for ${nameOf(far)}: it neither calls nor answers`;
}

/** A responder that does not answer at all: its interface is down, or nothing on it uses IKE. */
export function unanswered({ tunnel, responder, responderAddress }: Attempt): Stop | null {
  const owners = tablesOf(responder).owners.get(responderAddress) ?? [];
  const step = tunnel.ikev2Profile === null ? 'mm2-wait' : 'sa-init-wait';
  const [owner] = owners;
  const down = owner === undefined ? null : downBy(responder, owner);
  if (down !== null && owners.every((each) => downBy(responder, each) !== null)) {
    const has = `has the address ${responderAddress}`;
    return {
      outcome: 'fails',
      step,
      finding: 'peer-unreachable',
      why: `${down.name} of the responder, ${down === owner ? `which ${has}` : `of which ${owner!.name} that ${has} is a part`}, is shut down`,
      places: [{ side: 'responder', line: down.line }],
    };
  }
  const [idle] = idleTunnelsOf(responder);
  if (step !== 'mm2-wait' || idle === undefined || tunnelsOf(responder).length > 0) return null;
  // An entry that lacks something stands in a map that is in use.
  if (idle.idle.cure?.kind !== 'start' && idle.idle.cure?.kind !== 'apply') return null;
  if (isFragment(responder)) return null;
  return {
    outcome: 'fails',
    step,
    finding: 'peer-unreachable',
    why: `nothing of the responder uses IKE, so that it does not answer: ${idle.idle.why}`,
    places: [{ side: 'responder', line: idle.line }],
  };
}

/** What comes up only if a part is as it should be that the listing does not hold is not known to come up. */
export function withDoubt({ tunnel }: Attempt, walk: Walk): Walk {
  if (walk.outcome === 'unknown') return walk;
  const own = tunnel.doubt;
  const doubt = own ?? walk.phase2?.tunnel?.doubt ?? null;
  if (doubt === null) return walk;
  // The missing part of a tunnel interface may hold the profile as well, and with it all that comes before phase 2.
  const place = own === null ? walk.phase2!.tunnel! : tunnel;
  if (
    walk.outcome === 'fails' &&
    place.binding?.kind !== 'ipsec-profile' &&
    place.kind !== 'dynamic'
  )
    return walk;
  const side = own === null ? 'responder' : 'initiator';
  const stop = unknown(`${doubt} of the ${side}`, [{ side, line: place.line }]);
  return {
    ...walk,
    outcome: 'unknown',
    failingStep: null,
    finding: null,
    why: stop.why,
    places: stop.places,
  };
}
