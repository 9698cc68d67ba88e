import { shapeOf } from '../../logparse/unmatched.ts';
import type { LogDocument, LogEvent, UnmatchedShape } from '../../model/log.ts';

/** A line as it may be shown. */
export type LineMask = (line: string) => string;

/** A log may hold configuration that was typed or listed between its messages: keys in it are masked. */
export function maskUnmatched(document: LogDocument, mask: LineMask): LogDocument {
  return {
    ...document,
    unmatched: document.unmatched.map((shape) => ({ ...shape, ...maskShape(shape, mask) })),
  };
}

/** A shape shows a key but for its digits, so it is made anew of what may be shown. */
export function maskShape(
  { shape, example }: Pick<UnmatchedShape, 'shape' | 'example'>,
  mask: LineMask,
): Pick<UnmatchedShape, 'shape' | 'example'> {
  const shown = mask(example);
  return shown === example ? { shape, example } : { shape: shapeOf(shown), example: shown };
}

/** The prompt that an event of a command lost tells that it is one. */
const prompt = 'R1(config)#';

/** A command or message as it may be shown, its fields like its text. */
export function maskEvent(event: LogEvent, maskLine: LineMask): LogEvent {
  const mask: LineMask =
    event.message === 'command' ? (line) => maskLine(prompt + line).slice(prompt.length) : maskLine;
  const text = mask(event.text);
  if (text === event.text) return event;
  const fields = Object.entries(event.fields).map(
    ([name, value]) =>
      [name, typeof value === 'string' ? maskField(value, event.text, mask) : value] as const,
  );
  return { ...event, text, fields: Object.fromEntries(fields) };
}

/** What a field holds may be a secret by the words that stand before it in the text. */
function maskField(value: string, text: string, mask: LineMask): string {
  const before = text.slice(0, Math.max(0, text.indexOf(value)));
  const shown = mask(before + value);
  return mask(shown.startsWith(before) ? shown.slice(before.length) : value);
}
