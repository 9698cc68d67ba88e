import type { Attempt } from '../../model/incident.ts';
import { frameEvidence } from '../evidence.ts';
import { frameOf, packets, times } from '../facts.ts';
import { claimOf } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

function check(attempt: Attempt): Claim | null {
  if (attempt.version !== 2 || attempt.phase1 === 'complete') return null;
  const sent = packets(attempt, 'AUTH', 'initiator');
  if (sent.length === 0 || packets(attempt, 'AUTH', 'responder').length > 0) return null;
  const { initiator, responder } = attempt;
  const text = `IKE_AUTH is sent ${times(sent.length)} and not answered, although IKE_SA_INIT was`;
  return claimOf(attempt, {
    title: `IKE_AUTH of ${initiator.label} is not answered`,
    explanation: `${initiator.label} and ${responder.label} complete IKE_SA_INIT, then IKE_AUTH gets no answer. It is lost on the path (it is larger, and may travel on UDP 4500), or the responder drops it silently.`,
    advice: `Look at ${responder.label} for what it does with IKE_AUTH, and at filters for UDP 4500 and for fragments.`,
    evidence: frameEvidence(attempt, frameOf(sent[0]!), text, {
      basis: 'inferred',
      decisive: true,
    }),
    settle: [
      `"debug crypto ikev2" of ${responder.label}: it shows whether IKE_AUTH arrives.`,
      `A capture at ${responder.label}.`,
    ],
  });
}

export const halfOpen: Rule = {
  id: 'half-open',
  title: 'An IKEv2 exchange stays half open',
  severity: 'note',
  needs: ['packets'],
  means: 'IKE_SA_INIT completes and IKE_AUTH is never answered.',
  recognised: 'On the wire IKE_AUTH is sent, often repeated, and the responder says nothing more.',
  fix: 'Find out whether IKE_AUTH arrives: capture at the responder, allow UDP 4500 and fragments.',
  references: [REFERENCES.ikev2],
  supersedes: ['inconclusive'],
  isOutcome: true,
  check: perAttempt(check),
};
