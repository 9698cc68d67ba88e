import type { ConfigModel } from '../model/config.ts';
import { defaultsOf } from './policy.ts';
import type { Attempt, Walk } from './walk-steps.ts';

/** The last train with the old built-in policies, and the first with the new ones. */
const RELEASES = ['12.3', '15.0'] as const;

/**
 * A router without a policy has those of its release. Where the listing does not tell which those are, and it ends
 * otherwise by it, that is not known.
 */
export function withReleases(attempt: Attempt, walk: (attempt: Attempt) => Walk): Walk {
  const open = (['initiator', 'responder'] as const).filter((side) => isOpen(attempt[side]));
  const [side] = open;
  if (side === undefined) return walk(attempt);
  const [older, newer] = RELEASES.map((version) =>
    withReleases({ ...attempt, [side]: { ...attempt[side], version } }, walk),
  ) as [Walk, Walk];
  if (older.outcome === newer.outcome && older.finding === newer.finding) return newer;
  return {
    ...newer,
    outcome: 'unknown',
    failingStep: null,
    finding: null,
    why: `the ${side} has no ISAKMP policy of its own, and which it has by default changed within release 12.4, with 12.4(20)T: it ends otherwise by it`,
    places: [],
    phase2: null,
  };
}

function isOpen(model: ConfigModel): boolean {
  return model.policies.length === 0 && defaultsOf(model) === 'either';
}
