import type { Step } from '../../model/exchange.ts';
import type { Remedy } from '../../model/finding.ts';
import type { Attempt } from '../../model/incident.ts';
import { tunnelsOf } from '../../select/tunnels.ts';
import { contradictions } from '../agreement.ts';
import { configEvidence, frameEvidence } from '../evidence.ts';
import { ikeDebug, packets, times } from '../facts.ts';
import { claimOf, loggedVerdict } from '../logged.ts';
import { directionsOf, isReplayOf, placesOfCause, repairText, repairsOf } from '../predictions.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule, Weighed } from '../rule.ts';
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

function check(attempt: Attempt, file: CaseFile): Claim | null {
  const { initiator, responder } = attempt;
  const logged = loggedVerdict(attempt, 'peer-unreachable');
  const wire = silence(attempt);
  if (logged === null && wire.length === 0) return null;
  const arrived =
    attempt.passages.find((entry) => entry.step === FIRST[attempt.mode])?.fate === 'arrived';
  // A router that has received the first message is reachable; why it is silent is for other rules.
  if (arrived || responder.log !== null) return null;
  const peer = responder.address ?? responder.label;
  const named = responder.label === peer ? peer : `${responder.label} (${peer})`;
  const replayed = replayOf(attempt, file);
  const claim = claimOf(attempt, {
    title: `${named} does not answer ${initiator.label}`,
    explanation: `${initiator.label} sends the first message to ${named} again and again and gets no answer at all. The packets do not arrive, the answers do not return, or ${responder.label} has no reason to speak IKE with this address (no crypto map, no policy for the peer, ISAKMP disabled).${replayed.text}`,
    advice:
      replayed.advice ??
      `Check that ${peer} is the right address and is reachable from ${initiator.address ?? initiator.label}, that UDP 500 and 4500 pass in both directions, and that crypto is applied on the peer.`,
    evidence: [...(logged?.evidence ?? []), ...wire, ...replayed.evidence],
    settle: [
      `A capture at ${peer}: it shows whether the first message arrives.`,
      `${ikeDebug(attempt)} of ${responder.label} while ${initiator.label} initiates.`,
    ],
  });
  const [repair] = replayed.repairs;
  if (repair === undefined) return claim;
  return {
    ...claim,
    remedies: [...replayed.repairs, ...claim.remedies],
    summary: `${claim.explanation} ${repairText(repair, attempt)}`,
  };
}

/** Steps of the replay at which the responder may well stay silent. */
const FIRST_STEP = /^(?:mm1|mm2|am1|sa-init)/;

type Replayed = {
  /** With a blank before it. */
  readonly text: string;
  readonly advice: string | null;
  readonly evidence: readonly Weighed[];
  readonly repairs: readonly Remedy[];
};

/** What the configurations tell of the silence. */
function replayOf(attempt: Attempt, { prediction }: CaseFile): Replayed {
  const { initiator, responder } = attempt;
  const nothing: Replayed = { text: '', advice: null, evidence: [], repairs: [] };
  const ways = directionsOf(prediction, attempt).filter((each) => isReplayOf(each, attempt));
  const failing = ways.find(({ outcome }) => outcome === 'fails');
  const id = failing?.finding ?? null;
  if (failing !== undefined && id !== null && FIRST_STEP.test(failing.failingStep ?? '')) {
    return {
      text: ` Replayed from the two configurations, ${initiator.label} towards ${responder.label} fails at this very step: ${sentence(failing.why)}${id === 'peer-unreachable' ? '' : ` A router that refuses the first message cannot always tell its peer so, and ${initiator.label} sees silence then.`} That the packets are lost on the way is not excluded.`,
      advice: null,
      evidence: placesOfCause(prediction, attempt, [id]),
      repairs: repairsOf(prediction, attempt, [id]),
    };
  }
  const { config } = responder;
  if (config !== null && config.interfaces.length > 0 && tunnelsOf(config).length === 0) {
    const text = `By its configuration ${responder.label} has neither a crypto map nor tunnel protection on an interface that is up`;
    return {
      ...nothing,
      text: ` ${text}, so that it does not answer IKE.`,
      evidence: config.interfaces
        .filter(({ addresses }) => addresses.some(({ address }) => address === responder.address))
        .map(({ line }) => configEvidence(config, line, text, false)),
    };
  }
  // What was seen to fail is no longer promised, and the words for it say that the configurations promised it.
  const promised =
    failing === undefined &&
    ways.length > 0 &&
    initiator.config !== null &&
    config !== null &&
    contradictions(attempt).length === 0;
  if (!promised) return nothing;
  return {
    ...nothing,
    text: ` Nothing in the two configurations explains it: replayed, ${responder.label} answers the first message.`,
    advice: `Look at the path first: routes between ${initiator.address ?? initiator.label} and ${responder.address ?? responder.label}, and filters on UDP 500 and 4500 in both directions. Then compare the configuration of ${responder.label} with the one that it runs.`,
  };
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

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
