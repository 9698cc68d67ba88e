import type { Attempt } from '../../model/incident.ts';
import { sides } from '../facts.ts';
import { claimOf, loggedVerdict } from '../logged.ts';
import { isBetweenTaps, lossEvidence, lostPassage, whereLost } from '../loss.ts';
import { floats, readMm5 } from '../mm5.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

function check(attempt: Attempt, file: CaseFile): Claim | null {
  const reading = readMm5(attempt, file.incident);
  const passage = lostPassage(attempt, 'MM5');
  const logged = loggedVerdict(attempt, 'mm5-lost');
  const isLost = reading?.cause === 'lost' && passage !== null;
  if (!isLost && (logged === null || (reading !== null && reading.cause !== 'undecided')))
    return null;
  const { initiator, responder } = attempt;
  const where = passage === null ? '' : ` It dies ${whereLost(attempt, passage)}.`;
  const copies =
    passage === null || passage.copies < 2 || isBetweenTaps(passage)
      ? ''
      : ` ${passage.copies} copies were sent.`;
  // Without a witness of MM5 the message before it may be the one that is lost.
  const unseen = passage === null;
  const translated = sides(attempt).some(({ log }) => log?.natFound === true);
  const advice =
    floats(attempt) || translated
      ? 'A translation was found, so MM5 moves to UDP 4500, while everything before it passed on UDP 500: allow UDP 4500 in both directions on every filter between the two.'
      : `Look at what changes with MM5: it is the first encrypted message, and with certificates it is large enough to be fragmented.${unseen ? ` Look as well at the way from ${responder.label} to ${initiator.label}, on which MM4 goes.` : ''}`;
  return claimOf(attempt, {
    title: unseen
      ? `${responder.label} receives no MM5 from ${initiator.label}`
      : `MM5 of ${initiator.label} does not reach ${responder.label}`,
    explanation: unseen
      ? `${responder.label} answers MM3 and never receives MM5, so no key and no profile was tested. Either MM5 does not reach ${responder.label}, or MM4 does not reach ${initiator.label}; only a witness at ${initiator.label} tells them apart.`
      : `${initiator.label} sends MM5 and ${responder.label}, which answered MM3, never receives it, so no key and no profile was tested.${where}${copies}`,
    advice,
    evidence: [
      ...(passage === null ? [] : lossEvidence(attempt, passage)),
      ...(logged?.evidence ?? []),
      ...(reading?.evidence ?? []),
    ],
    settle: isBetweenTaps(passage)
      ? []
      : [
          ...(initiator.log === null
            ? [
                `"debug crypto isakmp" of ${initiator.label}: it shows whether MM4 arrives and MM5 leaves.`,
              ]
            : []),
          `A capture at ${responder.label} of UDP 500, UDP 4500 and fragments.`,
        ],
  });
}

export const mm5Lost: Rule = {
  id: 'mm5-lost',
  title: 'MM5 does not arrive',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'MM5 never reaches the responder. Keys and profiles play no part. Where nothing but the log of the responder is given, MM4 may be what got lost.',
  recognised:
    'The log of the responder shows nothing received after MM4, only its own repetitions; that MM5 was sent, the log of the initiator or a capture shows. Or a capture near the initiator holds MM5, and one near the responder holds what came before, goes on and does not. A log that ends before MM5, and a capture that ends before it or leaves its port out, are no witnesses of a loss.',
  fix: 'Allow UDP 4500 and fragments on the path; MM5 is the first message that can need either.',
  references: [REFERENCES.natT, REFERENCES.mainMode],
  supersedes: ['mm5-unanswered', 'deleted-by-peer', 'inconclusive', 'psk-mismatch'],
  outranks: ['nat-t-blocked', 'fragments-lost'],
  check: perAttempt(check),
};
