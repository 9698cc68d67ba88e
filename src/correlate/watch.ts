import { calendarMs } from '../bytes/iso-time.ts';
import type { Exchange, Side } from '../model/exchange.ts';
import type { CaptureEvidence, PlaceOfLine } from '../model/incident.ts';
import type { LogDocument, LogEvent, LogNegotiation, LogPacket, LogTime } from '../model/log.ts';
import { DELAY_MS } from './sample.ts';
import type { Placing } from './timeline.ts';

/**
 * How long a witness watches. That it does not tell of a message means something only while it would have told: a log
 * that ends, or a capture that leaves out a port, is no witness of a loss.
 */

/** What IOS waits before it sends a message of phase 1 again: after so long a witness that goes on has seen it go on. */
const RETRANSMISSION_MS = 10_000;
/** Stamps that are coarser do not tell which of two things was first. */
const COARSE_MS = 1000;

/** A moment so far from the last line of a log tells that their clocks were not set against one another. */
const FAR_MS = 86_400_000;

/** What one log can witness of one attempt. */
export type LogWatch = {
  /** Whether it would show what reaches its router at this moment of the reference clock; null: nothing tells the moment. */
  readonly covers: (atMs: number | null) => boolean;
  /** Whether its first line comes after this moment, as far as stamps tell. */
  readonly beginsAfter: (atMs: number | null) => boolean;
  /** Its last line that can tell of the attempt. */
  readonly end: PlaceOfLine;
};

/** What the captures of an exchange can witness of one packet of a router. */
export type TapWatch = (from: Side, packet: LogPacket, atMs: number | null) => boolean;

const OFF_LINES = new WeakMap<LogDocument, readonly number[]>();

/** Lines that say that debugging is off. Looked for once, however many attempts ask. */
function offLines(document: LogDocument): readonly number[] {
  const known = OFF_LINES.get(document);
  if (known !== undefined) return known;
  const lines = document.events.flatMap(({ message, line }) =>
    message === 'debug-off' ? [line] : [],
  );
  OFF_LINES.set(document, lines);
  return lines;
}

/** Tells the lines of the router that wrote this negotiation, up to where it says that debugging is off. */
function isOwnLine(document: LogDocument, log: LogNegotiation): (event: LogEvent) => boolean {
  const isAlone = document.routers.length < 2;
  const off = offLines(document).find((line) => line > log.firstLine) ?? Number.POSITIVE_INFINITY;
  return ({ line, router }) => line < off && (isAlone || router === log.router);
}

/** What a router does only after it has waited: it repeats itself, gives up, or begins again. */
function hasWaited(
  log: LogNegotiation,
  document: LogDocument | null,
  last: LogTime | null,
): boolean {
  const news = log.packets.findLast(({ retransmission }) => !retransmission)?.time ?? null;
  const isLater = (other: LogNegotiation): boolean =>
    other.speaker === log.speaker && other.firstLine > log.lastLine;
  return (
    log.phase1 === 'failed' ||
    log.deleteReason !== null ||
    log.packets.some(({ retransmission }) => retransmission) ||
    document?.negotiations.some(isLater) === true ||
    (news !== null && last !== null && last.ms - news.ms >= RETRANSMISSION_MS)
  );
}

export function logWatch(
  log: LogNegotiation,
  document: LogDocument | null,
  place: Placing,
): LogWatch {
  const isOwn = document === null ? null : isOwnLine(document, log);
  const events = document?.events ?? [];
  const isStamped = (event: LogEvent): boolean => event.time !== null && isOwn?.(event) === true;
  const startMs = (): number | null => {
    const first = events.find(isStamped) ?? { time: log.firstTime, line: log.firstLine };
    return first.time === null ? null : place(first.time, log.input, first.line);
  };
  return {
    beginsAfter: (atMs) => {
      const from = startMs();
      return atMs !== null && from !== null && from - atMs <= FAR_MS && from > atMs + DELAY_MS;
    },
    covers: (atMs) => {
      const { time: last, line } = events.findLast(isStamped) ?? {
        time: log.lastTime,
        line: log.lastLine,
      };
      const from = startMs();
      const to = last === null ? null : place(last, log.input, line);
      const isTimed = from !== null && to !== null && last!.resolutionMs <= COARSE_MS;
      if (atMs === null || !isTimed || Math.abs(to - atMs) > FAR_MS)
        return hasWaited(log, document, last);
      return from <= atMs + DELAY_MS && atMs + DELAY_MS + last!.resolutionMs <= to;
    },
    end: {
      input: log.input,
      line: events.findLast((event) => isOwn?.(event) === true)?.line ?? log.lastLine,
    },
  };
}

const NAT_T = 4500;

/**
 * A capture shows that a packet did not pass it when it holds others of that direction and port, and goes on.
 *
 * @param all every exchange of the evidence: those of the same two ends show what a capture lets through
 */
export function tapWatch(
  exchange: Exchange,
  all: readonly Exchange[],
  captures: readonly CaptureEvidence[],
): TapWatch {
  const numbers = [...new Set(exchange.messages.map(({ message }) => message.capture))];
  const ends = [exchange.initiator.address, exchange.responder.address];
  const isBetween = ({ initiator, responder }: Exchange): boolean =>
    ends.includes(initiator.address) && ends.includes(responder.address);
  return (from, packet, atMs) => {
    const sender = exchange[from].address;
    const way = from === 'initiator' ? 'i2r' : 'r2i';
    const floated = isFloated(packet.localPort, packet.peerPort);
    const sent = [
      ...exchange.messages.filter(({ direction }) => direction === way),
      ...all
        .filter(isBetween)
        .flatMap(({ messages }) =>
          messages.filter(({ message }) => message.src.address === sender),
        ),
    ];
    return numbers.some(
      (capture) =>
        sent.some(
          ({ message }) =>
            message.capture === capture &&
            isFloated(message.src.port, message.dst.port) === floated,
        ) && goesOn(exchange, capture, captures, atMs),
    );
  };
}

const isFloated = (...ports: readonly (number | null)[]): boolean => ports.includes(NAT_T);

function goesOn(
  { messages }: Exchange,
  capture: number,
  captures: readonly CaptureEvidence[],
  atMs: number | null,
): boolean {
  const own = messages.filter(({ message }) => message.capture === capture);
  const whole = captures.find((each) => each.capture === capture)?.summary.lastTimeNs ?? 0n;
  const last = own.at(-1)!.message.timeNs;
  const end = whole > last ? whole : last;
  if (atMs !== null) return (calendarMs(end) ?? 0) > atMs + DELAY_MS;
  const news = own.findLast(({ retransmissionOf }) => retransmissionOf === null);
  return news !== undefined && end - news.message.timeNs >= BigInt(RETRANSMISSION_MS) * 1_000_000n;
}
