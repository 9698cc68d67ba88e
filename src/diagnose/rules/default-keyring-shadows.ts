import type { Attempt } from '../../model/incident.ts';
import { shadowedKeys } from '../../select/shadow.ts';
import { configEvidence } from '../evidence.ts';
import { listed, pairKey } from '../facts.ts';
import { keyringUsed, keyUsed, ringsHolding } from '../keys-used.ts';
import { readMm5 } from '../mm5.ts';
import { otherDirection, predictedClaims, repairText, repairsFor } from '../predictions.ts';
import { REFERENCES } from '../references.ts';
import { demanded } from '../responder-keyring.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

/** The keyring of the global `crypto isakmp key` lines. */
const DEFAULT = 'default';

/** The responder took a global key although a keyring of its own holds the one that fits. */
function check(attempt: Attempt, file: CaseFile): Claim | null {
  const reading = readMm5(attempt, file.incident);
  if (reading === null || (reading.cause !== 'different-keys' && reading.cause !== 'wrong-keyring'))
    return null;
  const { initiator, responder } = attempt;
  const { config, selection } = responder;
  if (keyringUsed(responder) !== DEFAULT || config === null || selection === null) return null;
  const key = keyUsed(attempt, file.incident, 'initiator');
  const losing = shadowedKeys(config, selection.entryLine, selection.candidates).map(
    ({ ring }) => ring.name,
  );
  const holders = key === null ? [] : ringsHolding(responder, key.secret);
  const { rings } = demanded(attempt);
  // What loses must be what was needed: the key of the peer, in a keyring that its profile allows.
  const shadowed = [...new Set(losing)].filter(
    (ring) =>
      (key === null || holders.includes(ring)) &&
      (reading.cause === 'different-keys' || rings.length === 0 || rings.includes(ring)),
  );
  if (shadowed.length === 0) return null;
  const repairs = repairsFor(file.prediction, attempt, [
    'psk-mismatch',
    'default-keyring-shadows',
    'keyring-mismatch-after-mm5',
  ]);
  const advice =
    repairs[0] !== undefined
      ? repairText(repairs[0], attempt)
      : `On ${responder.label} move the global key into a keyring of its own, with the addresses that it is meant for, or remove it.`;
  const story = `${responder.label} searches the global keys (keyring "default") before every named keyring, whatever their masks. The global entry ${selection.entry ?? ''} also covers ${selection.peer}, so it won at MM3, although ${listed(shadowed)} ${key !== null ? 'holds the key that the initiator used' : 'has an entry for this peer'}.`;
  const failing =
    reading.cause === 'different-keys'
      ? 'The global key is another value, so MM5 could not be decrypted.'
      : 'The profile that MM5 selected does not allow the global keys, so the exchange was dropped.';
  const line = selection.entryLine;
  return {
    attempt,
    key: pairKey(attempt),
    title: `A global key of ${responder.label} shadows ${listed(shadowed)}`,
    explanation: `${story} ${failing}`,
    summary: [
      `${initiator.label} cannot bring the tunnel up towards ${responder.label}.`,
      story,
      failing,
      otherDirection(file.prediction, attempt),
      advice,
    ]
      .filter((part) => part !== '')
      .join(' '),
    evidence: [
      ...(line === null
        ? []
        : [
            configEvidence(
              config,
              line,
              `the global key ${selection.entry ?? ''} wins at MM3`,
              true,
            ),
          ]),
      ...selection.candidates
        .filter((lost) => shadowed.includes(lost.keyring))
        .map((lost) =>
          configEvidence(
            config,
            lost.line,
            `${lost.keyring} ${lost.entry} loses: ${lost.lost}`,
            true,
          ),
        ),
      ...reading.evidence,
    ],
    remedies: repairs.length > 0 ? repairs : [{ text: advice, verified: false }],
    settle:
      responder.log === null
        ? [
            `"debug crypto isakmp detail" of ${responder.label}: it names the keyring that is taken.`,
          ]
        : [],
    // It is why the tunnel is down.
    severity: 'failure',
  };
}

export const defaultKeyringShadows: Rule = {
  id: 'default-keyring-shadows',
  title: 'A global key shadows the keyrings',
  severity: 'warning',
  needs: ['config'],
  means:
    'Keys of "crypto isakmp key" form the keyring "default", which is searched before every named keyring. A wide global entry then wins over a specific entry in a keyring.',
  recognised:
    'A global key covers an address that a named keyring serves at least as closely; in an attempt, the responder took it and that keyring holds the key that fits.',
  fix: 'Do not mix global keys and keyrings: move the global key into a keyring, or remove it.',
  references: [REFERENCES.keyrings],
  supersedes: [],
  outranks: ['psk-mismatch', 'keyring-mismatch-after-mm5'],
  check: (file) => {
    const seen = perAttempt(check)(file);
    return seen.length > 0 ? seen : predictedClaims(file, 'default-keyring-shadows');
  },
};
