import { authMethod } from '../../logparse/negotiations/auth-method.ts';
import type { Attempt } from '../../model/incident.ts';
import { citedLines, frameEvidence, quoted } from '../evidence.ts';
import { NAT_T, packets, sides, times } from '../facts.ts';
import { claimOf } from '../logged.ts';
import { mm5OnWire } from '../mm5.ts';
import { lostPassage } from '../loss.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule, Weighed } from '../rule.ts';
import { perAttempt } from '../rule.ts';

/** Everything that moved to UDP 4500 stays unanswered, while port 500 was answered. */
function floatedV1(attempt: Attempt): readonly Weighed[] {
  const wire = mm5OnWire(attempt);
  const first = wire.mm5[0];
  if (
    first === undefined ||
    !wire.floated ||
    attempt.phase1 === 'complete' ||
    wire.answers.length > 0
  )
    return [];
  if (wire.mm4After.length === 0) return [];
  const again = `MM5 moves to UDP ${first.message.dst.port} and is sent ${times(wire.mm5.length)}; nothing comes back on that port`;
  const asks = `the responder repeats MM4 on UDP ${wire.mm4After[0]!.message.src.port}, so it is alive and waits`;
  const weight = { basis: 'inferred' as const, decisive: true };
  return [
    ...frameEvidence(attempt, first, again, weight),
    ...frameEvidence(attempt, wire.mm4After[0]!, asks, weight),
  ];
}

function floatedV2(attempt: Attempt): readonly Weighed[] {
  const { nat } = attempt.exchange ?? {
    nat: { initiatorTranslated: null, responderTranslated: null },
  };
  const translated = nat.initiatorTranslated === true || nat.responderTranslated === true;
  const sent = packets(attempt, 'AUTH', 'initiator');
  const first = sent[0];
  if (attempt.version !== 2 || !translated || first === undefined || sent.length < 2) return [];
  if (first.message.dst.port !== NAT_T || packets(attempt, 'AUTH', 'responder').length > 0)
    return [];
  const text = `behind a translation IKE_AUTH moves to UDP 4500 and is sent ${times(sent.length)} without an answer`;
  return frameEvidence(attempt, first, text, { basis: 'inferred', decisive: true });
}

/** Both logs: a translation was found, MM5 left on 4500 and did not arrive. */
function logged(attempt: Attempt): readonly Weighed[] {
  const lost = lostPassage(attempt, 'MM5');
  if (lost === null || !sides(attempt).some((side) => side.log?.natFound === true)) return [];
  return quoted(attempt.initiator, /sending packet to \S+ my_port 4500/i, true, 1);
}

/** The log of an IKEv2 initiator tells the same as the wire. A large IKE_AUTH with certificates may die of its size as well. */
function loggedV2(attempt: Attempt): readonly Weighed[] {
  const { initiator } = attempt;
  const { log } = initiator;
  if (
    log?.verdict !== 'half-open' ||
    log.natFound !== true ||
    authMethod(log.auth) === 'certificate'
  )
    return [];
  const floated = log.packets.filter(
    ({ state, direction, peerPort }) =>
      state === 'IKE_AUTH' && direction === 'sent' && peerPort === NAT_T,
  );
  if (floated.length < 2) return [];
  return citedLines(initiator, true).map((line) => ({ ...line, basis: 'inferred' as const }));
}

function check(attempt: Attempt): Claim | null {
  const evidence = [
    ...floatedV1(attempt),
    ...floatedV2(attempt),
    ...logged(attempt),
    ...loggedV2(attempt),
  ];
  if (evidence.length === 0) return null;
  const { initiator, responder } = attempt;
  return claimOf(attempt, {
    title: `UDP 4500 does not pass from ${initiator.label} to ${responder.label}`,
    explanation: `${initiator.label} and ${responder.label} found a translation between them, so the exchange moved from UDP 500 to UDP 4500. From there on nothing arrives, while UDP 500 still passes.`,
    advice:
      'Allow UDP 4500 in both directions on every filter between the two, on the translator and on the routers themselves.',
    evidence,
    settle: [`A capture at ${responder.label} of UDP 4500.`],
  });
}

export const natTBlocked: Rule = {
  id: 'nat-t-blocked',
  title: 'UDP 4500 is blocked',
  severity: 'failure',
  needs: ['log', 'packets'],
  means: 'A translation was found, the exchange moved to UDP 4500, and that port is filtered.',
  recognised:
    'Port 500 is answered, the first message on port 4500 is repeated without an answer, and the responder still asks on port 500; under IKEv2 IKE_AUTH is the message that moves.',
  fix: 'Allow UDP 4500 in both directions.',
  references: [REFERENCES.natT],
  supersedes: ['half-open', 'inconclusive', 'deleted-by-peer'],
  outranks: ['mm5-unanswered'],
  check: perAttempt(check),
};
