import { configuredAt } from '../../correlate/history.ts';
import type { Attempt, AttemptSide } from '../../model/incident.ts';
import { contradictions } from '../agreement.ts';
import { eventsOfSide, lineEvidence } from '../evidence.ts';
import { sides } from '../facts.ts';
import { keyContradictions } from '../key-agreement.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

function check(attempt: Attempt, { incident }: CaseFile): readonly Claim[] {
  const all = [...contradictions(attempt), ...keyContradictions(attempt, incident)];
  return sides(attempt).flatMap((side): readonly Claim[] => {
    const own = all.filter((each) => each.side === side);
    if (own.length === 0) return [];
    const title = `The configuration of ${side.label} does not explain its log`;
    const explanation = `${own.map(({ text }) => `${text}.`).join(' ')} ${reasonOf(side)} The log is taken as what happened, and no repair that was replayed on this configuration counts as verified.`;
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

/** The log may show itself why the configuration is another one. */
function reasonOf({ label, log, document }: AttemptSide): string {
  const changes = log === null || document === null ? [] : configuredAt(document);
  const after = changes.find((line) => line > log!.lastLine);
  const change = after ?? changes.filter((line) => line < log!.firstLine).at(-1);
  if (change === undefined) {
    return 'Both cannot be true: the router ran another configuration when the debug was taken, or it does not follow the rules that are known of it.';
  }
  const when = after === undefined ? 'before' : 'after';
  return `The configuration of ${label} was changed at line ${change} of its log, ${when} this attempt, and the one given seems to be that from ${when} the change.`;
}

export const configurationContradictsLog: Rule = {
  id: 'configuration-contradicts-log',
  title: 'The configuration given does not explain the log of its router',
  severity: 'warning',
  needs: ['log'],
  means:
    'A debug names a keyring or profile that the configuration of the same router does not define, or it shows a selection, or an end of the check after MM5, that this configuration gives by no reading of the documents, or the key that is proven to have been used is not the one in the keyring that the log names. The configuration was changed before or after, or is of another router.',
  recognised:
    'Log and configuration of one router are given, and a line of the log cannot come from this configuration.',
  fix: 'Take the running configuration together with the debug, and judge by those two.',
  references: [REFERENCES.keyrings],
  supersedes: [],
  check: perAttempt(check),
};
