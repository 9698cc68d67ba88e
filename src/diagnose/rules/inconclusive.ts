import { cameUp, overcome } from '../../correlate/history.ts';
import type { Attempt, AttemptSide } from '../../model/incident.ts';
import { cutShort } from '../cut-short.ts';
import { eventsOfSide, isFirewall, lastKnown, quoted } from '../evidence.ts';
import { betweenEnds, ikeDebug, listed, sides } from '../facts.ts';
import { claimOf, notGiven } from '../logged.ts';
import { logsMm6 } from '../mm5.ts';
import { REFERENCES } from '../references.ts';
import { silentOrDeleted } from '../peer-dead.ts';
import type { CaseFile, Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';
import { closedRefusal } from '../refused-closed.ts';
import { afterOpening } from '../stopped-opening.ts';
import { whereItStopped } from '../stopped.ts';
import { cutAfterMm5 } from '../stopped-wire.ts';
import { whereV2Stopped } from '../stopped-v2.ts';

function check(attempt: Attempt, { incident }: CaseFile): Claim | null {
  const isUp = cameUp(attempt);
  const refusal = isUp ? closedRefusal(attempt) : null;
  const stop = endsWithMm6(attempt)
    ? null
    : (whereItStopped(attempt) ??
      (isUp
        ? (refusal ?? silentOrDeleted(attempt, incident.attempts))
        : (whereV2Stopped(attempt) ??
          afterOpening(attempt) ??
          cutAfterMm5(attempt, incident) ??
          cutShort(attempt))));
  if (isUp && stop === null) return null;
  const { initiator, responder } = attempt;
  const missing = [
    ...(responder.log === null ? [`${ikeDebug(attempt)} of ${responder.label}`] : []),
    ...(initiator.log === null ? [`${ikeDebug(attempt)} of ${initiator.label}`] : []),
    ...(attempt.exchange === null ? ['a capture of UDP 500 and 4500 between the two'] : []),
    ...(responder.config === null ? [`the crypto configuration of ${responder.label}`] : []),
  ];
  if (stop !== null) {
    const asked = notGiven(attempt, stop.ask);
    const ask = asked.length > 0 ? asked : missing;
    const claim = claimOf(attempt, {
      ...(stop.key !== undefined && { key: stop.key }),
      title: stop.title,
      explanation: stop.explanation,
      advice: [stop.advice, wouldHelp(ask)].join(' ').trim(),
      evidence: [...stop.evidence, ...lastKnown(attempt)],
      remedies: [],
      settle: ask.map(sentence),
    });
    // What was refused under one SA does not matter any more where another one took its place.
    const isPast =
      stop === refusal && overcome(incident.histories, incident.attempts).has(attempt.id);
    return stop.isFailure === true && !isPast ? { ...claim, severity: 'failure' } : claim;
  }
  const teller = sides(attempt).find(givesReason);
  if (teller !== undefined) {
    const reason = teller.log!.deleteReason!.text.trim();
    return claimOf(attempt, {
      title: `${teller.label} gives up the attempt of ${initiator.label}: ${reason}`,
      explanation: `The attempt of ${initiator.label} towards ${responder.label} does not complete. The log of ${teller.label} gives as its reason: ${reason}.`,
      advice: wouldHelp(missing),
      evidence: lastKnown(attempt),
      remedies: [],
      settle: missing.map(sentence),
    });
  }
  const half =
    endsWithMm6(attempt) || (attempt.phase1 === 'complete' && attempt.phase2 !== 'failed');
  const ends = `${initiator.label} and ${responder.label}`;
  return claimOf(attempt, {
    title: half
      ? `Whether the tunnel between ${ends} came up is not in the evidence`
      : `What stopped ${ends} is not in the evidence`,
    explanation: half
      ? halfText(attempt)
      : `The attempt of ${initiator.label} towards ${responder.label} does not complete, and nothing that was given says why.`,
    advice: wouldHelp(missing),
    evidence: lastKnown(attempt),
    remedies: [],
    settle: missing.map(sentence),
  });
}

/** The responder logs that it sends MM6, and nothing that was given goes on for long enough to tell more. */
const endsWithMm6 = (attempt: Attempt): boolean =>
  attempt.version === 1 &&
  attempt.mode === 'main' &&
  attempt.phase1 === 'incomplete' &&
  attempt.phase2 === 'not-reached' &&
  logsMm6(attempt);

function halfText(attempt: Attempt): string {
  if (endsWithMm6(attempt)) {
    const { initiator, responder } = attempt;
    return `${responder.label} accepts MM5 of ${initiator.label} and sends MM6, so that phase 1 is complete for ${responder.label}. Whether MM6 arrives, and what follows it, is not in what was given.`;
  }
  const made = sides(attempt).filter(
    (side) => quoted(side, /create_sa\): sa created/i, false).length > 0,
  );
  return made.length > 0
    ? `${listed(made.map(({ label }) => label))} makes an IPsec SA ${betweenEnds(attempt)}, and the one of the other direction is not in what was given.`
    : `Phase 1 ${betweenEnds(attempt)} completes; what was given ends before phase 2 does.`;
}

/** A firewall names what it objects to; IOS names what it did about it, but for the message by which it gives IKEv2 up. */
const givesReason = (side: AttemptSide): boolean =>
  side.log?.phase1 !== 'complete' &&
  (side.log?.deleteReason?.text.trim() ?? '') !== '' &&
  (isFirewall(side) ||
    eventsOfSide(side).some(
      ({ message, line }) =>
        message === 'syslog-ikev2-abort' && line === side.log?.deleteReason?.line,
    ));

const wouldHelp = (missing: readonly string[]): string =>
  missing.length === 0 ? '' : `What would help: ${missing.join('; ')}.`;

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

export const inconclusive: Rule = {
  id: 'inconclusive',
  title: 'The evidence does not say',
  severity: 'note',
  needs: ['log', 'packets'],
  means:
    'The attempt, or a later exchange of a tunnel that is up, did not complete, or a tunnel may have ended, and no rule finds the cause in what was given.',
  recognised: 'No other rule speaks of the attempt.',
  fix: 'Collect what is named under "would settle it".',
  references: [REFERENCES.ike],
  supersedes: [],
  // A tunnel of which a later quick mode is refused is not simply up.
  outranks: ['tunnel-up'],
  isOutcome: true,
  tellsFailure: true,
  check: perAttempt(check),
};
