import type { WalkedLink } from './directions.ts';
import type { Walk } from './walk-steps.ts';

/** How the last attempt in one direction ended, as routers logged it or a capture shows it. */
export type SeenOutcome = {
  readonly initiator: string;
  readonly responder: string;
  /** The initiator's tunnel, as far as its configuration tells. */
  readonly tunnel: string | null;
  readonly reached: 'phase 2' | 'phase 1' | 'nothing';
  readonly failed: boolean;
};

/** Steps that are over when phase 1 is up. */
const IN_PHASE1 = /^(?:mm|am)\d/;

/** Directions as the configurations promise them, each that was seen to end otherwise as it was seen. */
export function asSeen(
  walked: readonly WalkedLink[],
  seen: readonly SeenOutcome[],
): readonly WalkedLink[] {
  if (seen.length === 0) return walked;
  return walked.map((each) => {
    const outcome = seen.find((entry) => isOf(entry, each, walked));
    return outcome === undefined ? each : refuted(each, outcome);
  });
}

function isOf(
  { initiator, responder, tunnel }: SeenOutcome,
  { direction }: WalkedLink,
  walked: readonly WalkedLink[],
): boolean {
  if (direction.initiator !== initiator || direction.responder !== responder) return false;
  const rivals = walked.filter(
    ({ direction: other }) => other.initiator === initiator && other.responder === responder,
  );
  return rivals.length === 1 || direction.tunnel === tunnel;
}

function refuted(each: WalkedLink, { reached, failed }: SeenOutcome): WalkedLink {
  const { walk } = each;
  if (walk === null) return each;
  const passed =
    reached === 'phase 2' || (reached === 'phase 1' && IN_PHASE1.test(walk.failingStep ?? ''));
  if (walk.outcome !== 'up' && passed) {
    return ending(each, walk, 'up', 'an attempt in the evidence came up');
  }
  if (walk.outcome === 'up' && failed) {
    const why = 'the configurations let it come up, and an attempt in the evidence did not';
    return ending(each, walk, 'unknown', why);
  }
  return each;
}

function ending(
  { link, direction }: WalkedLink,
  walk: Walk,
  outcome: 'up' | 'unknown',
  why: string,
): WalkedLink {
  const end = { outcome, failingStep: null, finding: null, why };
  return { link, walk: { ...walk, ...end }, contested: [], direction: { ...direction, ...end } };
}
