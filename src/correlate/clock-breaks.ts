import type { LogDocument, LogEvent, LogNegotiation, LogTime } from '../model/log.ts';
import { eventsOf } from './log-lines.ts';
import type { WallClock } from './wall-clock.ts';

/** A line from which on a clock shows more than before, as the log itself tells. */
export type ClockBreak = {
  readonly input: string;
  readonly line: number;
  /** What the clock was set by, in milliseconds; below zero where it was set back. */
  readonly byMs: number;
  /** How far that may be from the truth: between two stamps nobody knows how much time passed. */
  readonly doubtMs: number;
  /** The clock ran on: summer time ended, and the stamps name no zone. */
  readonly isZone: boolean;
};

type Logged = { readonly log: LogNegotiation; readonly document: LogDocument };

/** Lines are logged in order but for a moment: what lies further back was stamped by a clock that was set. */
export const LEAST_STEP_MS = 1000;
/** Between two lines of one attempt: the longest that a router waits before it sends again. */
export const LONGEST_WAIT_MS = 90_000;

/** `10:10:50.702 UTC Mon Nov 23 2026`, twice. */
const UPDATE =
  /CLOCKUPDATE: System clock has been updated from ([\d:.]+) (\S+) \w+ (\w+ +\d+ \d+) to ([\d:.]+) (\S+) \w+ (\w+ +\d+ \d+)/;

/** What `%SYS-6-CLOCKUPDATE` says the clock was set by; null for other lines, and for another zone on the same clock. */
function updatedBy(text: string): number | null {
  const [, from, zone, day, to, nextZone, nextDay] = UPDATE.exec(text) ?? [];
  if (from === undefined || zone !== nextZone) return null;
  const by = Date.parse(`${nextDay} ${to} UTC`) - Date.parse(`${day} ${from} UTC`);
  return Number.isNaN(by) || by === 0 ? null : by;
}

/** Every place where the lines of an attempt go back in time, or a message tells that the clock was set. */
export function breaksOf(logged: readonly Logged[], clock: WallClock): readonly ClockBreak[] {
  const found = new Map<string, ClockBreak>();
  for (const { log, document } of logged) {
    for (const one of [...toldIn(log, document), ...seenIn(log, document, clock)]) {
      const key = `${one.input} ${one.line}`;
      if (!found.has(key)) found.set(key, one);
    }
  }
  const all = [...found.values()].sort((a, b) => a.line - b.line);
  // A message and the stamps around it may tell of one and the same.
  return all.filter(
    (one) =>
      !all.some((other) => other !== one && isSame(other, one) && other.doubtMs < one.doubtMs),
  );
}

const NEAR_LINES = 5;

const isSame = (a: ClockBreak, b: ClockBreak): boolean =>
  a.input === b.input &&
  Math.abs(a.line - b.line) <= NEAR_LINES &&
  Math.abs(a.byMs - b.byMs) <= a.doubtMs + b.doubtMs;

const isUpdate = ({ text }: LogEvent): boolean => text.includes('CLOCKUPDATE');

const updates = new WeakMap<LogDocument, readonly LogEvent[]>();

function toldIn(log: LogNegotiation, document: LogDocument): readonly ClockBreak[] {
  const known = updates.get(document);
  const all = known ?? document.events.filter(isUpdate);
  if (known === undefined) updates.set(document, all);
  return all.flatMap(({ line, text, router }) => {
    const byMs = router === null || router === log.router ? updatedBy(text) : null;
    return byMs === null
      ? []
      : [{ input: document.input, line, byMs, doubtMs: 1000, isZone: false }];
  });
}

function seenIn(
  log: LogNegotiation,
  document: LogDocument,
  clock: WallClock,
): readonly ClockBreak[] {
  const breaks: ClockBreak[] = [];
  let before: LogEvent['time'] = null;
  for (const { time, line } of eventsOf(document, log)) {
    if (time === null || time.mark === 'uptime' || time === before) continue;
    const last = before;
    before = time;
    // A stamp without a year cannot be compared with one that has it.
    if (last === null || (last.year === null) !== (time.year === null)) continue;
    const gap = clock.ms(time) - clock.ms(last);
    if (gap >= -LEAST_STEP_MS - time.resolutionMs) continue;
    const fold = clock.foldMs(time);
    const isZone = fold !== 0 && gap - fold >= 0 && gap - fold <= LONGEST_WAIT_MS;
    breaks.push({
      input: document.input,
      line,
      byMs: isZone ? fold : gap,
      doubtMs: isZone ? 0 : LONGEST_WAIT_MS,
      isZone,
    });
  }
  return breaks;
}

/** A router's stamps as if its clock had never been set: they go on where a break would move them. */
export type Reading = {
  readonly ms: (time: LogTime, input: string, line: number) => number;
  /** Counts the breaks before a line of an input; what lies between two of them is of one clock. */
  readonly region: (input: string, line: number) => number;
  /** How far a line may be from where the breaks before it place it. */
  readonly doubtMs: (input: string, line: number) => number;
  readonly breaks: readonly ClockBreak[];
};

export function readingOf(logged: readonly Logged[], clock: WallClock): Reading {
  const breaks = breaksOf(logged, clock);
  const passed = (input: string, line: number): readonly ClockBreak[] =>
    breaks.filter((one) => one.input === input && one.line <= line);
  return {
    breaks,
    region: (input, line) => passed(input, line).filter(({ isZone }) => !isZone).length,
    doubtMs: (input, line) => passed(input, line).reduce((sum, { doubtMs }) => sum + doubtMs, 0),
    ms: (time, input, line) => {
      const read = clock.ms(time);
      if (breaks.length === 0 || time.mark === 'uptime') return read;
      return passed(input, line).reduce(
        // The hour that comes twice is behind once the second one is over.
        (ms, { byMs, isZone }) => ms - (isZone ? clock.foldMs(time) : byMs),
        read,
      );
    },
  };
}

/**
 * Finds where a clock was set that says nothing of it: between the two lines that are farthest apart, or that go back
 * most. A line that begins to be synchronised, or is no longer, comes first.
 */
export function setAt(
  logged: readonly Logged[],
  reading: Reading,
): (input: string, after: number, upTo: number, byMs: number) => number {
  return (input, after, upTo, byMs) => {
    const lines = logged
      .filter(({ document }) => document.input === input)
      .flatMap(({ log, document }) => eventsOf(document, log))
      .filter(({ line, time }) => time !== null && line >= after && line <= upTo)
      .sort((a, b) => a.line - b.line);
    const found = lines.slice(1).map((event, index) => {
      const [last, time] = [lines[index]!, event.time!];
      const gap = reading.ms(time, input, event.line) - reading.ms(last.time!, input, last.line);
      const far = byMs < 0 ? -gap : gap;
      return { line: event.line, rank: time.mark === last.time!.mark ? far : Infinity };
    });
    const best = found.reduce((a, b) => (b.rank > a.rank ? b : a), { line: upTo, rank: -Infinity });
    return best.line;
  };
}
