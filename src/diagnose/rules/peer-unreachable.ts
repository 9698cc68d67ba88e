import type { ConfigModel } from '../../model/config.ts';
import type { Step } from '../../model/exchange.ts';
import type { Remedy } from '../../model/finding.ts';
import type { Attempt } from '../../model/incident.ts';
import { isFragment, mayHoldKeysElsewhere, policiesOf } from '../../select/policy.ts';
import { tunnelsOf } from '../../select/tunnels.ts';
import { contradictions } from '../agreement.ts';
import { configEvidence, frameEvidence } from '../evidence.ts';
import { between, frameOf, ikeDebug, packets, times } from '../facts.ts';
import { claimOf, loggedVerdict } from '../logged.ts';
import { isAtOneTap, isBetweenTaps, lossEvidence, lostPassage, whereLost } from '../loss.ts';
import {
  directionsOf,
  isReplayOf,
  placesOfCause,
  repairText,
  repairsOf,
  sentence,
} from '../predictions.ts';
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

/** IKEv2 has a rule of its own for an answer that is not heard. */
const ANSWER: Readonly<Record<Attempt['mode'], Step | null>> = {
  main: 'MM2',
  aggressive: 'AM2',
  ikev2: null,
};

/** The answer is seen, and the initiator sends its first message again as if nothing had come. */
function askedAgain(attempt: Attempt): readonly Weighed[] {
  const asks = FIRST[attempt.mode];
  const step = ANSWER[attempt.mode];
  const answers = step === null ? [] : packets(attempt, step, 'responder');
  const [first, last] = [answers[0], answers.at(-1)];
  if (first === undefined || last === undefined) return [];
  const asked = packets(attempt, asks, 'initiator');
  const again = asked.filter((entry) => between(first, entry) > 0);
  // What was answered came first, or one of the time stamps is wrong.
  if (again.length === asked.length) return [];
  // One may have crossed its answer on the way.
  if (again.length < 2 && !again.some((entry) => between(last, entry) > 0)) return [];
  const text = `${asks} is sent ${times(again.length)} more after its answer (frame ${frameOf(first)}) was seen`;
  return frameEvidence(attempt, again[0]!, text, { basis: 'inferred', decisive: true });
}

/** The peer answers the first message, and the initiator goes on as if it had not. */
function unheard(attempt: Attempt): Claim | null {
  const { initiator, responder, exchange } = attempt;
  const step = ANSWER[attempt.mode];
  const goesOn = exchange?.messages.some(
    ({ step: said, direction }) =>
      direction === 'i2r' && said !== FIRST[attempt.mode] && said !== 'INFO',
  );
  if (step === null || goesOn === true || initiator.log?.phase1 === 'complete') return null;
  const lost = lostPassage(attempt, step, 'responder');
  const again = askedAgain(attempt);
  if (lost === null && again.length === 0) return null;
  const where =
    lost === null
      ? `The answer is lost on its way, or ${initiator.label} drops it, for instance because it comes from another address than the one that was called.`
      : `${step} dies ${whereLost(attempt, lost)}.`;
  const isSure = lost === null || !isAtOneTap(lost) || isBetweenTaps(lost);
  return claimOf(attempt, {
    title: `${step} of ${responder.label} ${isSure ? 'does not reach' : 'most likely does not reach'} ${initiator.label}`,
    explanation: `${responder.label} receives the first message of ${initiator.label} and answers it with ${step}, and ${initiator.label} goes on as if nothing had come. ${where} No key and no profile was tested.`,
    advice: `Look at the path from ${responder.label} to ${initiator.label}: filters on UDP 500 in that direction (also on ${initiator.label} itself), the route back, and a translation that gives the answer another source address.`,
    evidence: [
      ...(lost === null ? [] : lossEvidence(attempt, lost)),
      ...(loggedVerdict(attempt, peerUnreachable.id)?.evidence ?? []),
      ...again,
    ],
    settle: isBetweenTaps(lost)
      ? []
      : [`${ikeDebug(attempt)} of ${initiator.label}.`, `A capture at ${initiator.label}.`],
  });
}

function check(attempt: Attempt, file: CaseFile): Claim | null {
  const { initiator, responder, exchange } = attempt;
  const answered = unheard(attempt);
  if (answered !== null) return answered;
  const logged = loggedVerdict(attempt, 'peer-unreachable');
  const wire = silence(attempt);
  if (logged === null && wire.length === 0) return null;
  const arrived =
    attempt.passages.find((entry) => entry.step === FIRST[attempt.mode])?.fate === 'arrived';
  // A router that has received the first message is reachable; why it is silent is for other rules.
  if (arrived || responder.log !== null) return null;
  // Something came back, whatever the log of the initiator says of it.
  if (exchange?.messages.some(({ direction }) => direction === 'r2i') === true) return null;
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
  if (
    config !== null &&
    !isFragment(config) &&
    config.interfaces.length > 0 &&
    tunnelsOf(config).length === 0
  ) {
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
    showsAnswer(config) &&
    contradictions(attempt).length === 0;
  if (!promised) return nothing;
  return {
    ...nothing,
    text: ` Nothing in the crypto configuration of the two explains it: replayed, ${responder.label} answers the first message. Filters on the interfaces are not replayed.`,
    advice: `Look at the path first: routes between ${initiator.address ?? initiator.label} and ${responder.address ?? responder.label}, and filters on UDP 500 and 4500 in both directions. Then compare the configuration of ${responder.label} with the one that it runs.`,
  };
}

/** A part of a configuration may lack what decides the answer to a first message. */
const showsAnswer = (config: ConfigModel): boolean =>
  !isFragment(config) ||
  (tunnelsOf(config).length > 0 && policiesOf(config) !== null && !mayHoldKeysElsewhere(config));

export const peerUnreachable: Rule = {
  id: 'peer-unreachable',
  title: 'The peer does not answer the first message',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The first message of the exchange is repeated and nothing comes back, or what comes back does not reach the initiator, so nothing was negotiated yet.',
  recognised:
    'The initiator logs retransmissions in MM_NO_STATE and deletes the SA by retransmission; on the wire only the first message is seen, more than once, or it is repeated although its answer was seen.',
  fix: 'Check address, route, filters on UDP 500 and 4500, and that crypto is applied on the peer.',
  references: [REFERENCES.ike],
  supersedes: ['inconclusive', 'capture-one-sided'],
  check: perAttempt(check),
};
