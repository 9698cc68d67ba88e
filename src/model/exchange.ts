import type { Anomaly } from './anomaly.ts';
import type { Endpoint } from './datagram.ts';
import type { IkeMessage, Payload } from './isakmp.ts';

export type Side = 'initiator' | 'responder';

export type Step =
  | 'MM1'
  | 'MM2'
  | 'MM3'
  | 'MM4'
  | 'MM5'
  | 'MM6'
  | 'AM1'
  | 'AM2'
  | 'AM3'
  | 'QM1'
  | 'QM2'
  | 'QM3'
  | 'NGM'
  | 'INFO'
  | 'CFG'
  | 'SA_INIT'
  | 'INTERMEDIATE'
  | 'AUTH'
  | 'CREATE_CHILD_SA'
  | 'INFORMATIONAL'
  | 'FOLLOWUP_KE'
  | 'OTHER';

/** Why an encrypted message stayed opaque, or reads badly. */
export type DecryptionFailure =
  | 'no-key-material'
  | 'no-candidate-fits'
  | 'wrong-key'
  | 'wrong-iv'
  | 'truncated'
  | 'integrity-check-failed'
  | 'unsupported-cipher'
  | 'exchange-incomplete'
  | 'malformed';

export type Decryption =
  | {
      readonly kind: 'decrypted';
      /** What opened it, without showing it: `g^xy with PSK <key#1>`, `Wireshark table`. */
      readonly by: string;
      /** Whose view of the secret: an IKEv1 peer with another PSK encrypts with another key. Null when both agree or it cannot be told. */
      readonly keyOf: Side | null;
      /** HASH, AUTH or an integrity check fits. A plausible plaintext alone is not verified. */
      readonly verified: boolean;
      /** `HASH_I`, `HASH_R`, `HASH(1)`, `ICV`, `AUTH`; null when nothing could be checked. */
      readonly check: string | null;
      /** The first IV is unknown, so the first cipher block is lost; payloads begin after it. */
      readonly firstBlockLost: boolean;
      readonly plaintext: Uint8Array;
    }
  | {
      readonly kind: 'opaque';
      readonly reason: DecryptionFailure;
      /** One sentence that says exactly why, and what would help. */
      readonly why: string;
    };

/** One IKE message in its place in an exchange. */
export type ExchangeMessage = {
  readonly message: IkeMessage;
  readonly step: Step;
  /** Null while nothing tells which side is which. */
  readonly direction: 'i2r' | 'r2i' | null;
  /** The frame that holds the original: same octets, same addresses, same interface. */
  readonly retransmissionOf: number | null;
  /** The frame that holds the same packet as another tap or the other side of a NAT saw it. */
  readonly copyOf: number | null;
  /** This is one piece of an IKE fragment set: the frame that completed it and holds the whole. Null for whole messages. */
  readonly partOf: number | null;
  readonly encrypted: boolean;
  /** Null for clear-text messages. */
  readonly decryption: Decryption | null;
  /** The clear-text payloads, or the decrypted ones. */
  readonly payloads: readonly Payload[];
  readonly anomalies: readonly Anomaly[];
};

/** Phase 1 (or IKE SA) transform as registry numbers; null where the exchange did not say. */
export type NegotiatedTransform = {
  readonly encryption: number | null;
  readonly keyLength: number | null;
  /** IKEv1 hash, or IKEv2 integrity. */
  readonly hash: number | null;
  /** IKEv2 only. */
  readonly prf: number | null;
  readonly group: number | null;
  readonly authentication: number | null;
  readonly lifeSeconds: number | null;
  readonly lifeKilobytes: number | null;
};

export type NatVerdict = {
  /** Null: the NAT-D payloads were not both seen. */
  readonly initiatorTranslated: boolean | null;
  readonly responderTranslated: boolean | null;
};

/** One test of one candidate key against one side of one exchange. */
export type CandidateVerdict = {
  /** `CandidatePsk.label` */
  readonly candidate: string;
  readonly side: Side;
  readonly verdict: 'verified' | 'refuted' | 'not-testable';
  /** `HASH_I`, `HASH_R`, `AUTH`, `HASH(1) of INFO`; null when not testable. */
  readonly by: string | null;
  readonly frame: number | null;
  readonly why: string;
};

export type ExchangeNotification = {
  readonly frame: number;
  readonly direction: 'i2r' | 'r2i' | null;
  readonly notifyType: number;
  readonly protocol: number;
  readonly isProtected: boolean;
};

/** What the key material made of one exchange. */
export type KeyStatus = {
  readonly status: 'decrypted' | 'no-key-material' | 'no-candidate-fits' | 'not-encrypted';
  /** The candidate that each side is proven to have used. */
  readonly initiatorPsk: string | null;
  readonly responderPsk: string | null;
  readonly candidates: readonly CandidateVerdict[];
  /** One sentence; says what would help when something is missing. */
  readonly why: string;
};

/** What a wrong key makes of a message: what the responder read, octet by octet, beside the truth. */
export type GarbageReading = {
  readonly frame: number;
  readonly candidate: string;
  /** RESERVED octet of the first generic header, which IOS reports as `reserved not zero on ID payload!`. */
  readonly reserved: number;
  readonly nextPayload: number;
  readonly payloadLength: number;
  readonly firstOctets: Uint8Array;
};

export type ExchangeMode =
  'main' | 'aggressive' | 'base' | 'quick' | 'informational' | 'ikev2' | 'unknown';

/** All messages of one cookie pair (IKEv2: SPI pair). */
export type Exchange = {
  /** `x1`, `x2`, … in order of the first frame. */
  readonly id: string;
  readonly capture: number;
  readonly version: 1 | 2;
  readonly mode: ExchangeMode;
  readonly initiatorCookie: string;
  readonly responderCookie: string;
  /** The endpoints as first seen; a NAT float changes the ports later on. */
  readonly initiator: Endpoint;
  readonly responder: Endpoint;
  readonly messages: readonly ExchangeMessage[];
  /** Every phase 1 transform that was offered, in order. */
  readonly offered: readonly NegotiatedTransform[];
  readonly transform: NegotiatedTransform | null;
  readonly nat: NatVerdict;
  readonly notifications: readonly ExchangeNotification[];
  /** Phase 1 (IKE SA) was seen to complete: by its last message and traffic that follows it, or decrypted. */
  readonly completed: boolean;
  /** The first message was not the first of its exchange. */
  readonly startedBefore: boolean;
  /** The successor of a rekeyed IKE SA, as the messages of that one say: its id, and the frames in which this one was agreed on. */
  readonly rekeyedFrom: {
    readonly exchange: string;
    readonly frames: readonly [request: number, response: number];
  } | null;
  /** The last step seen from each side. */
  readonly lastFromInitiator: Step | null;
  readonly lastFromResponder: Step | null;
  readonly keys: KeyStatus;
  readonly garbage: readonly GarbageReading[];
};
