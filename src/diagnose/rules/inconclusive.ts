import type { Attempt } from '../../model/incident.ts';
import { citedLines, frameEvidence } from '../evidence.ts';
import { frameOf, sides } from '../facts.ts';
import { claimOf } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule, Weighed } from '../rule.ts';
import { perAttempt } from '../rule.ts';

/** The last thing that is known of an attempt that did not come up. */
function last(attempt: Attempt): readonly Weighed[] {
  const entry = attempt.exchange?.messages.at(-1);
  const lines = sides(attempt).flatMap((side) => citedLines(side, false));
  const ends = sides(attempt).flatMap((side): readonly Weighed[] =>
    side.log === null
      ? []
      : [
          {
            input: side.log.input,
            line: side.log.lastLine,
            text: `${side.label}: the last line of this attempt`,
            basis: 'observed',
            decisive: false,
          },
        ],
  );
  const frames =
    entry === undefined
      ? []
      : frameEvidence(attempt, frameOf(entry), 'the last message of this exchange', {
          basis: 'inferred',
          decisive: false,
        });
  return [...lines, ...ends, ...frames];
}

function check(attempt: Attempt): Claim | null {
  if (attempt.phase1 === 'complete' && attempt.phase2 !== 'failed') return null;
  const { initiator, responder } = attempt;
  const missing = [
    ...(responder.log === null ? [`"debug crypto isakmp" of ${responder.label}`] : []),
    ...(initiator.log === null ? [`"debug crypto isakmp" of ${initiator.label}`] : []),
    ...(attempt.exchange === null ? ['a capture of UDP 500 and 4500 between the two'] : []),
    ...(responder.config === null ? [`the crypto configuration of ${responder.label}`] : []),
  ];
  return claimOf(attempt, {
    title: `What stopped ${initiator.label} and ${responder.label} is not in the evidence`,
    explanation: `The attempt of ${initiator.label} towards ${responder.label} does not complete, and nothing that was given says why.`,
    advice: missing.length === 0 ? '' : `What would help: ${missing.join('; ')}.`,
    evidence: last(attempt),
    remedies: [],
    settle: missing.map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`),
  });
}

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
