import type { Attempt } from '../../model/incident.ts';
import { contradictions } from '../agreement.ts';
import { eventsOfSide, lineEvidence } from '../evidence.ts';
import { sides } from '../facts.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

function check(attempt: Attempt): readonly Claim[] {
  const all = contradictions(attempt);
  return sides(attempt).flatMap((side): readonly Claim[] => {
    const own = all.filter((each) => each.side === side);
    if (own.length === 0) return [];
    const title = `The configuration of ${side.label} does not explain its log`;
    const explanation = `${own.map(({ text }) => `${text}.`).join(' ')} Both cannot be true: the router ran another configuration when the debug was taken, or it does not follow the rules that are known of it. The log is taken as what happened, and no repair that was replayed on this configuration counts as verified.`;
    return [
      {
        attempt,
        key: `${side.router ?? side.address ?? ''} ${own.map(({ text }) => text).join(' ')}`,
        title,
        explanation,
        summary: `${title}. ${explanation}`,
        evidence: eventsOfSide(side)
          .filter(({ line }) => own.some((each) => each.line === line))
          .map((event) => lineEvidence(side, event, true)),
        remedies: [],
        settle: [
          `"show running-config" of ${side.label}, taken with the debug: it shows what the router ran.`,
        ],
      },
    ];
  });
}

export const configurationContradictsLog: Rule = {
  id: 'configuration-contradicts-log',
  title: 'The configuration given does not explain the log of its router',
  severity: 'warning',
  needs: ['log'],
  means:
    'A debug names a keyring or profile that the configuration of the same router does not define, or it shows a selection, or an end of the check after MM5, that this configuration gives by no reading of the documents. The configuration was changed before or after, or is of another router.',
  recognised:
    'Log and configuration of one router are given, and a line of the log cannot come from this configuration.',
  fix: 'Take the running configuration together with the debug, and judge by those two.',
  references: [REFERENCES.keyrings],
  supersedes: [],
  check: perAttempt(check),
};
