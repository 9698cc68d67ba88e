import { fragmentSets, missingText } from '../../exchange/ike-fragments.ts';
import type { Step } from '../../model/exchange.ts';
import type { Attempt } from '../../model/incident.ts';
import { frameEvidence } from '../evidence.ts';
import { isIkeFragmented, packets, times } from '../facts.ts';
import { authEndOf } from '../ikev2.ts';
import { claimOf } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule, Weighed } from '../rule.ts';
import { perAttempt } from '../rule.ts';

/** An IKE message above this does not fit into one packet of an ordinary path with its tunnel overheads. */
const LARGE = 1300;

const FRAGMENTS =
  'Let IP fragments pass, lower the size (one certificate instead of a chain), or use IKE fragmentation ("crypto isakmp fragmentation", for IKEv2 "crypto ikev2 fragmentation").';

const ANSWER: readonly (readonly [step: Step, answer: Step])[] = [
  ['MM5', 'MM6'],
  ['AM1', 'AM2'],
  ['MM1', 'MM2'],
  ['AUTH', 'AUTH'],
];

/** A large message is repeated without an answer, while small ones passed. */
function unanswered(attempt: Attempt): readonly Weighed[] {
  for (const [step, answer] of ANSWER) {
    const sent = packets(attempt, step, 'initiator');
    const first = sent[0];
    if (first === undefined || sent.length < 2 || packets(attempt, answer, 'responder').length > 0)
      continue;
    if (isIkeFragmented(attempt, first)) continue;
    const split = first.message.fragmentFrames.length > 0;
    if (!split && first.message.header.length < LARGE) continue;
    const how = split
      ? `in ${first.message.fragmentFrames.length} IP fragments`
      : `with ${first.message.header.length} octets`;
    const text = `${step} is sent ${times(sent.length)}, ${how}, and not answered`;
    return frameEvidence(attempt, first, text, { basis: 'inferred', decisive: true });
  }
  return [];
}

/** The capture itself holds first fragments whose rest is missing, and the exchange stops there. */
function incomplete(attempt: Attempt, file: CaseFile): readonly Weighed[] {
  if (attempt.exchange === null || attempt.phase1 === 'complete') return [];
  const capture = file.incident.evidence.captures.find(
    (entry) => entry.input === attempt.captureInput,
  );
  const count = capture?.counts?.incompleteDatagrams ?? 0;
  const last = attempt.exchange.messages.at(-1);
  if (count === 0 || last === undefined) return [];
  const text = `the exchange stops here, and ${count} fragmented datagram${count === 1 ? '' : 's'} on an IKE port never became whole`;
  return frameEvidence(attempt, last, text, { basis: 'inferred', decisive: true });
}

/** Of the answer to IKE_AUTH only pieces are in the capture, and the initiator asks for it again. */
function partialAnswer(attempt: Attempt): Claim | null {
  const end = authEndOf(attempt);
  if (end.kind !== 'not-received' || !end.receipt.isPartial || !end.receipt.isSure) return null;
  const { initiator, responder } = attempt;
  const { answer, receipt } = end;
  const set = fragmentSets(attempt.exchange?.messages ?? []).find(({ entries }) =>
    entries.includes(answer),
  );
  const lacks =
    set === undefined
      ? `not all IP fragments of it (${answer.message.header.length} octets) are in the capture`
      : missingText(set);
  const last = receipt.repeats.at(-1)!;
  const again = `IKE_AUTH is sent ${times(receipt.repeats.length)} more after that answer`;
  const advice =
    set === undefined
      ? FRAGMENTS
      : `Look at the path from ${responder.label} to ${initiator.label} for what drops single packets.`;
  return claimOf(attempt, {
    title: `The answer of ${responder.label} to IKE_AUTH does not reach ${initiator.label} whole`,
    explanation: `${responder.label} answers IKE_AUTH of ${initiator.label}, and ${lacks}, however often it is sent. ${initiator.label} sends IKE_AUTH again as if nothing had come: a piece of the answer is lost on the path, so the tunnel is up for ${responder.label} alone.`,
    advice,
    evidence: [
      ...frameEvidence(attempt, answer, lacks, { basis: 'inferred', decisive: true }),
      ...frameEvidence(attempt, last, again, { basis: 'inferred', decisive: true }),
    ],
    settle: [
      `A capture at ${responder.label} that includes fragments: it shows whether all of them leave.`,
    ],
  });
}

function check(attempt: Attempt, file: CaseFile): Claim | null {
  if (attempt.phase1 === 'complete') return null;
  const partial = partialAnswer(attempt);
  if (partial !== null) return partial;
  const evidence = [...unanswered(attempt), ...incomplete(attempt, file)];
  if (evidence.length === 0) return null;
  const { initiator, responder } = attempt;
  return claimOf(attempt, {
    title: `Fragments between ${initiator.label} and ${responder.label} are lost`,
    explanation: `The small messages between ${initiator.label} and ${responder.label} pass, the first large one does not: with certificates it is longer than a packet, and a filter or translator on the path drops IP fragments.`,
    advice: FRAGMENTS,
    evidence,
    settle: [
      `A capture at ${responder.label} that includes fragments (a filter on UDP ports alone loses all but the first).`,
    ],
  });
}

export const fragmentsLost: Rule = {
  id: 'fragments-lost',
  title: 'IP fragments are lost',
  severity: 'failure',
  needs: ['packets'],
  means: 'A message is larger than the path takes in one packet, and its fragments do not arrive.',
  recognised:
    'Small messages are answered; a message in fragments, or of more than 1300 octets, is repeated without an answer, or stays incomplete in the capture. Or the answer to IKE_AUTH is not whole in the capture, and IKE_AUTH is sent again.',
  fix: 'Let fragments pass or use IKE fragmentation on both ends.',
  references: [REFERENCES.fragments],
  supersedes: ['half-open', 'inconclusive', 'deleted-by-peer'],
  outranks: ['mm5-unanswered'],
  check: perAttempt(check),
};
