import type { SecretToken } from '../iosconfig/mask.ts';
import type { ConfigModel, Ikev2Profile } from '../model/config.ts';
import {
  allowed,
  canSign,
  presentCertificate,
  sameAuthority,
  usableTrustpoints,
} from './certificates.ts';
import type { CertificateEnd } from './certificates.ts';
import { compareKeys, ikev2Key } from './ikev2-keys.ts';
import {
  ikev2Identity,
  ikev2Proof,
  localMatches,
  matchesRemote,
  provesByKey,
  selectIkev2Profile,
  signs,
  tiedElsewhere,
  trustpointsTo,
} from './ikev2-profile.ts';
import { agreeProposals } from './ikev2-proposals.ts';
import { identityText } from './identity.ts';
import type { Identity } from './identity.ts';
import { answerPhase2 } from './phase2.ts';
import { ended, refusedCertificate, unknown } from './walk-steps.ts';
import type { Attempt, Place, Stop, Walk } from './walk-steps.ts';

/** IKE_SA_INIT and IKE_AUTH by both configurations: profile by identity, then its keyring. No key is guessed. */
export function walkIkev2(attempt: Attempt, token: SecretToken): Walk {
  const walk = walkAgreed(attempt, token);
  // What IKE_SA_INIT hangs on is not known, and what fails later fails as well.
  const open = walk.outcome === 'up' ? agreeProposals(attempt) : null;
  return open === null ? walk : ended(open, null, null);
}

function walkAgreed(attempt: Attempt, token: SecretToken): Walk {
  const stop = authenticate(attempt, token);
  if ('outcome' in stop) return ended(stop, null, null);
  const phase2 = answerPhase2({
    initiator: attempt.initiator,
    initiatorTunnel: attempt.tunnel,
    responder: attempt.responder,
    peer: attempt.initiatorAddress,
    local: attempt.responderAddress,
    fvrf: attempt.responderVrf,
    ikeVersion: 2,
    profile: stop.profile,
  });
  if (phase2.kind !== 'up') {
    const places = phase2.lines.map((line) => ({ side: 'responder' as const, line }));
    if (phase2.kind === 'open') return ended(unknown(phase2.why, places), null, null);
    const { finding, why } = phase2;
    return {
      ...ended({ outcome: 'fails', step: 'ike-auth-child-sa', finding, why, places }, null, null),
      phase2,
    };
  }
  return {
    outcome: 'up',
    failingStep: null,
    finding: null,
    why: stop.why,
    places: [],
    initiator: null,
    responder: null,
    phase2,
  };
}

type Authenticated = { readonly profile: string; readonly why: string };

function authenticate(attempt: Attempt, token: SecretToken): Stop | Authenticated {
  const name = attempt.tunnel.ikev2Profile!.name;
  const own = attempt.initiator.ikev2Profiles.find((each) => each.name === name);
  if (own === undefined) return unknown(`IKEv2 profile ${name} is not in the configuration`);
  const proposals = agreeProposals(attempt);
  if (proposals?.outcome === 'fails') return proposals;
  const identity = ikev2Identity(attempt.initiator, own, attempt.initiatorLocal);
  const far = farProfile(attempt, own, identity);
  if ('outcome' in far) return far;
  const stop =
    refusedIdentity(attempt, own, far) ??
    agreeMethods(own, far) ??
    compareKeys(attempt, own, far, identity, token) ??
    compareCertificates(attempt, own, far) ??
    openPpk(own, far) ??
    missedPpk(attempt, own, far, identity);
  if (stop !== null) return stop;
  const why =
    provesByKey(own) || provesByKey(far)
      ? `IKEv2: the identity selects profile ${far.name} before a key is needed, so the keyrings cannot mislead it`
      : `IKEv2: profile ${far.name} matches the initiator and profile ${own.name} the responder, and both accept how the other proves itself`;
  return { profile: far.name, why };
}

/** The responder chooses its profile by what the initiator says and proves in IKE_AUTH. */
function farProfile(attempt: Attempt, own: Ikev2Profile, identity: Identity): Stop | Ikev2Profile {
  const { initiator, responder } = attempt;
  const query = {
    identity,
    proof: ikev2Proof(initiator, own, usableTrustpoints(responder)),
    fvrf: attempt.responderVrf,
    local: attempt.responderAddress,
  };
  const { profile, undecided, rivals } = selectIkev2Profile(responder, query);
  if (profile !== null && rivals.length > 0) {
    return unknown(
      `profile ${profile.name} matches by identity and ${rivals.join(', ')} by certificate map, and which of them comes first is not documented`,
    );
  }
  if (undecided.length > 0) return undecidedMap(undecided.join(', '), 'initiator');
  if (profile !== null) return profile;
  const tied = tiedElsewhere(responder, query);
  return {
    outcome: 'fails',
    step: 'ike-auth-profile-lookup',
    finding: 'ikev2-profile-not-found',
    why:
      tied === null
        ? `no IKEv2 profile of the responder matches the identity ${identityText(identity)}`
        : `profile ${tied.name} matches the identity ${identityText(identity)} but serves only local address ${localNames(tied)}; the call is to ${query.local}`,
    places: responder.ikev2Profiles.map(({ line }) => ({ side: 'responder', line })),
  };
}

function localNames(profile: Ikev2Profile): string {
  return localMatches(profile)
    .map(({ value }) => value)
    .join(', ');
}

/** The initiator's profile must match the responder in turn. */
function refusedIdentity(attempt: Attempt, own: Ikev2Profile, far: Ikev2Profile): Stop | null {
  const { initiator, responder } = attempt;
  const identity = ikev2Identity(responder, far, attempt.responderAddress);
  const asks = allowed(initiator, trustpointsTo('verify', own));
  const proof = ikev2Proof(responder, far, asks);
  switch (matchesRemote(initiator, own, { identity, proof })) {
    case true:
      return null;
    case null:
      return undecidedMap(own.name, 'responder');
    case false:
      return {
        outcome: 'fails',
        step: 'ike-auth-profile-lookup',
        finding: 'ikev2-profile-not-found',
        why: `profile ${own.name} of the initiator does not match the responder's identity ${identityText(identity)}`,
        places: own.matches.map(({ line }) => ({ side: 'initiator', line })),
      };
  }
}

function undecidedMap(profiles: string, side: Place['side']): Stop {
  return unknown(
    `whether profile ${profiles} matches hangs on the certificate of the ${side}, which no configuration shows`,
  );
}

/** RFC 8784: both ends mix in a post-quantum key only if both hold one; where these stand is known, and no more. */
function openPpk(own: Ikev2Profile, far: Ikev2Profile): Stop | null {
  const [mine, theirs] = [own.ppkKeyring, far.ppkKeyring];
  if (mine === null || theirs === null) return null;
  return unknown(
    `profiles ${own.name} and ${far.name} mix in post-quantum keys of "keyring ppk", which are not read`,
    [
      { side: 'initiator', line: mine.line },
      { side: 'responder', line: theirs.line },
    ],
  );
}

/** RFC 8784 section 3: whoever must mix in such a key aborts where the other end uses none. */
function missedPpk(
  { initiator, responder, responderSeen, initiatorAddress, tunnel }: Attempt,
  own: Ikev2Profile,
  far: Ikev2Profile,
  identity: Identity,
): Stop | null {
  return (
    demandedPpk('initiator', initiator, own, [responderSeen, null, tunnel.hostname]) ??
    demandedPpk('responder', responder, far, [initiatorAddress, identity, null])
  );
}

function demandedPpk(
  side: Place['side'],
  model: ConfigModel,
  profile: Ikev2Profile,
  query: readonly [peer: string, identity: Identity | null, hostname: string | null],
): Stop | null {
  const ring = profile.ppkKeyring;
  if (ring === null) return null;
  const { keyring, peer } = ikev2Key(model, { ...profile, keyring: ring }, ...query);
  const ppk = peer?.ppk ?? null;
  if (keyring !== null && ppk?.required !== true) return null;
  const why =
    keyring === null
      ? `whether profile ${profile.name} of the ${side} insists on a post-quantum key cannot be told, because its "keyring ppk ${ring.name}" is not in the configuration and the other end uses none`
      : `keyring ${ring.name} of the ${side} requires a post-quantum key for ${query[0]}, and the profile of the other end has no "keyring ppk": by RFC 8784 the ${side} should abort the exchange`;
  return unknown(why, [{ side, line: ppk?.line ?? ring.line }]);
}

function agreeMethods(own: Ikev2Profile, far: Ikev2Profile): Stop | null {
  const refuses = (mine: Ikev2Profile, theirs: Ikev2Profile): boolean =>
    theirs.authenticationLocal !== null &&
    mine.authenticationRemote.length > 0 &&
    !mine.authenticationRemote.includes(theirs.authenticationLocal);
  const responderRefuses = refuses(far, own);
  if (!responderRefuses && !refuses(own, far)) return null;
  const side = responderRefuses ? 'responder' : 'initiator';
  const refusing = responderRefuses ? far : own;
  return {
    outcome: 'fails',
    step: 'ike-auth-verify',
    finding: 'ikev2-auth-failed',
    why: `profile ${refusing.name} of the ${side} does not accept the peer's authentication method`,
    places: [{ side, line: refusing.line }],
  };
}

/** Whoever signs needs a certificate of an authority that the other's profile accepts. */
function compareCertificates(attempt: Attempt, own: Ikev2Profile, far: Ikev2Profile): Stop | null {
  const initiator: End = { side: 'initiator', model: attempt.initiator, profile: own };
  const responder: End = { side: 'responder', model: attempt.responder, profile: far };
  const pairs = [
    [initiator, responder],
    [responder, initiator],
  ] as const;
  const stops = pairs
    .filter(([prover]) => signs(prover.profile))
    .map(([prover, checker]) =>
      canSign(prover.model) ? present(prover, checker) : noCertificate(prover),
    )
    .filter((stop) => stop !== null);
  return stops.find(({ outcome }) => outcome === 'fails') ?? stops[0] ?? null;
}

type End = {
  readonly side: Place['side'];
  readonly model: ConfigModel;
  readonly profile: Ikev2Profile;
};

function present(prover: End, checker: End): Stop | null {
  const from = certificateEnd(prover);
  const to = certificateEnd(checker);
  const outcome = presentCertificate(prover.side, from, to);
  const refused = refusedCertificate('ike-auth-verify', outcome, checker.side);
  if (refused !== null) return refused;
  // A responder asks before it knows the profile. Which of several certificates an initiator then takes is not documented.
  const known = usableTrustpoints(checker.model);
  const mayDiffer = from.presents.some(
    (each) =>
      known.some((other) => sameAuthority(each, other)) &&
      !to.accepts.some((other) => sameAuthority(each, other)),
  );
  return prover.side === 'initiator' && mayDiffer
    ? unknown(
        `the initiator has several certificates that the responder asks for, and profile ${checker.profile.name} does not accept all of them`,
      )
    : null;
}

function certificateEnd({ model, profile }: End): CertificateEnd {
  const accepts = allowed(model, trustpointsTo('verify', profile));
  return {
    model,
    asks: accepts,
    presents: allowed(model, trustpointsTo('sign', profile)),
    accepts,
    profile: profile.name,
    uses: profile.trustpoints,
  };
}

function noCertificate({ side, profile }: End): Stop {
  return {
    outcome: 'fails',
    step: 'ike-auth-verify',
    finding: 'certificate-trustpoint-mismatch',
    why: `profile ${profile.name} of the ${side} signs, and the ${side} has no trust-point to prove itself by`,
    places: [{ side, line: profile.line }],
  };
}
