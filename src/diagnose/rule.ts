import type { Confidence, Evidence, Remedy, Severity } from '../model/finding.ts';
import type { Attempt, Incident } from '../model/incident.ts';
import type { Prediction } from '../model/selection.ts';

export type Need = 'packets' | 'log' | 'config' | 'keys';

/** A piece of evidence with what kind of knowledge it is. */
export type Weighed = Evidence & {
  readonly basis: Confidence;
  /** The claim rests on it; what merely fits does not raise the confidence. */
  readonly decisive: boolean;
};

/** What a rule concludes of one attempt, or of the evidence as a whole. */
export type Claim = {
  /** Null for claims about routers or files rather than one attempt. */
  readonly attempt: Attempt | null;
  /** Claims with the same rule and the same key are one finding. */
  readonly key: string;
  readonly title: string;
  readonly explanation: string;
  /** One paragraph that an engineer can act on. */
  readonly summary: string;
  readonly evidence: readonly Weighed[];
  readonly remedies: readonly Remedy[];
  readonly settle: readonly string[];
  /** Of this claim, where it weighs more than others of its rule. */
  readonly severity?: Severity;
  /** A warning that is to be told before a success, or a note that may (or, when false, may not) be the verdict. */
  readonly leads?: boolean;
};

/** Everything a rule may look at. */
export type CaseFile = {
  readonly incident: Incident;
  /** What the configurations promise, replayed in both directions; null without one. */
  readonly prediction: Prediction | null;
};

/** A fault that can be seen. */
export type Rule = {
  /** Names the fault, not the cure. Permanent. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Any one of these suffices to look; with none of them the rule is not evaluated. */
  readonly needs: readonly Need[];
  /** What it means. */
  readonly means: string;
  /** How it is recognised. */
  readonly recognised: string;
  /** How it is fixed, in general. */
  readonly fix: string;
  readonly references: readonly string[];
  /** Ids that it explains away in the same attempt: they are not told any more. */
  readonly supersedes: readonly string[];
  /** Ids that stay beneath it: other possibilities, or other words for the same. */
  readonly outranks?: readonly string[];
  /** A note that can be the verdict of an attempt. */
  readonly isOutcome?: true;
  /** As the verdict of an attempt that is known to have failed it is a failure, not a note. */
  readonly tellsFailure?: true;
  readonly check: (file: CaseFile) => readonly Claim[];
};

/** A claim with the rule that made it. */
export type Judged = { readonly rule: Rule; readonly claim: Claim };

/** A rule that looks at each attempt on its own. */
export function perAttempt(
  check: (attempt: Attempt, file: CaseFile) => Claim | readonly Claim[] | null,
): Rule['check'] {
  return (file) =>
    file.incident.attempts.flatMap((attempt) => {
      const claim = check(attempt, file);
      return claim === null ? [] : claim;
    });
}
