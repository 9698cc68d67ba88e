import type { Finding } from './finding.ts';
import type { InputKind } from './evidence.ts';
import type { Side } from './exchange.ts';
import type { Assumed, KeyringSelection, KeyringStep, PolicyRejection, Transform } from './log.ts';

/** What a reporter may see: the document `ike-autopsy/analysis@1`, as plain JSON values. */

export type InputAnomaly = {
  readonly code: string;
  readonly text: string;
  readonly line?: number;
  readonly frame?: number;
  readonly offset?: number;
};

export type InputRecord = {
  /** `i1`, `i2`, … in the order given. */
  readonly id: string;
  readonly path: string;
  readonly kind: InputKind;
  readonly bytes: number;
  /** Null when the file was too large to digest unasked. */
  readonly sha256: string | null;
  readonly router?: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly anomalies: readonly InputAnomaly[];
  /** Of a capture whose clock differs from that of the first one with which it shares messages. */
  readonly clock?: CaptureClock;
};

/** The clock of a capture minus that of another, to which frames are moved where several clocks are laid on one. */
export type CaptureClock = {
  readonly offsetMs: number;
  readonly jitterMs: number;
  /** On what the estimate rests, in words. */
  readonly basis: string;
};

/** The router's clock minus the reference clock; nulls when it cannot be told. */
export type RouterClock = {
  readonly offsetMs: number | null;
  readonly jitterMs: number | null;
  /** On what the estimate rests, in words. */
  readonly basis: string;
  /** Where it was set, in order of lines; the offset is that of the lines before the first. Absent where it never was. */
  readonly steps?: readonly ClockStep[];
};

/** From this line on a router's clock shows so much more than before: below zero where it was set back. */
export type ClockStep = {
  readonly input: string;
  readonly line: number;
  readonly byMs: number;
  /** False where the stamps alone tell of it, and time may have passed between them. */
  readonly isMeasured: boolean;
  /** What explains the same: another clock was set instead, and nothing tells which of the two. Absent where it is sure. */
  readonly or?: OtherStep;
};

/** A step of another router's clock; null: nothing names that one. */
export type OtherStep = {
  readonly router: string | null;
  readonly input: string;
  readonly line: number;
  readonly byMs: number;
};

export type RouterRecord = {
  readonly name: string | null;
  readonly addresses: readonly string[];
  readonly inputs: readonly string[];
  readonly clock: RouterClock;
};

export type DecisionStep = KeyringStep | 'qm1' | 'qm2';

/** In the order in which they come. */
export const decisionSteps: readonly DecisionStep[] = [
  'sa-request',
  'mm1',
  'am1',
  'mm2',
  'am2',
  'mm3',
  'am3',
  'mm4',
  'mm5',
  'mm6',
  'auth',
  'qm1',
  'qm2',
];

/** A point where a router selects or verifies a keyring or a profile. */
export type Decision = {
  readonly step: DecisionStep;
  readonly side: Side;
  readonly what: 'keyring' | 'profile' | 'verification' | 'phase2-profile';
  /** By the rules from the configuration. `basis` is the line of it. */
  readonly expected?: {
    readonly value: string;
    readonly rule: string;
    readonly input: string;
    readonly basis: number;
  };
  /** As the router logged it. */
  readonly observed?: { readonly value: string; readonly input: string; readonly line: number };
  /** By cryptography, or octets in clear. */
  readonly proven?: {
    readonly value: string;
    readonly input: string;
    readonly frame: number;
    readonly how: string;
  };
  readonly verdict: 'agrees' | 'diverges' | 'unknown';
};

export type TimelineItem = {
  /** ISO 8601 with the precision of the source; null when the source has no time. */
  readonly time: string | null;
  /** Whose clock: a router's name, or `capture`. */
  readonly clock: string;
  /** On the reference clock in milliseconds since 1970; null when it cannot be placed. */
  readonly referenceMs: number | null;
  readonly kind: string;
  readonly text: string;
  readonly input: string;
  readonly line?: number;
  readonly frame?: number;
  /** The message that the item belongs to: `MM1`, `QM2`, `INFO`; absent when nothing tells. */
  readonly step?: string;
  /** For a packet that a router logged. */
  readonly direction?: 'sent' | 'received';
  /** The router's state after this item, or the packet state tag: `IKE_R_MM3`, `MM_KEY_EXCH`. */
  readonly state?: string;
};

export type Negotiation = {
  readonly id: string;
  readonly router: string | null;
  readonly role: Side;
  readonly pairedWith: readonly string[];
  /** On what each pairing rests, in words; same order as `pairedWith`. */
  readonly pairedBy: readonly string[];
  readonly ikeVersion: 1 | 2;
  /** What no line of its log tells: the value is only the usual one. */
  readonly assumed?: readonly Assumed[];
  readonly exchange: 'main' | 'aggressive' | 'ikev2';
  readonly localAddress: string | null;
  readonly peerAddress: string | null;
  readonly fvrf: string | null;
  readonly connId: number | string | null;
  readonly initiatorCookie?: string;
  readonly responderCookie?: string;
  readonly frames: readonly number[];
  readonly auth: string | null;
  readonly transform: Transform | null;
  readonly policyMatched: {
    readonly transform: number;
    readonly priority: number;
    readonly line: number;
  } | null;
  readonly policyRejections: readonly PolicyRejection[];
  readonly keyringSelections: readonly KeyringSelection[];
  readonly saRequestProfile?: { readonly name: string | null; readonly line: number };
  readonly profileMatched?: {
    readonly name: string | null;
    readonly step: KeyringStep;
    readonly line: number;
  };
  readonly decisions: readonly Decision[];
  readonly divergence: { readonly step: string; readonly text: string } | null;
  readonly statePath: readonly string[];
  readonly qmStatePath: readonly string[];
  readonly packetStates: readonly string[];
  readonly phase1: 'complete' | 'failed' | 'incomplete' | 'not-started';
  readonly phase2: 'complete' | 'failed' | 'not-reached' | 'incomplete';
  readonly outcome: 'established' | 'failed' | 'incomplete';
  readonly failingStep: string | null;
  readonly verdict: string;
  readonly evidenceLines: readonly number[];
  /** What the key material made of it; null without packets. */
  readonly keys: {
    readonly status: string;
    readonly why: string;
    readonly initiatorPsk: string | null;
    readonly responderPsk: string | null;
    readonly identities: readonly {
      readonly step: string;
      readonly frame: number;
      readonly type: string;
      readonly value: string;
      readonly hash: string | null;
      readonly hashVerifies: boolean | null;
    }[];
  } | null;
  readonly timeline: readonly TimelineItem[];
};

/** A payload as shown: registry names and values, children in order. */
export type TreeNode = {
  readonly label: string;
  readonly value?: string;
  /** In the frame, or in the plaintext for decrypted payloads. */
  readonly offset?: number;
  readonly length?: number;
  readonly children?: readonly TreeNode[];
};

/** One IKE message of a capture, as far as a reader needs it beside the findings. */
export type FrameExcerpt = {
  readonly input: string;
  readonly frame: number;
  /** Null where the capture gives it none that a calendar has. */
  readonly time: string | null;
  readonly src: string;
  readonly dst: string;
  readonly step: string;
  readonly direction: 'i2r' | 'r2i' | null;
  readonly length: number;
  readonly encrypted: boolean;
  /** What opened it; null when clear or opaque. */
  readonly decryptedBy: string | null;
  /** Why it stayed opaque; null otherwise. */
  readonly opaqueWhy: string | null;
  readonly retransmissionOf: number | null;
  readonly copyOf: number | null;
  readonly exchange: string;
  readonly summary: string;
  readonly tree: readonly TreeNode[];
  readonly anomalies: readonly InputAnomaly[];
};

/** One line of a log or a configuration, secrets masked. */
export type LineExcerpt = {
  readonly input: string;
  readonly line: number;
  readonly text: string;
  /** What the message table says of it, or the state of the configuration line. */
  readonly means: string | null;
  readonly negotiation: string | null;
};

export type UnmatchedExcerpt = {
  readonly input: string;
  readonly kind: 'annotation' | 'unknown-message' | 'unknown-command';
  readonly shape: string;
  readonly count: number;
  readonly firstLine: number;
  readonly example: string;
};

/** The evidence itself, as far as the report cites it, so that a saved report can be rendered again without its inputs. */
export type Excerpts = {
  readonly frames: readonly FrameExcerpt[];
  /** Log lines of every negotiation, and the lines around whatever is cited. */
  readonly logLines: readonly LineExcerpt[];
  /** Configuration lines that are modelled or cited. */
  readonly configLines: readonly LineExcerpt[];
  readonly unmatched: readonly UnmatchedExcerpt[];
  /** True when something was left out to keep the document readable; the counts say how much. */
  readonly omitted: { readonly frames: number; readonly logLines: number };
};

export type AnalysisReport = {
  readonly schema: 'ike-autopsy/analysis@1';
  readonly tool: { readonly name: 'ike-autopsy'; readonly version: string };
  readonly inputs: readonly InputRecord[];
  readonly routers: readonly RouterRecord[];
  readonly negotiations: readonly Negotiation[];
  readonly findings: readonly Finding[];
  readonly verdict: {
    readonly finding: string | null;
    readonly negotiation: string | null;
    /** One paragraph that an engineer can act on. */
    readonly summary: string;
  };
  readonly excerpts: Excerpts;
};
