import type { ConfigModel, IsakmpPolicy } from '../model/config.ts';
import {
  allowed,
  canSign,
  certificateFor,
  maySignInstead,
  usableTrustpoints,
} from './certificates.ts';
import type { CertificateOutcome } from './certificates.ts';
import { coveringKeys, keyIndex } from './key-index.ts';
import { NOBODY, addressText, identityText, ownIdentity } from './identity.ts';
import { isakmpProfileNamed } from './lookup.ts';
import { answerPhase2 } from './phase2.ts';
import type { Phase2 } from './phase2.ts';
import { isPsk, matchPolicy, mayHoldKeysElsewhere, policiesOf, policyText } from './policy.ts';
import { hiddenText, sameSecret } from './secret.ts';
import type { Asked, Chosen } from './selection.ts';
import type { Tunnel } from './tunnels.ts';
import { keyringText, tableText } from './words.ts';

/** One initiation: this tunnel of the initiator towards this responder. */
export type Attempt = {
  readonly initiator: ConfigModel;
  readonly responder: ConfigModel;
  readonly tunnel: Tunnel;
  /** The initiator's own address, which it sends as its identity. */
  readonly initiatorLocal: string;
  /** The initiator as the responder sees it: another address when it is translated on the way. */
  readonly initiatorAddress: string;
  /** The responder's own address. */
  readonly responderAddress: string;
  /** The responder as the initiator sees it. */
  readonly responderSeen: string;
  /** VRF of the responder's interface. */
  readonly responderVrf: string | null;
};

export type Place = { readonly side: 'initiator' | 'responder'; readonly line: number };

/** How far the attempt comes, and why not further. */
export type Walk = {
  readonly outcome: 'up' | 'fails' | 'unknown';
  readonly failingStep: string | null;
  readonly finding: string | null;
  readonly why: string;
  readonly places: readonly Place[];
  readonly initiator: Chosen | null;
  readonly responder: Chosen | null;
  readonly phase2: Phase2 | null;
};

export type Stop = {
  readonly outcome: 'fails' | 'unknown';
  readonly step: string | null;
  readonly finding: string | null;
  readonly why: string;
  readonly places: readonly Place[];
};

export function initiatorAsks(attempt: Attempt): Asked {
  return {
    peer: attempt.responderSeen,
    local: attempt.initiatorLocal,
    fvrf: attempt.tunnel.fvrf,
    identity: null,
    tunnel: attempt.tunnel,
  };
}

/** What the responder sees: the address of the initiator, and at MM5 its identity. */
export function responderAsks(attempt: Attempt, initiator: Chosen): Asked {
  const identity = ownIdentity(attempt.initiator, initiator.requested, attempt.initiatorLocal);
  return {
    peer: attempt.initiatorAddress,
    local: attempt.responderAddress,
    fvrf: attempt.responderVrf,
    identity,
    tunnel: null,
    certificate: certificateFor(
      usableTrustpoints(attempt.responder),
      allowed(attempt.initiator, initiator.requested?.trustpoints ?? []),
    ),
  };
}

/** `why` says how phase 1 came to its end. */
export function finishPhase2(
  attempt: Attempt,
  initiator: Chosen,
  responder: Chosen,
  why: string,
): Walk {
  const matched = responder.profiles?.winner?.profile.name ?? null;
  const phase2 = answerPhase2({
    initiator: attempt.initiator,
    initiatorTunnel: attempt.tunnel,
    responder: attempt.responder,
    peer: attempt.initiatorAddress,
    local: attempt.responderAddress,
    fvrf: attempt.responderVrf,
    ikeVersion: 1,
    profile: matched,
  });
  if (phase2.kind !== 'up') {
    const places = phase2.lines.map((line) => ({ side: 'responder' as const, line }));
    if (phase2.kind === 'open') return ended(unknown(phase2.why, places), initiator, responder);
    const { finding, step } = phase2;
    const unmatched =
      finding === 'profile-not-matched' ? matchesAround(attempt, initiator, phase2) : null;
    const why = `${phase2.why}${unmatched?.why ?? ''}`;
    const stop = {
      outcome: 'fails',
      step,
      finding,
      why,
      places: [...places, ...(unmatched?.places ?? [])],
    } as const;
    return {
      ...ended(stop, initiator, responder),
      phase2,
    };
  }
  return {
    outcome: 'up',
    failingStep: null,
    finding: null,
    why,
    places: keyPlaces(initiator, responder),
    initiator,
    responder,
    phase2,
  };
}

/** What the initiator sends, and the statements of the profile that is required: none of them takes it. */
function matchesAround(
  { initiator, initiatorLocal, responder }: Attempt,
  chosen: Chosen,
  { tunnel }: Phase2 & { readonly kind: 'fails' },
): { readonly why: string; readonly places: readonly Place[] } | null {
  const identity = ownIdentity(initiator, chosen.requested, initiatorLocal);
  const wanted = isakmpProfileNamed(responder, tunnel?.isakmpProfile?.name ?? null);
  if (identity === null || identity.value === NOBODY || wanted === null) return null;
  return {
    why: `, because no profile matches the identity ${identityText(identity)}`,
    places: wanted.matches.map(({ line }) => ({ side: 'responder', line })),
  };
}

/** Which keys two ends came together by; `keyStep` is the message at which the responder takes its key. */
export function keysAgree(initiator: Chosen, responder: Chosen, keyStep: 'MM3' | 'AM1'): string {
  const matched = responder.profiles?.winner?.profile.name ?? null;
  const profile =
    matched === null
      ? 'no profile matches, so nothing is verified'
      : `profile ${matched} holds that keyring`;
  const [first, second] = [initiator, responder].map(({ keys }) => keys.winner?.keyring ?? '');
  return `the initiator uses ${first!}, the responder ${second!} at ${keyStep}; ${profile}`;
}

/** The authentication method that both sides agree on, or why they do not. */
export function agreePolicy(
  attempt: Attempt,
  initiator: Chosen,
  responder: Chosen,
): 'pre-share' | 'certificate' | Stop {
  const offers = policiesOf(attempt.initiator);
  const policies = policiesOf(attempt.responder);
  const usable = offers?.filter((each) => canUse(each, attempt.initiator, initiator)) ?? null;
  const chosen = { initiator, responder };
  for (const side of ['initiator', 'responder'] as const)
    if (!hasKey(chosen[side]) && maySignInstead(attempt[side]))
      return unknown(`the ${side} has trust-points and no key, and its policies were not given`);
  const lacksKey = !hasKey(initiator) && (offers === null || offers.some(isPsk));
  if (lacksKey && (usable === null || usable.length === 0)) {
    return noKey('initiator', attempt, initiator);
  }
  const acceptable = policies?.filter((each) => canUse(each, attempt.responder, responder)) ?? null;
  const match = matchPolicy(usable, acceptable);
  if (match.kind === 'match') return isPsk(match.policy) ? 'pre-share' : 'certificate';
  const wished = matchPolicy(offers, acceptable);
  if (match.kind === 'none' && wished.kind === 'match') {
    return isPsk(wished.offer) ? noKey('initiator', attempt, initiator) : noCertificate(attempt);
  }
  const withKeys = matchPolicy(usable, policies);
  const keyWouldDo = withKeys.kind === 'match' ? isPsk(withKeys.policy) : policies === null;
  if (!hasKey(responder) && keyWouldDo) {
    return noKey('responder', attempt, responder);
  }
  if (match.kind === 'unknown') return 'pre-share';
  const all = matchPolicy(offers, policies);
  if (all.kind === 'match') return noCertificate(attempt);
  // Policies that lack a key or certificate were left out; where nothing is left, they tell what differs.
  const last = match.rejections.at(-1) ?? (all.kind === 'none' ? all.rejections.at(-1) : undefined);
  const detail = last === undefined ? '' : `; ${attributeText(last)}`;
  return {
    outcome: 'fails',
    step: 'mm1-policy',
    finding: 'ike-policy-mismatch',
    why:
      offers?.length === 0
        ? `the initiator has no ISAKMP policy to offer: ${NO_POLICY}`
        : policies?.length === 0
          ? `the responder has no ISAKMP policy: ${NO_POLICY}`
          : `no offered transform fits a policy of the responder${detail}`,
    places: [
      ...policyPlaces('initiator', attempt.initiator),
      ...policyPlaces('responder', attempt.responder),
    ],
  };
}

const NO_POLICY = 'none is configured, and those that are built in are disabled';

/** A transform is of use only with what proves the identity: a key for the peer, or a certificate. */
function canUse(policy: IsakmpPolicy, model: ConfigModel, chosen: Chosen): boolean {
  return isPsk(policy) ? hasKey(chosen) : policy.authentication === 'null' || canSign(model);
}

function noCertificate(attempt: Attempt): Stop {
  const side = canSign(attempt.initiator) ? 'responder' : 'initiator';
  return {
    outcome: 'fails',
    step: 'mm5-cert-validate',
    finding: 'certificate-trustpoint-mismatch',
    why: `the policies agree on signatures, and the ${side} has no trust-point to prove itself by; authentication is rsa-sig unless a policy says otherwise`,
    places: [
      ...policyPlaces('initiator', attempt.initiator),
      ...policyPlaces('responder', attempt.responder),
    ],
  };
}

function attributeText(rejection: {
  readonly offer: Parameters<typeof policyText>[0];
  readonly policy: Parameters<typeof policyText>[0];
  readonly attribute: string;
}): string {
  return `offered ${policyText(rejection.offer)}, configured ${policyText(rejection.policy)}: ${rejection.attribute} differs`;
}

function policyPlaces(side: Place['side'], model: ConfigModel): readonly Place[] {
  return model.policies.flatMap(({ line }) => (line === null ? [] : [{ side, line }]));
}

function hasKey(chosen: Chosen): boolean {
  return chosen.keys.winner !== null;
}

/** A key that is there, and of no use in the table in which the peer is met. */
function elsewhere(attempt: Attempt, side: Place['side'], peer: string): string {
  const vrf = side === 'initiator' ? attempt.tunnel.fvrf : attempt.responderVrf;
  const [key] = coveringKeys(keyIndex(attempt[side]), peer).filter(({ ring }) => ring.vrf !== vrf);
  return key === undefined
    ? ''
    : `; the key at line ${String(key.entry.line)} of its configuration, in ${keyringText(key.ring.name)}, serves ${tableText(key.ring.vrf)} only, and the peer is in ${tableText(vrf)}`;
}

export function noKey(side: Place['side'], attempt: Attempt, chosen: Chosen): Stop {
  if (mayHoldKeysElsewhere(attempt[side]))
    return unknown(`what leads the ${side} to its keys is not in the configuration given`);
  const peer = side === 'initiator' ? attempt.responderSeen : attempt.initiatorAddress;
  const limited =
    chosen.requested === null ? '' : ` in the keyrings of profile ${chosen.requested.name}`;
  return {
    outcome: 'fails',
    step: 'mm1-key-lookup',
    finding: 'no-psk-for-peer',
    why: `the ${side} has no key for ${addressText(peer)}${limited}${elsewhere(attempt, side, peer)}`,
    places: chosen.keys.lost.slice(0, 8).map(({ line }) => ({ side, line })),
  };
}

/**
 * Keys that are stored encrypted or were masked are taken as equal on the way here: what fails then fails with any keys, and what does
 * not hangs on them. `otherwise` says how different keys end.
 */
export function withHiddenKeys(walk: Walk, otherwise: string): Walk {
  const first = walk.initiator?.keys.winner;
  const second = walk.responder?.keys.winner;
  if (first == null || second == null || sameSecret(first.entry, second.entry) !== null) {
    return walk;
  }
  const hidden = hiddenText(first.entry, second.entry);
  if (walk.outcome === 'fails') {
    const why = `${walk.why}; ${hidden}, and if the two are not equal, ${otherwise}`;
    return { ...walk, why };
  }
  const why = `${hidden}, so that the two cannot be compared`;
  return { ...walk, outcome: 'unknown', why };
}

export function keyPlaces(initiator: Chosen, responder: Chosen): readonly Place[] {
  const first = initiator.keys.winner;
  const second = responder.keys.winner;
  return [
    ...(first === null ? [] : [{ side: 'initiator' as const, line: first.entry.line }]),
    ...(second === null ? [] : [{ side: 'responder' as const, line: second.entry.line }]),
  ];
}

/** What becomes of an attempt when one end has presented its certificate to the other. */
export function refusedCertificate(
  step: string,
  outcome: CertificateOutcome,
  by: Place['side'],
): Stop | null {
  switch (outcome.kind) {
    case 'up':
      return null;
    case 'unknown':
      return unknown(outcome.why);
    case 'fails':
      return {
        outcome: 'fails',
        step,
        finding: 'certificate-trustpoint-mismatch',
        why: outcome.why,
        places: outcome.lines.map((line) => ({ side: by, line })),
      };
  }
}

export function unknown(why: string, places: readonly Place[] = []): Stop {
  return { outcome: 'unknown', step: null, finding: null, why, places };
}

export function ended(stop: Stop, initiator: Chosen | null, responder: Chosen | null): Walk {
  return {
    outcome: stop.outcome,
    failingStep: stop.step,
    finding: stop.finding,
    why: stop.why,
    places: stop.places,
    initiator,
    responder,
    phase2: null,
  };
}
