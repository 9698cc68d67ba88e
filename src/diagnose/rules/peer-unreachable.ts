import type { Step } from '../../model/exchange.ts';
import type { Attempt } from '../../model/incident.ts';
import { frameEvidence } from '../evidence.ts';
import { ikeDebug, packets, times } from '../facts.ts';
import { claimOf, loggedVerdict } from '../logged.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule, Weighed } from '../rule.ts';
import { perAttempt } from '../rule.ts';

const FIRST: Readonly<Record<Attempt['mode'], Step>> = {
  main: 'MM1',
  aggressive: 'AM1',
  ikev2: 'SA_INIT',
};

/** One unanswered message may be the end of the capture; a repetition is not. */
function silence(attempt: Attempt): readonly Weighed[] {
  const { exchange } = attempt;
  if (exchange === null || exchange.startedBefore) return [];
  const step = FIRST[attempt.mode];
  const sent = packets(attempt, step, 'initiator');
  if (sent.length < 2 || exchange.messages.some((entry) => entry.direction !== 'i2r')) return [];
  const text = `${step} is sent ${times(sent.length)} and nothing comes back`;
  return frameEvidence(attempt, sent[0]!, text, { basis: 'inferred', decisive: true });
}

function check(attempt: Attempt): Claim | null {
  const { initiator, responder } = attempt;
  const logged = loggedVerdict(attempt, 'peer-unreachable');
  const wire = silence(attempt);
  if (logged === null && wire.length === 0) return null;
  const arrived =
    attempt.passages.find((entry) => entry.step === FIRST[attempt.mode])?.fate === 'arrived';
  // A router that has received the first message is reachable; why it is silent is for other rules.
  if (arrived || responder.log !== null) return null;
  const peer = responder.address ?? responder.label;
  return claimOf(attempt, {
    title: `${peer} does not answer ${initiator.label}`,
    explanation: `${initiator.label} sends the first message to ${peer} again and again and gets no answer at all. The packets do not arrive, the answers do not return, or ${peer} has no reason to speak IKE with this address (no crypto map, no policy for the peer, ISAKMP disabled).`,
    advice: `Check that ${peer} is the right address and is reachable from ${initiator.address ?? initiator.label}, that UDP 500 and 4500 pass in both directions, and that crypto is applied on the peer.`,
    evidence: [...(logged?.evidence ?? []), ...wire],
    settle: [
      `A capture at ${peer}: it shows whether the first message arrives.`,
      `${ikeDebug(attempt)} of ${peer} while ${initiator.label} initiates.`,
    ],
  });
}

export const peerUnreachable: Rule = {
  id: 'peer-unreachable',
  title: 'The peer does not answer the first message',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The first message of the exchange is repeated and nothing comes back, so nothing was negotiated yet.',
  recognised:
    'The initiator logs retransmissions in MM_NO_STATE and deletes the SA by retransmission; on the wire only the first message is seen, more than once.',
  fix: 'Check address, route, filters on UDP 500 and 4500, and that crypto is applied on the peer.',
  references: [REFERENCES.ike],
  supersedes: ['inconclusive', 'capture-one-sided'],
  check: perAttempt(check),
};
