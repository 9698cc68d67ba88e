import type { SecretToken } from '../iosconfig/mask.ts';
import { covers, readMask } from '../iosconfig/address.ts';
import type {
  ConfigModel,
  Ikev2KeyringPeer,
  Ikev2Profile,
  Ikev2Proposal,
} from '../model/config.ts';
import { addressIdentity, toIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { answerPhase2 } from './phase2.ts';
import { ended, unknown } from './walk-steps.ts';
import type { Attempt, Place, Stop, Walk } from './walk-steps.ts';

export type Ikev2Side = {
  readonly profile: Ikev2Profile | null;
  readonly keyring: string | null;
  readonly peer: Ikev2KeyringPeer | null;
};

/** IKE_SA_INIT and IKE_AUTH by both configurations: profile by identity, then its keyring. No key is guessed. */
export function walkIkev2(attempt: Attempt, token: SecretToken): Walk {
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
  if (phase2.kind === 'fails') {
    const places = phase2.lines.map((line) => ({ side: 'responder' as const, line }));
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
    why: `IKEv2: the identity selects profile ${stop.profile} before a key is needed, so the keyrings cannot mislead it`,
    places: [],
    initiator: null,
    responder: null,
    phase2,
  };
}

function authenticate(attempt: Attempt, token: SecretToken): Stop | { readonly profile: string } {
  const name = attempt.tunnel.ikev2Profile!.name;
  const own = attempt.initiator.ikev2Profiles.find((each) => each.name === name);
  if (own === undefined) return unknown(`IKEv2 profile ${name} is not in the configuration`);
  const proposals = agreeProposals(attempt);
  if (proposals !== null) return proposals;
  const identity = ikev2Identity(attempt.initiator, own, attempt.initiatorLocal);
  const far = selectIkev2Profile(
    attempt.responder,
    identity,
    attempt.responderVrf,
    attempt.responderAddress,
  );
  if (far === null) {
    return {
      outcome: 'fails',
      step: 'ike-auth-profile-lookup',
      finding: 'ikev2-profile-not-found',
      why: `no IKEv2 profile of the responder matches the identity ${identity.value}`,
      places: attempt.responder.ikev2Profiles.map(({ line }) => ({ side: 'responder', line })),
    };
  }
  const back = ikev2Identity(attempt.responder, far, attempt.responderAddress);
  if (!matchesRemote(own, back)) {
    return {
      outcome: 'fails',
      step: 'ike-auth-profile-lookup',
      finding: 'ikev2-profile-not-found',
      why: `profile ${own.name} of the initiator does not match the responder's identity ${back.value}`,
      places: own.matches.map(({ line }) => ({ side: 'initiator', line })),
    };
  }
  const methods = agreeMethods(own, far);
  if (methods !== null) return methods;
  const keys = own.authenticationLocal === 'pre-share' || far.authenticationLocal === 'pre-share';
  const stop = keys ? compareKeys(attempt, own, far, identity, token) : null;
  return stop ?? { profile: far.name };
}

/** The profile for an identity: the most specific match; `any` fits last. */
export function selectIkev2Profile(
  model: ConfigModel,
  identity: Identity,
  fvrf: string | null,
  local: string | null,
): Ikev2Profile | null {
  let best: { profile: Ikev2Profile; weight: number } | null = null;
  for (const profile of model.ikev2Profiles) {
    if (profile.fvrf !== 'any' && profile.fvrf !== fvrf) continue;
    const bound = profile.matches.filter(({ kind }) => kind === 'local-address');
    if (
      local !== null &&
      bound.length > 0 &&
      !bound.some(({ value }) => value === local || !/^\d/.test(value))
    ) {
      continue;
    }
    for (const match of profile.matches) {
      const weight = weigh(match, identity);
      if (weight !== null && (best === null || weight > best.weight)) best = { profile, weight };
    }
  }
  return best?.profile ?? null;
}

function matchesRemote(profile: Ikev2Profile, identity: Identity): boolean {
  return profile.matches.some((match) => weigh(match, identity) !== null);
}

function weigh(match: Ikev2Profile['matches'][number], identity: Identity): number | null {
  const value = identity.value.toLowerCase();
  const wanted = match.value.toLowerCase();
  switch (match.kind) {
    case 'any':
      return -1;
    case 'address': {
      if (identity.type !== 'ipv4' && identity.type !== 'ipv6') return null;
      const length = prefixOf(match.mask, identity.type);
      return length !== null && covers(match.value, length, identity.value) ? length : null;
    }
    case 'fqdn':
      return identity.type === 'fqdn' && value === wanted ? 1000 : null;
    case 'fqdn-domain':
      return identity.type === 'fqdn' && value.endsWith(`.${wanted}`) ? wanted.length : null;
    case 'email':
      return identity.type === 'user-fqdn' && value === wanted ? 1000 : null;
    case 'email-domain':
      return identity.type === 'user-fqdn' && value.endsWith(`@${wanted}`) ? wanted.length : null;
    case 'key-id':
      return identity.type === 'key-id' && identity.value === match.value ? 1000 : null;
    default:
      return null;
  }
}

function prefixOf(mask: string | null, type: 'ipv4' | 'ipv6'): number | null {
  if (mask === null) return type === 'ipv4' ? 32 : 128;
  return type === 'ipv6' ? Number(mask) : readMask(mask).prefixLength;
}

/** What a router says it is under a profile: its address, unless `identity local` says otherwise. */
export function ikev2Identity(model: ConfigModel, profile: Ikev2Profile, local: string): Identity {
  const own = profile.identityLocal;
  if (own === null || own.kind === 'address') return addressIdentity(own?.value ?? local);
  if (own.kind === 'dn') return { type: 'dn', value: model.trustpoints[0]?.subjectName ?? '' };
  return toIdentity({ type: own.kind, value: own.value ?? '' });
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

/** The peer block of the profile's keyring: by identity, then by the longest address. */
export function ikev2Key(
  model: ConfigModel,
  profile: Ikev2Profile,
  peer: string,
  identity: Identity | null,
  hostname: string | null,
): Ikev2Side {
  const ring = model.ikev2Keyrings.find((each) => each.name === profile.keyring?.name);
  const none = { profile, keyring: ring?.name ?? null, peer: null };
  if (ring === undefined) return none;
  const byIdentity = ring.peers.find(
    (each) =>
      identity !== null &&
      each.identity !== null &&
      weigh({ ...each.identity, mask: null, line: 0 }, identity) !== null,
  );
  if (byIdentity !== undefined) return { ...none, peer: byIdentity };
  const byName = ring.peers.find((each) => hostname !== null && each.hostname === hostname);
  if (byName !== undefined) return { ...none, peer: byName };
  let best: { peer: Ikev2KeyringPeer; length: number } | null = null;
  for (const each of ring.peers) {
    const length = each.address?.prefixLength ?? null;
    if (each.address === null || length === null) continue;
    if (!covers(each.address.value, length, peer)) continue;
    if (best === null || length > best.length) best = { peer: each, length };
  }
  return { ...none, peer: best?.peer ?? null };
}

function compareKeys(
  attempt: Attempt,
  own: Ikev2Profile,
  far: Ikev2Profile,
  ownIdentity: Identity,
  token: SecretToken,
): Stop | null {
  if (own.keyring === null || far.keyring === null) {
    return unknown('the keys of an IKEv2 profile are not in a local keyring');
  }
  const mine = ikev2Key(
    attempt.initiator,
    own,
    attempt.responderSeen,
    null,
    attempt.tunnel.hostname,
  );
  const theirs = ikev2Key(attempt.responder, far, attempt.initiatorAddress, ownIdentity, null);
  const sides = [
    { side: 'initiator' as const, found: mine, peer: attempt.responderSeen },
    { side: 'responder' as const, found: theirs, peer: attempt.initiatorAddress },
  ];
  for (const { side, found, peer } of sides) {
    if (found.peer?.local != null && found.peer.remote !== null) continue;
    const profile = found.profile!;
    return {
      outcome: 'fails',
      step: 'ike-auth-verify',
      finding: 'no-psk-for-peer',
      why: `keyring ${profile.keyring!.name} of the ${side} has no key for ${peer}`,
      places: [{ side, line: found.peer?.line ?? profile.keyring!.line }],
    };
  }
  const pairs = [
    { sent: mine.peer!.local!, checked: theirs.peer!.remote!, by: 'responder' },
    { sent: theirs.peer!.local!, checked: mine.peer!.remote!, by: 'initiator' },
  ];
  for (const { sent, checked, by } of pairs) {
    if (sent.secretType === 6 || checked.secretType === 6) {
      return unknown('a key is stored encrypted (type 6), so that the two cannot be compared');
    }
    if (sent.secret === checked.secret && sent.secretType === checked.secretType) continue;
    return {
      outcome: 'fails',
      step: 'ike-auth-verify',
      finding: 'ikev2-auth-failed',
      why: `the ${by} expects ${token(checked.secret)}, the peer uses ${token(sent.secret)}`,
      places: keyLines(mine, theirs),
    };
  }
  return null;
}

function keyLines(mine: Ikev2Side, theirs: Ikev2Side): readonly Place[] {
  return [
    { side: 'initiator', line: mine.peer!.local!.line },
    { side: 'responder', line: theirs.peer!.remote!.line },
  ];
}

function agreeProposals(attempt: Attempt): Stop | null {
  const offered = proposalsOf(attempt.initiator, attempt.tunnel.fvrf, attempt.initiatorLocal);
  const accepted = proposalsOf(attempt.responder, attempt.responderVrf, attempt.responderAddress);
  if (offered === null || accepted === null) return null;
  if (offered.some((one) => accepted.some((other) => overlaps(one, other)))) return null;
  return {
    outcome: 'fails',
    step: 'sa-init-proposal',
    finding: 'ike-policy-mismatch',
    why: 'no IKEv2 proposal of the initiator shares encryption, integrity and group with one of the responder',
    places: [
      ...offered.map(({ line }) => ({ side: 'initiator' as const, line })),
      ...accepted.map(({ line }) => ({ side: 'responder' as const, line })),
    ],
  };
}

/** Null when the built-in proposal applies, which differs from release to release. */
function proposalsOf(
  model: ConfigModel,
  fvrf: string | null,
  local: string,
): readonly Ikev2Proposal[] | null {
  const policy = model.ikev2Policies.find(
    (each) =>
      (each.fvrf === 'any' || each.fvrf === fvrf) &&
      (each.localAddresses.length === 0 || each.localAddresses.includes(local)),
  );
  const named = (policy?.proposals ?? [])
    .map(({ name }) => model.ikev2Proposals.find((each) => each.name === name))
    .filter((each) => each !== undefined);
  return named.length === 0 ? null : named;
}

function overlaps(one: Ikev2Proposal, other: Ikev2Proposal): boolean {
  const share = <T>(a: readonly T[], b: readonly T[]): boolean =>
    a.length === 0 || b.length === 0 || a.some((each) => b.includes(each));
  const combined = one.encryption.some(
    (each) => each.includes('gcm') && other.encryption.includes(each),
  );
  return (
    share(one.encryption, other.encryption) &&
    (combined || share(one.integrity, other.integrity)) &&
    share(one.prf, other.prf) &&
    share(one.groups, other.groups)
  );
}
