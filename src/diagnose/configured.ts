import type { Attempt } from '../model/incident.ts';
import type { Against } from './agreement-policies.ts';
import { listed, sides } from './facts.ts';
import {
  addsTo,
  configuredCause,
  otherDirection,
  placesOfCause,
  repairText,
  repairsOf,
} from './predictions.ts';
import type { CaseFile, Claim, Weighed } from './rule.ts';

/** What configurations tell of one kind of failure. */
export type Configured = {
  /** Ids of predicted failures that are this one, and whose replayed repairs cure it. */
  readonly ids: readonly string[];
  /** Where they cannot have been in force. */
  readonly against?: (attempt: Attempt) => readonly Against[];
  /** What the configuration of one end tells without the other. */
  readonly alone?: (
    attempt: Attempt,
  ) => { readonly text: string; readonly evidence: readonly Weighed[] } | null;
};

/** A claim with what the configurations add: why it had to end so, or that they do not explain it, and their repairs. */
export function withConfigurations(
  claim: Claim,
  attempt: Attempt,
  { prediction }: CaseFile,
  { ids, against, alone }: Configured,
): Claim {
  const refuted = against?.(attempt) ?? [];
  const told = refuted.length > 0 ? unexplained(claim, refuted) : explained();
  const repairs = repairsOf(prediction, attempt, ids);
  if (repairs.length === 0) return told;
  const parts = [
    told.explanation,
    otherDirection(prediction, attempt),
    repairText(repairs[0]!, attempt),
  ];
  return {
    ...told,
    remedies: repairs,
    summary: parts.filter((part) => part !== '').join(' '),
  };

  function explained(): Claim {
    const cause = configuredCause(prediction, attempt, ids);
    if (cause === null) {
      const own = alone?.(attempt) ?? null;
      return own === null ? claim : adding(claim, own.text, own.evidence);
    }
    const configs = sides(attempt).map(({ config }) => config);
    const places = placesOfCause(prediction, attempt, ids);
    return addsTo(claim.explanation, cause, configs)
      ? adding(claim, `By the configurations ${cause}`, places)
      : { ...claim, evidence: [...claim.evidence, ...places] };
  }
}

function adding(claim: Claim, text: string, evidence: readonly Weighed[]): Claim {
  const explanation = `${claim.explanation} ${text}`;
  return {
    ...claim,
    explanation,
    summary: claim.summary.replace(claim.explanation, () => explanation),
    evidence: [...claim.evidence, ...evidence],
  };
}

function unexplained(claim: Claim, refuted: readonly Against[]): Claim {
  const labels = listed([...new Set(refuted.map(({ side }) => side.label))]);
  const advice = `Take "show running-config" of ${labels} together with the debug: the configuration given does not explain what was seen.`;
  const explanation = `${claim.explanation} ${refuted.map(({ text }) => `${text}.`).join(' ')}`;
  return {
    ...claim,
    explanation,
    summary: `${explanation} ${advice}`,
    evidence: [...claim.evidence, ...refuted.flatMap(({ evidence }) => evidence)],
    remedies: [{ text: advice, verified: false }],
  };
}
