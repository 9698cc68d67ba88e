import { toCsv } from '../csv.ts';
import { eventRow, type EventRow, type ReadLog } from './document.ts';

/** One row an event. */
export function renderLogCsv(logs: readonly ReadLog[]): string {
  const rows = logs.flatMap(({ path, document }) =>
    document.events.map((event) => ({ ...eventRow(event, document.input), path })),
  );
  return toCsv<EventRow & { readonly path: string }>(
    [
      ['input', (row) => row.path],
      ['line', (row) => row.line],
      ['lastLine', (row) => row.lastLine],
      ['router', (row) => row.router],
      ['time', (row) => row.time ?? row.written],
      ['connId', (row) => row.connId],
      ['message', (row) => row.message],
      [
        'fields',
        (row) =>
          Object.entries(row.fields)
            .map(([name, value]) => `${name}=${value}`)
            .join(' '),
      ],
      ['text', (row) => row.text],
    ],
    rows,
  );
}
