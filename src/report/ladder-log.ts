import type { EvidencePlace } from '../model/evidence.ts';
import type { Side } from '../model/exchange.ts';
import type { Finding } from '../model/finding.ts';
import type { AnalysisReport, Negotiation, TimelineItem } from '../model/report.ts';
import type { Attempt } from './attempts.ts';
import { openCell, type Draft } from './ladder-draft.ts';

/** What one router logged, put beside the wire. */

/** Messages that occur once in an exchange: a second one in a log is the first again. */
const ONCE = /^(?:MM[1-6]|AM[1-3]|SA_INIT|AUTH)$/;

/** Quoted log lines at one message; the evidence of the finding has them all. */
const MOST_QUOTES = 3;

/** A timeline may tell of all sides; the log lines of this one are those that its router wrote. */
export function ownItems(
  negotiation: Negotiation,
  attempt: Attempt,
  report: AnalysisReport,
): readonly TimelineItem[] {
  const others = new Set(
    attempt.negotiations
      .filter((other) => other !== negotiation)
      .flatMap(
        ({ timeline, router }) =>
          router ?? timeline.find(({ line }) => line !== undefined)?.clock ?? [],
      ),
  );
  const inputs = new Set(
    report.routers.find(({ name }) => name !== null && name === negotiation.router)?.inputs,
  );
  const { router } = negotiation;
  return negotiation.timeline.filter(({ line, clock, input }) => {
    if (line === undefined) return false;
    if (router !== null) return clock === router || (inputs.has(input) && !others.has(clock));
    return !others.has(clock);
  });
}

/** Walks one router's log: packets open or join a row, states and cited lines fall to the row that is open. */
export function placeLog(
  drafts: Draft[],
  side: Side,
  negotiation: Negotiation,
  items: readonly TimelineItem[],
  findings: readonly Finding[],
): void {
  const cited = citedLines(negotiation, findings);
  let at = -1;
  for (const item of items) {
    const step =
      item.direction === undefined ? undefined : stepOf(item, side, drafts, negotiation.phase1);
    if (step !== undefined && item.direction !== undefined) {
      at = placePacket(drafts, side, item, step, at);
    } else if (item.state !== undefined && at >= 0) {
      const { states } = openCell(drafts[at]!, side);
      if (states.at(-1) !== item.state) states.push(item.state);
    }
    const quote = cited.get(`${item.input} ${item.line}`);
    if (quote === undefined || item.direction !== undefined || at < 0) continue;
    const { notes } = openCell(drafts[at]!, side);
    // A router says the same for each of its maps; once is enough, so that what else it says has room.
    const isSaid = notes.some(({ text }) => text === quote);
    if (!isSaid && notes.length < MOST_QUOTES)
      notes.push({ text: quote, verdict: 'log', place: placeOf(item) });
  }
}

function placeOf({ input, line }: TimelineItem): EvidencePlace {
  return { input, ...(line === undefined ? {} : { line }) };
}

/** Log lines that a failure rests on and that no decision shows already. */
function citedLines(
  negotiation: Negotiation,
  findings: readonly Finding[],
): ReadonlyMap<string, string> {
  const shown = new Set(
    negotiation.decisions.flatMap(({ observed }) =>
      observed === undefined ? [] : [`${observed.input} ${observed.line}`],
    ),
  );
  const cited = new Map<string, string>();
  for (const finding of findings) {
    if (finding.severity !== 'failure' || !finding.negotiations.includes(negotiation.id)) continue;
    for (const { input, line, text } of finding.evidence) {
      const key = `${input} ${line}`;
      if (line !== undefined && !shown.has(key)) cited.set(key, text);
    }
  }
  return cited;
}

/**
 * Main mode by packet tag, as IOS prints it: the tag is the state after sending, and before receiving. What an
 * initiator receives after MM5 is MM6 only when the correlation says so: it can be a notification.
 */
const MAIN_MODE: Readonly<Record<Side, Readonly<Record<string, string>>>> = {
  initiator: {
    'sent MM_NO_STATE': 'MM1',
    'received MM_NO_STATE': 'MM2',
    'sent MM_SA_SETUP': 'MM3',
    'received MM_SA_SETUP': 'MM4',
    'sent MM_KEY_EXCH': 'MM5',
  },
  responder: {
    'received NEW SA': 'MM1',
    'received MM_NO_STATE': 'MM1',
    'sent MM_SA_SETUP': 'MM2',
    'received MM_SA_SETUP': 'MM3',
    'sent MM_KEY_EXCH': 'MM4',
    'received MM_KEY_EXCH': 'MM5',
  },
};

function stepOf(
  item: TimelineItem,
  side: Side,
  drafts: readonly Draft[],
  phase1: Negotiation['phase1'],
): string {
  if (item.step !== undefined) return item.step;
  const tag = `${item.direction} ${item.state}`;
  // The responder sends MM4 and MM6 under the same tag, and what it says instead of MM6.
  const isAnswer =
    side === 'responder' &&
    tag === 'sent MM_KEY_EXCH' &&
    drafts.some((draft) => draft.step === 'MM5' && draft.cells[side]?.direction === 'received');
  if (isAnswer && phase1 === 'complete') return 'MM6';
  return (isAnswer ? undefined : MAIN_MODE[side][tag]) ?? item.state ?? 'packet';
}

function placePacket(
  drafts: Draft[],
  side: Side,
  item: TimelineItem,
  step: string,
  at: number,
): number {
  const sent = item.direction === 'sent';
  const direction = sent === (side === 'initiator') ? 'i2r' : 'r2i';
  const found =
    findCaptured(drafts, side, item, direction, at) ?? findRow(drafts, side, step, direction, at);
  const index = found ?? at + 1;
  if (found === null) {
    drafts.splice(index, 0, {
      step,
      direction,
      atMs: item.referenceMs,
      cells: { initiator: null, responder: null },
      wire: null,
    });
  }
  const draft = drafts[index]!;
  const cell = openCell(draft, side);
  if (cell.place !== null) {
    cell.repeats += 1;
    // A late duplicate belongs to its first row, but what follows it belongs to where the log had come to.
    return Math.max(index, at);
  }
  draft.atMs ??= item.referenceMs;
  cell.direction = item.direction ?? null;
  cell.time = item.time;
  cell.tag ??= item.state ?? null;
  cell.place = placeOf(item);
  return index;
}

function findRow(
  drafts: readonly Draft[],
  side: Side,
  step: string,
  direction: 'i2r' | 'r2i',
  at: number,
): number | null {
  const same = (draft: Draft | undefined): boolean =>
    draft?.step === step && (draft.direction ?? direction) === direction;
  if (ONCE.test(step)) {
    const index = drafts.findIndex(same);
    return index < 0 ? null : index;
  }
  if (same(drafts[at]) && drafts[at]?.cells[side] !== null && drafts[at]?.wire === null) return at;
  const index = drafts.findIndex((draft, i) => i > at && same(draft) && draft.cells[side] === null);
  return index < 0 ? null : index;
}

const INFORMATIONAL = /^INFO$/;
/** Messages that IOS logs under a tag that does not name them. */
const UNNAMED: ReadonlyMap<string, RegExp> = new Map([
  ['QM_IDLE', /^(?:QM\d|INFO|CFG|NGM)$/],
  ['MM_KEY_EXCH', INFORMATIONAL],
]);
/** Beyond this, in milliseconds, a logged packet and a captured one are not the same. */
const SAME_PACKET = 1000;

/** What was sent under a tag that names nothing, and which of several notifications it was, the capture tells. */
function findCaptured(
  drafts: readonly Draft[],
  side: Side,
  item: TimelineItem,
  direction: 'i2r' | 'r2i',
  at: number,
): number | null {
  const steps = item.step === 'INFO' ? INFORMATIONAL : UNNAMED.get(item.state ?? '');
  const isNamed = item.step !== undefined && item.step !== 'INFO';
  if (steps === undefined || isNamed || item.referenceMs === null) return null;
  const ms = item.referenceMs;
  const index = drafts.findIndex(
    (draft, i) =>
      i > at &&
      draft.wire !== null &&
      steps.test(draft.step) &&
      draft.direction === direction &&
      draft.cells[side] === null &&
      draft.atMs !== null &&
      Math.abs(draft.atMs - ms) <= SAME_PACKET,
  );
  return index < 0 ? null : index;
}
