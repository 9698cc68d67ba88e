import { cameUp, configuredAt } from '../../correlate/history.ts';
import type { Attempt, AttemptSide } from '../../model/incident.ts';
import type { Direction } from '../../model/selection.ts';
import { contradictions } from '../agreement.ts';
import { citedLines } from '../evidence.ts';
import { sides } from '../facts.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

function check(attempt: Attempt, file: CaseFile): readonly Claim[] {
  const all = contradictions(attempt);
  if (all.length === 0) return unexplainedEnd(attempt, file);
  return sides(attempt).flatMap((side): readonly Claim[] => {
    const own = all.filter((each) => each.side === side);
    if (own.length === 0) return [];
    const evidence = own.flatMap((each) => each.evidence);
    const isLogged = evidence.some(({ input }) => input === side.log?.input);
    const title = `The configuration of ${side.label} does not explain ${isLogged ? 'its log' : 'what it did'}`;
    const seen = isLogged ? 'The log is taken as what happened' : 'What was seen is taken as such';
    const explanation = `${own.map(({ text }) => `${text}.`).join(' ')} ${reasonOf(side)} ${seen}, and no repair that was replayed on this configuration counts as verified.`;
    return [
      {
        attempt,
        key: `${side.router ?? side.address ?? ''} ${own.map(({ text }) => text).join(' ')}`,
        title,
        explanation,
        summary: `${title}. ${explanation}`,
        evidence,
        remedies: [],
        settle: [
          `"show running-config" of ${side.label}, taken with the debug: it shows what the router ran.`,
        ],
      },
    ];
  });
}

/** It came up, and replayed from both configurations it fails: one of the two is not the one that was in force. */
function unexplainedEnd(attempt: Attempt, { prediction }: CaseFile): readonly Claim[] {
  const { initiator, responder } = attempt;
  const refuted = cameUp(attempt)
    ? prediction?.refuted.find((each) => isDirectionOf(each, attempt))
    : undefined;
  if (refuted === undefined) return [];
  const ends = `${initiator.label} and ${responder.label}`;
  const title = `The configurations of ${ends} do not explain that the tunnel came up`;
  const changed = sides(attempt)
    .map((side) => changeOf(side))
    .filter((text) => text !== null);
  const reason =
    changed.length > 0
      ? changed.join(' ')
      : 'Both cannot be true: one of the routers ran another configuration, or it does not follow the rules that are known of it.';
  const explanation = `The tunnel from ${initiator.label} to ${responder.label} came up, and by the configurations given it fails at ${refuted.failingStep ?? 'some step'}: ${refuted.why}. ${reason} What was seen is taken as such, and nothing that was replayed on these configurations counts, the other direction included.`;
  return [
    {
      attempt,
      key: `${ends} ${refuted.why}`,
      title,
      explanation,
      summary: `${title}. ${explanation}`,
      evidence: sides(attempt).flatMap((side) => citedLines(side, true)),
      remedies: [],
      settle: [
        `"show running-config" of ${ends}, taken with the debug: it shows what the routers ran.`,
      ],
    },
  ];
}

const isDirectionOf = (
  { initiator, responder, tunnel }: Direction,
  { initiator: own, responder: far }: Attempt,
): boolean =>
  initiator === own.router &&
  responder === far.router &&
  (own.selection?.tunnel == null || tunnel === own.selection.tunnel);

/** The log may show itself why the configuration is another one. */
function reasonOf(side: AttemptSide): string {
  return (
    changeOf(side) ??
    'Both cannot be true: the router ran another configuration when this was seen, or it does not follow the rules that are known of it.'
  );
}

/** Null where its log shows none. */
function changeOf({ label, log, document }: AttemptSide): string | null {
  const changes = log === null || document === null ? [] : configuredAt(document);
  const after = changes.find((line) => line > log!.lastLine);
  const change = after ?? changes.filter((line) => line < log!.firstLine).at(-1);
  if (change === undefined) return null;
  const when = after === undefined ? 'before' : 'after';
  return `The configuration of ${label} was changed at line ${change} of its log, ${when} this attempt, and the one given seems to be that from ${when} the change.`;
}

export const configurationContradictsLog: Rule = {
  id: 'configuration-contradicts-log',
  title: 'The configuration given does not explain the log of its router',
  severity: 'warning',
  needs: ['log', 'packets'],
  means:
    'A debug names a keyring, profile or policy that the configuration of the same router does not define, or it shows a selection, or an end of the check after MM5, that this configuration gives by no reading of the documents; or a router was seen to offer, accept or refuse transforms or traffic otherwise than its configuration does; or a tunnel came up that by both configurations fails. The configuration was changed before or after, or is of another router.',
  recognised:
    'What a router logs, or is seen to do in a log of its peer or in packets, is compared with its configuration, and cannot come from it.',
  fix: 'Take the running configuration together with the debug, and judge by those two.',
  references: [REFERENCES.keyrings],
  supersedes: [],
  check: perAttempt(check),
};
