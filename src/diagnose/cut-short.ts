import type { Attempt, AttemptSide } from '../model/incident.ts';
import type { LogNegotiation, LogTime } from '../model/log.ts';
import { eventsOfSide, quoted } from './evidence.ts';
import { pairKey, sides } from './facts.ts';
import type { Stop } from './stopped-wire.ts';

/** After this long without an answer a router repeats its message, and logs that it does. */
const REPEATS_MS: Readonly<Record<1 | 2, number>> = { 1: 10_000, 2: 2000 };

/** The router waits, repeats itself, gives up or objects. */
const TROUBLE =
  /retransmi|error counter|timer fired|RE_XMT|\bfail|\babort|\berror\b|not responding|No response|deleting SA/i;
/** One of the two refuses, or the peer ends what there was. */
const REFUSED =
  /NOTIFY \S*(?:NOT_CHOSEN|NO_PROPOSAL|INVALID|FAILED|UNSUPPORTED)|policy not accept|DELETE payload/i;

/** A new outbound SA is in use; SPI 0 stands for none. */
const IN_USE = /updated peer \S+ current outbound sa to SPI (?!0+\b)/i;

/** The log ends where the attempt is still under way: nothing stopped it, and what became of it is not there. */
export function cutShort(attempt: Attempt): Stop | null {
  const told = sides(attempt).filter(({ log }) => log !== null);
  if (attempt.exchange !== null || told.length === 0 || !told.every(isCut)) return null;
  const side = told.find(({ side: name }) => name === 'responder') ?? told[0]!;
  const { initiator, responder } = attempt;
  const step = attempt.passages.at(-1)?.step ?? null;
  const at = step === null ? 'within' : `at ${step} of`;
  const stands = quoted(side, IN_USE, false, 1);
  const use =
    stands.length === 0
      ? ''
      : ' A line beside it says that an IPsec SA between the two is in use, so a tunnel stands.';
  return {
    key: `${pairKey(attempt)} cut`,
    title: `The log of ${side.label} ends ${step === null ? 'within the attempt' : `at ${step}`}: what became of it is not there`,
    explanation: `The log of ${side.label} ends ${at} the attempt of ${initiator.label} towards ${responder.label}${after(side.log!)}. Nothing in it failed or was waited for in vain.${use}`,
    advice: '',
    ask: [`the rest of the log of ${side.label}`],
    evidence: stands,
  };
}

function isCut(side: AttemptSide): boolean {
  const { log } = side;
  return (
    log !== null &&
    log.verdict === 'inconclusive' &&
    (log.phase1 === 'incomplete' || log.phase1 === 'not-started') &&
    log.deleteReason === null &&
    log.failingStep === null &&
    !log.packets.some(({ retransmission }) => retransmission) &&
    !eventsOfSide(side).some(({ text }) => TROUBLE.test(text) || REFUSED.test(text)) &&
    endsWithLog(side, log) &&
    // It names no peer, so that it may be about this attempt.
    side.document?.events.some(({ message }) => message === 'syslog-ikev2-abort') !== true
  );
}

/** What the file holds behind the attempt is no longer than a router waits. */
function endsWithLog({ document }: AttemptSide, log: LogNegotiation): boolean {
  if (document === null) return false;
  const last = document.events.findLast(({ time }) => time !== null)?.time ?? null;
  const waited = span(log.lastTime, last);
  return waited === null
    ? document.negotiations.every(({ lastLine }) => lastLine <= log.lastLine)
    : waited < REPEATS_MS[log.ikeVersion];
}

/** Milliseconds between two stamps of one clock. */
function span(from: LogTime | null, to: LogTime | null): number | null {
  if (from === null || to === null) return null;
  return (from.mark === 'uptime') === (to.mark === 'uptime') ? to.ms - from.ms : null;
}

function after({ firstTime, lastTime }: LogNegotiation): string {
  const ms = span(firstTime, lastTime);
  if (ms === null) return '';
  return ms < 1000
    ? ', less than a second after its first line'
    : `, ${Math.round(ms / 1000)} s after its first line`;
}
