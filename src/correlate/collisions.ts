import { calendarMs } from '../bytes/iso-time.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Attempt } from '../model/incident.ts';
import { eventsOf } from './log-lines.ts';

/** Two exchanges that are set up at once begin within this time of one another, also where the end of neither is seen. */
export const TOGETHER_MS = 5000;

const mirrored = (a: Attempt, b: Attempt): boolean =>
  a.initiator.address !== null &&
  a.initiator.address === b.responder.address &&
  a.responder.address === b.initiator.address;

/** The other end begins before the exchange of the first one is over: neither knew of the other. */
export function collides(first: Attempt, second: Attempt): boolean {
  if (first.startMs === null || second.startMs === null || !mirrored(first, second)) return false;
  if (second.startMs - first.startMs > TOGETHER_MS) return false;
  const over = setUpAt(first);
  return over === null || second.startMs <= over;
}

const SET_UP = /^(?:MM[1-6]|AM[1-3]|QM[1-3]|CFG|SA_INIT|INTERMEDIATE|AUTH)$/;

/** When the set-up was over, in milliseconds on the reference clock; null where it was not, or nothing tells when. */
function setUpAt(attempt: Attempt): number | null {
  const { exchange } = attempt;
  return exchange === null ? loggedSetUp(attempt) : seenSetUp(exchange);
}

/** The last word of phase 1 and of the first quick mode. An exchange without an answer is under way as long as nobody gives it up. */
function seenSetUp({ messages, version }: Exchange): number | null {
  if (messages.every(({ direction }) => direction === messages[0]?.direction)) return null;
  const first = messages.find(({ step }) => step.startsWith('QM'))?.message.header.messageId;
  const last = messages.findLast(
    ({ step, message }) =>
      SET_UP.test(step) &&
      (version === 2 || !step.startsWith('QM') || message.header.messageId === first),
  );
  return last === undefined ? null : calendarMs(last.message.timeNs);
}

const COMPLETE = /New State = IKE_(?:QM_PHASE2|P1)_COMPLETE|PHASE [12] COMPLETED/i;

function loggedSetUp({ initiator, responder, startMs }: Attempt): number | null {
  for (const { log, document } of [initiator, responder]) {
    if (log === null || document === null || log.firstTime === null) continue;
    const done = eventsOf(document, log).findLast(({ text }) => COMPLETE.test(text))?.time ?? null;
    if (done !== null && startMs !== null) return startMs + done.ms - log.firstTime.ms;
  }
  return null;
}

/**
 * Of two SAs that were set up at once one has the tunnel. A quick mode under the other one, if any was begun, is let be:
 * that SA has none. Attempts come in order of time.
 */
export function withoutLeftovers(attempts: readonly Attempt[]): readonly Attempt[] {
  return attempts.map((attempt, at) => {
    const { phase1, phase2, version, initiator, responder } = attempt;
    const isOpen = phase2 === 'failed' || phase2 === 'incomplete';
    const isSeen = initiator.log === null && responder.log === null;
    if (version !== 1 || phase1 !== 'complete' || !isOpen || !isSeen) return attempt;
    return hasTunnelBeside(attempts, at) ? { ...attempt, phase2: 'not-reached' } : attempt;
  });
}

function hasTunnelBeside(attempts: readonly Attempt[], at: number): boolean {
  const attempt = attempts[at]!;
  for (const step of [-1, 1]) {
    for (let next = at + step; next >= 0 && next < attempts.length; next += step) {
      const other = attempts[next]!;
      if (Math.abs((other.startMs ?? 0) - (attempt.startMs ?? 0)) > TOGETHER_MS) break;
      if (other.phase2 !== 'complete') continue;
      if (collides(attempt, other) || collides(other, attempt)) return true;
    }
  }
  return false;
}
