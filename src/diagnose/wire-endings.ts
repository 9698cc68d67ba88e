import { trusted } from '../exchange/facts.ts';
import { deletesIke } from '../exchange/ike-auth.ts';
import { isRequest } from '../exchange/entries.ts';
import { hasSuccessor } from '../exchange/rekeyed.ts';
import type { ExchangeMessage, Step } from '../model/exchange.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import { frameEvidence } from './evidence.ts';
import { frameOf, notifies, senderOf, times } from './facts.ts';
import type { Weighed } from './rule.ts';

/** How an SA of phase 1 ended, as far as the packets can be read. */
export type WireEnding = { readonly side: AttemptSide; readonly evidence: readonly Weighed[] };

/** One that is repeated and not answered may never have been heard. */
export type WireDeletion = WireEnding & { readonly isUnanswered: boolean };

const R_U_THERE = 36136;
const R_U_THERE_ACK = 36137;

/** What tells of the end of an SA, and what the SA is called; protocol 1 is it in both versions (RFC 2408 §3.15, RFC 7296 §3.11). */
const NAMES: Readonly<Record<Attempt['version'], { readonly step: Step; readonly sa: string }>> = {
  1: { step: 'INFO', sa: 'ISAKMP SA' },
  2: { step: 'INFORMATIONAL', sa: 'IKE SA' },
};

/** One question without an answer may be the last that the capture holds. */
const FEWEST_UNANSWERED = 3;

const informationals = ({ exchange, version }: Attempt): readonly ExchangeMessage[] =>
  exchange === null
    ? []
    : trusted(exchange.messages).filter(
        ({ step, copyOf, decryption }) =>
          step === NAMES[version].step && copyOf === null && decryption?.kind === 'decrypted',
      );

/** The side that asked for a sign of life and got none; null where it got one, or asked but once or twice. */
export function unansweredKeepalives(attempt: Attempt): WireEnding | null {
  // RFC 3706 is of IKEv1.
  if (attempt.version !== 1) return null;
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
    evidence: frameEvidence(attempt, open[0]!, text, { basis: 'proven', decisive: true }),
  };
}

/** The side that says that the SA is gone, unless another SA between the same ends stood by then. */
export function deletesOnWire(attempt: Attempt, all: readonly Attempt[]): WireDeletion | null {
  const message = informationals(attempt).find(({ payloads }) =>
    payloads.some(({ content }) => deletesIke(content)),
  );
  if (message === undefined || isReplaced(attempt, message, all)) return null;
  const side = senderOf(attempt, message);
  if (side === null) return null;
  const sent = timesInVain(attempt, message);
  const vain = sent === 0 ? '' : `, ${times(sent)}, and gets no answer`;
  const text = `${side.label} says that it deletes the ${NAMES[attempt.version].sa}${vain}`;
  return {
    side,
    isUnanswered: sent > 0,
    evidence: frameEvidence(attempt, message, text, { basis: 'proven', decisive: true }),
  };
}

/** How often a DELETE was sent that got no answer. Under IKEv1 it has none, and one that is not repeated may have it behind the capture. */
function timesInVain({ exchange, version }: Attempt, deletion: ExchangeMessage): number {
  if (version !== 2 || exchange === null) return 0;
  const { messages } = exchange;
  const again = messages.filter((entry) => entry.retransmissionOf === frameOf(deletion)).length;
  const isAnswered = messages.some(
    (entry) =>
      entry.step === deletion.step &&
      entry.direction !== deletion.direction &&
      !isRequest(entry) &&
      entry.message.header.messageId === deletion.message.header.messageId,
  );
  return again === 0 || isAnswered ? 0 : again + 1;
}

function isReplaced(attempt: Attempt, deletion: ExchangeMessage, all: readonly Attempt[]): boolean {
  if (attempt.exchange !== null && hasSuccessor(attempt.exchange, deletion)) return true;
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
