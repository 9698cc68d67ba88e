import type { LineMask } from '../analyze.ts';
import type { Input } from '../intake/input.ts';
import { meaningOf } from '../logparse/messages/describe.ts';
import type { LogEvent } from '../model/log.ts';
import { placeWriter } from '../report/labels.ts';
import { maskEvent } from '../report/log/masked.ts';
import type { AnalysisReport } from '../model/report.ts';
import type { LineView } from './protocol.ts';

const neighbours = 12;
/** Lines longer than this are cut where they are shown; a pasted line may have millions of characters. */
const mostCharacters = 2_000;

/** A line with its event and its neighbours, or with its configuration block; null when there is no such line. */
export function inspectLine(
  report: AnalysisReport,
  input: Input,
  at: number,
  mask: LineMask,
): LineView | null {
  const lines = input.text.split('\n');
  if (at < 1 || at > lines.length) return null;
  const event = eventAt(input, at);
  const [first, last] =
    event !== null ? [event.line, event.lastLine] : blockAround(input, lines, at);
  const from = Math.max(1, Math.min(first, at) - (event === null ? 2 : neighbours));
  const to = Math.min(lines.length, Math.max(last, at) + (event === null ? 2 : neighbours));
  const shown = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return {
    title: placeWriter(report, 'short')({ input: input.id, line: at }),
    facts: event === null ? configFacts(input, at) : eventFacts(maskEvent(event, mask)),
    lines: shown.map((line) => ({
      line,
      text: cut(mask((lines[line - 1] ?? '').replace(/\r$/, ''))),
      means: meaningAt(input, line),
    })),
    first,
    last,
    at,
  };
}

function eventAt({ log }: Input, at: number): LogEvent | null {
  return log?.events.find(({ line, lastLine }) => line <= at && at <= lastLine) ?? null;
}

function meaningAt(input: Input, at: number): string | null {
  const event = input.log?.events.find(({ line }) => line === at);
  return event === undefined ? null : (meaningOf(event.message) ?? null);
}

function eventFacts(event: LogEvent): LineView['facts'] {
  const facts: (readonly [string, string])[] = [
    ['Means', meaningOf(event.message) ?? 'no table knows this message'],
    ['Message', event.message],
  ];
  if (event.router !== null) facts.push(['Router', event.router]);
  if (event.connId !== null) facts.push(['Connection', String(event.connId)]);
  for (const [name, value] of Object.entries(event.fields)) facts.push([name, cut(String(value))]);
  return facts;
}

const stateWords: Readonly<Record<string, string>> = {
  unknown: 'no table knows this command',
  irrelevant: 'has no bearing on IKE',
  'not-modelled': 'relevant, not modelled',
  'modelled-with-conditions': 'modelled in part',
  modelled: 'modelled',
};

function configFacts({ configs }: Input, at: number): LineView['facts'] {
  return configs
    .filter(({ lines }) => (lines[at - 1] ?? '') !== '')
    .flatMap(({ hostname, lineStates }) => {
      const state = lineStates[at - 1];
      return [
        ...(hostname === null ? [] : [['Router', hostname] as const]),
        ...(state === undefined ? [] : [['Read as', stateWords[state] ?? state] as const]),
      ];
    });
}

/** The block that a configuration line stands in: from its opening line to the last indented one. */
function blockAround(
  { configs }: Input,
  lines: readonly string[],
  at: number,
): readonly [number, number] {
  if (configs.length === 0) return [at, at];
  const isInside = (line: number): boolean => /^\s+\S/.test(lines[line - 1] ?? '');
  let first = at;
  while (first > 1 && isInside(first) && at - first < 200) first -= 1;
  let last = at;
  while (last < lines.length && isInside(last + 1) && last - at < 200) last += 1;
  return [first, last];
}

function cut(text: string): string {
  if (text.length <= mostCharacters) return text;
  return `${text.slice(0, mostCharacters)} … (${text.length - mostCharacters} more characters)`;
}
