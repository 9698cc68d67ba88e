import { isCalendarTime, isoTime } from '../bytes/iso-time.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import type { LogEvent, LogTime } from '../model/log.ts';
import type { TimelineItem } from '../model/report.ts';
import { exchangeTypes } from '../isakmp/registry/exchange-types.ts';
import { nameOrNumber } from '../isakmp/registry/table.ts';
import { eventsOf } from './log-lines.ts';
import { packetFinder } from './steps.ts';
import { inLikelyYear } from './wall-clock.ts';

/** Places one router's lines on the reference clock; null when they cannot be placed. */
export type Placing = (time: LogTime, input: string, line: number) => number | null;

/** Lines that every healthy negotiation prints by the dozen and that place nothing. */
const NOISE =
  /^(?:processing vendor id payload|vendor ID |constructed NAT-T|received payload type|encryption |hash |default group|auth |life |keylength|Acceptable atts|Fill atts|Basic life|Returning Actual|Started lifetime|Sending an IKE|Locking peer|Unlocking peer|Created a peer struct|New peer created|Found a peer struct|local port|insert sa|set new node|Input = |Total payload length|speaking to another|peer does not do paranoid|processing (?:KE|NONCE|SA) payload|purging|Trying to insert|IKE->|Looking for xauth|Scanning profiles)/i;

const STATE = /New State\s*=\s*(\S+)/;

const ISO_MS = (ms: number): string => new Date(ms).toISOString();

/** Without a capture the reference clock is that of a router without a year, and stands in 1972. */
const EARLIEST = Date.UTC(1975, 0);

/**
 * A stamp as ISO 8601, with the precision of the source: the router's own wall clock, with a zone only where that is UTC.
 * A year that the log leaves out is the one in which the reference clock meets it; where that is unknown too, the date is
 * truncated (`--09-03T14:22:07.520`). An uptime is a duration since boot (`PT27M7S`).
 */
function stamp(time: LogTime | null, referenceMs: number | null): string | null {
  if (time === null || !Number.isFinite(time.ms)) return null;
  if (time.mark === 'uptime') return uptime(time.ms);
  const isSolved = time.year === null && referenceMs !== null && referenceMs > EARLIEST;
  const iso = ISO_MS(isSolved ? inLikelyYear(time, referenceMs) : time.ms);
  const cut = time.resolutionMs >= 1000 ? iso.replace(/\.\d+Z$/, '') : iso.replace(/Z$/, '');
  const zoned = time.zone !== null && /^(?:UTC|GMT|Z)$/i.test(time.zone) ? `${cut}Z` : cut;
  return time.year === null && !isSolved ? `-${zoned.slice(4)}` : zoned;
}

function uptime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const days = Math.floor(seconds / 86_400);
  const parts = [
    [Math.floor((seconds % 86_400) / 3600), 'H'],
    [Math.floor((seconds % 3600) / 60), 'M'],
    [seconds % 60, 'S'],
  ] as const;
  const clock = parts.map(([value, unit]) => (value === 0 ? '' : `${value}${unit}`)).join('');
  const date = days === 0 ? '' : `${days}D`;
  return clock === '' ? `P${date === '' ? 'T0S' : date}` : `P${date}T${clock}`;
}

const frameTime = (ns: bigint): string | null => isoTime(ns, ns % 1000n === 0n ? 6 : 9);

function logItems(side: AttemptSide, place: Placing): readonly TimelineItem[] {
  const { log, document, label } = side;
  if (log === null || document === null) return [];
  const packetOf = packetFinder(log);
  return eventsOf(document, log).flatMap((event: LogEvent) => {
    const packet = packetOf(event);
    if (packet === undefined && NOISE.test(event.text)) return [];
    const referenceMs = event.time === null ? null : place(event.time, log.input, event.line);
    const state = packet?.packet.state ?? STATE.exec(event.text)?.[1];
    return [
      {
        time: stamp(event.time, referenceMs),
        clock: label,
        referenceMs,
        kind: event.message,
        text: event.text,
        input: log.input,
        line: event.line,
        ...(packet === undefined ? {} : { direction: packet.packet.direction }),
        ...(packet === undefined || packet.step === 'OTHER' ? {} : { step: packet.step }),
        ...(state === undefined ? {} : { state }),
      },
    ];
  });
}

function frameItems(attempt: Attempt): readonly TimelineItem[] {
  const { exchange, captureInput } = attempt;
  if (exchange === null || captureInput === null) return [];
  return exchange.messages.map((entry) => {
    const { message } = entry;
    const again =
      entry.copyOf !== null
        ? `, frame ${entry.copyOf} as another tap saw it`
        : entry.retransmissionOf !== null
          ? `, frame ${entry.retransmissionOf} again`
          : '';
    const sealed = entry.encrypted
      ? entry.decryption?.kind === 'decrypted'
        ? ', decrypted'
        : ', encrypted'
      : '';
    const name =
      entry.step === 'OTHER'
        ? nameOrNumber(exchangeTypes, message.header.exchangeType)
        : entry.step;
    return {
      time: frameTime(message.timeNs + (message.aheadNs ?? 0n)),
      clock: 'capture',
      referenceMs: isCalendarTime(message.timeNs) ? Number(message.timeNs / 1000n) / 1000 : null,
      kind: 'frame',
      text: `${name} ${message.src.address} > ${message.dst.address}, ${message.header.length} octets${sealed}${again}`,
      input: attempt.captureInputs[message.capture] ?? captureInput,
      frame: message.frame,
      ...(entry.step === 'OTHER' ? {} : { step: entry.step }),
    };
  });
}

/** A capture may stamp its frames by a clock of its own, and keeps their order whatever that says. */
function framesByInput(attempt: Attempt): readonly (readonly TimelineItem[])[] {
  const items = frameItems(attempt);
  return [...new Set(items.map(({ input }) => input))].map((input) =>
    items.filter((item) => item.input === input),
  );
}

/** Merges sequences that are each in order; the order within one source is never broken, whatever its times say. */
function merge(sources: readonly (readonly TimelineItem[])[]): readonly TimelineItem[] {
  const cursors = sources.map(() => 0);
  // The time that a source has reached: an item without a time passes with its predecessor.
  const reached = sources.map(() => Number.NEGATIVE_INFINITY);
  const merged: TimelineItem[] = [];
  for (;;) {
    let next = -1;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [index, items] of sources.entries()) {
      const item = items[cursors[index]!];
      if (item === undefined) continue;
      const ms = Math.max(item.referenceMs ?? reached[index]!, reached[index]!);
      if (next === -1 || ms < nextMs) {
        next = index;
        nextMs = ms;
      }
    }
    if (next === -1) return merged;
    reached[next] = nextMs;
    merged.push(sources[next]![cursors[next]!]!);
    cursors[next] = cursors[next]! + 1;
  }
}

/** Everything that happened in one attempt, on the reference clock as far as it can be placed. */
export function timelineOf(
  attempt: Attempt,
  placing: (side: AttemptSide) => Placing,
): readonly TimelineItem[] {
  return merge([
    logItems(attempt.initiator, placing(attempt.initiator)),
    ...framesByInput(attempt),
    logItems(attempt.responder, placing(attempt.responder)),
  ]);
}
