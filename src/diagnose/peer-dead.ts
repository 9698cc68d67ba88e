import { isOriginal, isRequest } from '../exchange/entries.ts';
import { deletesIke } from '../exchange/ike-auth.ts';
import { mostInside } from '../exchange/ike-auth-size.ts';
import type { ExchangeMessage } from '../model/exchange.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import { frameEvidence } from './evidence.ts';
import { frameOf, ikeDebug, otherSide, times } from './facts.ts';
import type { Weighed } from './rule.ts';
import type { Stop } from './stopped-wire.ts';

/** A capture may end within the first repetitions of a request that is answered later. */
const LEAST_SENT = 3;

/** A DELETE of the IKE SA (RFC 7296 §3.11): it names no SPI. */
const DELETE_LENGTH = 8;

type Unanswered = {
  readonly entry: ExchangeMessage;
  readonly sent: number;
  readonly side: AttemptSide;
  /** It is closed, and may delete the IKE SA as well as ask for a sign of life. */
  readonly mayDelete: boolean;
};

/**
 * Under IKEv2 every request has a response (RFC 7296 §2.1): the last one of an SA that stood, repeated and not answered. Who
 * deletes the SA asks for no sign of life: its DELETE is passed over, and a question before it counts.
 */
function unanswered(attempt: Attempt, all: readonly Attempt[]): Unanswered | null {
  if (attempt.version !== 2 || attempt.phase1 !== 'complete') return null;
  const messages = attempt.exchange?.messages ?? [];
  const entry = messages.findLast(
    (one) => isOriginal(one) && one.encrypted && isRequest(one) && !isDelete(one),
  );
  if (entry === undefined || entry.step === 'AUTH') return null;
  const at = messages.indexOf(entry);
  // Any later word of the peer shows that it lives.
  if (messages.slice(at).some(({ direction }) => direction !== entry.direction)) return null;
  const again = messages.filter(({ retransmissionOf }) => retransmissionOf === frameOf(entry));
  const sent = 1 + again.length;
  if (sent < LEAST_SENT) return null;
  const side = entry.direction === 'i2r' ? attempt.initiator : attempt.responder;
  const end = again.at(-1)!.message.timeNs;
  const mayDelete =
    isLikeDelete(attempt, entry) && !beginsAnew(side, otherSide(attempt, side), end, all);
  return { entry, sent, side, mayDelete };
}

const isDelete = ({ payloads }: ExchangeMessage): boolean =>
  payloads.some(({ content }) => deletesIke(content));

/** Closed, with room for a DELETE, and unlike what was asked and answered while the SA went on. */
function isLikeDelete({ exchange }: Attempt, entry: ExchangeMessage): boolean {
  if (exchange === null || entry.step !== 'INFORMATIONAL') return false;
  if (entry.decryption?.kind === 'decrypted') return false;
  const { length } = entry.message.header;
  if (mostInside(exchange.transform, length) < DELETE_LENGTH) return false;
  const { messages } = exchange;
  return !messages
    .slice(0, messages.indexOf(entry))
    .some(
      (one) =>
        one.step === 'INFORMATIONAL' &&
        one.direction === entry.direction &&
        isRequest(one) &&
        one.message.header.length === length,
    );
}

/** Who has lost its peer sets the tunnel up again; who has deleted it is done. */
const beginsAnew = (
  side: AttemptSide,
  peer: AttemptSide,
  end: bigint,
  all: readonly Attempt[],
): boolean =>
  all.some(
    ({ initiator, responder, exchange }) =>
      initiator.address === side.address &&
      responder.address === peer.address &&
      (exchange?.messages[0]?.message.timeNs ?? end) > end,
  );

/** The end that asks in vain. */
export function asksInVain(attempt: Attempt, all: readonly Attempt[]): AttemptSide | null {
  const asked = unanswered(attempt, all);
  return asked === null || asked.mayDelete ? null : asked.side;
}

/** The request that is repeated without an answer. */
export function vainRequest(attempt: Attempt, all: readonly Attempt[]): readonly Weighed[] {
  const asked = unanswered(attempt, all);
  return asked === null || asked.mayDelete ? [] : cited(attempt, asked);
}

function cited(attempt: Attempt, { entry, sent }: Unanswered): readonly Weighed[] {
  const isProbe = entry.decryption?.kind === 'decrypted' && entry.payloads.length === 0;
  const what = isProbe ? 'a liveness check (an empty INFORMATIONAL)' : entry.step;
  const text = `${what} is sent ${times(sent)} and not answered, and nothing more comes from the peer`;
  return frameEvidence(attempt, entry, text, { basis: 'inferred', decisive: true });
}

/** The last request of a tunnel that came up is closed and not answered: the peer is dead, or the sender deletes the tunnel. */
export function silentOrDeleted(attempt: Attempt, all: readonly Attempt[]): Stop | null {
  if (attempt.initiator.log !== null || attempt.responder.log !== null) return null;
  const asked = unanswered(attempt, all);
  if (asked?.mayDelete !== true) return null;
  const { side, sent } = asked;
  const peer = otherSide(attempt, side);
  const { initiator, responder } = attempt;
  return {
    title: `${side.label} gets no answer from ${peer.label} any more, or deletes the tunnel`,
    explanation: `The tunnel from ${initiator.label} to ${responder.label} came up. The last request of ${side.label}, an INFORMATIONAL, is sent ${times(sent)} and not answered, and ${side.label} sends nothing after it. It is encrypted, and both a question for a sign of life and a DELETE of the IKE SA have its length: either ${peer.label} is dead or out of reach, or ${side.label} ended the tunnel and ${peer.label} did not confirm it.`,
    advice: `Look at ${side.label} for why the SA ended, and at ${peer.label} and the path for why it answers no more.`,
    ask: [
      `${ikeDebug(attempt)} of ${side.label}: it says whether it asks or deletes`,
      'g^ir, a Diffie-Hellman private value or SK_* of this SA: they open the request',
    ],
    evidence: cited(attempt, asked),
  };
}
