import { cameUp, configuredAt, restartedAt } from '../../correlate/history.ts';
import type { Attempt, AttemptSide } from '../../model/incident.ts';
import type { LogDocument, LogNegotiation } from '../../model/log.ts';
import type { Direction, Selection } from '../../model/selection.ts';
import { checkLogged, contradictions } from '../agreement.ts';
import { citedLines, eventsOfSide, lineEvidence } from '../evidence.ts';
import { ringText, sides } from '../facts.ts';
import { keyContradictions } from '../key-agreement.ts';
import { changesOfSelection, doubtedRouters } from '../observed.ts';
import type { Change } from '../observed.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

function check(attempt: Attempt, file: CaseFile): readonly Claim[] {
  const { incident } = file;
  const all = [...contradictions(attempt), ...keyContradictions(attempt, incident)];
  if (all.length === 0) return unexplainedEnd(attempt, file);
  const doubted = doubtedRouters(incident);
  return sides(attempt).flatMap((side): readonly Claim[] => {
    const own = all.filter((each) => each.side === side);
    if (own.length === 0) return [];
    const evidence = own.flatMap((each) => each.evidence);
    const isLogged = evidence.some(({ input }) => input === side.log?.input);
    // One that explains another attempt, which failed, is good enough to mend that.
    const consequence =
      side.router === null || doubted.has(side.router)
        ? ', and no repair that was replayed on this configuration counts as verified'
        : '';
    const title = `The configuration of ${side.label} does not explain ${isLogged ? 'its log' : 'what it did'}`;
    const seen = isLogged ? 'The log is taken as what happened' : 'What was seen is taken as such';
    const explanation = `${own.map(({ text }) => `${text}.`).join(' ')} ${reasonOf(side)} ${seen}${consequence}.`;
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

/** What one configuration gives by one reading in one attempt, and by another in the next, is not the order of its lines. */
function changed({ main, other }: Change): Claim | null {
  const { label, log, selection, document } = other.side;
  const branch = selection?.branches.find(({ rule }) => rule === other.rule);
  if (log === null || document === null || selection === null || branch === undefined) return null;
  const [later, earlier] = main.side.log!.firstLine > log.firstLine ? [main, other] : [other, main];
  const lines = [restartedAt, configuredAt].map((find) =>
    find(document).filter(
      (line) => line > earlier.side.log!.lastLine && line < later.side.log!.firstLine,
    ),
  );
  const [restart, change] = lines.map((each) => each.at(-1));
  const between =
    restart !== undefined
      ? ` Between them, at line ${restart} of its log, ${label} restarted.`
      : change !== undefined
        ? ` Between them, at line ${change} of its log, its configuration was changed.`
        : '';
  const title = `${label} did not select the same in two attempts under one configuration`;
  const explanation =
    `The attempt at line ${log.firstLine} of the log of ${label} ends as its configuration gives it only with ${choiceOf(branch, selection)}, the one at line ${main.side.log!.firstLine} only with ${choiceOf(selection, branch)}.${between} ` +
    'Either the configuration given was not there for both, or what it leaves open is not decided by the order of its lines: do not rest on an attempt that came up.';
  return {
    attempt: other.attempt,
    key: `changed ${label} ${other.rule}`,
    title,
    explanation,
    summary: `${title}. ${explanation}`,
    evidence: [other, main].flatMap(({ side }) =>
      eventsOfSide(side)
        .filter(({ line }) => line === checkLogged(side)?.line)
        .map((event) => lineEvidence(side, event, true)),
    ),
    remedies: [],
    settle: [
      `"show running-config" of ${label}, taken with each debug: it shows whether the two attempts ran under one configuration.`,
    ],
  };
}

type Outcome = Pick<Selection, 'keyring' | 'matchedProfile'>;

/** That in which one reading differs from the other. */
function choiceOf(one: Outcome, other: Outcome): string {
  return one.keyring === other.keyring
    ? `profile ${one.matchedProfile ?? 'none'}`
    : `the key of ${ringText(one.keyring ?? 'no keyring')}`;
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
  const turn = log === null || document === null ? null : turnOf(log, document);
  if (turn === null) return null;
  const { when, line, isRestart } = turn;
  return isRestart
    ? `${label} restarted at line ${line} of its log, ${when} this attempt, by which it loses what was not saved: the configuration given seems to be that from ${when} the restart.`
    : `The configuration of ${label} was changed at line ${line} of its log, ${when} this attempt, and the one given seems to be that from ${when} the change.`;
}

/** Where the log shows that the configuration became another one: the next such line after the attempt, else the last before. */
function turnOf(
  log: LogNegotiation,
  document: LogDocument,
): {
  readonly when: 'after' | 'before';
  readonly line: number;
  readonly isRestart: boolean;
} | null {
  const restarts = restartedAt(document);
  const lines = [...configuredAt(document), ...restarts].sort((a, b) => a - b);
  const after = lines.find((line) => line > log.lastLine);
  const line = after ?? lines.filter((each) => each < log.firstLine).at(-1);
  if (line === undefined) return null;
  const when = after === undefined ? 'before' : 'after';
  return { when, line, isRestart: restarts.includes(line) };
}

export const configurationContradictsLog: Rule = {
  id: 'configuration-contradicts-log',
  title: 'The configuration given does not explain the log of its router',
  severity: 'warning',
  needs: ['log', 'packets'],
  means:
    'A debug names a keyring, profile or policy that the configuration of the same router does not define, or it shows a selection, or an end of the check after MM5, that this configuration gives by no reading of the documents; or the key that is proven to have been used is not the one in the keyring that the log names; or a router calls an address that no tunnel of its configuration names as its peer; or a router was seen to offer, accept or refuse transforms or traffic otherwise than its configuration does; or a tunnel came up that by both configurations fails; or of two attempts one ends as it has it by one reading, and the other by another. The configuration was changed before or after, or is of another router.',
  recognised:
    'What a router logs, or is seen to do in a log of its peer or in packets, is compared with its configuration, and cannot come from it; or two attempts cannot both.',
  fix: 'Take the running configuration together with the debug, and judge by those two.',
  references: [REFERENCES.keyrings],
  supersedes: [],
  check: (file) => [
    ...perAttempt(check)(file),
    ...changesOfSelection(file.incident).flatMap((each) => changed(each) ?? []),
  ],
};
