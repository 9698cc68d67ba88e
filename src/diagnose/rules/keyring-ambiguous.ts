import type { Claim, Rule } from '../rule.ts';
import { repairsFor } from '../predictions.ts';
import { REFERENCES } from '../references.ts';

const DUPLICATE = 'keyring-ambiguous';

/** The selection layer finds it; here it is told beside what was seen. */
export const keyringAmbiguous: Rule = {
  id: DUPLICATE,
  title: 'One peer address in several keyrings',
  severity: 'warning',
  needs: ['config'],
  means:
    'Two keyrings hold a key of equal mask for the same peer. As responder the router cannot know which one is meant until MM5; it takes the one defined first. A profile that allows only the other then refuses the exchange, so that the tunnel comes up from one side only.',
  recognised:
    'Two keyrings that serve the same VRF and local address have entries of equal mask for one address.',
  fix: 'Use one keyring with many entries, or give the keyrings disjoint addresses.',
  references: [REFERENCES.keyrings],
  supersedes: [],
  check: (file) => {
    const found = file.prediction?.findings.filter((finding) => finding.id === DUPLICATE) ?? [];
    return found.map((finding): Claim => {
      const failing =
        file.prediction?.directions.filter((entry) => entry.outcome === 'fails') ?? [];
      const cannot = failing.map(
        (entry) =>
          `${entry.initiator ?? 'one side'} cannot initiate towards ${entry.responder ?? 'the other'}: ${entry.why}`,
      );
      return {
        attempt: null,
        key: finding.title,
        title: finding.title,
        explanation: [finding.explanation, ...cannot].join(' '),
        summary: [`Warning: ${finding.explanation}`, ...cannot].join(' '),
        evidence: finding.evidence.map((item) => ({ ...item, basis: 'predicted', decisive: true })),
        remedies:
          finding.remedies.length > 0 ? finding.remedies : repairsFor(file.prediction, null),
        settle: finding.settle,
      };
    });
  },
};
