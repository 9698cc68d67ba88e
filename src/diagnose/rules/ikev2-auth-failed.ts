import { authMethod, type AuthMethod } from '../../logparse/negotiations/auth-method.ts';
import type { Attempt, AttemptSide } from '../../model/incident.ts';
import { quoted } from '../evidence.ts';
import { otherSide, sides } from '../facts.ts';
import { authStory, refusedForKey, refusedOnWire } from '../ikev2-auth.ts';
import { authRefused, type AuthRefusal } from '../ikev2.ts';
import { compareKeys } from '../keys-used.ts';
import { claimOf, loggedVerdict } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

const FAILED =
  /Verification of peer's authentication data FAILED|AUTHENTICATION_FAILED|Failed to authenticate the IKE SA/i;

/** Whose own log tells that it refused its peer: one that only heard of it knows no reason. */
const refuserOf = (attempt: Attempt): AttemptSide | null =>
  sides(attempt).find(
    ({ log }) => log?.verdict === 'ikev2-auth-failed' && log.cause !== 'refused-by-peer',
  ) ?? null;

function methodOf(side: AttemptSide, onWire: AuthRefusal | null): AuthMethod {
  const told = authMethod(side.log?.auth ?? null);
  return told === 'unknown' ? (onWire?.method ?? told) : told;
}

function check(attempt: Attempt, { incident }: CaseFile): Claim | null {
  if (attempt.version !== 2 || attempt.phase1 === 'complete') return null;
  const logged = loggedVerdict(attempt, 'ikev2-auth-failed');
  const lines = [attempt.responder, attempt.initiator].flatMap((side) =>
    quoted(side, FAILED, true),
  );
  const onWire = authRefused(attempt);
  if (logged === null && lines.length === 0 && onWire === null) return null;
  const teller = refuserOf(attempt);
  // One that only heard of it was refused by the other end.
  const refuser =
    teller ??
    (logged !== null
      ? otherSide(attempt, logged.side)
      : onWire?.by === 'initiator'
        ? attempt.initiator
        : attempt.responder);
  const ends = { refuser, refused: otherSide(attempt, refuser) };
  const isKey = onWire !== null && compareKeys(attempt, incident).relation === 'different';
  const story =
    teller === null
      ? isKey
        ? refusedForKey(ends)
        : refusedOnWire(ends, onWire?.how ?? 'notification')
      : authStory(ends, methodOf(teller, onWire));
  return claimOf(attempt, {
    ...story,
    evidence: [...(logged?.evidence ?? []), ...lines, ...(onWire?.evidence ?? [])],
  });
}

export const ikev2AuthFailed: Rule = {
  id: 'ikev2-auth-failed',
  title: 'IKEv2 authentication fails',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The IKE SA is encrypted without any pre-shared key; key, certificate, user and what the peer may do are tested in IKE_AUTH, and one of these tests fails.',
  recognised:
    'The router logs that the verification of the authentication data failed, or that it refuses its peer; the other end only receives AUTHENTICATION_FAILED or EAP-Failure, or, without keys, an answer too short for an AUTH payload. An initiator refuses in a message of its own behind IKE_AUTH, or deletes the IKE SA at once.',
  fix: 'Find in the log of the end that refuses which test fails; then compare local and remote keys of both ends, or the certificates, or look at user and AAA.',
  references: [REFERENCES.ikev2Auth, REFERENCES.ikev2Refusal, REFERENCES.ikev2Keys],
  supersedes: ['deleted-by-peer', 'inconclusive', 'half-open'],
  check: perAttempt(check),
};
