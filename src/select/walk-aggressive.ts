import type { SecretToken } from '../iosconfig/mask.ts';
import type { AggressivePeer, ClientGroup } from '../model/config.ts';
import { ownIdentity, toIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { aggressivePeer, madeEntry, searchKeyring } from './keyring.ts';
import { selectProfile } from './profile.ts';
import type { Reading } from './rules.ts';
import { sameSecret } from './secret.ts';
import { chooseAsResponder } from './selection.ts';
import type { Chosen } from './selection.ts';
import { verifyKeyring } from './verify.ts';
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
import type { Attempt, Walk } from './walk-steps.ts';

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
  const responder = answer(attempt, initiator, identity, reading);
  const auth = agreePolicy(attempt, initiator, responder);
  if (typeof auth !== 'string') return ended(auth, initiator, responder);
  if (auth === 'certificate') {
    return walkByCertificate(attempt, initiator, responder, 'aggressive');
  }
  const first = initiator.keys.winner;
  const second = responder.keys.winner;
  if (first === null) {
    return ended(noKey('initiator', attempt.responderSeen, initiator), initiator, responder);
  }
  if (second === null) {
    return ended(noKey('responder', attempt.initiatorAddress, responder), initiator, responder);
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

/** The identity is in the first packet: profile first, then the keys of that profile, by name and by address. */
function answer(
  attempt: Attempt,
  initiator: Chosen,
  identity: Identity | null,
  reading: Reading,
): Chosen {
  const asked = { ...responderAsks(attempt, initiator), identity };
  const profiles = selectProfile(
    attempt.responder,
    {
      identity: identity ?? toIdentity({ type: 'ipv4', value: asked.peer }),
      fvrf: asked.fvrf,
      local: asked.local,
    },
    reading,
  );
  const profile = profiles.winner?.profile ?? null;
  const group = attempt.responder.clientGroups.find(
    (each) => identity?.type === 'key-id' && each.name === identity.value,
  );
  if (group?.key != null) return byGroup(attempt, asked, group, reading);
  const keys = searchKeyring(
    attempt.responder,
    { ...asked, profile, hostname: identity === null ? null : identity.value },
    reading,
  );
  return {
    requested: null,
    requestedName: null,
    keys,
    profiles,
    verification: verifyKeyring(keys, profile),
    rules: [...profiles.rules, ...keys.rules, 'aggressive-identity-first'],
  };
}

function byGroup(
  attempt: Attempt,
  asked: ReturnType<typeof responderAsks>,
  group: ClientGroup,
  reading: Reading,
): Chosen {
  const base = chooseAsResponder(attempt.responder, asked, reading);
  const entry = madeEntry(group.name, group.key!, group.secretType, group.line);
  return {
    ...base,
    keys: { winner: { keyring: `group ${group.name}`, entry }, lost: [], rules: [] },
    verification: 'none',
  };
}
