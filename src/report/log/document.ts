import type { LogDocument, LogEvent, LogNegotiation, LogTime } from '../../model/log.ts';

/** One log file, read, without its events: they are written one by one. */
export type ReadLog = {
  readonly path: string;
  readonly document: LogDocument;
  /** How many the log holds. */
  readonly events: number;
  /** Of the events, those that the message table does not know. */
  readonly unknown: number;
};

/** One form in which logs are written. */
export type LogWriter = {
  /** What stands before the first event. */
  begin(): Iterable<string>;
  /** `index` is the place of the event in its log, `log` that of the log. Empty where nothing is written yet. */
  event(event: LogEvent, index: number, log: number): string;
  end(): Iterable<string>;
};

export const logSchema = 'ike-autopsy/log@1';

/** ISO 8601 with the precision of the source; null when the log names no year or only an uptime. */
export const isoTime: (time: LogTime | null) => string | null = createTimeText();

/** Most lines share their second with the one before: making a date costs more than all the rest. */
function createTimeText(): (time: LogTime | null) => string | null {
  let second = NaN;
  let text = '';
  return (time) => {
    if (time === null || time.year === null || !Number.isFinite(time.ms)) return null;
    const { ms, resolutionMs, zone } = time;
    const now = Math.floor(ms / 1000);
    if (now !== second) {
      text = new Date(now * 1000).toISOString().slice(0, 19);
      second = now;
    }
    const decimals = String(Math.floor(ms) - now * 1000).padStart(3, '0');
    return `${text}${resolutionMs >= 1000 ? '' : `.${decimals}`}${zoneText(zone)}`;
  };
}

function zoneText(zone: string | null): string {
  if (zone === null) return '';
  if (zone === 'UTC' || zone === 'GMT' || zone === 'Z') return 'Z';
  return /^[+-]\d\d:?\d\d$/.test(zone) ? zone : '';
}

export type EventRow = {
  readonly input: string;
  readonly line: number;
  readonly lastLine: number;
  readonly router: string | null;
  readonly time: string | null;
  readonly written: string | null;
  readonly clock: LogTime['mark'] | null;
  readonly connId: number | string | null;
  readonly message: string;
  readonly fields: LogEvent['fields'];
  readonly text: string;
};

export function eventRow(event: LogEvent, input: string): EventRow {
  return {
    input,
    line: event.line,
    lastLine: event.lastLine,
    router: event.router,
    time: isoTime(event.time),
    written: event.time?.written ?? null,
    clock: event.time?.mark ?? null,
    connId: event.connId,
    message: event.message,
    fields: event.fields,
    text: event.text,
  };
}

/** A negotiation with times in words instead of clock values, and without what only other layers need. */
export function negotiationRow(negotiation: LogNegotiation): Record<string, unknown> {
  // The cause chooses words within one verdict, and only texts have those.
  const { packets, firstTime, lastTime, events, cause, ...rest } = negotiation;
  return {
    ...rest,
    firstTime: isoTime(firstTime) ?? firstTime?.written ?? null,
    lastTime: isoTime(lastTime) ?? lastTime?.written ?? null,
    packets: packets.map(({ time, ...packet }) => ({
      ...packet,
      time: isoTime(time) ?? time?.written ?? null,
    })),
    events: events.length,
  };
}

/** What the document says of a log file itself. */
export function inputRow({ path, document, events }: ReadLog): Record<string, unknown> {
  return {
    id: document.input,
    path,
    lines: document.lines,
    events,
    generation: document.generation,
    routers: document.routers,
    anomalies: document.anomalies,
    unmatched: document.unmatched,
  };
}
