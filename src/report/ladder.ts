import type { EvidencePlace } from '../model/evidence.ts';
import type { Side } from '../model/exchange.ts';
import type { Finding } from '../model/finding.ts';
import type {
  AnalysisReport,
  Decision,
  FrameExcerpt,
  Negotiation,
  TimelineItem,
} from '../model/report.ts';
import type { Attempt } from './attempts.ts';
import { DECISION_WHAT, stepLabel } from './labels.ts';

/** Three lanes: what one router logged, what went over the wire, what the other router logged. Rows first, drawn elsewhere. */

export type LadderNote = {
  readonly text: string;
  readonly verdict: Decision['verdict'] | 'log';
  readonly place: EvidencePlace | null;
};

/** What one router did at one message. */
export type LadderCell = {
  readonly direction: 'sent' | 'received' | null;
  readonly time: string | null;
  /** The states that it went through, `IKE_R_MM4 → IKE_R_MM5`; without any, the state tag of the packet. */
  readonly state: string | null;
  /** How often the router logged the packet again. */
  readonly repeats: number;
  readonly place: EvidencePlace | null;
  readonly notes: readonly LadderNote[];
};

export type LadderWire = {
  readonly frame: FrameExcerpt;
  /** Frames that repeat it, by the sender or by a second tap, in order. */
  readonly retransmissions: readonly number[];
  readonly copies: readonly number[];
  /** When the last of all these was seen, on the clock of the capture. */
  readonly lastMs: number | null;
};

export type LadderRow = {
  /** `MM5`, `INFO`, `SA request` */
  readonly step: string;
  readonly direction: 'i2r' | 'r2i' | null;
  /** On the reference clock; null when it cannot be placed. */
  readonly atMs: number | null;
  readonly left: LadderCell | null;
  readonly wire: LadderWire | null;
  readonly right: LadderCell | null;
  readonly diverges: boolean;
};

export type Lane = {
  readonly name: string;
  readonly address: string | null;
  readonly logged: boolean;
};

export type Ladder = {
  readonly left: Lane;
  readonly right: Lane;
  readonly captured: boolean;
  readonly rows: readonly LadderRow[];
};

type Draft = {
  step: string;
  direction: 'i2r' | 'r2i' | null;
  atMs: number | null;
  cells: Record<Side, DraftCell | null>;
  wire: DraftWire | null;
};

type DraftWire = {
  frame: FrameExcerpt;
  retransmissions: number[];
  copies: number[];
  lastMs: number | null;
};

type DraftCell = {
  direction: 'sent' | 'received' | null;
  time: string | null;
  /** Of the packet line itself; told only where no state follows. */
  tag: string | null;
  states: string[];
  repeats: number;
  place: EvidencePlace | null;
  notes: LadderNote[];
};

/** Messages that occur once in an exchange: a second one in a log is the first again. */
const ONCE = /^(?:MM[1-6]|AM[1-3]|SA_INIT|AUTH)$/;

/** Quoted log lines at one message; the evidence of the finding has them all. */
const MOST_QUOTES = 3;

/** The initiator lane is on the left. `frames` are those of the whole report. */
export function buildLadder(
  attempt: Attempt,
  report: AnalysisReport,
  frames: FrameIndex = indexFrames(report.excerpts.frames),
): Ladder {
  const drafts: Draft[] = [];
  placeFrames(drafts, framesOf(attempt, frames), attempt);
  const sides: readonly (readonly [Side, Negotiation | null])[] = [
    ['initiator', attempt.initiator],
    ['responder', attempt.responder],
  ];
  for (const [side, negotiation] of sides) {
    if (negotiation === null) continue;
    const own = ownItems(negotiation, attempt, report);
    placeLog(drafts, side, negotiation, own, report.findings);
  }
  for (const negotiation of attempt.negotiations) placeDecisions(drafts, negotiation);
  const diverging = new Set(
    attempt.negotiations.flatMap(({ divergence }) =>
      divergence === null ? [] : [stepLabel(divergence.step)],
    ),
  );
  return {
    left: lane('initiator', attempt),
    right: lane('responder', attempt),
    captured: drafts.some(({ wire }) => wire !== null),
    rows: drafts.map((draft) => finish(draft, diverging)),
  };
}

/** A timeline may tell of all sides; the log lines of this one are those that its router wrote. */
function ownItems(
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

export type FrameIndex = ReadonlyMap<number, readonly FrameExcerpt[]>;

export function indexFrames(frames: readonly FrameExcerpt[]): FrameIndex {
  const index = new Map<number, FrameExcerpt[]>();
  for (const frame of frames) {
    const same = index.get(frame.frame);
    if (same === undefined) index.set(frame.frame, [frame]);
    else same.push(frame);
  }
  return index;
}

/** A negotiation gives frame numbers; its timeline tells of which capture, where there are several. */
function framesOf(attempt: Attempt, frames: FrameIndex): readonly FrameExcerpt[] {
  const placed = new Set<string>();
  const numbers = new Set<number>();
  for (const { timeline, frames: own } of attempt.negotiations) {
    for (const number of own) numbers.add(number);
    for (const { input, frame } of timeline) {
      if (frame === undefined) continue;
      placed.add(`${input} ${frame}`);
      numbers.add(frame);
    }
  }
  const captures = new Set([...placed].map((key) => key.slice(0, key.indexOf(' '))));
  return [...numbers]
    .flatMap((number) => frames.get(number) ?? [])
    .filter(({ input }) => captures.size === 0 || captures.has(input))
    .sort((a, b) => compare(a.time, b.time) || compare(a.input, b.input) || a.frame - b.frame);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Retransmissions and second taps fold into the frame that they repeat. */
function placeFrames(drafts: Draft[], frames: readonly FrameExcerpt[], attempt: Attempt): void {
  const times = new Map<string, number | null>();
  for (const { timeline } of attempt.negotiations) {
    for (const { input, frame, referenceMs } of timeline) {
      if (frame !== undefined) times.set(`${input} ${frame}`, referenceMs);
    }
  }
  const rows = new Map<string, Draft>();
  for (const frame of frames) {
    const original = frame.copyOf ?? frame.retransmissionOf;
    const wire = original === null ? null : rows.get(`${frame.input} ${original}`)?.wire;
    if (wire !== null && wire !== undefined) {
      (frame.copyOf === null ? wire.retransmissions : wire.copies).push(frame.frame);
      wire.lastMs = times.get(`${frame.input} ${frame.frame}`) ?? isoMs(frame.time);
      rows.set(`${frame.input} ${frame.frame}`, rows.get(`${frame.input} ${original}`)!);
      continue;
    }
    const atMs = times.get(`${frame.input} ${frame.frame}`) ?? isoMs(frame.time);
    const draft: Draft = {
      step: frame.step,
      direction: frame.direction,
      atMs,
      cells: { initiator: null, responder: null },
      wire: { frame, retransmissions: [], copies: [], lastMs: atMs },
    };
    drafts.push(draft);
    rows.set(`${frame.input} ${frame.frame}`, draft);
  }
}

/** Milliseconds since 1970 of an ISO time with any number of fraction digits; null when it is none. */
export function isoMs(time: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?/.exec(time);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const seconds = Date.UTC(year!, month! - 1, day, hour, minute, second);
  return seconds + Number(match[7] ?? 0) * 1000;
}

/** Walks one router's log: packets open or join a row, states and cited lines fall to the row that is open. */
function placeLog(
  drafts: Draft[],
  side: Side,
  negotiation: Negotiation,
  items: readonly TimelineItem[],
  findings: readonly Finding[],
): void {
  const cited = citedLines(negotiation, findings);
  let at = -1;
  for (const item of items) {
    const step = item.direction === undefined ? undefined : stepOf(item, side, drafts, at);
    if (step !== undefined && item.direction !== undefined) {
      at = placePacket(drafts, side, item, step, at);
    } else if (item.state !== undefined && at >= 0) {
      const { states } = openCell(drafts[at]!, side);
      if (states.at(-1) !== item.state) states.push(item.state);
    }
    const quote = cited.get(`${item.input} ${item.line}`);
    if (quote === undefined || item.direction !== undefined || at < 0) continue;
    const { notes } = openCell(drafts[at]!, side);
    if (notes.length < MOST_QUOTES)
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

/** Main mode by packet tag, as IOS prints it: the tag is the state after sending, and before receiving. */
const MAIN_MODE: Readonly<Record<Side, Readonly<Record<string, string>>>> = {
  initiator: {
    'sent MM_NO_STATE': 'MM1',
    'received MM_NO_STATE': 'MM2',
    'sent MM_SA_SETUP': 'MM3',
    'received MM_SA_SETUP': 'MM4',
    'sent MM_KEY_EXCH': 'MM5',
    'received MM_KEY_EXCH': 'MM6',
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

function stepOf(item: TimelineItem, side: Side, drafts: readonly Draft[], at: number): string {
  if (item.step !== undefined) return item.step;
  const tag = `${item.direction} ${item.state}`;
  // The responder sends MM4 and MM6 under the same tag.
  const answered = side === 'responder' && drafts[at]?.step === 'MM5' && tag === 'sent MM_KEY_EXCH';
  return answered ? 'MM6' : (MAIN_MODE[side][tag] ?? item.state ?? 'packet');
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
    findRow(drafts, side, step, direction, at) ?? findQuickMode(drafts, side, item, direction, at);
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

const QUICK_MODE = /^(?:QM\d|INFO|CFG|NGM)$/;
/** Beyond this, in milliseconds, a logged packet and a captured one are not the same. */
const SAME_PACKET = 1000;

/** After phase 1 IOS prints `QM_IDLE` for every packet; what it was, the capture tells. */
function findQuickMode(
  drafts: readonly Draft[],
  side: Side,
  item: TimelineItem,
  direction: 'i2r' | 'r2i',
  at: number,
): number | null {
  if (item.step !== undefined || item.state !== 'QM_IDLE' || item.referenceMs === null) return null;
  const ms = item.referenceMs;
  const index = drafts.findIndex(
    (draft, i) =>
      i > at &&
      draft.wire !== null &&
      QUICK_MODE.test(draft.step) &&
      draft.direction === direction &&
      draft.cells[side] === null &&
      draft.atMs !== null &&
      Math.abs(draft.atMs - ms) <= SAME_PACKET,
  );
  return index < 0 ? null : index;
}

function openCell(draft: Draft, side: Side): DraftCell {
  draft.cells[side] ??= {
    direction: null,
    time: null,
    tag: null,
    states: [],
    repeats: 0,
    place: null,
    notes: [],
  };
  return draft.cells[side];
}

function placeDecisions(drafts: Draft[], negotiation: Negotiation): void {
  for (const decision of negotiation.decisions) {
    const step = stepLabel(decision.step);
    let draft = drafts.find((candidate) => candidate.step === step);
    if (draft === undefined) {
      draft = {
        step,
        direction: null,
        atMs: null,
        cells: { initiator: null, responder: null },
        wire: null,
      };
      drafts.splice(rowBefore(drafts, step), 0, draft);
    }
    const note = decisionNote(decision);
    const { notes } = openCell(draft, decision.side);
    // Paired negotiations may both tell of one decision.
    if (notes.some(({ text }) => text === note.text)) continue;
    const firstQuote = notes.findIndex(({ verdict }) => verdict === 'log');
    notes.splice(firstQuote < 0 ? notes.length : firstQuote, 0, note);
  }
}

const ORDER = [
  'SA request',
  'MM1',
  'AM1',
  'MM2',
  'AM2',
  'MM3',
  'AM3',
  'MM4',
  'MM5',
  'MM6',
  'QM1',
  'QM2',
  'QM3',
];

/** Where a step belongs that neither a log nor the wire shows. */
function rowBefore(drafts: readonly Draft[], step: string): number {
  const rank = ORDER.indexOf(step);
  if (rank < 0) return drafts.length;
  const index = drafts.findIndex((draft) => ORDER.indexOf(draft.step) > rank);
  return index < 0 ? drafts.length : index;
}

function decisionNote(decision: Decision): LadderNote {
  const { expected, observed, proven } = decision;
  const value = observed?.value ?? proven?.value ?? expected?.value ?? 'unknown';
  const source = observed !== undefined ? '' : proven !== undefined ? ' (proven)' : ' (expected)';
  const wanted =
    decision.verdict === 'diverges' && expected !== undefined && expected.value !== value
      ? `, expected ${expected.value}`
      : '';
  return {
    text: `${DECISION_WHAT[decision.what]} ${value}${source}${wanted}`,
    verdict: decision.verdict,
    place: decisionPlace(decision),
  };
}

function decisionPlace({ expected, observed, proven }: Decision): EvidencePlace | null {
  if (observed !== undefined) return { input: observed.input, line: observed.line };
  if (proven !== undefined) return { input: proven.input, frame: proven.frame };
  return expected === undefined ? null : expected.basis;
}

function lane(side: Side, attempt: Attempt): Lane {
  const own = attempt[side];
  const other = attempt[side === 'initiator' ? 'responder' : 'initiator'];
  const { wire } = attempt;
  const seenByWire =
    wire === null ? null : wire.role === side ? wire.localAddress : wire.peerAddress;
  const address = own?.localAddress ?? other?.peerAddress ?? seenByWire;
  return { name: own?.router ?? address ?? side, address, logged: own !== null };
}

function finish(draft: Draft, diverging: ReadonlySet<string>): LadderRow {
  const { step, direction, atMs, wire } = draft;
  const left = finishCell(draft.cells.initiator);
  const right = finishCell(draft.cells.responder);
  const noted = [left, right].some((cell) =>
    cell?.notes.some(({ verdict }) => verdict === 'diverges'),
  );
  return { step, direction, atMs, left, wire, right, diverges: noted || diverging.has(step) };
}

function finishCell(cell: DraftCell | null): LadderCell | null {
  if (cell === null) return null;
  const { tag, states, direction, time, repeats, place, notes } = cell;
  const state = states.length === 0 ? tag : states.join(' → ');
  return { direction, time, state, repeats, place, notes };
}
