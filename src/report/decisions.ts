import type { EvidencePlace } from '../model/evidence.ts';
import { decisionSteps } from '../model/report.ts';
import type { Decision } from '../model/report.ts';
import type { Attempt } from './attempts.ts';
import { DECISION_WHAT, stepLabel } from './labels.ts';

/** One row of the decision table; the values and their places are those of `decision`. */
export type DecisionRow = {
  readonly step: string;
  /** Null when nothing names the router on that side. */
  readonly router: string | null;
  readonly what: string;
  readonly decision: Decision;
};

/** Where the configuration gives what was expected. */
export const basisPlace = ({ input, basis }: NonNullable<Decision['expected']>): EvidencePlace => ({
  input,
  line: basis,
});

/** Decisions of an attempt in the order of its messages, those of paired negotiations told once. */
export function decisionRows(attempt: Attempt): readonly DecisionRow[] {
  const rows = new Map<string, DecisionRow>();
  for (const { decisions } of attempt.negotiations) {
    for (const decision of decisions) {
      rows.set(JSON.stringify(decision), {
        step: stepLabel(decision.step),
        router: attempt[decision.side]?.router ?? null,
        what: DECISION_WHAT[decision.what],
        decision,
      });
    }
  }
  return [...rows.values()].sort(
    (a, b) => decisionSteps.indexOf(a.decision.step) - decisionSteps.indexOf(b.decision.step),
  );
}
