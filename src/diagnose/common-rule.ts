import type { ExchangeNotification } from '../model/exchange.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import { frameEvidence, quoted } from './evidence.ts';
import { errors, notificationName, sides } from './facts.ts';
import { claimOf, loggedVerdict } from './logged.ts';
import type { Configured } from './configured.ts';
import { withConfigurations } from './configured.ts';
import { configuredCause, predictedClaims } from './predictions.ts';
import type { Claim, Rule, Weighed } from './rule.ts';

export type Story = {
  readonly title: string;
  readonly explanation: string;
  readonly advice: string;
  readonly settle?: readonly string[];
};

/** A rule that is recognised by wordings of a log, by notifications on the wire, or by a prediction. */
export type CommonRule = Omit<Rule, 'check'> &
  Omit<Configured, 'ids'> & {
    /** The one IKE version that has this fault. */
    readonly version?: 1 | 2;
    /** A line that decides by itself. */
    readonly wording?: RegExp;
    /** Whether the wording counts in this attempt; a line can be harmless in one that came up. */
    readonly when?: (attempt: Attempt, side: AttemptSide) => boolean;
    /** Notifications that decide, when they could be read. */
    readonly notified?: (notification: ExchangeNotification, attempt: Attempt) => boolean;
    /** Other evidence from the packets; `all` are the attempts of the case. */
    readonly seen?: (attempt: Attempt, all: readonly Attempt[]) => readonly Weighed[];
    /** Of whom the packets tell, where no log decides. */
    readonly teller?: (attempt: Attempt, all: readonly Attempt[]) => AttemptSide | null;
    /**
     * Told once for an attempt; the side is the one whose log decides, else the one that the packets tell of, else the
     * responder. The cause is what the configurations show of it, which is added to the story.
     */
    readonly tell: (attempt: Attempt, side: AttemptSide, cause: string | null) => Story;
    /** Ids of predicted failures whose replayed repairs also cure this; without them its own. */
    readonly repairs?: readonly string[];
    /** The selection layer may find it in a configuration alone. */
    readonly predicted?: boolean;
  };

/** An attempt that did not come up; most wordings mean nothing in one that did. */
export const failed = (attempt: Attempt): boolean =>
  attempt.phase1 === 'failed' ||
  attempt.phase2 === 'failed' ||
  sides(attempt).some((side) => side.log !== null && side.log.outcome === 'failed') ||
  (attempt.phase1 !== 'complete' && attempt.phase2 !== 'complete');

function gather(
  rule: CommonRule,
  attempt: Attempt,
  all: readonly Attempt[],
): { readonly side: AttemptSide; readonly evidence: readonly Weighed[] } | null {
  if (rule.version !== undefined && rule.version !== attempt.version) return null;
  const logged = loggedVerdict(attempt, rule.id);
  const evidence: Weighed[] = [...(logged?.evidence ?? [])];
  let side = logged?.side ?? null;
  const { wording, notified } = rule;
  if (wording !== undefined) {
    for (const candidate of sides(attempt)) {
      if (!(rule.when ?? failed)(attempt, candidate)) continue;
      const lines = quoted(candidate, wording, true);
      if (lines.length > 0) side ??= candidate;
      evidence.push(...lines);
    }
  }
  if (notified !== undefined) {
    for (const notification of errors(attempt)
      .filter((entry) => notified(entry, attempt))
      .slice(0, 3)) {
      const text = `${notificationName(attempt, notification)}${notification.isProtected ? '' : ' in clear'}`;
      evidence.push(
        ...frameEvidence(attempt, notification.frame, text, { basis: 'proven', decisive: true }),
      );
    }
  }
  evidence.push(...(rule.seen?.(attempt, all) ?? []));
  side ??= rule.teller?.(attempt, all) ?? attempt.responder;
  return evidence.length === 0 ? null : { side, evidence };
}

export function commonRule(spec: CommonRule): Rule {
  const {
    id,
    title,
    severity,
    needs,
    means,
    recognised,
    fix,
    references,
    supersedes,
    tell,
    predicted,
  } = spec;
  return {
    id,
    title,
    severity,
    needs,
    means,
    recognised,
    fix,
    references,
    supersedes,
    check: (file) => {
      const claims: Claim[] = file.incident.attempts.flatMap((attempt) => {
        const found = gather(spec, attempt, file.incident.attempts);
        if (found === null) return [];
        const configured: Configured = {
          ids: spec.repairs ?? [id],
          ...(spec.against === undefined ? {} : { against: spec.against }),
          ...(spec.alone === undefined ? {} : { alone: spec.alone }),
        };
        const cause = configuredCause(file.prediction, attempt, configured.ids);
        const told = tell(attempt, found.side, cause);
        const claim = claimOf(attempt, { ...told, evidence: found.evidence });
        return [withConfigurations(claim, attempt, file, configured)];
      });
      return predicted === true && claims.length === 0 ? predictedClaims(file, id) : claims;
    },
  };
}

/** A rule whose finding comes from the configurations alone; the selection layer makes it. */
export const predictedRule = (spec: Omit<Rule, 'check'>): Rule => ({
  ...spec,
  check: (file) => predictedClaims(file, spec.id),
});
