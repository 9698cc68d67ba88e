import { authMethod, type AuthMethod } from '../../logparse/negotiations/auth-method.ts';
import type { Attempt, AttemptSide } from '../../model/incident.ts';
import { halvesEvidence } from '../auth-halves.ts';
import { quoted } from '../evidence.ts';
import { otherSide, sides } from '../facts.ts';
import { authStory, methodSeen, refusedForKey, refusedOnWire } from '../ikev2-auth.ts';
import { authRefused, type AuthRefusal } from '../ikev2.ts';
import { compareKeys } from '../keys-used.ts';
import { claimOf, loggedVerdict } from '../logged.ts';
import { configuredCause, placesOfCause, repairText, repairsOf } from '../predictions.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

const ID = 'ikev2-auth-failed';

const FAILED =
  /Verification of peer's authentication data FAILED|authentication method configured is mismatching|AUTHENTICATION_FAILED|Failed to authenticate the IKE SA/i;

/** Whose own log tells that it refused its peer: one that only heard of it knows no reason. */
const refuserOf = (attempt: Attempt): AttemptSide | null =>
  sides(attempt).find(({ log }) => log?.verdict === ID && log.cause !== 'refused-by-peer') ?? null;

function methodOf(side: AttemptSide, onWire: AuthRefusal | null): AuthMethod {
  const told = authMethod((methodSeen(side) ?? side.log?.auth ?? null)?.toLowerCase() ?? null);
  return told === 'unknown' ? (onWire?.method ?? told) : told;
}

function check(attempt: Attempt, file: CaseFile): Claim | null {
  const { incident } = file;
  if (attempt.version !== 2 || attempt.phase1 === 'complete') return null;
  const logged = loggedVerdict(attempt, ID);
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
  const evidence = [...(logged?.evidence ?? []), ...lines, ...(onWire?.evidence ?? [])];
  if (teller?.log?.cause === 'verification') evidence.push(...halvesEvidence(ends));
  return withConfigs(claimOf(attempt, { ...story, evidence }), attempt, file, teller);
}

/** Where both configurations are known and differ in what IKE_AUTH compares, they say in which half and by which lines. */
function withConfigs(
  claim: Claim,
  attempt: Attempt,
  { prediction }: CaseFile,
  teller: AttemptSide | null,
): Claim {
  const cause = configuredCause(prediction, attempt, [ID]);
  if (cause === null || teller?.log?.cause === 'user' || teller?.log?.cause === 'authorisation')
    return claim;
  const remedies = repairsOf(prediction, attempt, [ID]);
  const repair = remedies[0];
  const explanation = `${claim.explanation} By the configurations ${cause}`;
  return {
    ...claim,
    explanation,
    summary: repair === undefined ? claim.summary : `${explanation} ${repairText(repair, attempt)}`,
    evidence: [...claim.evidence, ...placesOfCause(prediction, attempt, [ID])],
    remedies: repair === undefined ? claim.remedies : remedies,
  };
}

export const ikev2AuthFailed: Rule = {
  id: ID,
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
