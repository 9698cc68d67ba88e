import type { EvidencePlace } from './evidence.ts';
import type { Side } from './exchange.ts';

/** A timestamp as a router wrote it. */
export type LogTime = {
  readonly written: string;
  /** `*` = not authoritative, `.` = synchronisation lost, none = synchronised; uptime and server stamps apart. */
  readonly mark: 'authoritative' | 'not-authoritative' | 'lost-sync' | 'uptime';
  /**
   * Milliseconds on the router's own wall clock, read as if it were UTC; without a year, as told, or in 1972, which has every day.
   * For uptime stamps, milliseconds since boot.
   */
  readonly ms: number;
  /** Granularity of the stamp in milliseconds: 1, 1000, 3600000, … */
  readonly resolutionMs: number;
  readonly year: number | null;
  readonly zone: string | null;
};

/** One logical log line after unwrapping, and what it means. */
export type LogEvent = {
  /** `MessageSpec.id`, or `unmatched`. */
  readonly message: string;
  /** First and last physical line, from 1. */
  readonly line: number;
  readonly lastLine: number;
  /** The router that wrote it: a host name, or a number of the paste's routers (`router-1`); null when nothing tells. */
  readonly router: string | null;
  readonly time: LogTime | null;
  /** 0, 1001, `0:2`, `0:1:SW:1`, `SESSION 14/SA 1`; null for lines without one. */
  readonly connId: number | string | null;
  /** Named fields of the message. */
  readonly fields: Readonly<Record<string, string | number>>;
  /** The unwrapped text without its envelope. */
  readonly text: string;
};

export type KeyringStep =
  'sa-request' | 'mm1' | 'mm2' | 'mm3' | 'mm4' | 'mm5' | 'mm6' | 'am1' | 'am2' | 'am3' | 'auth';

export type KeyringSelection = {
  readonly step: KeyringStep;
  /** Null: a key was found, but the log does not say in which keyring. */
  readonly keyring: string | null;
  /** `address,mask` as printed. */
  readonly entry?: string;
  /** IKEv2: the peer block within the keyring. */
  readonly peerBlock?: string;
  readonly line: number;
};

export type PolicyRejection = {
  readonly transform: number;
  readonly priority: number;
  readonly attribute:
    'encryption' | 'key-length' | 'hash' | 'dh-group' | 'authentication' | 'lifetime';
  readonly line: number;
};

/** A packet that a router said it sent or received. */
export type LogPacket = {
  readonly line: number;
  readonly time: LogTime | null;
  readonly direction: 'sent' | 'received';
  readonly peer: string;
  readonly localPort: number | null;
  readonly peerPort: number | null;
  /** `MM_SA_SETUP`, `QM_IDLE`, `NEW SA`, … */
  readonly state: string;
  readonly retransmission: boolean;
  /** A notification, whichever message its tag would name. */
  readonly notification?: true;
};

export type Transform = {
  readonly encryption: string | null;
  readonly hash: string | null;
  readonly group: string | number | null;
  readonly auth: string | null;
  readonly lifeSeconds: number | null;
};

export type NegotiationOutcome = {
  readonly phase1: 'complete' | 'failed' | 'incomplete' | 'not-started';
  readonly phase2: 'complete' | 'failed' | 'not-reached' | 'incomplete';
  readonly outcome: 'established' | 'failed' | 'incomplete';
  readonly failingStep: string | null;
  /** A finding id. */
  readonly verdict: string;
};

/** Which of the causes that share a verdict it was: texts differ, the verdict does not. */
export type FailureCause =
  /** The AUTH payload of the peer was checked and does not fit. */
  | 'verification'
  /** The peer authenticates by another method than is configured for it; nothing was compared. */
  | 'method'
  /** The router has no certificate of its own to authenticate itself with. */
  | 'own-certificate'
  /** User name and password within EAP. */
  | 'user'
  /** What comes behind an AUTH payload that fits: AAA, and what hangs on it. */
  | 'authorisation'
  /** The peer refused; why stands in its log. */
  | 'refused-by-peer'
  /** The proposals of an SA that stands were refused when it was to be renewed. */
  | 'rekey'
  /** Another SA between the same ends took its place: no failure. */
  | 'superseded'
  /** The IPsec SA was agreed and could not be put in place. */
  | 'installation';

export type Assumed = 'role' | 'ikeVersion';

/** One attempt to set up one IKE SA, as one router's log tells it. */
export type LogNegotiation = NegotiationOutcome & {
  readonly cause?: FailureCause;
  /** Unique among all logs. */
  readonly id: string;
  readonly input: string;
  readonly router: string | null;
  /** Index into `LogDocument.routers`: tells speakers apart that nothing names. */
  readonly speaker: number;
  readonly role: Side;
  readonly ikeVersion: 1 | 2;
  /** What no line tells, as where the key engine alone speaks: the value is only the usual one. */
  readonly assumed?: readonly Assumed[];
  readonly exchange: 'main' | 'aggressive' | 'ikev2';
  readonly localAddress: string | null;
  readonly peerAddress: string | null;
  readonly fvrf: string | null;
  readonly connId: number | string | null;
  readonly initiatorCookie: string | null;
  readonly responderCookie: string | null;
  readonly auth: string | null;
  readonly transform: Transform | null;
  readonly policyMatched: {
    readonly transform: number;
    readonly priority: number;
    readonly line: number;
  } | null;
  readonly policyRejections: readonly PolicyRejection[];
  readonly keyringSelections: readonly KeyringSelection[];
  /** Absent when the release does not print it or the router is the responder. */
  readonly saRequestProfile?: { readonly name: string | null; readonly line: number };
  readonly profileMatched?: {
    readonly name: string | null;
    readonly step: KeyringStep;
    readonly line: number;
  };
  readonly statePath: readonly string[];
  readonly qmStatePath: readonly string[];
  readonly packetStates: readonly string[];
  readonly packets: readonly LogPacket[];
  /** Identities as logged: the peer's ID payload and our own. */
  readonly peerIdentity: {
    readonly type: string;
    readonly value: string;
    readonly line: number;
  } | null;
  readonly ownIdentity: {
    readonly type: string;
    readonly value: string;
    readonly line: number;
  } | null;
  readonly natFound: boolean | null;
  /** Quick-mode and informational message ids, as unsigned numbers. */
  readonly messageIds: readonly number[];
  readonly spis: readonly number[];
  readonly proxies: {
    readonly local: string;
    readonly remote: string;
    readonly line: number;
  } | null;
  readonly deleteReason: { readonly text: string; readonly line: number } | null;
  readonly evidenceLines: readonly number[];
  readonly firstLine: number;
  readonly lastLine: number;
  readonly firstTime: LogTime | null;
  readonly lastTime: LogTime | null;
  /** Indices into `LogDocument.events`, in order. */
  readonly events: readonly number[];
};

export type UnmatchedShape = {
  readonly shape: string;
  readonly count: number;
  readonly firstLine: number;
  /** Prose around the log, or a line that looks like a debug message but is not in the table. */
  readonly kind: 'annotation' | 'unknown-message';
  readonly example: string;
};

/** A debug log understood. */
export type LogDocument = {
  readonly input: string;
  readonly lines: number;
  readonly events: readonly LogEvent[];
  readonly negotiations: readonly LogNegotiation[];
  /** Every router that speaks in it, with how it was told apart. */
  readonly routers: readonly {
    readonly name: string | null;
    readonly basis: string;
    readonly addresses: readonly string[];
  }[];
  readonly unmatched: readonly UnmatchedShape[];
  readonly generation: string | null;
  readonly anomalies: readonly {
    readonly place: EvidencePlace;
    readonly code: string;
    readonly text: string;
  }[];
};
