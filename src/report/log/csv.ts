import type { LogEvent } from '../../model/log.ts';
import { createCsvWriter } from '../csv.ts';
import { isoTime, type LogWriter, type ReadLog } from './document.ts';

/** One row an event. */
export function createLogCsv(logs: readonly ReadLog[]): LogWriter {
  const rows = createCsvWriter<{ readonly event: LogEvent; readonly path: string }>([
    ['input', ({ path }) => path],
    ['line', ({ event }) => event.line],
    ['lastLine', ({ event }) => event.lastLine],
    ['router', ({ event }) => event.router],
    ['time', ({ event }) => isoTime(event.time) ?? event.time?.written],
    ['connId', ({ event }) => event.connId],
    ['message', ({ event }) => event.message],
    [
      'fields',
      ({ event }) =>
        Object.entries(event.fields)
          .map(([name, value]) => `${name}=${value}`)
          .join(' '),
    ],
    ['text', ({ event }) => event.text],
  ]);
  return {
    begin: () => [],
    event: (event, _index, log) => rows.row({ event, path: logs[log]!.path }),
    end: () => [rows.end()],
  };
}
