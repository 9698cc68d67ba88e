import type { Attempt } from '../model/incident.ts';
import { frameEvidence } from './evidence.ts';
import { frameOf, ikeDebug, packets, times } from './facts.ts';
import { claimOf } from './logged.ts';
import { isBetweenTaps, lossEvidence, lostPassage, whereLost } from './loss.ts';
import type { Claim } from './rule.ts';

/**
 * The answer to IKE_SA_INIT is seen, and the initiator sends its request again as if nothing had come; or one capture holds the
 * answer and another one, which goes on, does not.
 */
export function initUnheard(attempt: Attempt): Claim | null {
  const { version, initiator, responder } = attempt;
  if (version !== 2 || packets(attempt, 'AUTH', 'initiator').length > 0) return null;
  const sends = packets(attempt, 'SA_INIT', 'responder');
  const answer = sends[0];
  if (answer === undefined) return null;
  const again = packets(attempt, 'SA_INIT', 'initiator').filter(
    ({ message, retransmissionOf }) =>
      retransmissionOf !== null &&
      message.capture === answer.message.capture &&
      message.timeNs > answer.message.timeNs,
  );
  const passage = lostPassage(attempt, 'SA_INIT', 'responder');
  const lost = isBetweenTaps(passage) ? passage : null;
  // One may have crossed its answer on the way.
  const isHeard = again.length === 1 && sends.at(-1)!.message.timeNs > again[0]!.message.timeNs;
  if ((again.length === 0 || isHeard) && lost === null) return null;
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
            `IKE_SA_INIT is sent ${times(again.length)} more after its answer (frame ${frameOf(answer)}) was seen`,
            { basis: 'inferred', decisive: true },
          ),
        ),
    ],
    settle:
      lost !== null
        ? []
        : [`${ikeDebug(attempt)} of ${initiator.label}.`, `A capture at ${initiator.label}.`],
  });
}
