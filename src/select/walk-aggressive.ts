import type { SecretToken } from '../iosconfig/mask.ts';
import type { AggressivePeer } from '../model/config.ts';
import { ownIdentity, toIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { aggressivePeer } from './keyring.ts';
import type { Reading } from './rules.ts';
import { sameSecret } from './secret.ts';
import { chooseInAggressiveMode } from './selection.ts';
import type { Chosen } from './selection.ts';
import { walkByCertificate } from './walk-certificates.ts';
import {
  agreePolicy,
  ended,
  finishPhase2,
  initiatorAsks,
  keyPlaces,
  keysAgree,
  noKey,
  responderAsks,
  withHiddenKeys,
} from './walk-steps.ts';
import type { Attempt, Stop, Walk } from './walk-steps.ts';

/** Aggressive mode, when the initiator's configuration asks for it; otherwise null. */
export function walkAggressive(
  attempt: Attempt,
  initiator: Chosen,
  token: SecretToken,
  reading: Reading,
): Walk | null {
  const peer = aggressivePeer(attempt.initiator, initiatorAsks(attempt));
  if (peer === null && initiator.requested?.aggressive !== true) return null;
  for (const side of ['initiator', 'responder'] as const) {
    if (!attempt[side].aggressiveModeDisabled) continue;
    const line =
      attempt[side].lines.findIndex((text) => /aggressive-mode\s+disable/.test(text)) + 1;
    return ended(
      {
        outcome: 'fails',
        step: 'am1',
        finding: 'aggressive-mode-rejected',
        why: `the ${side} has aggressive mode disabled`,
        places: line > 0 ? [{ side, line }] : [],
      },
      initiator,
      null,
    );
  }
  const identity = aggressiveIdentity(attempt, initiator, peer);
  const asked = { ...responderAsks(attempt, initiator), identity };
  const responder = chooseInAggressiveMode(attempt.responder, asked, reading);
  const auth = agreePolicy(attempt, initiator, responder);
  if (typeof auth !== 'string') return ended(inFirstMessage(auth), initiator, responder);
  if (auth === 'certificate') {
    return walkByCertificate(attempt, initiator, responder, 'aggressive');
  }
  const first = initiator.keys.winner;
  const second = responder.keys.winner;
  if (first === null) {
    const stop = noKey('initiator', attempt, initiator);
    return ended(inFirstMessage(stop), initiator, responder);
  }
  if (second === null) {
    const stop = noKey('responder', attempt, responder);
    return ended(inFirstMessage(stop), initiator, responder);
  }
  const places = keyPlaces(initiator, responder);
  if (sameSecret(first.entry, second.entry) === false) {
    const why = `aggressive mode: the initiator uses ${token(first.entry.secret)}, the responder ${token(second.entry.secret)} (${second.keyring})`;
    return ended(
      { outcome: 'fails', step: 'am2', finding: 'psk-mismatch', why, places },
      initiator,
      responder,
    );
  }
  const why = keysAgree(initiator, responder, 'AM1');
  const walk = finishPhase2(attempt, initiator, responder, why);
  return withHiddenKeys(walk, 'the initiator refuses AM2 already');
}

/** Offer, keys and identity are one message, so what main mode refuses at MM1 ends at AM1. */
function inFirstMessage(stop: Stop): Stop {
  return stop.step?.startsWith('mm1-') === true ? { ...stop, step: 'am1' } : stop;
}

function aggressiveIdentity(
  attempt: Attempt,
  initiator: Chosen,
  peer: AggressivePeer | null,
): Identity | null {
  const [kind, value] = peer?.clientEndpoint?.split(' ') ?? [];
  if (kind !== undefined && value !== undefined) {
    return toIdentity({ type: kind === 'ipv4-address' ? 'ipv4' : kind, value });
  }
  return ownIdentity(attempt.initiator, initiator.requested, attempt.initiatorLocal);
}
