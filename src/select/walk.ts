import type { SecretToken } from '../iosconfig/mask.ts';
import { withDamage } from './damage.ts';
import { ikev2Identity } from './ikev2-profile.ts';
import { NOBODY, identityText, ownIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { entryText, keyringsOf } from './keyring.ts';
import { withReleases } from './releases.ts';
import { MAIN_READING } from './rules.ts';
import type { Reading } from './rules.ts';
import { sameSecret } from './secret.ts';
import { chooseAsInitiator, chooseAsResponder } from './selection.ts';
import type { Chosen } from './selection.ts';
import { shadowedKeys } from './shadow.ts';
import { tunnelsTo } from './tunnels.ts';
import { unanswered, withDoubt } from './unserved.ts';
import { walkAggressive } from './walk-aggressive.ts';
import { walkByCertificate } from './walk-certificates.ts';
import { walkIkev2 } from './walk-ikev2.ts';
import {
  agreePolicy,
  ended,
  finishPhase2,
  initiatorAsks,
  keyPlaces,
  keysAgree,
  noKey,
  responderAsks,
  unknown,
  withHiddenKeys,
} from './walk-steps.ts';
import type { Attempt, Stop, Walk } from './walk-steps.ts';

/** One initiation from MM1 to quick mode, by the configurations of both sides. */
export function walkAttempt(
  attempt: Attempt,
  token: SecretToken,
  reading: Reading = MAIN_READING,
): Walk {
  const walk = withReleases(attempt, (each) => walkAsRead(each, token, reading));
  return withDoubt(attempt, withDamage(attempt, walk));
}

function walkAsRead(attempt: Attempt, token: SecretToken, reading: Reading): Walk {
  const version = otherVersion(attempt);
  if (version !== null) return ended(version, null, null);
  if (attempt.tunnel.ikev2Profile !== null) {
    const stop = unanswered(attempt);
    return stop === null ? walkIkev2(attempt, token) : ended(stop, null, null);
  }
  const initiator = chooseAsInitiator(attempt.initiator, initiatorAsks(attempt), reading);
  if (initiator.requestedName !== null && initiator.requested === null) {
    return ended(
      unknown(`profile ${initiator.requestedName} is not in the configuration`),
      initiator,
      null,
    );
  }
  const off = disabled(attempt) ?? unanswered(attempt);
  if (off !== null) return ended(off, initiator, null);
  const aggressive = walkAggressive(attempt, initiator, token, reading);
  if (aggressive !== null) return aggressive;
  return walkMainMode(attempt, initiator, token, reading);
}

/** What the initiator says it is, in MM5 or IKE_AUTH. */
export function identitySent(attempt: Attempt, initiator: Chosen | null): Identity | null {
  const bound = attempt.tunnel.ikev2Profile?.name;
  if (bound === undefined) {
    return ownIdentity(attempt.initiator, initiator?.requested ?? null, attempt.initiatorLocal);
  }
  const profile = attempt.initiator.ikev2Profiles.find(({ name }) => name === bound);
  return profile === undefined
    ? null
    : ikev2Identity(attempt.initiator, profile, attempt.initiatorLocal);
}

function walkMainMode(
  attempt: Attempt,
  initiator: Chosen,
  token: SecretToken,
  reading: Reading,
): Walk {
  const asked = responderAsks(attempt, initiator);
  const responder = chooseAsResponder(attempt.responder, asked, reading);
  const auth = agreePolicy(attempt, initiator, responder);
  if (typeof auth !== 'string') return ended(auth, initiator, responder);
  if (auth === 'certificate') {
    return walkByCertificate(attempt, initiator, responder, 'main');
  }
  const named = withoutName(attempt, initiator, (other) =>
    walkMainMode(other, initiator, token, reading),
  );
  if (named !== null) return named;
  const stop = authenticateByKey(attempt, initiator, responder, token, reading);
  const walk =
    stop === null
      ? finishPhase2(attempt, initiator, responder, keysAgree(initiator, responder, 'MM3'))
      : ended(stop, initiator, responder);
  return withHiddenKeys(walk, 'MM5 does not even decrypt');
}

/**
 * `crypto isakmp identity dn` sends the name of a certificate. What goes out with keys, the address or nothing that a
 * profile matches, is not documented: what depends on it is unknown.
 */
function withoutName(
  attempt: Attempt,
  initiator: Chosen,
  walk: (attempt: Attempt) => Walk,
): Walk | null {
  const { initiator: own, responder: far, initiatorLocal } = attempt;
  if (ownIdentity(own, initiator.requested, initiatorLocal)?.type !== 'dn') return null;
  const byAddress = walk({ ...attempt, initiator: { ...own, isakmpIdentity: 'address' } });
  // A name that no profile can match ends as any name does that none matches.
  const noMatch = walk({
    ...attempt,
    initiator: { ...own, isakmpIdentity: 'hostname', hostname: '', domainName: null },
  });
  if (byAddress.outcome === noMatch.outcome && byAddress.finding === noMatch.finding)
    return byAddress;
  const line = own.lines.findIndex((text) => /crypto\s+isakmp\s+identity\s+dn/.test(text)) + 1;
  return ended(
    unknown(
      `the initiator is told to send the name of its certificate, and with keys it has none: whether it sends its address instead is not documented, and ${far.hostname ?? 'the responder'} ends otherwise by it`,
      line > 0 ? [{ side: 'initiator', line }] : [],
    ),
    byAddress.initiator,
    byAddress.responder,
  );
}

/** Every tunnel of the responder to this peer speaks the other version of IKE. */
function otherVersion({ tunnel, responder, initiatorAddress }: Attempt): Stop | null {
  const back = tunnelsTo(responder, initiatorAddress);
  const v2 = tunnel.ikev2Profile !== null;
  if (
    back.length === 0 ||
    back.some(({ doubt }) => doubt !== null) ||
    back.some((each) => (each.ikev2Profile !== null) === v2)
  )
    return null;
  return {
    outcome: 'fails',
    step: v2 ? 'sa-init-wait' : 'mm2-wait',
    finding: 'ike-version-mismatch',
    why: `${tunnel.label} of the initiator speaks IKEv${v2 ? '2' : '1'}, ${back[0]!.label} of the responder IKEv${v2 ? '1' : '2'}`,
    places: [
      { side: 'initiator', line: tunnel.ikev2Profile?.line ?? tunnel.line },
      { side: 'responder', line: back[0]!.ikev2Profile?.line ?? back[0]!.line },
    ],
  };
}

function disabled(attempt: Attempt): Stop | null {
  for (const side of ['initiator', 'responder'] as const) {
    if (attempt[side].isakmpEnabled) continue;
    const line = attempt[side].lines.findIndex((text) => /no crypto isakmp enable/.test(text)) + 1;
    return {
      outcome: 'fails',
      step: 'mm2-wait',
      finding: 'peer-unreachable',
      why: `ISAKMP is disabled on the ${side}`,
      places: line > 0 ? [{ side, line }] : [],
    };
  }
  return null;
}

export function authenticateByKey(
  attempt: Attempt,
  initiator: Chosen,
  responder: Chosen,
  token: SecretToken,
  reading: Reading,
): Stop | null {
  const first = initiator.keys.winner;
  const second = responder.keys.winner;
  if (first === null) return noKey('initiator', attempt, initiator);
  if (second === null) return noKey('responder', attempt, responder);
  const places = keyPlaces(initiator, responder);
  const shadowed = shadowedKeys(attempt.responder, second.entry.line, responder.keys.lost).filter(
    ({ entry }) => sameSecret(entry, first.entry) !== false,
  );
  if (sameSecret(first.entry, second.entry) === false) {
    return {
      outcome: 'fails',
      step: 'mm5-decrypt',
      finding: shadowed.length > 0 ? 'default-keyring-shadows' : 'psk-mismatch',
      why: `the initiator uses ${token(first.entry.secret)} (${first.keyring}), the responder ${token(second.entry.secret)} (${second.keyring}, ${entryText(second.entry)})`,
      places,
    };
  }
  if (responder.verification === 'fails') {
    const matched = responder.profiles!.winner!;
    return {
      outcome: 'fails',
      step: 'mm5-verify',
      finding: shadowed.some(({ ring }) => keyringsOf(matched.profile).includes(ring.name))
        ? 'default-keyring-shadows'
        : 'keyring-mismatch-after-mm5',
      why: `the responder uses ${second.keyring} at MM3; the identity ${identityOf(attempt, initiator)} matches profile ${matched.profile.name}, which uses ${ringNames(matched.profile)}`,
      places: [
        ...places,
        { side: 'responder', line: matched.match.line },
        ...matched.profile.keyrings.map(({ line }) => ({ side: 'responder' as const, line })),
      ],
    };
  }
  return verifyByInitiator(attempt, initiator, responder, reading);
}

function ringNames(profile: { readonly keyrings: readonly { readonly name: string }[] }): string {
  return profile.keyrings.map(({ name }) => name).join(', ') || 'the global keys';
}

function identityOf(attempt: Attempt, initiator: Chosen): string {
  const identity = ownIdentity(attempt.initiator, initiator.requested, attempt.initiatorLocal);
  return identity === null || identity.value === NOBODY
    ? 'of the initiator'
    : identityText(identity);
}

/** MM6: an initiator without a bound profile matches one by the responder's identity and verifies in turn. */
function verifyByInitiator(
  attempt: Attempt,
  initiator: Chosen,
  responder: Chosen,
  reading: Reading,
): Stop | null {
  if (initiator.requestedName !== null) return null;
  const matched = responder.profiles?.winner?.profile ?? null;
  const identity = ownIdentity(attempt.responder, matched, attempt.responderAddress);
  const again = chooseAsInitiator(
    attempt.initiator,
    { ...initiatorAsks(attempt), identity },
    reading,
  );
  if (again.verification !== 'fails') return null;
  const profile = again.profiles!.winner!;
  return {
    outcome: 'fails',
    step: 'mm6-verify',
    finding: 'keyring-mismatch-after-mm6',
    why: `the initiator used ${again.keys.winner!.keyring}; after MM6 it matches profile ${profile.profile.name}, which uses ${ringNames(profile.profile)}`,
    places: [
      { side: 'initiator', line: again.keys.winner!.entry.line },
      { side: 'initiator', line: profile.match.line },
    ],
  };
}
