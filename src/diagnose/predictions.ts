import type { Finding, Remedy } from '../model/finding.ts';
import type { Attempt, Incident } from '../model/incident.ts';
import type { Prediction } from '../model/selection.ts';

/** What the configurations promise, replayed. */
export function predictIncident(incident: Incident): Prediction | null {
  if (incident.evidence.configs.length === 0) return null;
  return null;
}

/** Repairs of one router, or of any, as remedies; those that were replayed first. */
export function repairsFor(
  prediction: Prediction | null,
  router: string | null,
): readonly Remedy[] {
  if (prediction === null) return [];
  return prediction.repairs
    .filter((repair) => router === null || repair.router === null || repair.router === router)
    .map((repair) => ({
      text: [repair.text, ...repair.sideEffects].join(' '),
      ...(repair.router === null ? {} : { router: repair.router }),
      config: repair.commands.join('\n'),
      verified: repair.verified,
    }))
    .sort((a, b) => Number(b.verified) - Number(a.verified));
}

/** What the configurations promise for the same two routers with their roles exchanged, as a sentence; empty when unknown. */
export function otherDirection(prediction: Prediction | null, attempt: Attempt): string {
  const { initiator, responder } = attempt;
  const direction = prediction?.directions.find(
    (entry) =>
      entry.initiator === responder.router &&
      entry.responder === initiator.router &&
      entry.initiator !== null,
  );
  if (direction === undefined) return '';
  if (direction.outcome === 'up') {
    return `The other way round, with ${responder.label} as initiator, the tunnel comes up: ${direction.why}`;
  }
  if (direction.outcome === 'fails') {
    return `The other direction fails as well, with ${responder.label} as initiator: ${direction.why}`;
  }
  return '';
}

/** Adds what only the configurations tell. A prediction that an attempt has confirmed or refuted is not said twice. */
export function foldPredictions(
  findings: readonly Finding[],
  prediction: Prediction | null,
  hasAttempts: boolean,
): readonly Finding[] {
  if (prediction === null) return findings;
  const known = new Set(findings.map((finding) => finding.id));
  const added = prediction.findings.filter(
    (finding) => !known.has(finding.id) && !(hasAttempts && finding.severity === 'failure'),
  );
  return [...findings, ...added];
}
