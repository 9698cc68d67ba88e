import { cameUp } from '../../correlate/history.ts';
import type { Attempt } from '../../model/incident.ts';
import { lastKnown, quoted } from '../evidence.ts';
import { ikeDebug, sides } from '../facts.ts';
import { claimOf } from '../logged.ts';
import { refusedQuickMode } from '../quick-mode.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

function check(attempt: Attempt): Claim | null {
  if (cameUp(attempt)) return null;
  const { initiator, responder } = attempt;
  const missing = [
    ...(responder.log === null ? [`${ikeDebug(attempt)} of ${responder.label}`] : []),
    ...(initiator.log === null ? [`${ikeDebug(attempt)} of ${initiator.label}`] : []),
    ...(attempt.exchange === null ? ['a capture of UDP 500 and 4500 between the two'] : []),
    ...(responder.config === null ? [`the crypto configuration of ${responder.label}`] : []),
  ];
  const logged =
    attempt.phase1 === 'complete' && attempt.phase2 === 'failed'
      ? quoted(initiator, /PROPOSAL_NOT_CHOSEN|NO_PROPOSAL_CHOSEN/, false)
      : [];
  const seen = refusedQuickMode(attempt);
  const refusal = logged.length > 0 ? logged : seen?.about === 'unknown' ? seen.evidence : [];
  if (refusal.length > 0) {
    const answer =
      logged.length > 0
        ? 'PROPOSAL_NOT_CHOSEN, which IOS sends'
        : 'a notification that is encrypted; IOS sends one and the same';
    return claimOf(attempt, {
      title: `${responder.label} refuses the quick mode of ${initiator.label}; why stands in its own log`,
      explanation: `Phase 1 from ${initiator.label} to ${responder.label} completes. ${responder.label} answers quick mode with ${answer} for transform sets, for perfect forward secrecy, for protected networks and for ISAKMP profiles that do not fit.`,
      advice: `Compare transform sets, "set pfs" and access lists of both ends${missing.length === 0 ? '' : `. What would help: ${missing.join('; ')}`}.`,
      evidence: [...refusal, ...lastKnown(attempt)],
      remedies: [],
      settle: missing.map(sentence),
    });
  }
  const unplaced = sides(attempt).find(({ log }) => log?.cause === 'installation');
  if (unplaced !== undefined) {
    return claimOf(attempt, {
      title: `${unplaced.label} could not put its IPsec SA in place; why is not in the evidence`,
      explanation: `The IKE SA between ${initiator.label} and ${responder.label} stands and the child SA was agreed. The key engine of ${unplaced.label} then failed to put it in place, so no traffic is protected.`,
      advice: `Collect "debug crypto ipsec" of ${unplaced.label} while the tunnel is tried.`,
      evidence: lastKnown(attempt),
      remedies: [],
      settle: [`"debug crypto ipsec" of ${unplaced.label}: it names what the key engine misses.`],
    });
  }
  const half = attempt.phase1 === 'complete' && attempt.phase2 !== 'failed';
  const ends = `${initiator.label} and ${responder.label}`;
  return claimOf(attempt, {
    title: half
      ? `Whether the tunnel between ${ends} came up is not in the evidence`
      : `What stopped ${ends} is not in the evidence`,
    explanation: half
      ? `Phase 1 from ${initiator.label} to ${responder.label} completes; what is there of the log ends before phase 2 does.`
      : `The attempt of ${initiator.label} towards ${responder.label} does not complete, and nothing that was given says why.`,
    advice: missing.length === 0 ? '' : `What would help: ${missing.join('; ')}.`,
    evidence: lastKnown(attempt),
    remedies: [],
    settle: missing.map(sentence),
  });
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

export const inconclusive: Rule = {
  id: 'inconclusive',
  title: 'The evidence does not say',
  severity: 'note',
  needs: ['log', 'packets'],
  means: 'The attempt did not complete, and no rule finds the cause in what was given.',
  recognised: 'No other rule speaks of the attempt.',
  fix: 'Collect what is named under "would settle it".',
  references: [REFERENCES.ike],
  supersedes: [],
  isOutcome: true,
  check: perAttempt(check),
};
