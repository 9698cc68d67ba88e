import { cameUp } from '../correlate/history.ts';
import type { Attempt, AttemptSide, Incident } from '../model/incident.ts';
import type { Selection } from '../model/selection.ts';
import { MAIN_READING, OTHER_READINGS, followRule } from '../select/rules.ts';
import type { Reading } from '../select/rules.ts';
import type { SeenOutcome } from '../select/seen.ts';
import { checkLogged, contradictions, isExplained, keyringNamed } from './agreement.ts';
import { pairKey, sides } from './facts.ts';
import { keyContradictions } from './key-agreement.ts';

/** What logs and packets decide of that which the configurations leave open or promise otherwise. */

/** How the last attempt of each direction ended that came to an end. */
export function seenOutcomes({ attempts }: Incident): readonly SeenOutcome[] {
  const last = new Map<string, SeenOutcome>();
  for (const attempt of attempts) {
    const { initiator, responder, phase1, phase2 } = attempt;
    const failed = phase1 === 'failed' || phase2 === 'failed';
    if (initiator.router === null || responder.router === null) continue;
    // Whether phase 1 comes up is told also where the capture ends within quick mode.
    const passes = phase1 === 'complete' && attempt.exchange !== null;
    if (!failed && !passes && !cameUp(attempt)) continue;
    const tunnel = initiator.selection?.tunnel ?? null;
    const reached =
      phase2 === 'complete' ? 'phase 2' : phase1 === 'complete' ? 'phase 1' : 'nothing';
    last.set(`${pairKey(attempt)} ${tunnel ?? ''}`, {
      initiator: initiator.router,
      responder: responder.router,
      tunnel,
      reached,
      failed,
    });
  }
  return [...last.values()];
}

/**
 * The reading of the documents that the logs follow where they decide between two, all others as without a log; and the
 * rules about which they leave no doubt.
 */
export function readingSeen({ attempts }: Incident): {
  readonly reading: Reading;
  readonly settled: ReadonlySet<string>;
} {
  const votes = attempts.flatMap(ballotOf);
  const voted = (rule: string, follows: boolean, isNamed?: boolean): boolean =>
    votes.some(
      (vote) =>
        vote.rule === rule && vote.follows === follows && (isNamed !== true || vote.isNamed),
    );
  // That one attempt ended as the main reading has it leaves open how the next will.
  const rules = OTHER_READINGS.map(({ rule }) => rule).filter(
    (rule) =>
      voted(rule, true) !== voted(rule, false) && (voted(rule, true) || voted(rule, false, true)),
  );
  const followed = rules.filter((rule) => voted(rule, true));
  return {
    reading: followed.reduce((reading, rule) => followRule(rule, reading), MAIN_READING),
    settled: new Set(rules),
  };
}

type Vote = {
  readonly rule: string;
  readonly follows: boolean;
  /** A line names what was selected; otherwise the end alone tells. */
  readonly isNamed: boolean;
};
type Ballot = Vote & { readonly attempt: Attempt; readonly side: AttemptSide };

function ballotOf(attempt: Attempt): readonly Ballot[] {
  if (attempt.version !== 1 || attempt.mode !== 'main') return [];
  return sides(attempt)
    .filter((side) => isExplained(attempt, side))
    .flatMap((side) => votesOf(side).map((vote) => ({ ...vote, attempt, side })));
}

/** Two attempts that one router logged, of which no one reading of its configuration explains both. */
export type Change = {
  /** Explained by the main reading. */
  readonly main: Ballot;
  /** Explained by the other one only. */
  readonly other: Ballot;
};

/** Where a router selected in one way for one peer, and in another way later, under the configuration given. */
export function changesOfSelection({ attempts }: Incident): readonly Change[] {
  const votes = attempts.flatMap(ballotOf);
  const isBoth = ({ attempt, rule, follows }: Ballot): boolean =>
    votes.some(
      (each) => each.attempt === attempt && each.rule === rule && each.follows !== follows,
    );
  // Lines of one attempt that speak for both tell nothing.
  const plain = votes.filter((each) => !isBoth(each));
  return plain.flatMap((other, at) => {
    const isSame = ({ side, rule, follows }: Ballot): boolean =>
      !follows &&
      rule === other.rule &&
      side.config === other.side.config &&
      side.side === other.side.side &&
      side.selection?.peer === other.side.selection?.peer;
    // One is told, whichever attempts show it.
    const isFirst = plain.findIndex((each) => each.follows && each.rule === other.rule) === at;
    const main = plain.find(isSame);
    return isFirst && main !== undefined ? [{ main, other }] : [];
  });
}

/** For each other reading: whether the log shows what it selects, or what the main one does. */
function votesOf(own: AttemptSide): readonly Vote[] {
  const { log, selection } = own;
  if (log === null || selection === null || selection.branches.length === 0) return [];
  const shown: readonly (readonly [keyof Shown, string | null | undefined])[] = [
    ['requestedProfile', own.side === 'initiator' ? log.saRequestProfile?.name : undefined],
    ['keyring', keyringNamed(own)?.name],
    ['matchedProfile', log.peerIdentity ? log.profileMatched?.name : undefined],
  ];
  const votes = selection.branches.flatMap((branch) =>
    shown.flatMap(([what, value]): readonly Vote[] => {
      if (value === undefined || branch[what] === selection[what]) return [];
      if (value === branch[what]) return [{ rule: branch.rule, follows: true, isNamed: true }];
      return value === selection[what]
        ? [{ rule: branch.rule, follows: false, isNamed: true }]
        : [];
    }),
  );
  return votes.length > 0 ? votes : byOutcome(own, selection);
}

type Shown = Pick<Selection, 'requestedProfile' | 'keyring' | 'matchedProfile'>;

/** Where no line names what was selected, the end of the check tells, against the readings by which it ends otherwise. */
function byOutcome(own: AttemptSide, selection: Selection): readonly Vote[] {
  const check = checkLogged(own);
  if (check === null || own.log?.profileMatched?.name == null) return [];
  const wanted = check.passed ? 'passes' : 'fails';
  const refuted = wanted === 'passes' ? 'fails' : 'passes';
  if (selection.verification === wanted) {
    return selection.branches
      .filter(({ verification }) => verification === refuted)
      .map(({ rule }) => ({ rule, follows: false, isNamed: false }));
  }
  const fitting = selection.branches.filter(({ verification }) => verification === wanted);
  return fitting.length === 1 ? [{ rule: fitting[0]!.rule, follows: true, isNamed: false }] : [];
}

/**
 * Routers whose configuration does not explain what they logged, and never what failed: what is replayed on it proves
 * nothing of the router.
 */
export function doubtedRouters(incident: Incident): ReadonlySet<string> {
  const doubted = new Set<string>();
  const borneOut = new Set<string>();
  for (const attempt of incident.attempts) {
    const against = contradictions(attempt).map(({ side }) => side);
    const stale = keyContradictions(attempt, incident).map(({ side }) => side);
    for (const side of sides(attempt)) {
      if (side.router === null) continue;
      if (stale.includes(side) || against.includes(side)) doubted.add(side.router);
      else if (side.log?.outcome === 'failed' && side.log.keyringSelections.length > 0)
        borneOut.add(side.router);
    }
  }
  return new Set([...doubted].filter((router) => !borneOut.has(router)));
}
