import type { Step } from '../../model/exchange.ts';
import type { Attempt } from '../../model/incident.ts';
import { frameEvidence } from '../evidence.ts';
import { frameOf, isIkeFragmented, packets, times } from '../facts.ts';
import { claimOf } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule, Weighed } from '../rule.ts';
import { perAttempt } from '../rule.ts';

/** An IKE message above this does not fit into one packet of an ordinary path with its tunnel overheads. */
const LARGE = 1300;

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
    return frameEvidence(attempt, frameOf(first), text, { basis: 'inferred', decisive: true });
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
  return frameEvidence(attempt, frameOf(last), text, { basis: 'inferred', decisive: true });
}

function check(attempt: Attempt, file: CaseFile): Claim | null {
  if (attempt.phase1 === 'complete') return null;
  const evidence = [...unanswered(attempt), ...incomplete(attempt, file)];
  if (evidence.length === 0) return null;
  const { initiator, responder } = attempt;
  return claimOf(attempt, {
    title: `Fragments between ${initiator.label} and ${responder.label} are lost`,
    explanation: `The small messages between ${initiator.label} and ${responder.label} pass, the first large one does not: with certificates it is longer than a packet, and a filter or translator on the path drops IP fragments.`,
    advice:
      'Let IP fragments pass, lower the size (one certificate instead of a chain), or use IKE fragmentation ("crypto isakmp fragmentation", for IKEv2 "crypto ikev2 fragmentation").',
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
    'Small messages are answered; a message in fragments, or of more than 1300 octets, is repeated without an answer, or stays incomplete in the capture.',
  fix: 'Let fragments pass or use IKE fragmentation on both ends.',
  references: [REFERENCES.fragments],
  supersedes: ['half-open', 'inconclusive', 'deleted-by-peer'],
  outranks: ['mm5-unanswered'],
  check: perAttempt(check),
};
