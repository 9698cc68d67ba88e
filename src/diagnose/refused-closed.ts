import { hasRoomForAuth } from '../exchange/ike-auth.ts';
import { trusted } from '../exchange/facts.ts';
import type { Attempt } from '../model/incident.ts';
import { childExchanges, type ChildExchange } from './child-exchanges.ts';
import { frameEvidence } from './evidence.ts';
import { frameOf, ikeDebug, otherSide, senderOf } from './facts.ts';
import type { Stop } from './stopped-wire.ts';

/** Header, IV, check value, one proposal, a nonce and two selectors stay below this; a public value does not fit beside them. */
const WITHOUT_KEY_EXCHANGE = 288;

/** The other end asked at the same time and was granted it: who is put off meanwhile has lost nothing (RFC 7296 section 2.25). */
const collide = (granted: ChildExchange, refused: ChildExchange): boolean =>
  granted.request.direction !== refused.request.direction &&
  hasRoomForAuth(granted.response) &&
  granted.request.message.timeNs <= refused.response.message.timeNs &&
  refused.request.message.timeNs <= granted.response.message.timeNs;

/**
 * A CREATE_CHILD_SA in a tunnel that is up, whose answer stays closed and is too short for an SA and a nonce: a notification.
 * One that is granted later was only put off, or asked for with another group.
 */
export function closedRefusal(attempt: Attempt): Stop | null {
  if (attempt.version !== 2 || attempt.phase1 !== 'complete') return null;
  const pairs = childExchanges(trusted(attempt.exchange?.messages ?? []));
  const refused = pairs.at(-1);
  // What was read is told by what it says.
  if (refused === undefined || refused.response.decryption?.kind === 'decrypted') return null;
  if (hasRoomForAuth(refused.response) || pairs.some((pair) => collide(pair, refused))) return null;
  const { request, response } = refused;
  const asker = senderOf(attempt, request);
  if (asker === null) return null;
  const refuser = otherSide(attempt, asker);
  const [asked, answered] = [request, response].map(({ message }) => message.header.length);
  const group =
    request.message.header.length > WITHOUT_KEY_EXCHANGE
      ? ' The request has room for a key exchange: where it is a rekey of a child SA that stands, its Diffie-Hellman group ("set pfs") counts here for the first time.'
      : '';
  return {
    title: `${refuser.label} refuses a CREATE_CHILD_SA of ${asker.label}`,
    explanation: `The tunnel between ${attempt.initiator.label} and ${attempt.responder.label} is up. ${asker.label} asks for a further SA or a rekey (CREATE_CHILD_SA, ${asked} octets), and ${refuser.label} answers with ${answered} octets: room for a notification, and none for an SA. The reason is encrypted; most often it is NO_PROPOSAL_CHOSEN or TS_UNACCEPTABLE, or TEMPORARY_FAILURE, which asks for patience.${group} If it is a rekey, what stands ends with its lifetime.`,
    advice: `Compare transform sets, "set pfs" and access lists of both ends.`,
    ask: [
      `${ikeDebug(attempt)} of ${refuser.label}: it says what it refuses`,
      'key material of the exchange: it opens both messages',
    ],
    evidence: [
      ...frameEvidence(
        attempt,
        response,
        `CREATE_CHILD_SA (frame ${frameOf(request)}) is answered with ${answered} octets`,
        { basis: 'inferred', decisive: true },
      ),
    ],
    isFailure: true,
  };
}
