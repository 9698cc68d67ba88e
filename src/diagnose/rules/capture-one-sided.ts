import type { Attempt } from '../../model/incident.ts';
import { frameEvidence } from '../evidence.ts';
import { claimOf } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

/** A side that goes on to its next message has been answered, whatever the capture shows. */
function check(attempt: Attempt): Claim | null {
  const messages = (attempt.exchange?.messages ?? []).filter((entry) => entry.direction !== null);
  const directions = new Set(messages.map((entry) => entry.direction));
  const steps = new Set(messages.map((entry) => entry.step));
  if (directions.size !== 1 || steps.size < 2) return null;
  const { initiator, responder } = attempt;
  const seen = directions.has('i2r') ? initiator : responder;
  const unseen = directions.has('i2r') ? responder : initiator;
  return claimOf(attempt, {
    title: `The capture shows only what ${seen.label} sends`,
    explanation: `The capture holds ${steps.size} different messages of ${seen.label} and none of ${unseen.label}, although ${seen.label} cannot go on without an answer. The tap sees one direction only, for instance because the paths differ.`,
    advice: 'Capture where both directions pass, or merge a second capture.',
    evidence: frameEvidence(attempt, messages[0]!, `only ${seen.label} is seen from here on`, {
      basis: 'inferred',
      decisive: true,
    }),
    settle: [`A capture that also holds what ${unseen.label} sends.`],
  });
}

export const captureOneSided: Rule = {
  id: 'capture-one-sided',
  title: 'The capture shows one direction only',
  severity: 'note',
  needs: ['packets'],
  means: 'Only one end is seen in the capture although both must have spoken.',
  recognised: 'One side sends successive messages of an exchange without any of the other.',
  fix: 'Capture where both directions pass.',
  references: [REFERENCES.isakmp],
  supersedes: ['inconclusive'],
  check: perAttempt(check),
};
