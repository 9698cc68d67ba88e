import type { Attempt } from '../../model/incident.ts';
import { sides } from '../facts.ts';
import { claimOf } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule, Weighed } from '../rule.ts';
import { perAttempt } from '../rule.ts';

/** A failing attempt whose log finds a key without naming the keyring, and no configuration to name it. */
function check(attempt: Attempt): readonly Claim[] {
  if (attempt.phase1 === 'complete') return [];
  return sides(attempt).flatMap((side) => {
    const { log } = side;
    if (log === null || side.config !== null || log.outcome !== 'failed') return [];
    const unnamed = log.keyringSelections.filter((entry) => entry.keyring === null);
    if (unnamed.length === 0 || unnamed.length !== log.keyringSelections.length) return [];
    const evidence: readonly Weighed[] = unnamed.slice(0, 2).map((entry) => ({
      input: log.input,
      line: entry.line,
      text: `${side.label} finds a key; the line does not say in which keyring`,
      basis: 'observed',
      decisive: true,
    }));
    return [
      claimOf(attempt, {
        key: side.label,
        title: `The debug of ${side.label} does not name the keyring`,
        explanation: `${side.label} logs that a key was found, but not in which keyring: "debug crypto isakmp" alone does not say it.`,
        advice: `Repeat with "debug crypto isakmp detail" on ${side.label}, or add its configuration.`,
        evidence,
        settle: [
          `"debug crypto isakmp detail" of ${side.label}.`,
          `The configuration of ${side.label}.`,
        ],
      }),
    ];
  });
}

export const debugTooShallow: Rule = {
  id: 'debug-too-shallow',
  title: 'The debug does not name the keyring',
  severity: 'note',
  needs: ['log'],
  means:
    'The log shows that a key was found but not in which keyring, and no configuration was given that would tell.',
  recognised:
    'All key lines of a failed attempt read "found peer pre-shared key matching" without the lines of "detail".',
  fix: 'Repeat with "debug crypto isakmp detail" or add the configuration.',
  references: [REFERENCES.keyrings],
  supersedes: [],
  check: perAttempt(check),
};
