import type { Prediction } from '../../model/selection.ts';
import { toCsv } from '../csv.ts';

export type PredictionCsv = {
  readonly selections: string;
  readonly directions: string;
  readonly findings: string;
};

/** One row a selection, a direction, a finding. */
export function renderPredictionCsv(
  prediction: Prediction,
  path: (input: string) => string = (input) => input,
): PredictionCsv {
  return {
    selections: toCsv(
      [
        ['router', (s) => s.router],
        ['role', (s) => s.role],
        ['peer', (s) => s.peer],
        ['tunnel', (s) => s.tunnel],
        ['fvrf', (s) => s.fvrf],
        ['requestedProfile', (s) => s.requestedProfile],
        ['keyring', (s) => s.keyring],
        ['entry', (s) => s.entry],
        ['matchedProfile', (s) => s.matchedProfile],
        ['verification', (s) => s.verification],
        ['rules', (s) => s.rules.join(' ')],
        ['lost', (s) => s.candidates.map((c) => `${c.keyring} ${c.entry}: ${c.lost}`).join(' | ')],
        [
          'branches',
          (s) =>
            s.branches
              .map((b) => `${b.rule}: ${b.keyring ?? 'none'}, ${b.matchedProfile ?? 'none'}`)
              .join(' | '),
        ],
      ],
      prediction.selections,
    ),
    directions: toCsv(
      [
        ['initiator', (d) => d.initiator],
        ['responder', (d) => d.responder],
        ['tunnel', (d) => d.tunnel],
        ['outcome', (d) => d.outcome],
        ['failingStep', (d) => d.failingStep],
        ['finding', (d) => d.finding],
        ['why', (d) => d.why],
      ],
      prediction.directions,
    ),
    findings: toCsv(
      [
        ['id', (f) => f.id],
        ['severity', (f) => f.severity],
        ['confidence', (f) => f.confidence],
        ['title', (f) => f.title],
        ['explanation', (f) => f.explanation],
        [
          'evidence',
          (f) =>
            f.evidence.map((e) => `${path(e.input)}:${String(e.line ?? '')} ${e.text}`).join(' | '),
        ],
        ['remedy', (f) => f.remedies[0]?.text],
        ['remedyRouter', (f) => f.remedies[0]?.router],
        ['remedyConfig', (f) => f.remedies[0]?.config],
        ['remedyVerified', (f) => f.remedies[0]?.verified],
      ],
      prediction.findings,
    ),
  };
}
