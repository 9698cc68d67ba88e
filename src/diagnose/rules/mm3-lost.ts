import type { Attempt } from '../../model/incident.ts';
import { frameEvidence } from '../evidence.ts';
import { errors, packets, times } from '../facts.ts';
import { claimOf, loggedVerdict } from '../logged.ts';
import { isAtOneTap, isBetweenTaps, lossEvidence, lostPassage, whereLost } from '../loss.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule, Weighed } from '../rule.ts';
import { perAttempt } from '../rule.ts';

function silence(attempt: Attempt): readonly Weighed[] {
  const sent = packets(attempt, 'MM3', 'initiator');
  if (sent.length < 2 || packets(attempt, 'MM4', 'responder').length > 0) return [];
  if (errors(attempt, 'responder').length > 0 || packets(attempt, 'MM5', 'initiator').length > 0)
    return [];
  const text = `MM3 is sent ${times(sent.length)} and not answered`;
  return frameEvidence(attempt, sent[0]!, text, { basis: 'inferred', decisive: true });
}

function check(attempt: Attempt): Claim | null {
  if (attempt.version !== 1 || attempt.mode !== 'main' || attempt.phase1 === 'complete')
    return null;
  const lost = lostPassage(attempt, 'MM3') ?? lostPassage(attempt, 'MM4');
  const logged = loggedVerdict(attempt, 'mm3-lost');
  const wire = silence(attempt);
  const deeper = attempt.passages.some((entry) => entry.step === 'MM5');
  if (deeper || (lost === null && logged === null && wire.length === 0)) return null;
  const { initiator, responder } = attempt;
  if (lost !== null) {
    const isSure = !isAtOneTap(lost) || isBetweenTaps(lost);
    const [from, to] = lost.from === 'initiator' ? [initiator, responder] : [responder, initiator];
    const stretch = isAtOneTap(lost) ? ' between the two captures' : '';
    return claimOf(attempt, {
      title: `${lost.step} of ${from.label} ${isSure ? 'does not reach' : 'most likely does not reach'} ${to.label}`,
      explanation: `${initiator.label} and ${responder.label} agree on a policy, and the key exchange does not complete. ${lost.step} dies ${whereLost(attempt, lost)}. No key and no profile was tested.`,
      advice: `Look at the path from ${from.label} to ${to.label}${stretch}, for filters and for a smaller MTU: ${lost.step} is larger than what came before.`,
      evidence: [...lossEvidence(attempt, lost), ...(logged?.evidence ?? []), ...wire],
      settle: isBetweenTaps(lost) ? [] : [`A capture at ${to.label}.`],
    });
  }
  return claimOf(attempt, {
    title: `MM3 of ${initiator.label} gets no answer from ${responder.label}`,
    explanation: `${initiator.label} and ${responder.label} agree on a policy, then MM3 gets no MM4. MM3 is larger than what came before, and a responder without a key for the peer may stop here too.`,
    advice: `Look at ${responder.label} for a missing key, and at the path for filters and for a smaller MTU.`,
    evidence: [...(logged?.evidence ?? []), ...wire],
    settle: [`"debug crypto isakmp" of ${responder.label}: it shows whether MM3 arrives.`],
  });
}

export const mm3Lost: Rule = {
  id: 'mm3-lost',
  title: 'MM3 is not answered',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The policy is agreed, but the key exchange does not complete: MM3 or MM4 is lost, or the responder stops silently.',
  recognised:
    'The initiator repeats MM3 (MM_SA_SETUP) and no MM4 is seen, or MM4 is seen and the initiator goes on as if it were not.',
  fix: 'Find out whether MM3 arrives; check filters, MTU, and that the responder has a key for the peer.',
  references: [REFERENCES.mainMode],
  supersedes: ['deleted-by-peer', 'inconclusive'],
  check: perAttempt(check),
};
