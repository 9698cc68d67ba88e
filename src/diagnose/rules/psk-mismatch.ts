import { hasRounds } from '../../exchange/ike-auth.ts';
import type { Attempt, Incident } from '../../model/incident.ts';
import { citedLines, confidenceOf, frameEvidence } from '../evidence.ts';
import { errors, listed, packets, pairKey, sideWithVerdict, times, ringText } from '../facts.ts';
import { compareKeys, keyringUsed, type KeyRelation } from '../keys-used.ts';
import { keyContradictions } from '../key-agreement.ts';
import { differentKeyEvidence } from '../key-evidence.ts';
import { cutText, isCutBefore } from '../loss.ts';
import { misplaced } from '../misplaced-key.ts';
import type { Mm5Reading } from '../mm5.ts';
import { initiatorReadsGarbage, mm5OnWire, readMm5, rejectsMm5 } from '../mm5.ts';
import { otherDirection, repairText, repairsFor } from '../predictions.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule, Weighed } from '../rule.ts';
import { perAttempt } from '../rule.ts';
import { authRefused, type AuthRefusal } from '../ikev2.ts';
import { isProbe, silentAfterAm2 } from '../aggressive.ts';

function mainMode(attempt: Attempt, file: CaseFile): Claim | null {
  const reading = readMm5(attempt, file.incident);
  if (reading === null || reading.cause !== 'different-keys') return null;
  const { initiator, responder } = attempt;
  const mine = keyringUsed(initiator);
  const theirs = keyringUsed(responder);
  const stale = keyContradictions(attempt, file.incident);
  const elsewhere = stale.length > 0 ? null : misplaced(attempt, reading.keys);
  const others = elsewhere?.places ?? [];
  const isReplayed = confidenceOf(reading.evidence) === 'predicted';
  const from = (ring: string | null): string =>
    ring === null ? '' : ` (key of ${ringText(ring)})`;
  const story = isReplayed
    ? `By the configurations ${initiator.label}${from(mine)} and ${responder.label}${from(theirs)} take different keys: the pre-shared key is part of SKEYID, so ${responder.label} cannot decrypt MM5. Neither a log of ${responder.label} nor the packets confirm it.`
    : garbled(attempt, from(mine), from(theirs), reading.isLikely);
  const cause =
    elsewhere !== null
      ? elsewhere.cause
      : stale.length > 0
        ? `${stale.map(({ text }) => `${text}.`).join(' ')} The configuration given is not the one that ran, or the log is of another attempt, so nothing can be said of where the right key is.`
        : reading.isLikely || isReplayed
          ? 'Compare the key values of both ends first.'
          : 'Profiles and identities play no part yet: compare the key values of both ends first.';
  const stop = isReplayed
    ? 'phase 1 stops at MM5'
    : reading.isLikely
      ? 'MM5 is not accepted'
      : 'MM5 does not decrypt';
  const undecided = reading.isLikely ? otherCauses(attempt) : '';
  const repairs =
    others.length > 0
      ? repairsFor(file.prediction, attempt, [
          'psk-mismatch',
          'keyring-ambiguous',
          'default-keyring-shadows',
        ])
      : [];
  const remedies =
    repairs.length > 0
      ? repairs
      : [
          {
            text:
              elsewhere !== null
                ? elsewhere.advice
                : stale.length > 0
                  ? `Take the running configuration of ${listed(stale.map(({ side }) => side.label))} together with a new debug before a key is changed; then compare the key values of both ends.`
                  : `Enter the same pre-shared key on both ends, in the keyring that each selects for the other's address${theirs === null ? '' : ` (${theirs} on ${responder.label})`}, then clear the SA on both.`,
            verified: false,
          },
        ];
  return {
    attempt,
    key: `${pairKey(attempt)} ${others.join()}`,
    title:
      elsewhere !== null
        ? elsewhere.title
        : `${initiator.label} and ${responder.label} ${reading.isLikely ? 'most likely use' : 'use'} different pre-shared keys`,
    explanation: [story, cause, undecided, cutText(attempt)]
      .filter((part) => part !== '')
      .join(' '),
    summary: [
      `${initiator.label} cannot bring the tunnel up towards ${responder.label}: ${stop}.`,
      story,
      cause,
      undecided,
      cutText(attempt),
      otherDirection(file.prediction, attempt),
      repairText(remedies[0]!, attempt),
    ]
      .filter((part) => part !== '')
      .join(' '),
    evidence: reading.evidence,
    remedies,
    settle: settleMain(attempt, reading),
  };
}

/** What different keys made of MM5, where a log or the packets tell it. */
function garbled(
  { initiator, responder }: Attempt,
  mine: string,
  theirs: string,
  isLikely: boolean,
): string {
  const made = isLikely ? 'most likely made' : 'made';
  const effect = isLikely
    ? `${responder.label} would then be unable to decrypt MM5, and would see no identity or profile in it`
    : `${responder.label} could not decrypt MM5 and never saw an identity or a profile in it`;
  return `${initiator.label}${mine} and ${responder.label}${theirs} ${made} different keys: the pre-shared key is part of SKEYID, so ${effect}.`;
}

/** What the packets show as well: an initiator may repeat MM5 although it reads the refusal, and what repeats MM4 may have got none. */
function otherCauses(attempt: Attempt): string {
  const isAnswered = mm5OnWire(attempt).answers.length > 0 || rejectsMm5(attempt);
  return isAnswered
    ? `From the packets alone it cannot be excluded that ${attempt.responder.label} read MM5 and refuses the identity in it, and ${attempt.initiator.label} repeats MM5 all the same.`
    : 'From the packets alone a lost MM5 cannot be excluded.';
}

function settleMain(attempt: Attempt, reading: Mm5Reading): readonly string[] {
  const { responder } = attempt;
  const wanted: string[] = [];
  const isProven =
    !reading.isLikely &&
    reading.evidence.every(({ basis, decisive }) => !decisive || basis === 'proven');
  if ((responder.log === null || isCutBefore(attempt, 'MM5')) && !isProven) {
    wanted.push(
      `"debug crypto isakmp" of ${responder.label}: "reserved not zero on ID payload" means another key, "Key not found in keyrings of profile" the same key from the wrong keyring, and nothing at all that MM5 was lost.`,
    );
  }
  if (!isProven && reading.keys.initiator?.basis !== 'proven') {
    wanted.push(
      'The Diffie-Hellman shared secret (or SKEYID_e) of one end together with candidate keys: MM5 then decrypts and HASH_I decides which key the initiator used. A capture and candidate keys alone cannot.',
    );
  }
  if (attempt.initiator.config === null || responder.config === null) {
    wanted.push(
      'The crypto configuration of both routers: it names the keyring that each selects.',
    );
  }
  return wanted;
}

/** Aggressive mode: HASH_R is checked by the initiator, so it is the initiator that falls silent or complains. */
function aggressiveMode(attempt: Attempt, file: CaseFile): Claim | null {
  if (attempt.mode !== 'aggressive' || attempt.phase1 === 'complete' || isProbe(attempt))
    return null;
  const answer = packets(attempt, 'AM2', 'responder')[0];
  if (answer === undefined || packets(attempt, 'AM3', 'initiator').length > 0) return null;
  const compared = compareKeys(attempt, file.incident);
  if (compared.relation === 'same') return null;
  const evidence: Weighed[] = [...differentKeyEvidence(attempt, file.incident, compared)];
  const keys = attempt.exchange?.keys;
  const complaint = packets(attempt, 'INFO', 'initiator')[0];
  const repeats = packets(attempt, 'AM2', 'responder').length;
  const refuted = keys?.candidates.find(
    (entry) => entry.side === 'responder' && entry.verdict === 'verified',
  );
  if (refuted !== undefined && refuted.frame !== null) {
    const text = `${refuted.by ?? 'HASH_R'} of AM2 verifies with ${refuted.candidate}: that is the responder's key`;
    evidence.push(
      ...frameEvidence(attempt, refuted.frame, text, { basis: 'proven', decisive: false }),
    );
  }
  if (complaint !== undefined) {
    const text = 'the initiator answers AM2 with a notification instead of AM3';
    evidence.push(
      ...frameEvidence(attempt, complaint, text, { basis: 'inferred', decisive: true }),
    );
  } else if (silentAfterAm2(attempt)) {
    const text = `AM2 is sent ${times(repeats)} and the initiator says nothing more`;
    evidence.push(...frameEvidence(attempt, answer, text, { basis: 'inferred', decisive: true }));
  } else return null;
  const { initiator, responder } = attempt;
  const story = `${initiator.label} received AM2 and did not go on: HASH_R does not fit the pre-shared key that it holds for ${responder.label}, or it does not accept the identity in it.`;
  return {
    attempt,
    key: pairKey(attempt),
    title: `${initiator.label} and ${responder.label} use different pre-shared keys (aggressive mode)`,
    explanation: story,
    summary: `${story} Compare the pre-shared keys, and the group or identity under which ${responder.label} keeps its key.`,
    evidence,
    remedies: [
      { text: 'Enter the same pre-shared key for this identity on both ends.', verified: false },
    ],
    settle: [
      'Candidate keys: in aggressive mode HASH_R decides each of them with the capture alone.',
      `The log of ${initiator.label}: it says why it did not send AM3.`,
    ],
  };
}

/** IKEv2: AUTH is checked under keys that need no PSK, so a different key shows as a refused IKE_AUTH. */
function version2(attempt: Attempt, { incident }: CaseFile): Claim | null {
  const refused = authRefused(attempt);
  if (
    refused === null ||
    refused.method === 'certificate' ||
    refused.how === 'eap-failure' ||
    hasRounds(attempt.exchange?.messages ?? []) ||
    attempt.initiator.log !== null ||
    attempt.responder.log !== null
  ) {
    return null;
  }
  const compared = compareKeys(attempt, incident);
  if (compared.relation === 'same') return null;
  if (compared.relation === 'different') return provenV2(attempt, incident, refused, compared);
  if (refused.by === 'initiator' || isOnlyKey(attempt)) return null;
  const { initiator, responder } = attempt;
  const isRead = refused.how !== 'size';
  const refuses = isRead
    ? `${responder.label} refuses IKE_AUTH of ${initiator.label}.`
    : `The answer of ${responder.label} to IKE_AUTH of ${initiator.label} stays closed and has no room for an AUTH: a refusal, most often AUTHENTICATION_FAILED.`;
  const story = `${refuses} Under IKEv2 the encryption needs no pre-shared key, so a key that differs shows only here: most likely the keys differ, or ${responder.label} has none for this identity.`;
  return {
    attempt,
    key: pairKey(attempt),
    title: `${responder.label} refuses ${initiator.label} in IKE_AUTH: most likely the pre-shared keys differ`,
    explanation: story,
    summary: `${story} Compare the local key of ${initiator.label} with the remote key of ${responder.label}; under IKEv2 the two directions may differ.`,
    // The refusal may be proven; that the keys are its reason is not.
    evidence: refused.evidence.map((item) => ({ ...item, basis: 'inferred' })),
    remedies: [V2_REMEDY],
    settle: [
      '"debug crypto ikev2" of the responder: it names the profile, the keyring and the peer block that it used.',
      ...(attempt.exchange?.keys.status === 'decrypted'
        ? []
        : [
            'The Diffie-Hellman shared secret together with candidate keys: AUTH then decides which key each side used.',
          ]),
    ],
  };
}

const V2_REMEDY = {
  text: 'Make the local key of each end the remote key of the other, in the keyring of the profile that matches.',
  verified: false,
} as const;

/** The initiator is proven to have used a key beside which nobody gave another: nothing speaks for different keys. */
function isOnlyKey(attempt: Attempt): boolean {
  const candidates = attempt.exchange?.keys.candidates ?? [];
  const own = candidates.filter(({ side }) => side === 'initiator');
  return own.length > 0 && own.every(({ verdict }) => verdict === 'verified');
}

/** Both keys are known, they differ, and one end refuses the other. */
function provenV2(
  attempt: Attempt,
  incident: Incident,
  refused: AuthRefusal,
  compared: KeyRelation,
): Claim {
  const { initiator, responder } = attempt;
  const [refuser, other] =
    refused.by === 'initiator' ? [initiator, responder] : [responder, initiator];
  const story = `${initiator.label} and ${responder.label} use different pre-shared keys, and ${refuser.label} refuses the AUTH that ${other.label} made with its own. Under IKEv2 the two directions may have keys of their own; then the remote key of ${refuser.label} is not the local key of ${other.label}.`;
  return {
    attempt,
    key: pairKey(attempt),
    title: `${initiator.label} and ${responder.label} use different pre-shared keys`,
    explanation: story,
    summary: `${story} ${V2_REMEDY.text}`,
    evidence: [
      ...refused.evidence.map((item) => ({ ...item, decisive: false })),
      ...differentKeyEvidence(attempt, incident, compared),
    ],
    remedies: [V2_REMEDY],
    settle: [],
  };
}

/** A log can say so where no packet was captured and MM5 is not the place: aggressive mode, other daemons. */
function logged(attempt: Attempt): Claim | null {
  const side = sideWithVerdict(attempt, 'psk-mismatch');
  if (side === null || side.log === null) return null;
  const evidence = citedLines(side, true);
  if (evidence.length === 0) return null;
  const story = `${side.label} could not read or verify what its peer sent: the two ends use different pre-shared keys.`;
  return {
    attempt,
    key: pairKey(attempt),
    title: `${attempt.initiator.label} and ${attempt.responder.label} use different pre-shared keys`,
    explanation: story,
    summary: `${story} Compare the key values of both ends.`,
    evidence,
    remedies: [{ text: 'Enter the same pre-shared key on both ends.', verified: false }],
    settle: [],
  };
}

export const pskMismatch: Rule = {
  id: 'psk-mismatch',
  title: 'The two ends use different pre-shared keys',
  severity: 'failure',
  needs: ['log', 'packets', 'config'],
  means:
    'Under IKEv1 the pre-shared key is part of the key that encrypts MM5. With another value the responder decrypts MM5 to garbage, long before any profile is looked at. It is easily mistaken for the right key from the wrong keyring, which fails one step later.',
  recognised:
    'The responder logs "reserved not zero on ID payload" and IKMP_BAD_MESSAGE after MM5. With the shared secret of one end: HASH_I verifies with one candidate key and the other end\'s candidate turns MM5 into the very octets that were complained about. From packets alone: MM5 is answered by an encrypted notification that the initiator cannot read, so it repeats MM5; an initiator that repeats it in any case looks the same. With the keys of both ends: the answer opens under another key than MM5.',
  fix: 'Compare the key in the keyring that each end really selects, not the one that was meant. Where another keyring holds the right key, repair the selection and leave the key.',
  references: [REFERENCES.skeyid, REFERENCES.keyrings, REFERENCES.notify],
  supersedes: ['mm6-lost', 'deleted-by-peer', 'inconclusive', 'half-open', 'identity-mismatch'],
  outranks: ['mm5-unanswered', 'ikev2-auth-failed'],
  check: (file) => [
    ...perAttempt(
      (attempt, own) =>
        mainMode(attempt, own) ??
        aggressiveMode(attempt, own) ??
        version2(attempt, own) ??
        fallback(attempt, own),
    )(file),
  ],
};

/** The log's own verdict counts where nothing else explains MM5, or where the initiator itself reads garbage in answer. */
function fallback(attempt: Attempt, file: CaseFile): Claim | null {
  const reading = readMm5(attempt, file.incident);
  const isTold = reading?.cause === 'undecided' && initiatorReadsGarbage(attempt);
  if (reading !== null && !isTold) return null;
  return errors(attempt).length > 0 ? null : logged(attempt);
}
