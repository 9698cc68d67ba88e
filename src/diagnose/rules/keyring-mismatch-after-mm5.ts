import type { Attempt } from '../../model/incident.ts';
import { listed, pairKey, ringText } from '../facts.ts';
import { keyringUsed } from '../keys-used.ts';
import { readMm5 } from '../mm5.ts';
import { otherDirection, repairText, repairsFor } from '../predictions.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';
import { demanded, selectionEvidence } from '../responder-keyring.ts';

function identityOf(attempt: Attempt): string {
  const seen = attempt.responder.log?.peerIdentity?.value;
  return seen ?? attempt.responder.selection?.peer ?? attempt.initiator.address ?? 'the initiator';
}

function claim(attempt: Attempt, file: CaseFile): Claim | null {
  const reading = readMm5(attempt, file.incident);
  if (reading === null || reading.cause !== 'wrong-keyring') return null;
  const { initiator, responder } = attempt;
  const used = keyringUsed(responder);
  const { profile, rings } = demanded(attempt);
  const named =
    profile === null ? 'the ISAKMP profile that its identity matches' : `ISAKMP profile ${profile}`;
  const allowed = rings.length === 0 ? 'other keyrings' : listed(rings);
  const taken = used === null ? 'a keyring that the debug does not name' : ringText(used);
  const address = responder.selection?.peer ?? initiator.address ?? 'its peer';
  const first = (responder.selection?.rules ?? []).some((rule) => rule.startsWith('keyring-first'));
  const which = first
    ? `, the first keyring of its configuration with an entry for ${address}`
    : '';
  const story =
    `At MM3 ${responder.label} (responder) knows only the address ${address} and takes the key from ${taken}${which}. ` +
    `MM5 then names ${identityOf(attempt)}, which matches ${named}, and that profile allows ${allowed}.`;
  const verdict =
    'The key value is right, or MM5 would not have decrypted; but IOS compares the keyring, not the key, and drops the exchange. Changing keys does not help.';
  const repairs = repairsFor(file.prediction, ['keyring-mismatch-after-mm5']);
  const typed = repairs[0];
  const advice =
    typed === undefined
      ? `On ${responder.label} keep every key for this peer in one keyring and name it in ${named}, or give the keyrings different addresses.`
      : repairText(typed);
  return {
    attempt,
    key: pairKey(attempt),
    title: `${responder.label} took the key from ${taken}, but ${named} allows ${allowed}`,
    explanation: `${story} ${verdict}`,
    summary: [
      `${initiator.label} cannot bring the tunnel up towards ${responder.label}: phase 1 dies at MM5.`,
      story,
      verdict,
      otherDirection(file.prediction, attempt),
      advice,
    ]
      .filter((part) => part !== '')
      .join(' '),
    evidence: [...selectionEvidence(attempt), ...reading.evidence],
    remedies:
      repairs.length > 0
        ? repairs
        : [
            {
              text: 'Use one keyring with many entries, and name it in every ISAKMP profile of this peer; or give the keyrings disjoint addresses.',
              ...(responder.router === null ? {} : { router: responder.router }),
              verified: false,
            },
          ],
    settle: settle(attempt),
  };
}

function settle(attempt: Attempt): readonly string[] {
  const { responder } = attempt;
  const wanted: string[] = [];
  if (responder.log === null) {
    wanted.push(
      `"debug crypto isakmp" of ${responder.label} while ${attempt.initiator.label} initiates: "Key not found in keyrings of profile" confirms it.`,
    );
  }
  if (responder.config === null) {
    wanted.push(
      `The crypto configuration of ${responder.label}: it names the keyring that wins at MM3 and lets a repair be replayed.`,
    );
  }
  if (attempt.initiator.config === null) {
    wanted.push(
      `The crypto configuration of ${attempt.initiator.label}: it shows whether the other direction comes up.`,
    );
  }
  return wanted;
}

export const keyringMismatchAfterMm5: Rule = {
  id: 'keyring-mismatch-after-mm5',
  title: 'The responder used a keyring that the matched profile does not allow',
  severity: 'failure',
  needs: ['log', 'config'],
  means:
    'An IOS responder must choose a key after MM3, when it knows only the address of its peer; it searches all keyrings. MM5 then brings the identity, the identity selects an ISAKMP profile, and the profile names its keyrings. When the key came from another keyring the exchange is dropped, even if both hold the same value.',
  recognised:
    'The responder logs "peer matches <profile> profile", the keyring of that profile, and "Key not found in keyrings of profile". Without its log: the configuration selects one keyring at MM3 and another after MM5, both ends use one key value, and MM5 stays unanswered.',
  fix: 'Keep all keys of the responder in one keyring, or give its keyrings disjoint addresses, or let the profile of this peer name the keyring that wins. Verify both directions.',
  references: [REFERENCES.keyrings, REFERENCES.skeyid, REFERENCES.mainMode],
  supersedes: [
    'mm5-unanswered',
    'mm5-lost',
    'mm6-lost',
    'deleted-by-peer',
    'dpd-peer-dead',
    'psk-mismatch',
    'inconclusive',
  ],
  check: perAttempt(claim),
};
