import { fragmentSets, missingText } from '../../exchange/ike-fragments.ts';
import { beganAfresh } from '../../logparse/negotiations/deletion.ts';
import type { Attempt, Incident } from '../../model/incident.ts';
import { endsTooSoon, seconds } from '../capture-end.ts';
import { citedLines } from '../evidence.ts';
import { NAT_T, pairKey } from '../facts.ts';
import { cutText, isCutBefore } from '../loss.ts';
import {
  authenticates,
  floats,
  initiatorReadsGarbage,
  mm5OnWire,
  readMm5,
  rejectsMm5,
  usesPsk,
} from '../mm5.ts';
import type { LoggedAnswer } from '../mm5-answer.ts';
import { loggedAnswer } from '../mm5-answer.ts';
import { repairsFor } from '../predictions.ts';
import { REFERENCES } from '../references.ts';
import { predictedRefusal, selectionEvidence } from '../responder-keyring.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

function check(attempt: Attempt, file: CaseFile): Claim | null {
  if (initiatorReadsGarbage(attempt)) return null;
  const reading = readMm5(attempt, file.incident);
  if (reading?.cause !== 'undecided') return null;
  const { initiator, responder } = attempt;
  const same =
    reading.keys.relation === 'same' ||
    authenticates(attempt).length > 0 ||
    provesKeys(loggedAnswer(attempt));
  const story = [
    whatHappened(attempt),
    whatIsOpen(attempt, same),
    whereCut(attempt, file.incident),
    cutText(attempt),
    ifReplaced(attempt),
  ]
    .filter((text) => text !== '')
    .join(' ');
  const first = settle(attempt, same);
  const refusal = usesPsk(attempt) ? predictedRefusal(attempt) : null;
  const told = [story, ...(refusal === null ? [] : [refusal])].join(' ');
  return {
    attempt,
    key: pairKey(attempt),
    title:
      rejectsMm5(attempt) || isAnswered(attempt)
        ? `${responder.label} rejects MM5 of ${initiator.label}; why stands in its own log`
        : `MM5 of ${initiator.label} is not answered by ${responder.label}`,
    explanation: told,
    summary: `${told} ${first[0] ?? ''}`.trim(),
    evidence: [
      ...reading.evidence,
      ...citedLines(initiator, true),
      ...(refusal === null ? [] : selectionEvidence(attempt)),
    ],
    remedies: [
      {
        text: `Read "debug crypto isakmp" of ${responder.label} before changing anything: each of the possible causes has another cure.`,
        verified: false,
      },
      ...(refusal === null
        ? []
        : repairsFor(file.prediction, attempt, ['keyring-mismatch-after-mm5'])),
    ],
    settle: first,
  };
}

/** Its HASH was checked with the keys of phase 1, which both ends have. */
const provesKeys = (answer: LoggedAnswer | null): boolean =>
  answer === 'authenticated' || answer === 'status';

/** Something came back that is not MM6, and is no mere status: a tap or the initiator has it. */
function isAnswered(attempt: Attempt): boolean {
  const logged = loggedAnswer(attempt);
  return logged === 'status' ? false : mm5OnWire(attempt).answers.length > 0 || logged !== null;
}

/** It is said that MM5 is refused, or what was said was read, and is no mere status. */
const isRejected = (attempt: Attempt): boolean =>
  rejectsMm5(attempt) || loggedAnswer(attempt) === 'authenticated';

const HOW: Readonly<Record<LoggedAnswer, string>> = {
  'in-clear': 'a notification in clear',
  authenticated: 'an authenticated notification',
  status: 'a status notification',
  unread: 'a notification',
};

function whatHappened(attempt: Attempt): string {
  const { initiator, responder } = attempt;
  if (isRejected(attempt)) {
    const how =
      mm5OnWire(attempt).answers.length > 0
        ? 'an encrypted notification'
        : HOW[loggedAnswer(attempt) ?? 'in-clear'];
    return `${responder.label} answers MM5 of ${initiator.label} with ${how} instead of MM6, so MM5 arrives and is rejected.`;
  }
  if (loggedAnswer(attempt) === 'status')
    return `What ${initiator.label} receives from ${responder.label} behind MM5 is an authenticated notification that reports a status and refuses nothing; MM6 does not arrive.`;
  const cut = cutMm5(attempt);
  if (cut !== null)
    return `${initiator.label} sends MM5 in pieces (IKE fragmentation), of which ${cut}, and ${responder.label} does not answer it. If that is so on the path as well, MM5 never arrives whole.`;
  return isAnswered(attempt)
    ? `${responder.label} answers MM5 of ${initiator.label} with something that is not MM6 and cannot be read.`
    : `${initiator.label} sends MM5 and ${responder.label} does not answer it.`;
}

/** Whether MM5 is sent again after an answer tells something of the keys, where the capture goes on long enough. */
function whereCut(attempt: Attempt, incident: Incident): string {
  const { mm5, answers } = mm5OnWire(attempt);
  const answer = answers[0];
  const left = answer === undefined || mm5.length > 1 ? null : endsTooSoon(incident, answer);
  return left === null || !usesPsk(attempt)
    ? ''
    : `The capture ends ${seconds(left)} after that answer, so whether MM5 is sent again is not in it.`;
}

/** A peer that begins afresh may have another SA since, which the log does not show. */
function ifReplaced({ initiator, responder }: Attempt): string {
  return beganAfresh(initiator.log?.deleteReason?.text ?? '')
    ? `${initiator.label} dropped the attempt over an initial contact of ${responder.label}: if the two have another SA since, that one took its place and nothing has failed; the log shows no other.`
    : '';
}

/** What the capture lacks of an MM5 that IKE itself cut up; null where it is whole. */
function cutMm5({ exchange }: Attempt): string | null {
  const set = fragmentSets(exchange?.messages ?? []).find(
    ({ step, missing }) => step === 'MM5' && missing !== null,
  );
  return set === undefined ? null : missingText(set);
}

/** The responder is heard on UDP 4500, so nothing filters that port. */
const isAnsweredThere = ({ exchange }: Attempt): boolean =>
  (exchange?.messages ?? []).some(
    ({ direction, message }) => direction === 'r2i' && message.src.port === NAT_T,
  );

/** What looks the same from here. */
function whatIsOpen(attempt: Attempt, same: boolean): string {
  const rejected = isRejected(attempt);
  const moved = !rejected && floats(attempt) && !isAnsweredThere(attempt);
  const port = moved
    ? ' A translation was found and MM5 goes to UDP 4500, while everything before it passed on UDP 500: a filter on UDP 4500 has the same effect.'
    : '';
  if (!usesPsk(attempt))
    return rejected
      ? 'With signatures no pre-shared key is involved: the certificate, the signature or the identity is refused.'
      : `With signatures no pre-shared key is involved: the certificate or the identity is refused, or MM5, which is large, is lost in fragments.${port}`;
  if (authenticates(attempt).length > 0) {
    const { initiator, responder } = attempt;
    return `The log of ${responder.label} says that it has authenticated ${initiator.label}, so the keys agree; no MM6 follows that the capture or ${initiator.label} shows. Either what comes behind the key is refused, or log and capture are of different attempts.`;
  }
  if (isAnswered(attempt) && !rejected && !same)
    return 'MM5 arrives. A different key, and the right key with an identity, a profile or a keyring that is refused, look the same from here.';
  if (rejected)
    return same
      ? 'The keys of both ends are the same, so it is not a wrong key value: the keyring, the profile or the identity is refused.'
      : 'A different key is the first thing to check; the right key from a keyring that the profile does not allow, and an identity that is not accepted, look the same from here.';
  return same
    ? `The keys of both ends are the same, so it is not a wrong key value: MM5 or its answer was lost, or the responder refused the keyring, the profile or the identity without saying so.${port}`
    : `A different key, the right key from a keyring that the profile does not allow, and the loss of MM5 look the same from here.${port}`;
}

function settle(attempt: Attempt, same: boolean): readonly string[] {
  const { responder } = attempt;
  const wanted: string[] = [];
  if (responder.log === null || isCutBefore(attempt, 'MM5')) {
    const means = [
      ...(usesPsk(attempt)
        ? [
            ...(same ? [] : ['"reserved not zero on ID payload" means another key']),
            `"Key not found in keyrings of profile" ${same ? 'means ' : ''}the wrong keyring`,
          ]
        : ['IKMP_INVAL_CERT or "signature invalid" means that the certificate is refused']),
      ...(rejectsMm5(attempt) || isAnswered(attempt)
        ? []
        : ['and no received MM_KEY_EXCH that MM5 was lost']),
    ];
    wanted.push(
      `"debug crypto isakmp" of ${responder.label} for the same attempt: ${means.join(', ')}.`,
    );
  }
  if (responder.config === null) {
    wanted.push(
      usesPsk(attempt)
        ? `The crypto configuration of ${responder.label}: it tells whether the key at MM3 and the profile of MM5 agree.`
        : `The crypto configuration of ${responder.label}: it names the trustpoints of its profiles.`,
    );
  }
  if (!same && usesPsk(attempt)) {
    wanted.push(
      'The Diffie-Hellman shared secret (or SKEYID_e) of one end with candidate keys: HASH_I in MM5 then decides the key of the initiator.',
    );
  }
  if (!rejectsMm5(attempt) && !isAnswered(attempt))
    wanted.push(
      `A capture taken at ${responder.label}${floats(attempt) ? ' of UDP 500 and 4500' : ''}: it shows whether MM5 arrives.`,
    );
  return wanted;
}

export const mm5Unanswered: Rule = {
  id: 'mm5-unanswered',
  title: 'MM5 is not answered, and the evidence cannot tell why',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The first encrypted message of main mode gets no answer that fits. Three causes look alike from the initiator: another key value, the right value from a keyring that the profile does not allow, and loss on the path. A notification instead of MM6 rules out the loss, and leaves the others.',
  recognised:
    'The initiator repeats MM5 (MM_KEY_EXCH) until it gives up, or receives a notification instead of MM6, and neither the log nor the configuration of the responder, nor key material, decides between the causes.',
  fix: 'Collect what is named under "would settle it" before changing keys.',
  references: [REFERENCES.mainMode, REFERENCES.keyrings],
  supersedes: ['inconclusive', 'deleted-by-peer'],
  check: perAttempt(check),
};
