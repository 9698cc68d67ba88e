import type { Anomaly } from './anomaly.ts';
import type { Endpoint } from './datagram.ts';
import type { Span } from './span.ts';

/** RFC 2408 §3.1 and RFC 7296 §3.1. */
export type IsakmpHeader = {
  /** 16 lower-case hex digits: initiator cookie (IKEv1) or SPI (IKEv2). */
  readonly initiatorCookie: string;
  readonly responderCookie: string;
  readonly nextPayload: number;
  readonly majorVersion: number;
  readonly minorVersion: number;
  readonly exchangeType: number;
  readonly flags: number;
  readonly messageId: number;
  /** As the header says; the message itself may hold fewer octets. */
  readonly length: number;
};

/** A data attribute (RFC 2408 §3.3, RFC 7296 §3.3.5). */
export type Attribute = {
  readonly type: number;
  /** The value of a fixed-length attribute, or of a variable one of at most 6 octets; null when longer. */
  readonly value: number | null;
  readonly data: Span;
};

export type TransformV1 = {
  readonly number: number;
  readonly id: number;
  readonly attributes: readonly Attribute[];
  readonly offset: number;
  readonly length: number;
};

export type ProposalV1 = {
  readonly number: number;
  readonly protocol: number;
  readonly spi: Span;
  readonly transforms: readonly TransformV1[];
  readonly offset: number;
  readonly length: number;
};

/** RFC 7296 §3.3.2. */
export type TransformV2 = {
  readonly type: number;
  readonly id: number;
  readonly attributes: readonly Attribute[];
  readonly offset: number;
  readonly length: number;
};

export type ProposalV2 = {
  readonly number: number;
  readonly protocol: number;
  readonly spi: Span;
  readonly transforms: readonly TransformV2[];
  readonly offset: number;
  readonly length: number;
};

/** RFC 7296 §3.13.1. */
export type TrafficSelector = {
  readonly type: number;
  readonly protocol: number;
  readonly startPort: number;
  readonly endPort: number;
  readonly startAddress: string;
  readonly endAddress: string;
};

export type CertificateSummary = {
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** For instance `RSA 2048`. */
  readonly publicKey: string;
  readonly subjectAltNames: readonly string[];
};

/**
 * The meaning of one payload body. Numbers stay numbers: names are looked up in isakmp/registry when shown.
 * `data` is the whole body unless it says otherwise.
 */
export type PayloadContent =
  | {
      readonly kind: 'sa-v1';
      readonly doi: number;
      readonly situation: number;
      readonly proposals: readonly ProposalV1[];
    }
  | { readonly kind: 'sa-v2'; readonly proposals: readonly ProposalV2[] }
  /** `group` is null in IKEv1, where the SA names it. */
  | { readonly kind: 'key-exchange'; readonly group: number | null; readonly data: Span }
  | {
      readonly kind: 'identification';
      readonly idType: number;
      /** 0 in IKEv2, where the octets are reserved. */
      readonly protocol: number;
      readonly port: number;
      readonly data: Span;
    }
  | {
      readonly kind: 'certificate';
      readonly encoding: number;
      readonly data: Span;
    }
  | { readonly kind: 'certificate-request'; readonly encoding: number; readonly data: Span }
  | { readonly kind: 'hash'; readonly data: Span }
  | { readonly kind: 'signature'; readonly data: Span }
  | { readonly kind: 'nonce'; readonly data: Span }
  | {
      readonly kind: 'notification';
      /** IKEv1 only; null in IKEv2. */
      readonly doi: number | null;
      readonly protocol: number;
      readonly notifyType: number;
      readonly spi: Span;
      readonly data: Span;
    }
  | {
      readonly kind: 'delete';
      readonly doi: number | null;
      readonly protocol: number;
      readonly spis: readonly Span[];
    }
  | { readonly kind: 'vendor-id'; readonly data: Span }
  /** Mode config and XAUTH (draft-ietf-ipsec-isakmp-mode-cfg-05, draft-beaulieu-ike-xauth-02), IKEv2 CP. */
  | {
      readonly kind: 'configuration';
      readonly configType: number;
      /** IKEv1 mode config only; null in IKEv2. */
      readonly identifier: number | null;
      readonly attributes: readonly Attribute[];
    }
  | { readonly kind: 'nat-discovery'; readonly data: Span }
  | { readonly kind: 'nat-original-address'; readonly idType: number; readonly data: Span }
  | { readonly kind: 'authentication'; readonly method: number; readonly data: Span }
  | { readonly kind: 'traffic-selectors'; readonly selectors: readonly TrafficSelector[] }
  | {
      readonly kind: 'eap';
      readonly code: number;
      readonly identifier: number;
      readonly data: Span;
    }
  /** SK (RFC 7296 §3.14). `firstPayload` is the type of the first payload inside. */
  | { readonly kind: 'encrypted'; readonly firstPayload: number; readonly data: Span }
  /** SKF (RFC 7383 §2.5). */
  | {
      readonly kind: 'encrypted-fragment';
      readonly firstPayload: number;
      readonly fragment: number;
      readonly total: number;
      readonly data: Span;
    }
  /** Cisco IKE fragmentation, payload 132. */
  | {
      readonly kind: 'cisco-fragment';
      readonly id: number;
      readonly number: number;
      readonly last: boolean;
      readonly data: Span;
    }
  | { readonly kind: 'unknown'; readonly data: Span };

/** One payload: the raw record can hold nonsense and is always there; the content is what it means. */
export type Payload = {
  readonly type: number;
  /** Of the generic header, in the frame (or in the plaintext, for decrypted payloads). */
  readonly offset: number;
  /** As declared, generic header included. */
  readonly length: number;
  /** RFC 2408 calls it RESERVED, RFC 7296 puts the critical bit there. */
  readonly reserved: number;
  readonly body: Span;
  readonly content: PayloadContent;
};

/** One ISAKMP PDU after IKE-fragment reassembly. */
export type IkeMessage = {
  /** Position in the list of evidence files. */
  readonly capture: number;
  readonly frame: number;
  /** IP or IKE fragments: every frame that carries a part; empty when it came whole. */
  readonly fragmentFrames: readonly number[];
  readonly timeNs: bigint;
  /** What its capture's clock shows more than that, where the time is by the clock of another capture. */
  readonly aheadNs?: bigint;
  readonly interfaceId: number;
  readonly transport: 'udp' | 'tcp';
  readonly src: Endpoint;
  readonly dst: Endpoint;
  /** RFC 3948 §2.2: four zero octets before the header. */
  readonly nonEspMarker: boolean;
  readonly header: IsakmpHeader;
  /** The whole PDU from the header on, as far as captured. */
  readonly pdu: Span;
  /** Clear-text payloads. For an encrypted IKEv1 message empty; for IKEv2 the chain up to and including SK. */
  readonly payloads: readonly Payload[];
  readonly anomalies: readonly Anomaly[];
};
