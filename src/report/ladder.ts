import { basisPlace } from './decisions.ts';
import type { EvidencePlace } from '../model/evidence.ts';
import type { Side } from '../model/exchange.ts';
import type { AnalysisReport, Decision, FrameExcerpt, Negotiation } from '../model/report.ts';
import type { Attempt } from './attempts.ts';
import { DECISION_WHAT, stepLabel } from './labels.ts';
import { openCell, type Draft, type DraftCell, type LadderNote } from './ladder-draft.ts';
import { ownItems, placeLog } from './ladder-log.ts';

/** Three lanes: what one router logged, what went over the wire, what the other router logged. Rows first, drawn elsewhere. */

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
  const kept = [...numbers]
    .flatMap((number) => frames.get(number) ?? [])
    .filter(({ input }) => captures.size === 0 || captures.has(input))
    .sort((a, b) => compare(a.input, b.input) || a.frame - b.frame);
  const times = referenceTimes(attempt);
  // One without a time stays behind the frame that the file has before it.
  const reached = new Map<string, number>();
  const timed = kept.map((frame) => {
    const own = times.get(`${frame.input} ${frame.frame}`) ?? isoMs(frame.time);
    const at = own ?? reached.get(frame.input) ?? Number.NEGATIVE_INFINITY;
    reached.set(frame.input, at);
    return { frame, at };
  });
  // Of two without any time the difference is no number.
  return timed.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at)).map(({ frame }) => frame);
}

/** When every frame passed, on the reference clock. */
function referenceTimes({ negotiations }: Attempt): ReadonlyMap<string, number | null> {
  const times = new Map<string, number | null>();
  for (const { timeline } of negotiations) {
    for (const { input, frame, referenceMs } of timeline) {
      if (frame !== undefined) times.set(`${input} ${frame}`, referenceMs);
    }
  }
  return times;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Retransmissions and second taps fold into the frame that they repeat. */
function placeFrames(drafts: Draft[], frames: readonly FrameExcerpt[], attempt: Attempt): void {
  const times = referenceTimes(attempt);
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
export function isoMs(time: string | null): number | null {
  if (time === null) return null;
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?/.exec(time);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const seconds = Date.UTC(year!, month! - 1, day, hour, minute, second);
  return seconds + Number(match[7] ?? 0) * 1000;
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
  return expected === undefined ? null : basisPlace(expected);
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
