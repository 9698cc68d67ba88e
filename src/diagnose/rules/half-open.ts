import type { Attempt, Incident } from '../../model/incident.ts';
import { endsTooSoon } from '../capture-end.ts';
import { citedLines, eventsOfSide, frameEvidence } from '../evidence.ts';
import { frameOf, isIkeFragmented, packets, times } from '../facts.ts';
import { authEndOf } from '../ikev2.ts';
import { initUnheard } from '../init-unheard.ts';
import { claimOf, loggedVerdict } from '../logged.ts';
import { isAtOneTap, isBetweenTaps, lossEvidence, lostPassage, whereLost } from '../loss.ts';
import { REFERENCES } from '../references.ts';
import type { CaseFile, Claim, Rule, Weighed } from '../rule.ts';
import { perAttempt } from '../rule.ts';

/** One unanswered message may be the end of the capture; a repetition is not. */
function onWire(attempt: Attempt): readonly Weighed[] {
  const sent = packets(attempt, 'AUTH', 'initiator');
  if (sent.length < 2 || packets(attempt, 'AUTH', 'responder').length > 0) return [];
  const first = sent[0]!;
  const pieces = first.message.fragmentFrames.length;
  const cut =
    isIkeFragmented(attempt, first) && pieces > 1 ? ` (each time in ${pieces} IKE fragments)` : '';
  const text = `IKE_AUTH is sent ${times(sent.length)}${cut} and not answered, although IKE_SA_INIT was`;
  return frameEvidence(attempt, first, text, { basis: 'inferred', decisive: true });
}

/** The answer is there, and the initiator asks again as if it were not. */
function answerLost(attempt: Attempt, incident: Incident): Claim | null {
  const end = authEndOf(attempt);
  if (end.kind !== 'not-received' || end.receipt.isPartial) return null;
  const { initiator, responder } = attempt;
  const { repeats, isSure, lastAnswer } = end.receipt;
  // Nothing is said under the SA for long after the last answer: the initiator gave up.
  if (!isSure && (lastAnswer === null || endsTooSoon(incident, lastAnswer) !== null)) return null;
  const accepts =
    end.answer.decryption?.kind === 'decrypted'
      ? ' and accepts it'
      : ', and its size is that of a message that accepts';
  const text = `IKE_AUTH is sent ${times(repeats.length)} more after its answer (frame ${frameOf(end.answer)}) was seen`;
  const passage = lostPassage(attempt, 'AUTH', 'responder');
  const lost = isAtOneTap(passage) ? passage : null;
  const doubt =
    lost === null
      ? `is lost on its way, or ${initiator.label} drops it without a word`
      : `is lost ${whereLost(attempt, lost)}`;
  return claimOf(attempt, {
    title: `The answer of ${responder.label} to IKE_AUTH does not reach ${initiator.label}`,
    explanation: `${responder.label} answers IKE_AUTH of ${initiator.label}${accepts}: for ${responder.label} the tunnel is up. ${initiator.label} sends IKE_AUTH again as if nothing had come and sends nothing under the new SA, so it has none. The answer ${doubt}.`,
    advice: `Look at the path from ${responder.label} to ${initiator.label}: a filter on UDP 4500 in that direction, or one that drops large packets.`,
    evidence: [
      ...(lost === null ? [] : lossEvidence(attempt, lost)),
      ...frameEvidence(attempt, repeats[0]!, text, { basis: 'inferred', decisive: true }),
    ],
    settle: isBetweenTaps(lost)
      ? []
      : [
          `"debug crypto ikev2" of ${initiator.label}: it shows whether the answer arrives.`,
          `A capture at ${initiator.label}.`,
        ],
  });
}

/** The responder logs that its SA is up, and the initiator that nothing came. */
function answerMissed(attempt: Attempt, evidence: readonly Weighed[]): Claim {
  const { initiator, responder } = attempt;
  return claimOf(attempt, {
    title: `The answer of ${responder.label} to IKE_AUTH does not reach ${initiator.label}`,
    explanation: `${responder.label} accepts IKE_AUTH of ${initiator.label} and answers: for ${responder.label} the tunnel is up. ${initiator.label} sends IKE_AUTH again and gives up, since no answer comes. The answer is lost on its way, or ${initiator.label} drops it without a word. Keys and profiles are not what fails.`,
    advice: `Look at the path from ${responder.label} to ${initiator.label}: a filter on UDP 500 or 4500 in that direction, or one that drops large packets.`,
    evidence: [...evidence, ...citedLines(responder, false)],
    settle: [`A capture at ${initiator.label}.`],
  });
}

/** Something of IKE_AUTH came to the responder, and it waited in vain for what was to follow. */
function restMissed(attempt: Attempt, evidence: readonly Weighed[]): Claim | null {
  const { initiator, responder } = attempt;
  const events = eventsOfSide(responder);
  const listed = (message: string): readonly string[] =>
    events
      .filter((event) => event.message === message)
      .map(({ fields }) => ` ${String(fields.payloads ?? '')} `);
  const came = events.filter(
    ({ message, fields }) => message === 'v2-received' && fields.exchange === 'IKE_AUTH',
  );
  if (came.length === 0) return null;
  const isEap = [...listed('v2-building'), ...listed('v2-sent')].some((payloads) =>
    payloads.includes(' EAP '),
  );
  const settle = [
    `"debug crypto ikev2" of ${initiator.label}: it shows what arrives and what it answers.`,
    `A capture at ${responder.label}.`,
  ];
  if (isEap)
    return claimOf(attempt, {
      title: `${initiator.label} does not answer EAP of ${responder.label}`,
      explanation: `${responder.label} answers IKE_AUTH of ${initiator.label} with EAP, and waits for the next IKE_AUTH in vain. ${initiator.label} waits for its user, stops because it does not accept ${responder.label}, or never gets that answer, which is large where a certificate is in it. User and password were not tested.`,
      advice: `Look at ${initiator.label} for whether it asks its user and accepts the certificate of ${responder.label}, and at the path for what drops large packets and fragments.`,
      evidence,
      settle,
    });
  const isCut = came.every(({ fields }) => ` ${String(fields.payloads ?? '')} `.includes(' SKF '));
  return claimOf(attempt, {
    title: isCut
      ? `IKE_AUTH of ${initiator.label} does not arrive whole at ${responder.label}`
      : `IKE_AUTH of ${initiator.label} goes on no further at ${responder.label}`,
    explanation: isCut
      ? `${initiator.label} sends IKE_AUTH in IKE fragments (RFC 7383); of these ${came.length} ${came.length === 1 ? 'is' : 'are'} in the log of ${responder.label}, which waits for the rest in vain. Fragments are lost on the path. Keys and certificates were not tested yet.`
      : `IKE_AUTH of ${initiator.label} has begun, and ${responder.label} waits for its next message in vain: it is lost on the path, or ${initiator.label} does not send it.`,
    advice:
      'Look at filters and the path for what drops packets on UDP 500 and 4500 between the two.',
    evidence,
    settle,
  });
}

function check(attempt: Attempt, { incident }: CaseFile): Claim | null {
  if (attempt.version !== 2 || attempt.phase1 === 'complete') return null;
  const unheard = initUnheard(attempt) ?? answerLost(attempt, incident);
  if (unheard !== null) return unheard;
  const logged = loggedVerdict(attempt, 'half-open');
  const evidence = [...(logged?.evidence ?? []), ...onWire(attempt)];
  if (evidence.length === 0) return null;
  const { initiator, responder } = attempt;
  if (logged?.side === initiator && responder.log?.phase1 === 'complete')
    return answerMissed(attempt, evidence);
  if (logged?.side.log?.failingStep === 'sa-init-wait')
    return claimOf(attempt, {
      title: `${responder.label} answers ${initiator.label} with a cookie, and then no more`,
      explanation: `${responder.label} answers IKE_SA_INIT of ${initiator.label} with a cookie, as an end does that has many half-open SAs. ${initiator.label} sends the cookie back and gets no answer: the larger message is lost, or ${responder.label} does not accept it or has no room for more. Proposals and keys were not tested yet.`,
      advice: `Look at ${responder.label} for how many half-open SAs it has ("show crypto ikev2 stats" on IOS) and for limits on them.`,
      evidence,
      settle: [
        `"debug crypto ikev2" of ${responder.label}: it shows whether the message with the cookie arrives.`,
        `A capture at ${responder.label}.`,
      ],
    });
  const sent = packets(attempt, 'AUTH', 'initiator')[0];
  const isCut = sent !== undefined && isIkeFragmented(attempt, sent);
  const lost = isCut
    ? 'It is lost on the path (not as IP fragments: IKE fragmentation, RFC 7383, keeps its packets small)'
    : 'It is lost on the path (it is larger, and may travel on UDP 4500 and in fragments)';
  const filters = isCut ? 'UDP 500 and 4500' : 'UDP 4500 and for fragments';
  const awaited = logged?.side === responder;
  const missed = awaited ? restMissed(attempt, evidence) : null;
  if (missed !== null) return missed;
  return claimOf(attempt, {
    title: awaited
      ? `IKE_AUTH of ${initiator.label} does not arrive at ${responder.label}`
      : `IKE_AUTH of ${initiator.label} is not answered`,
    explanation: awaited
      ? `${initiator.label} and ${responder.label} complete IKE_SA_INIT, then ${responder.label} waits for IKE_AUTH in vain. ${lost}, or ${initiator.label} does not send it. Keys and certificates were not tested yet.`
      : `${initiator.label} and ${responder.label} complete IKE_SA_INIT, then IKE_AUTH gets no answer. ${lost}, or its answer is, or ${responder.label} drops it silently. A wrong key is no reason: it is answered with AUTHENTICATION_FAILED.`,
    advice: awaited
      ? `Look at ${initiator.label} for whether it sends IKE_AUTH, and at filters for ${filters}.`
      : `Look at ${responder.label} for what it does with IKE_AUTH, and at filters for ${filters}.`,
    evidence,
    settle: [
      awaited
        ? `"debug crypto ikev2" of ${initiator.label}: it shows whether IKE_AUTH leaves, and on which port.`
        : `"debug crypto ikev2" of ${responder.label}: it shows whether IKE_AUTH arrives.`,
      `A capture at ${responder.label}.`,
    ],
  });
}

export const halfOpen: Rule = {
  id: 'half-open',
  title: 'An IKEv2 exchange stays half open',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'IKE_SA_INIT is answered, and the answer does not arrive, or IKE_AUTH never arrives or is never answered, or its answer does not arrive; or a cookie is asked for, and what comes with it is never answered.',
  recognised:
    'The initiator gives IKE_AUTH up after its last repetition, or the responder logs that the AUTH message did not come in time; on the wire IKE_AUTH is repeated and the responder says nothing more, or IKE_SA_INIT or IKE_AUTH is repeated although it was answered, and nothing else of the initiator follows.',
  fix: 'Find out whether IKE_AUTH arrives: capture at the responder, allow UDP 4500 and fragments.',
  references: [REFERENCES.ikev2],
  supersedes: ['inconclusive'],
  check: perAttempt(check),
};
