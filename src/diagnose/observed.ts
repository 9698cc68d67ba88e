import { cameUp } from '../correlate/history.ts';
import type { AttemptSide, Incident } from '../model/incident.ts';
import type { Selection } from '../model/selection.ts';
import { MAIN_READING, OTHER_READINGS, followRule } from '../select/rules.ts';
import type { Reading } from '../select/rules.ts';
import type { SeenOutcome } from '../select/seen.ts';
import { checkLogged, contradictions, isExplained, keyringNamed } from './agreement.ts';
import { pairKey, sides } from './facts.ts';

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
  const votes = attempts
    .filter(({ version, mode }) => version === 1 && mode === 'main')
    .flatMap((attempt) => sides(attempt).filter((side) => isExplained(attempt, side)))
    .flatMap(votesOf);
  const voted = (rule: string, follows: boolean): boolean =>
    votes.some((vote) => vote.rule === rule && vote.follows === follows);
  const rules = OTHER_READINGS.map(({ rule }) => rule).filter(
    (rule) => voted(rule, true) !== voted(rule, false),
  );
  const followed = rules.filter((rule) => voted(rule, true));
  return {
    reading: followed.reduce((reading, rule) => followRule(rule, reading), MAIN_READING),
    settled: new Set(rules),
  };
}

type Vote = { readonly rule: string; readonly follows: boolean };

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
      if (value === branch[what]) return [{ rule: branch.rule, follows: true }];
      return value === selection[what] ? [{ rule: branch.rule, follows: false }] : [];
    }),
  );
  return votes.length > 0 ? votes : byOutcome(own, selection);
}

type Shown = Pick<Selection, 'requestedProfile' | 'keyring' | 'matchedProfile'>;

/** Where no line names what was selected, the end of the check tells, if one reading alone explains it. */
function byOutcome(own: AttemptSide, selection: Selection): readonly Vote[] {
  const check = checkLogged(own);
  if (check === null || own.log?.profileMatched?.name == null) return [];
  const wanted = check.passed ? 'passes' : 'fails';
  if (selection.verification === wanted) return [];
  const fitting = selection.branches.filter(({ verification }) => verification === wanted);
  return fitting.length === 1 ? [{ rule: fitting[0]!.rule, follows: true }] : [];
}

/**
 * Routers whose configuration does not explain what they logged, and never what failed: what is replayed on it proves
 * nothing of the router.
 */
export function doubtedRouters({ attempts }: Incident): ReadonlySet<string> {
  const doubted = new Set<string>();
  const borneOut = new Set<string>();
  for (const attempt of attempts) {
    const against = contradictions(attempt).map(({ side }) => side);
    for (const side of sides(attempt)) {
      if (side.router === null) continue;
      if (against.includes(side)) doubted.add(side.router);
      else if (side.log?.outcome === 'failed' && side.log.keyringSelections.length > 0)
        borneOut.add(side.router);
    }
  }
  return new Set([...doubted].filter((router) => !borneOut.has(router)));
}
