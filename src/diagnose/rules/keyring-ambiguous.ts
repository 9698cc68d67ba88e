import { isExplained, keyringNamed } from '../agreement.ts';
import { predictedClaims } from '../predictions.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';
import { REFERENCES } from '../references.ts';

const ID = 'keyring-ambiguous';

/** The selection layer finds it; here it is told beside what was seen. */
export const keyringAmbiguous: Rule = {
  id: ID,
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
  check: (file) =>
    predictedClaims(file, ID).map((claim): Claim => {
      const told = [...cannot(file, claim), ...taken(file, claim)];
      return {
        ...claim,
        explanation: [claim.explanation, ...told].join(' '),
        summary: [claim.summary, ...told].join(' '),
        leads: decidesTheValue(file, claim),
      };
    }),
};

/** The directions of this router that fail, and whose story names one of these keyrings. */
function cannot({ prediction, incident }: CaseFile, claim: Claim): readonly string[] {
  const inputs = new Set(claim.evidence.map(({ input }) => input));
  const router = incident.routers.find((each) => each.inputs.some((input) => inputs.has(input)));
  const lines = new Set(claim.evidence.map(({ line }) => line));
  const rings = incident.evidence.configs
    .filter(({ input }) => inputs.has(input))
    .flatMap(({ keyrings }) => keyrings)
    .filter(({ entries }) => entries.some(({ line }) => lines.has(line)))
    .map(({ name }) => name);
  const failing = (prediction?.directions ?? []).filter(
    ({ outcome, initiator, responder, why }) =>
      outcome === 'fails' &&
      [initiator, responder].includes(router?.name ?? null) &&
      why.split(/[\s,;().]+/).some((word) => rings.includes(word)),
  );
  const said = failing.map(
    ({ initiator, responder, why }) =>
      `${initiator ?? 'One side'} cannot initiate towards ${responder ?? 'the other'}: ${why}.`,
  );
  return [...new Set(said)];
}

/** What a responder logged to have taken from these keyrings, where that is not the first of them. */
function taken(file: CaseFile, claim: Claim): readonly string[] {
  const said = file.incident.attempts.flatMap((attempt) => {
    const { responder } = attempt;
    const { config, selection, label } = responder;
    const named = keyringNamed(responder);
    if (config === null || selection === null || named === null) return [];
    const ring = config.keyrings.find(({ name }) => name === named.name);
    const isOne = claim.evidence.some(
      ({ input, line }) =>
        input === config.input && ring?.entries.some((entry) => entry.line === line) === true,
    );
    return isOne && selection.keyring !== named.name && isExplained(attempt, responder)
      ? [
          `The debug of ${label} shows that it took the key for ${selection.peer} from ${named.name} (line ${named.line}): this router does not follow the order of definition.`,
        ]
      : [];
  });
  return [...new Set(said)];
}

/** With different values in the keyrings even the key hangs on their order; with equal ones only the check after MM5. */
function decidesTheValue(file: CaseFile, claim: Claim): boolean {
  const secrets = claim.evidence.flatMap((item) =>
    file.incident.evidence.configs
      .filter((config) => config.input === item.input)
      .flatMap((config) => config.keyrings.flatMap((keyring) => keyring.entries))
      .filter((entry) => entry.line === item.line)
      .flatMap((entry) => (entry.secretType === 0 ? entry.secret : [])),
  );
  return new Set(secrets).size > 1;
}
