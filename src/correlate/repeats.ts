import type { Repeat } from '../model/incident.ts';
import type { LogDocument, LogEvent, LogNegotiation, LogTime } from '../model/log.ts';
import { eventsOf } from './log-lines.ts';

/**
 * One router's lines are often at hand more than once: a terminal log beside a syslog, two pastes that overlap, a copy.
 * The same line at the same time is one event, and attempts made of the same events are one attempt.
 */

type View = { readonly document: LogDocument; readonly log: LogNegotiation };

/** A stamp that is coarser tells no two attempts apart. */
const FINE_MS = 1000;
/** Fewer lines in common may be chance. */
const FEWEST = 3;
/** A short log without times may come out the same a second time. */
const FEWEST_WITHOUT_TIMES = 10;
/** Within one document, where attempts run side by side, this share of the shorter must be repeated. */
const SHARE = 0.5;

/** A day and time without the year, which one log may print and the other not. */
function yearless(time: LogTime): number {
  if (time.mark === 'uptime') return time.ms;
  const date = new Date(time.ms);
  return date.setUTCFullYear(1972, date.getUTCMonth(), date.getUTCDate());
}

function markOf({ time, connId, text }: LogEvent): string | null {
  if (time === null || time.resolutionMs > FINE_MS) return null;
  return `${String(yearless(time))} ${String(connId ?? '')} ${text.replaceAll(/\s+/g, ' ').trim()}`;
}

/** The lines of a view by what makes them the same as others. */
function marksOf(view: View): ReadonlyMap<string, LogEvent> {
  const marks = new Map<string, LogEvent>();
  for (const event of eventsOf(view.document, view.log)) {
    const mark = markOf(event);
    if (mark !== null) marks.set(mark, event);
  }
  return marks;
}

/** Two views of one attempt, and how many lines they share. */
type Pair = { readonly a: View; readonly b: View; readonly count: number };
type Span = {
  readonly view: View;
  readonly from: number;
  readonly to: number;
};
type Marked = Span & { readonly marks: ReadonlyMap<string, LogEvent> };

const kinOf = ({ log }: View): string =>
  `${String(log.ikeVersion)} ${log.role} ${log.peerAddress ?? ''}`;

/** Views that can be one at all: of the same role and peer. */
function kindred(views: readonly View[]): Iterable<readonly Span[]> {
  const kin = new Map<string, Span[]>();
  for (const view of views) {
    const { firstTime, lastTime } = view.log;
    if (firstTime === null || lastTime === null) continue;
    const span = { view, from: yearless(firstTime), to: yearless(lastTime) };
    const group = kin.get(kinOf(view));
    if (group === undefined) kin.set(kinOf(view), [span]);
    else group.push(span);
  }
  return kin.values();
}

/** Those that overlap with another one in time, in order; the lines of others need no look. */
function overlapping(group: readonly Span[]): readonly Marked[] {
  const ordered = [...group].sort((one, other) => one.from - other.from);
  let end = -Infinity;
  return ordered.flatMap((span, at) => {
    const next = ordered[at + 1];
    const meets = end >= span.from || (next !== undefined && next.from <= span.to);
    end = Math.max(end, span.to);
    return meets ? [{ ...span, marks: marksOf(span.view) }] : [];
  });
}

/** The pairs of one kin that share enough lines. Only views that meet in a line are compared. */
function* sharing(group: readonly Span[]): Generator<Pair> {
  const holders = new Map<string, Marked[]>();
  for (const b of overlapping(group)) {
    const counts = new Map<Marked, number>();
    for (const [mark, event] of b.marks) {
      const others = holders.get(mark);
      for (const a of others ?? []) {
        // One line may belong to two attempts of its document; that repeats nothing.
        if (a.marks.get(mark) !== event) counts.set(a, (counts.get(a) ?? 0) + 1);
      }
      if (others === undefined) holders.set(mark, [b]);
      else others.push(b);
    }
    for (const [a, count] of counts) {
      const needed =
        a.view.document === b.view.document ? SHARE * Math.min(a.marks.size, b.marks.size) : 0;
      if (a.to >= b.from && count >= Math.max(FEWEST, needed))
        yield { a: a.view, b: b.view, count };
    }
  }
}

/** Documents without stamps repeat one another only as a whole. */
function copies(documents: readonly LogDocument[]): readonly (readonly [View, View])[] {
  const seen = new Map<string, LogDocument>();
  return documents.flatMap((document) => {
    const { events, negotiations } = document;
    if (events.length < FEWEST_WITHOUT_TIMES) return [];
    if (negotiations.length === 0 || events.some(({ time }) => time !== null)) return [];
    const key = events.map(({ text }) => text).join('\n');
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, document);
      return [];
    }
    return negotiations.flatMap((log, index) => {
      const other = first.negotiations[index];
      return other === undefined
        ? []
        : [
            [
              { document: first, log: other },
              { document, log },
            ] as const,
          ];
    });
  });
}

const decided = ({ outcome }: LogNegotiation): number => (outcome === 'incomplete' ? 0 : 1);

/** The other one tells more: how it ended, else more lines. */
const tellsMore = (one: LogNegotiation, other: LogNegotiation): boolean =>
  (decided(other) - decided(one) || other.events.length - one.events.length) > 0;

export type Repeated = {
  readonly logs: readonly LogDocument[];
  readonly repeats: readonly Repeat[];
};

/** A syslog server names a router by its address where it knows no better. */
const isAddress = (name: string): boolean => /^[\d.]+$|:/.test(name);

function betterName(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return isAddress(one) ? other : one;
}

function differ(one: string | null, other: string | null): boolean {
  if (one === null || other === null || isAddress(one) || isAddress(other)) return false;
  return one.toLowerCase() !== other.toLowerCase();
}

/** Leaves one view of every attempt that one router's lines show more than once. `nameOf` gives the router of an input. */
export function withoutRepeats(
  logs: readonly LogDocument[],
  nameOf: (input: string) => string | null,
): Repeated {
  const views = logs.flatMap((document) => document.negotiations.map((log) => ({ document, log })));
  const named = ({ log }: View): string | null => nameOf(log.input) ?? log.router;
  const standsIn = new Map<LogNegotiation, View>();
  const kept = (view: View): View => {
    let best = view;
    for (let by = standsIn.get(best.log); by !== undefined; by = standsIn.get(best.log)) best = by;
    return best;
  };
  const repeats: Repeat[] = [];
  const join = ({ a, b, count }: Pair): void => {
    const [one, other] = [kept(a), kept(b)];
    if (one.log === other.log || differ(named(one), named(other))) return;
    const [best, again] = tellsMore(one.log, other.log) ? [other, one] : [one, other];
    standsIn.set(again.log, best);
    repeats.push(repeatOf(again.log, best.log, count));
  };
  const pairs = copies(logs).map(([a, b]): Pair => ({ a, b, count: a.log.events.length }));
  for (const group of kindred(views)) pairs.push(...sharing(group));
  for (const pair of pairs.sort((one, other) => other.count - one.count)) join(pair);
  if (repeats.length === 0) return { logs, repeats };
  const whole = new Map<LogNegotiation, LogNegotiation>();
  for (const view of views) {
    const { log } = kept(view);
    if (log === view.log) continue;
    const so = whole.get(log) ?? log;
    // What names the router may stand in one of them only.
    whole.set(log, {
      ...so,
      router: betterName(so.router, named(view)),
      localAddress: so.localAddress ?? view.log.localAddress,
    });
  }
  return {
    logs: logs.map((document) => ({
      ...document,
      negotiations: document.negotiations.flatMap((log) =>
        standsIn.has(log) ? [] : [whole.get(log) ?? log],
      ),
    })),
    repeats,
  };
}

const repeatOf = (again: LogNegotiation, kept: LogNegotiation, lines: number): Repeat => ({
  input: again.input,
  line: again.firstLine,
  lastLine: again.lastLine,
  of: { input: kept.input, line: kept.firstLine },
  lines,
});
