import { trusted } from '../exchange/facts.ts';
import type { ExchangeMessage } from '../model/exchange.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import { frameEvidence } from './evidence.ts';
import { frameOf, notifies, senderOf, times } from './facts.ts';
import type { Weighed } from './rule.ts';

/** How an IKEv1 SA ended, as far as the packets can be read. */
export type WireEnding = { readonly side: AttemptSide; readonly evidence: readonly Weighed[] };

const R_U_THERE = 36136;
const R_U_THERE_ACK = 36137;
/** RFC 2408 §3.15: protocol of an ISAKMP SA. */
const ISAKMP = 1;
/** One question without an answer may be the last that the capture holds. */
const FEWEST_UNANSWERED = 3;

const informationals = ({ exchange, version }: Attempt): readonly ExchangeMessage[] =>
  version !== 1 || exchange === null
    ? []
    : trusted(exchange.messages).filter(
        ({ step, copyOf, decryption }) =>
          step === 'INFO' && copyOf === null && decryption?.kind === 'decrypted',
      );

/** The side that asked for a sign of life and got none; null where it got one, or asked but once or twice. */
export function unansweredKeepalives(attempt: Attempt): WireEnding | null {
  const messages = informationals(attempt);
  const asked = messages.findLast((entry) => notifies(entry, R_U_THERE));
  if (asked === undefined) return null;
  const answered = messages.findLastIndex(
    (entry) => notifies(entry, R_U_THERE_ACK) && entry.direction !== asked.direction,
  );
  const open = messages
    .slice(answered + 1)
    .filter((entry) => notifies(entry, R_U_THERE) && entry.direction === asked.direction);
  if (open.length < FEWEST_UNANSWERED) return null;
  const side = senderOf(attempt, asked);
  if (side === null) return null;
  const text = `${side.label} asks ${times(open.length)} for a sign of life and gets no answer`;
  return {
    side,
    evidence: frameEvidence(attempt, frameOf(open[0]!), text, { basis: 'proven', decisive: true }),
  };
}

/** The side that says that the ISAKMP SA is gone, unless another SA between the same ends stood by then. */
export function deletesOnWire(attempt: Attempt, all: readonly Attempt[]): WireEnding | null {
  const message = informationals(attempt).find(({ payloads }) =>
    payloads.some(({ content }) => content.kind === 'delete' && content.protocol === ISAKMP),
  );
  if (message === undefined || isReplaced(attempt, message, all)) return null;
  const side = senderOf(attempt, message);
  if (side === null) return null;
  const text = `${side.label} says that it deletes the ISAKMP SA`;
  return {
    side,
    evidence: frameEvidence(attempt, frameOf(message), text, { basis: 'proven', decisive: true }),
  };
}

function isReplaced(attempt: Attempt, deletion: ExchangeMessage, all: readonly Attempt[]): boolean {
  const began = attempt.exchange?.messages[0]?.message.timeNs ?? 0n;
  const ends = ({ exchange }: Attempt): string =>
    exchange === null
      ? ''
      : [exchange.initiator.address, exchange.responder.address].sort().join(' ');
  return all.some((other) => {
    const first = other.exchange?.messages[0]?.message.timeNs;
    return (
      other !== attempt &&
      first !== undefined &&
      other.phase1 === 'complete' &&
      ends(other) === ends(attempt) &&
      first > began &&
      first <= deletion.message.timeNs
    );
  });
}
