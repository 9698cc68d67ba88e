import type { Finding } from '../../model/finding.ts';
import type {
  Branch,
  Direction,
  LostCandidate,
  Prediction,
  RouterOutline,
  Selection,
} from '../../model/selection.ts';
import { stringify } from '../json.ts';

/** `ike-autopsy/prediction@1` */
export type PredictionDocument = {
  readonly schema: 'ike-autopsy/prediction@1';
  readonly routers: readonly RouterOutline[];
  readonly selections: readonly SelectionRecord[];
  readonly directions: readonly Direction[];
  readonly findings: readonly Finding[];
};

export type SelectionRecord = Pick<
  Selection,
  | 'router'
  | 'role'
  | 'peer'
  | 'fvrf'
  | 'requestedProfile'
  | 'keyring'
  | 'entry'
  | 'matchedProfile'
  | 'verification'
  | 'rules'
> & {
  readonly tunnel?: string;
  readonly candidates: readonly LostCandidate[];
  /** Other readings of the documents, where they contradict themselves and select something else. */
  readonly branches?: readonly Branch[];
};

export function predictionDocument(prediction: Prediction): PredictionDocument {
  return {
    schema: 'ike-autopsy/prediction@1',
    routers: prediction.routers,
    selections: prediction.selections.map(selectionRecord),
    directions: prediction.directions,
    findings: prediction.findings,
  };
}

export function renderPredictionJson(prediction: Prediction): string {
  return stringify(predictionDocument(prediction));
}

function selectionRecord(selection: Selection): SelectionRecord {
  const { router, role, peer, tunnel, fvrf, requestedProfile, keyring, entry } = selection;
  return {
    router,
    role,
    peer,
    ...(tunnel === null ? {} : { tunnel }),
    fvrf,
    requestedProfile,
    keyring,
    entry,
    matchedProfile: selection.matchedProfile,
    verification: selection.verification,
    rules: selection.rules,
    candidates: selection.candidates,
    ...(selection.branches.length === 0 ? {} : { branches: selection.branches }),
  };
}
