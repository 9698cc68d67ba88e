import type { LogDocument } from '../../src/model/log.ts';
import type { LogWriter, ReadLog } from '../../src/report/log/document.ts';

/** What a form makes of logs that were read whole. */
export function writtenLog(
  logs: readonly { readonly path: string; readonly document: LogDocument }[],
  open: (logs: readonly ReadLog[]) => LogWriter,
): string {
  const writer = open(
    logs.map(({ path, document }) => ({
      path,
      document: { ...document, events: [] },
      events: document.events.length,
      unknown: document.events.filter(({ message }) => message === 'unmatched').length,
    })),
  );
  return [
    ...writer.begin(),
    ...logs.flatMap(({ document }, i) =>
      document.events.map((event, at) => writer.event(event, at, i)),
    ),
    ...writer.end(),
  ].join('');
}
