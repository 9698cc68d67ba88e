import type { LogDocument, LogEvent } from '../../model/log.ts';

/** A line as it may be shown. */
export type LineMask = (line: string) => string;

/** A log may hold configuration that was typed or listed between its messages: keys in it are masked. */
export function maskUnmatched(document: LogDocument, mask: LineMask): LogDocument {
  return {
    ...document,
    unmatched: document.unmatched.map((shape) => ({
      ...shape,
      shape: mask(shape.shape),
      example: mask(shape.example),
    })),
  };
}

export function maskEvent(event: LogEvent, mask: LineMask): LogEvent {
  const text = mask(event.text);
  if (text === event.text) return event;
  const fields = Object.entries(event.fields).map(
    ([name, value]) => [name, typeof value === 'string' ? mask(value) : value] as const,
  );
  return { ...event, text, fields: Object.fromEntries(fields) };
}
