import type { LogDocument, LogEvent, LogNegotiation, LogTime } from '../../model/log.ts';

/** One log file, read. */
export type ReadLog = { readonly path: string; readonly document: LogDocument };

export const logSchema = 'ike-autopsy/log@1';

/** ISO 8601 with the precision of the source; null when the log names no year or only an uptime. */
export function isoTime(time: LogTime | null): string | null {
  if (time === null || time.year === null || !Number.isFinite(time.ms)) return null;
  const whole = new Date(Math.floor(time.ms)).toISOString();
  const clock = time.resolutionMs >= 1000 ? whole.slice(0, 19) : whole.slice(0, 23);
  const zone =
    time.zone === 'UTC' || time.zone === 'GMT' || time.zone === 'Z'
      ? 'Z'
      : /^[+-]\d\d:?\d\d$/.test(time.zone ?? '')
        ? time.zone!
        : '';
  return clock + zone;
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
  const { packets, firstTime, lastTime, events, ...rest } = negotiation;
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

/** The document `ike-autopsy/log@1`, as plain JSON values. */
export function logDocument(
  logs: readonly ReadLog[],
  tool: { readonly name: string; readonly version: string },
): Record<string, unknown> {
  return {
    schema: logSchema,
    tool,
    inputs: logs.map(({ path, document }) => ({
      id: document.input,
      path,
      lines: document.lines,
      events: document.events.length,
      generation: document.generation,
      routers: document.routers,
      anomalies: document.anomalies,
      unmatched: document.unmatched,
    })),
    negotiations: logs.flatMap(({ document }) => document.negotiations.map(negotiationRow)),
    events: logs.flatMap(({ document }) =>
      document.events.map((event) => eventRow(event, document.input)),
    ),
  };
}
