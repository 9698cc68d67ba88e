import type { Direction } from '../model/selection.ts';
import type { WalkedLink } from './directions.ts';
import { seenAttempt } from './pairs.ts';
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

/** What the evidence leaves of that which the configurations promise. */
export type Confronted = {
  /** Directions as the configurations promise them, each that was seen to end otherwise as it was seen. */
  readonly walked: readonly WalkedLink[];
  /** Directions that came up although the configurations let them fail by every reading: others were in force. */
  readonly refuted: readonly Direction[];
};

export function asSeen(walked: readonly WalkedLink[], seen: readonly SeenOutcome[]): Confronted {
  if (seen.length === 0) return { walked, refuted: [] };
  const outcomes = new Map(
    walked.flatMap((each) => {
      const outcome = seen.find((entry) => isOf(entry, each, walked));
      return outcome === undefined ? [] : [[each, outcome] as const];
    }),
  );
  const refuted = [...outcomes].flatMap(([each, outcome]) =>
    cameUpAgainst(each, outcome) ? [each] : [],
  );
  return {
    walked: walked.map((each) => {
      const outcome = outcomes.get(each);
      if (outcome !== undefined) return confronted(each, outcome);
      const there = refuted.find((other) => isWayBack(each, other));
      return there === undefined || each.walk === null
        ? each
        : ending(each, each.walk, 'unknown', whyOpen(there));
    }),
    refuted: refuted.map(({ direction }) => direction),
  };
}

const whyOpen = ({ direction }: WalkedLink): string =>
  `by the configurations ${direction.initiator ?? 'the other router'} cannot bring the tunnel up, and an attempt in the evidence did: others were in force, of which nothing tells`;

/** Where the documents can be read in two ways the attempt only tells which one holds. */
function cameUpAgainst({ walk, contested }: WalkedLink, outcome: SeenOutcome): boolean {
  return walk?.outcome === 'fails' && passed(walk, outcome) && contested.length === 0;
}

/** Between the same addresses, where the two have several tunnels. */
function isWayBack(each: WalkedLink, other: WalkedLink): boolean {
  if (each.link.from !== other.link.to || each.link.to !== other.link.from) return false;
  const [own, far] = [seenAttempt(each.link), seenAttempt(other.link)];
  return (
    own === null ||
    far === null ||
    (own.initiatorAddress === far.responderSeen && own.responderSeen === far.initiatorAddress)
  );
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

const passed = ({ failingStep }: Walk, { reached }: SeenOutcome): boolean =>
  reached === 'phase 2' || (reached === 'phase 1' && IN_PHASE1.test(failingStep ?? ''));

function confronted(each: WalkedLink, outcome: SeenOutcome): WalkedLink {
  const { walk } = each;
  if (walk === null) return each;
  if (walk.outcome !== 'up' && passed(walk, outcome)) {
    return ending(each, walk, 'up', 'an attempt in the evidence came up');
  }
  if (walk.outcome === 'up' && outcome.failed) {
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
