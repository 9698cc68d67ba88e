import type { CaptureSummary, TrafficCounts } from './capture.ts';
import type { ConfigModel } from './config.ts';
import type { Exchange, Side, Step } from './exchange.ts';
import type { CandidatePsk } from './key-material.ts';
import type { LogDocument, LogNegotiation } from './log.ts';
import type { CaptureClock, Decision, InputRecord, Negotiation, RouterRecord } from './report.ts';
import type { Selection } from './selection.ts';

/** One capture among the evidence. */
export type CaptureEvidence = {
  /** `InputRecord.id` */
  readonly input: string;
  /** The number that `Exchange.capture` and `IkeMessage.capture` carry. */
  readonly capture: number;
  readonly summary: CaptureSummary;
  /** What else was on the IKE ports: fragments that never completed, for instance. */
  readonly counts?: TrafficCounts;
};

export type CorrelateOptions = {
  /** Only negotiations in which this address takes part. */
  readonly peer?: string;
  /** Bounds on the reference clock, milliseconds since 1970. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
  /** Zone of stamps that tell no distance from UTC, for instance `+02:00` or `CET`. */
  readonly tz?: string;
};

/** Everything that was read, before it is joined. */
export type EvidenceSet = {
  readonly inputs: readonly InputRecord[];
  readonly captures: readonly CaptureEvidence[];
  readonly exchanges: readonly Exchange[];
  readonly logs: readonly LogDocument[];
  readonly configs: readonly ConfigModel[];
  readonly candidates: readonly CandidatePsk[];
  readonly options: CorrelateOptions;
};

/** What one end of an attempt is known to be, and what it told. */
export type AttemptSide = {
  readonly side: Side;
  /** Name of the router; null when nothing names it. */
  readonly router: string | null;
  /** How to speak of it: the router's name, else its address, else `the initiator`. */
  readonly label: string;
  /** As seen on the wire or in the logs, before any translation where that is known. */
  readonly address: string | null;
  readonly config: ConfigModel | null;
  readonly log: LogNegotiation | null;
  readonly document: LogDocument | null;
  /** What its configuration selects in this role for this peer; null without a configuration. */
  readonly selection: Selection | null;
  /** The same from the profile that its log shows it to have requested, which the log knows better. */
  readonly replayed: Selection | null;
};

export type JoinStrength = 'exact' | 'strong' | 'weak';

/** Two views of one attempt, and on what their union rests. */
export type Join = {
  /** Ids of a log negotiation, or of an exchange. */
  readonly left: string;
  readonly right: string;
  readonly strength: JoinStrength;
  /** In words. */
  readonly by: string;
};

/** A log negotiation that fits no packets although packets of its peers exist, or the reverse. */
export type RefusedJoin = {
  readonly left: string;
  readonly right: string;
  /** In words. */
  readonly why: string;
  /** Nothing speaks against it, and others fit as well. */
  readonly isAmbiguous: boolean;
};

/** Lines that show an attempt once more, which another paste of the same router shows as well. */
export type Repeat = {
  readonly input: string;
  readonly line: number;
  readonly lastLine: number;
  /** Where the attempt is read from instead. */
  readonly of: { readonly input: string; readonly line: number };
  /** Messages that both have. */
  readonly lines: number;
};

export type PlaceOfLine = { readonly input: string; readonly line: number };
export type PlaceOfFrame = { readonly input: string; readonly frame: number };

/** The way of one message, as far as the evidence follows it. */
export type Passage = {
  readonly step: Step;
  readonly from: Side;
  readonly sent: PlaceOfLine | null;
  readonly tapped: PlaceOfFrame | null;
  readonly received: PlaceOfLine | null;
  /** Times that the sender (or the tap, without its log) saw it go out. */
  readonly copies: number;
  /** Input of a capture that goes on and does not hold it; null unless another one does. */
  readonly absentIn: string | null;
  /** Last line of the receiver's log, where it ends before the message; null where it goes on. */
  readonly endsBefore: PlaceOfLine | null;
  readonly fate:
    | 'arrived'
    /** In one capture, and not in another that is nearer to the receiver. */
    | 'lost-between-taps'
    /** In one capture, and not in another, and nothing tells which of them is nearer to the receiver. */
    | 'lost-or-missed'
    /** Sent, not on the tap. */
    | 'lost-before-tap'
    /** On the tap, not at the receiver. */
    | 'lost-after-tap'
    /** Sent, not received, and no capture of the attempt. */
    | 'lost-on-path'
    /** On the tap, and no router has it. */
    | 'seen-by-tap-only'
    /** Nothing tells: the far end left no log, or its log or the capture does not go on so long, or leaves the port out. */
    | 'unknown';
};

/** One attempt to set up one IKE SA, as everything that was read saw it. */
export type Attempt = {
  /** `a1`, `a2`, … in order of time. */
  readonly id: string;
  readonly version: 1 | 2;
  readonly mode: 'main' | 'aggressive' | 'ikev2';
  readonly initiator: AttemptSide;
  readonly responder: AttemptSide;
  readonly exchange: Exchange | null;
  /** The same cookie pair in other captures. */
  readonly otherExchanges: readonly Exchange[];
  /** Input of the capture that holds the first message of `exchange`. */
  readonly captureInput: string | null;
  /** Inputs by `IkeMessage.capture`, for exchanges that several captures share. */
  readonly captureInputs: Readonly<Record<number, string>>;
  readonly joins: readonly Join[];
  readonly passages: readonly Passage[];
  readonly decisions: readonly Decision[];
  /** Ids of its negotiations in the report. */
  readonly negotiations: readonly string[];
  readonly startMs: number | null;
  readonly phase1: Negotiation['phase1'];
  readonly phase2: Negotiation['phase2'];
};

/** Attempts between the same two ends, in order of time. */
export type AttemptHistory = {
  readonly initiator: string;
  readonly responder: string;
  readonly attempts: readonly string[];
  /** `failed 20 times, configuration changed at line 812, then up`. */
  readonly text: string;
  /** The last attempt came up after others had failed. */
  readonly healed: boolean;
};

/** A negotiation before it is judged. */
export type NegotiationView = Omit<Negotiation, 'verdict' | 'divergence'>;

/** One account of what happened, joined and not judged. */
export type Incident = {
  readonly evidence: EvidenceSet;
  readonly routers: readonly RouterRecord[];
  readonly attempts: readonly Attempt[];
  readonly negotiations: readonly NegotiationView[];
  readonly histories: readonly AttemptHistory[];
  readonly refused: readonly RefusedJoin[];
  readonly repeats: readonly Repeat[];
  /** By input, of captures whose frames were moved to the clock of another. */
  readonly captureClocks: Readonly<Record<string, CaptureClock>>;
};
