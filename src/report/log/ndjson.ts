import type { LogEvent, LogNegotiation } from '../../model/log.ts';
import { escapeUnsafe } from '../json.ts';
import { eventRow, negotiationRow } from './document.ts';

/** One event as one line; for logs that are read as a stream. */
export function eventLine(event: LogEvent, input: string): string {
  return `${escapeUnsafe(JSON.stringify({ kind: 'event', ...eventRow(event, input) }))}\n`;
}

/** One negotiation as one line, after the events. */
export function negotiationLine(negotiation: LogNegotiation): string {
  return `${escapeUnsafe(JSON.stringify({ kind: 'negotiation', ...negotiationRow(negotiation) }))}\n`;
}
