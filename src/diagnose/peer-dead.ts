import { isOriginal, isRequest } from '../exchange/entries.ts';
import { deletesIke } from '../exchange/ike-auth.ts';
import type { ExchangeMessage } from '../model/exchange.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import { frameEvidence } from './evidence.ts';
import { frameOf, times } from './facts.ts';
import type { Weighed } from './rule.ts';

/** A capture may end within the first repetitions of a request that is answered later. */
const LEAST_SENT = 3;

type Unanswered = { readonly entry: ExchangeMessage; readonly sent: number };

/**
 * Under IKEv2 every request has a response (RFC 7296 §2.1): the last one of an SA that stood, repeated and not answered. Who
 * deletes the SA asks for no sign of life: its DELETE is passed over, and a question before it counts.
 */
function unanswered(attempt: Attempt): Unanswered | null {
  if (attempt.version !== 2 || attempt.phase1 !== 'complete') return null;
  const messages = attempt.exchange?.messages ?? [];
  const entry = messages.findLast(
    (one) => isOriginal(one) && one.encrypted && isRequest(one) && !isDelete(one),
  );
  if (entry === undefined || entry.step === 'AUTH') return null;
  const at = messages.indexOf(entry);
  // Any later word of the peer shows that it lives.
  if (messages.slice(at).some(({ direction }) => direction !== entry.direction)) return null;
  const sent =
    1 + messages.filter(({ retransmissionOf }) => retransmissionOf === frameOf(entry)).length;
  return sent < LEAST_SENT ? null : { entry, sent };
}

const isDelete = ({ payloads }: ExchangeMessage): boolean =>
  payloads.some(({ content }) => deletesIke(content));

/** The end that asks in vain. */
export function asksInVain(attempt: Attempt): AttemptSide | null {
  const asked = unanswered(attempt);
  if (asked === null) return null;
  return asked.entry.direction === 'i2r' ? attempt.initiator : attempt.responder;
}

/** The request that is repeated without an answer. */
export function vainRequest(attempt: Attempt): readonly Weighed[] {
  const asked = unanswered(attempt);
  if (asked === null) return [];
  const { entry, sent } = asked;
  const isProbe = entry.decryption?.kind === 'decrypted' && entry.payloads.length === 0;
  const what = isProbe ? 'a liveness check (an empty INFORMATIONAL)' : entry.step;
  const text = `${what} is sent ${times(sent)} and not answered, and nothing more comes from the peer`;
  return frameEvidence(attempt, frameOf(entry), text, { basis: 'inferred', decisive: true });
}
