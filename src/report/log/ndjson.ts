import type { LogEvent, LogNegotiation } from '../../model/log.ts';
import { jsonLine } from '../json.ts';
import { negotiationRow, type LogWriter, type ReadLog } from './document.ts';
import { createEventWriter } from './event-json.ts';

/** One event as one line; for logs that are read as a stream. */
export function createEventLine(input: string): (event: LogEvent) => string {
  const write = createEventWriter(input);
  return (event) => `{"kind":"event",${write(event)}\n`;
}

/** One negotiation as one line, after the events. */
export function negotiationLine(negotiation: LogNegotiation): string {
  return `${jsonLine({ kind: 'negotiation', ...negotiationRow(negotiation) })}\n`;
}

/** The same of logs that were read before. */
export function createLogNdjson(logs: readonly ReadLog[]): LogWriter {
  const writers = logs.map(({ document }) => createEventLine(document.input));
  return {
    begin: () => [],
    event: (event, _index, log) => writers[log]!(event),
    end: () => logs.flatMap(({ document }) => document.negotiations.map(negotiationLine)),
  };
}
