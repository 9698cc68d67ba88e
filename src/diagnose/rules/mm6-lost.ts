import { refusesMm6 } from '../../exchange/facts.ts';
import type { Attempt } from '../../model/incident.ts';
import { frameEvidence } from '../evidence.ts';
import { between, packets, times } from '../facts.ts';
import { claimOf, loggedVerdict } from '../logged.ts';
import { isBetweenTaps, lossEvidence, lostPassage, whereLost } from '../loss.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule, Weighed } from '../rule.ts';
import { perAttempt } from '../rule.ts';

/** The initiator repeats MM5 although MM6 was seen: it has not received it, or cannot use it. */
function repeats(attempt: Attempt): readonly Weighed[] {
  const answer = packets(attempt, 'MM6', 'responder')[0];
  if (answer === undefined || attempt.phase2 === 'complete') return [];
  if (refusesMm6(attempt.exchange?.messages ?? []) !== null) return [];
  const again = packets(attempt, 'MM5', 'initiator').filter((entry) => between(answer, entry) > 0);
  if (again.length === 0) return [];
  const text = `MM5 is sent ${times(again.length)} more after MM6 was seen`;
  return frameEvidence(attempt, again[0]!, text, { basis: 'inferred', decisive: true });
}

/** MM5 comes again although the log of the responder has MM6 as sent. */
function repeatsUnheard(attempt: Attempt): readonly Weighed[] {
  const mm5 = packets(attempt, 'MM5', 'initiator');
  const again = mm5.at(-1);
  if (again === undefined || mm5.length < 2 || packets(attempt, 'MM6', 'responder').length > 0)
    return [];
  const text = `MM5 is sent ${times(mm5.length)}, this one after MM6 was logged as sent`;
  return frameEvidence(attempt, again, text, { basis: 'inferred', decisive: true });
}

/** Key material shows that MM6 fits, so that both ends have one key. */
function verified(attempt: Attempt): readonly Weighed[] {
  const opened = packets(attempt, 'MM6', 'responder').find(
    ({ decryption }) => decryption?.kind === 'decrypted' && decryption.verified,
  );
  const check = opened?.decryption?.kind === 'decrypted' ? opened.decryption.check : null;
  if (opened === undefined) return [];
  const text = `MM6 decrypts and ${check ?? 'its hash'} verifies: both ends use one key`;
  return frameEvidence(attempt, opened, text, { basis: 'proven', decisive: false });
}

function check(attempt: Attempt): Claim | null {
  if (attempt.version !== 1 || attempt.mode !== 'main') return null;
  const { initiator, responder } = attempt;
  // Whoever saw the initiator go on has seen that it received MM6.
  if (initiator.log?.phase1 === 'complete' || attempt.phase2 === 'complete') return null;
  const lost = lostPassage(attempt, 'MM6');
  const logged = loggedVerdict(attempt, 'mm6-lost');
  const wire = repeats(attempt);
  if (lost === null && logged === null && wire.length === 0) return null;
  const where = lost === null ? '' : ` MM6 dies ${whereLost(attempt, lost)}.`;
  return claimOf(attempt, {
    title: `MM6 of ${responder.label} does not reach ${initiator.label}`,
    explanation: `${responder.label} accepts MM5 and answers; ${initiator.label} goes on as if it had not. Keys and profiles of ${responder.label} are right.${where}`,
    advice: `Look at the path from ${responder.label} to ${initiator.label}, UDP 4500 and fragments included${isBetweenTaps(lost) ? '.' : '; the initiator may also reject MM6, which only its log tells.'}`,
    evidence: [
      ...(lost === null ? [] : lossEvidence(attempt, lost)),
      ...(lost?.fate === 'lost-on-path' ? repeatsUnheard(attempt) : []),
      ...(logged?.evidence ?? []),
      ...wire,
      ...verified(attempt),
    ],
    settle: isBetweenTaps(lost)
      ? []
      : [`"debug crypto isakmp" of ${initiator.label}.`, `A capture at ${initiator.label}.`],
  });
}

export const mm6Lost: Rule = {
  id: 'mm6-lost',
  title: 'MM6 does not arrive',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The responder has completed phase 1 and the initiator has not: MM6 is lost, or the initiator cannot use it.',
  recognised:
    'The responder logs IKE_P1_COMPLETE, or MM6 is seen, and the initiator repeats MM5. A log that ends before MM6, and a capture that ends before it or leaves its port out, are no witnesses of a loss.',
  fix: 'Allow the answer through: UDP 4500 from the responder, fragments, state of a firewall in between.',
  references: [REFERENCES.mainMode, REFERENCES.natT],
  supersedes: ['mm5-unanswered', 'deleted-by-peer', 'inconclusive', 'tunnel-up'],
  check: perAttempt(check),
};
