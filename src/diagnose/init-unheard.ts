import { equalOctets } from '../bytes/span.ts';
import { keyedAnswer } from '../exchange/entries.ts';
import type { ExchangeMessage } from '../model/exchange.ts';
import type { Attempt } from '../model/incident.ts';
import { frameEvidence } from './evidence.ts';
import { frameOf, ikeDebug, packets, times } from './facts.ts';
import { claimOf } from './logged.ts';
import { isAtOneTap, isBetweenTaps, lossEvidence, lostPassage, whereLost } from './loss.ts';
import type { Claim } from './rule.ts';

/**
 * The answer to IKE_SA_INIT is seen, and the initiator sends its request again as if nothing had come; or one capture holds the
 * answer and another one, which goes on and is nearer to the initiator, does not.
 */
export function initUnheard(attempt: Attempt): Claim | null {
  const { version, initiator, responder } = attempt;
  if (version !== 2 || packets(attempt, 'AUTH', 'initiator').length > 0) return null;
  const { answer, again } = askedAgain(attempt);
  const passage = lostPassage(attempt, 'SA_INIT', 'responder');
  const lost = isAtOneTap(passage) ? passage : null;
  const isSure = isBetweenTaps(lost);
  const last = packets(attempt, 'SA_INIT', 'responder').at(-1);
  // One may have crossed its answer on the way.
  const isHeard =
    again.length === 1 && last !== undefined && last.message.timeNs > again[0]!.message.timeNs;
  if ((again.length === 0 || isHeard) && !isSure) return null;
  const doubt =
    lost !== null
      ? ` The answer is lost ${whereLost(attempt, lost)}.`
      : ` The answer is lost on its way, or ${initiator.label} drops it, for instance because it comes from another address than the one that was called.`;
  const repeats =
    again.length === 0
      ? ''
      : `, and ${initiator.label} sends its request ${times(again.length)} more as if nothing had come`;
  return claimOf(attempt, {
    title: `The answer of ${responder.label} to IKE_SA_INIT does not reach ${initiator.label}`,
    explanation: `${responder.label} receives IKE_SA_INIT of ${initiator.label} and answers it${repeats}.${doubt} Keys and identities were not tested yet.`,
    advice: `Look at the path from ${responder.label} to ${initiator.label}: filters on UDP 500, the route back, and a translation that gives the answer another source address.`,
    evidence: [
      ...(lost === null ? [] : lossEvidence(attempt, lost)),
      ...again
        .slice(0, 1)
        .flatMap((entry) =>
          frameEvidence(
            attempt,
            entry,
            `IKE_SA_INIT is sent ${times(again.length)} more after its answer (frame ${frameOf(answer!)}) was seen`,
            { basis: 'inferred', decisive: true },
          ),
        ),
    ],
    settle: isSure
      ? []
      : [`${ikeDebug(attempt)} of ${initiator.label}.`, `A capture at ${initiator.label}.`],
  });
}

type Asked = {
  readonly answer: ExchangeMessage | undefined;
  /** Repetitions of the request that it answers, after it. */
  readonly again: readonly ExchangeMessage[];
};

/** A request that was made anew, with a cookie or in another group, is waited for no more. */
function askedAgain(attempt: Attempt): Asked {
  const answer = keyedAnswer(packets(attempt, 'SA_INIT', 'responder'));
  if (answer === undefined) return { answer, again: [] };
  const { capture, timeNs } = answer.message;
  const requests = (attempt.exchange?.messages ?? []).filter(
    ({ step, direction, message }) =>
      step === 'SA_INIT' && direction === 'i2r' && message.capture === capture,
  );
  const request = requests.findLast(
    ({ message, retransmissionOf }) => retransmissionOf === null && message.timeNs <= timeNs,
  );
  const again = requests.filter(
    ({ message, retransmissionOf }) =>
      request !== undefined &&
      retransmissionOf !== null &&
      message.timeNs > timeNs &&
      equalOctets(message.pdu.bytes, request.message.pdu.bytes),
  );
  return { answer, again };
}
