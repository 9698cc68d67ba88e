import type { SecretToken } from '../iosconfig/mask.ts';
import { aggressivePeer } from './keyring.ts';
import { MAIN_READING } from './rules.ts';
import { chooseAsInitiator, chooseAsResponder } from './selection.ts';
import type { Chosen } from './selection.ts';
import { authenticateByKey } from './walk.ts';
import { agreePolicy, ended, initiatorAsks, responderAsks, sameSecret } from './walk-steps.ts';
import type { Attempt, Stop, Walk } from './walk-steps.ts';

/**
 * A call from an address that cannot be told, given as from one that nobody names: main mode with keys that fails from
 * every address. Null where an address may help.
 */
export function failFromAnywhere(attempt: Attempt, token: SecretToken): Walk | null {
  const { tunnel } = attempt;
  if (tunnel.ikev2Profile !== null) return null;
  const asked = { ...initiatorAsks(attempt), local: tunnel.local };
  const initiator = chooseAsInitiator(attempt.initiator, asked);
  if (initiator.requestedName !== null && initiator.requested === null) return null;
  if (initiator.requested?.aggressive === true || aggressivePeer(attempt.initiator, asked) !== null)
    return null;
  const responder = chooseAsResponder(attempt.responder, responderAsks(attempt, initiator));
  // Without a key for every address, one that it lacks ends otherwise than one that it has.
  if (responder.keys.winner?.entry.prefixLength !== 0) return null;
  const stop = firstStop(attempt, initiator, responder, token);
  if (stop?.outcome !== 'fails') return null;
  const why = `${stop.why}, whatever address the initiator is seen from, which no configuration tells`;
  return ended({ ...stop, why }, initiator, responder);
}

function firstStop(
  attempt: Attempt,
  initiator: Chosen,
  responder: Chosen,
  token: SecretToken,
): Stop | null {
  const auth = agreePolicy(attempt, initiator, responder);
  if (typeof auth !== 'string') return auth;
  if (auth === 'certificate' || mayAgree(attempt, initiator)) return null;
  return authenticateByKey(attempt, initiator, responder, token, MAIN_READING);
}

/** Whether some key of the responder, for whatever address, may be the one that the initiator uses. */
function mayAgree({ tunnel, initiator, responder }: Attempt, chosen: Chosen): boolean {
  const used = chosen.keys.winner?.entry;
  const bound = initiator.keyrings.some(({ localAddress }) => localAddress !== null);
  if (used === undefined || (bound && tunnel.local === null)) return true;
  return responder.keyrings.some(({ entries }) =>
    entries.some((entry) => sameSecret(used, entry) !== false),
  );
}
