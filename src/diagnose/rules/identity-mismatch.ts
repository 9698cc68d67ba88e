import type { Attempt, AttemptSide } from '../../model/incident.ts';
import { ikeDebug, notificationName, otherSide, pairKey } from '../facts.ts';
import { claimOf, loggedVerdict, notGiven } from '../logged.ts';
import { INVALID_ID_INFORMATION, readMm5, refusalRead, usesPsk } from '../mm5.ts';
import { readPhase1End } from '../phase1-end.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule, Weighed } from '../rule.ts';
import { perAttempt } from '../rule.ts';
import { identitiesOf } from '../../correlate/identity.ts';

function check(attempt: Attempt, file: CaseFile): Claim | null {
  const end = readPhase1End(attempt);
  if (end?.kind === 'refused' && end.sender !== null && usesPsk(attempt))
    return underCommonKey(attempt, end.sender, end.evidence);
  const reading = readMm5(attempt, file.incident);
  const logged = loggedVerdict(attempt, 'identity-mismatch');
  if (reading?.cause !== 'identity-refused' && logged === null) return null;
  const { initiator, responder } = attempt;
  const seen =
    attempt.exchange === null
      ? undefined
      : identitiesOf(attempt.exchange).find((entry) => entry.step === 'MM5');
  const named = initiator.log?.ownIdentity?.value ?? seen?.value ?? null;
  const who = named === null ? 'the identity in MM5' : `the identity ${named}`;
  const guess = reading?.isLikely === true;
  // The error that names the identity, or the log, leaves no doubt; AUTHENTICATION_FAILED names no reason.
  const refusal = refusalRead(attempt);
  const isNamed = logged !== null || refusal?.notifyType === INVALID_ID_INFORMATION;
  const could = usesPsk(attempt) ? 'could read MM5, so the keys agree,' : 'could read MM5';
  const story = guess
    ? `${responder.label} answers MM5 of ${initiator.label} with an encrypted notification. Most likely it could read MM5, and refuses ${who}, or has no profile or keyring for it.`
    : isNamed
      ? `${responder.label} ${could} and refuses ${who} of ${initiator.label}.`
      : `${responder.label} ${could} and refuses ${initiator.label}. ${refusal === null ? 'What it says' : notificationName(attempt, refusal)} does not say why: most often ${who} is none that it accepts, and it may also allow this peer no main mode or no pre-shared key.`;
  const doubt = guess
    ? ' From the packets alone another pre-shared key cannot be excluded: an initiator that cannot read the answer mostly repeats MM5, and not every one does.'
    : '';
  return {
    attempt,
    key: pairKey(attempt),
    title: `${responder.label} ${guess ? 'most likely refuses' : 'refuses'} the identity of ${initiator.label}`,
    explanation: `${story}${doubt}`,
    summary: `${story}${doubt} Make what ${initiator.label} sends (crypto isakmp identity, self-identity) and what ${responder.label} matches (match identity) the same.`,
    evidence: [...(logged?.evidence ?? []), ...(reading?.evidence ?? [])],
    remedies: [
      {
        text: 'Make the identity that is sent and the identity that is matched the same, in type and value.',
        verified: false,
      },
    ],
    settle: guess
      ? [
          `The log of ${responder.label}: it names the identity that it refused.`,
          'The Diffie-Hellman shared secret of one end with candidate keys: MM5 and the notification then decrypt.',
        ]
      : isNamed
        ? []
        : notGiven(attempt, [
            `${ikeDebug(attempt)} of ${responder.label}: it names what it does not accept.`,
          ]),
  };
}

/** One side reads what the other sent last, and objects to it under the key that both have. */
function underCommonKey(
  attempt: Attempt,
  refuser: AttemptSide,
  evidence: readonly Weighed[],
): Claim {
  const refused = otherSide(attempt, refuser);
  const steps = refused.side === 'initiator' ? ['AM1', 'MM5'] : ['AM2', 'MM6'];
  const named =
    refuser.log?.peerIdentity?.value ??
    identitiesOf(attempt.exchange!).find(({ step }) => steps.includes(step))?.value ??
    null;
  const who = named === null ? 'its identity' : `the identity ${named}`;
  const same = `Make what ${refused.label} sends (crypto isakmp identity, self-identity) and what ${refuser.label} matches (match identity) the same.`;
  return claimOf(attempt, {
    title: `${refuser.label} refuses the identity of ${refused.label}`,
    explanation: `${refused.label} is through with phase 1; ${refuser.label} could read its last message, so the keys agree, and refuses ${who}, or has no profile or keyring for it.`,
    advice: same,
    evidence,
    remedies: [{ text: same, verified: false }],
    settle:
      refuser.log === null
        ? [`${ikeDebug(attempt)} of ${refuser.label}: it names what it does not accept.`]
        : [],
  });
}

export const identityMismatch: Rule = {
  id: 'identity-mismatch',
  title: 'The peer refuses the identity',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The keys agree and MM5 is read, but the identity in it (type or value) is not one that the responder accepts; or the initiator does not accept that in MM6.',
  recognised:
    'The responder answers MM5 with AUTHENTICATION_FAILED or INVALID_ID_INFORMATION under the common key, or the initiator MM6, or one side the end of aggressive mode. From packets alone: one encrypted notification answers MM5, and the initiator stops or the notification has the length of one that names the SA. Which of its reasons AUTHENTICATION_FAILED has, only a log tells.',
  fix: 'Make the identity that is sent and the identity that is matched the same, in type and value.',
  references: [REFERENCES.mainMode, REFERENCES.notify],
  supersedes: ['deleted-by-peer', 'inconclusive', 'profile-not-matched'],
  outranks: ['mm5-unanswered'],
  check: perAttempt(check),
};
