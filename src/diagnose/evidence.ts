import { eventOnLine, eventsOf } from '../correlate/log-lines.ts';
import type { ConfigModel } from '../model/config.ts';
import type { ExchangeMessage } from '../model/exchange.ts';
import type { Confidence } from '../model/finding.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import type { LogEvent } from '../model/log.ts';
import { frameOf, sides } from './facts.ts';
import type { Weighed } from './rule.ts';

type Weight = { readonly basis: Confidence; readonly decisive: boolean };

/**
 * A frame of the attempt's capture. A message says which capture holds it; a bare number may mean a frame in each of several, and
 * then the first message of that number is meant.
 */
export function frameEvidence(
  attempt: Attempt,
  at: ExchangeMessage | number,
  text: string,
  weight: Weight,
  offset?: number,
): readonly Weighed[] {
  if (attempt.captureInput === null) return [];
  const holder =
    typeof at === 'number'
      ? attempt.exchange?.messages.find((entry) => entry.message.frame === at)
      : at;
  const input = holder === undefined ? undefined : attempt.captureInputs[holder.message.capture];
  return [
    {
      input: input ?? attempt.captureInput,
      frame: typeof at === 'number' ? at : frameOf(at),
      ...(offset === undefined ? {} : { offset }),
      text,
      ...weight,
    },
  ];
}

/** A line of a router's log, quoted. */
export const lineEvidence = (
  side: AttemptSide,
  event: LogEvent,
  decisive: boolean,
  note = '',
): Weighed => ({
  input: side.log?.input ?? '',
  line: event.line,
  text: `${side.label}: ${event.text.trim()}${note === '' ? '' : ` (${note})`}`,
  basis: 'observed',
  decisive,
});

/** A configuration line, described rather than quoted: key lines hold secrets. */
export const configEvidence = (
  config: ConfigModel,
  line: number,
  text: string,
  decisive: boolean,
): Weighed => ({
  input: config.input,
  line,
  text,
  basis: 'predicted',
  decisive,
});

export const eventsOfSide = (side: AttemptSide): readonly LogEvent[] =>
  side.log === null || side.document === null ? [] : eventsOf(side.document, side.log);

/** An ASA, FTD or PIX wrote the log: it names what it objects to, and holds its keys in tunnel-groups. */
export const isFirewall = (side: AttemptSide): boolean =>
  eventsOfSide(side).some(({ message }) => message.startsWith('asa-'));

/** The lines of a side's log that match, as evidence. */
export const quoted = (
  side: AttemptSide,
  pattern: RegExp,
  decisive: boolean,
  limit = 4,
): readonly Weighed[] =>
  eventsOfSide(side)
    .filter((event) => pattern.test(event.text))
    .slice(0, limit)
    .map((event) => lineEvidence(side, event, decisive));

/** The lines that the log's own reading cites for its outcome. */
export function citedLines(side: AttemptSide, decisive: boolean): readonly Weighed[] {
  const { log, document } = side;
  if (log === null || document === null) return [];
  return log.evidenceLines.flatMap((line) => {
    const event = eventOnLine(document, line);
    return event === null ? [] : [lineEvidence(side, event, decisive)];
  });
}

const RANK: readonly Confidence[] = ['predicted', 'inferred', 'observed', 'proven'];

/** The strongest kind among what decides. A claim must rest on something. */
export function confidenceOf(evidence: readonly Weighed[]): Confidence {
  const decisive = evidence.filter((entry) => entry.decisive);
  const ranks = (decisive.length > 0 ? decisive : evidence).map((entry) =>
    RANK.indexOf(entry.basis),
  );
  return RANK[Math.max(0, ...ranks)]!;
}

/** The last thing that is known of an attempt that did not come up. */
export function lastKnown(attempt: Attempt): readonly Weighed[] {
  const entry = attempt.exchange?.messages.at(-1);
  const lines = sides(attempt).flatMap((side) => citedLines(side, false));
  const ends = sides(attempt).flatMap((side): readonly Weighed[] =>
    side.log === null
      ? []
      : [
          {
            input: side.log.input,
            line: side.log.lastLine,
            text: `${side.label}: the last line of this attempt`,
            basis: 'observed',
            decisive: false,
          },
        ],
  );
  const frames =
    entry === undefined
      ? []
      : frameEvidence(attempt, entry, 'the last message of this exchange', {
          basis: 'inferred',
          decisive: false,
        });
  return [...lines, ...ends, ...frames];
}
