import type { Encounter, Side } from './encounter.ts';
import { transmit } from './encounter.ts';
import { deathByRetransmission, received, saRequest, sending } from './ios/phase1-lines.ts';

const second = 1_000_000;
const interval = 10 * second;

const resend = (side: Side, attempt: number, packetState: string): void => {
  side.log.say('retransmitting', { state: packetState });
  side.log.say('errorCounter', { n: attempt, why: 'retransmit phase 1' });
  side.log.say('retransmittingNow', { state: packetState });
  sending(side, packetState);
};

/** Traffic still waits: the key engine asks once more while phase 1 is under way. */
const askAgain = (side: Side): void => {
  const { log, router } = side;
  const ends = { local: router.address, remote: router.peer.address };
  log.say('requestTimer', { ...ends, count: 1, localProxy: ends.local, remoteProxy: ends.remote });
  saRequest(side);
  log.say('setNode', { node: 0 });
  log.say('stillBudding', ends);
  log.say('saRequestError', {}, 0);
  log.say('kmiError', {}, 0);
};

export type GivingUp = {
  readonly requestedAtUs: number;
  /** When message 5 went out first, and its octets. */
  readonly sentAtUs: number;
  readonly mm5: Uint8Array;
  /** Set where the responder keeps sending its message 4, because message 5 made no sense to it. */
  readonly mm4: Uint8Array | null;
};

/** Message 5 five more times at 10 s each, then both ends drop the half-open SA. */
export const retransmitUntilDeath = (encounter: Encounter, plan: GivingUp): void => {
  const { initiator, responder, seeded } = encounter;
  const responderFailedAt = responder.log.now();
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    if (attempt === 3) {
      initiator.log.waitUntil(plan.requestedAtUs + 30 * second);
      askAgain(initiator);
    }
    initiator.log.waitUntil(plan.sentAtUs + attempt * interval + seeded.below(3000));
    resend(initiator, attempt, 'MM_KEY_EXCH');
    transmit(encounter, initiator, plan.mm5);
    const lastSent = initiator.log.now();
    received(responder, 'MM_KEY_EXCH');
    responder.log.say('duplicate');
    if (plan.mm4 === null) {
      responder.log.say('duplicateResend');
      responder.log.say('retransmitting', { state: 'MM_KEY_EXCH' });
    } else if (attempt < 5) {
      responder.log.waitUntil(responderFailedAt + attempt * interval + 22_000 + seeded.below(3000));
      resend(responder, attempt + 1, 'MM_KEY_EXCH');
      transmit(encounter, responder, plan.mm4);
      received(initiator, 'MM_KEY_EXCH');
      initiator.log.say('duplicate');
      initiator.log.say('skipped', { ms: Math.floor((initiator.log.now() - lastSent) / 1000) });
    } else {
      responder.log.waitUntil(responderFailedAt + attempt * interval + 22_000);
      responder.log.say('retransmitting', { state: 'MM_KEY_EXCH' });
      deathByRetransmission(responder, 'MM_KEY_EXCH', 'IKE_R_MM4', seeded.word());
    }
  }
  initiator.log.waitUntil(plan.sentAtUs + 6 * interval + seeded.below(3000));
  initiator.log.say('retransmitting', { state: 'MM_KEY_EXCH' });
  deathByRetransmission(initiator, 'MM_KEY_EXCH', 'IKE_I_MM5', seeded.word());
  if (plan.mm4 === null) {
    responder.log.waitUntil(plan.sentAtUs + 6 * interval + 4 * second);
    deathByRetransmission(responder, 'MM_KEY_EXCH', 'IKE_R_MM5', seeded.word());
  }
};
