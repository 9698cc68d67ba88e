import type { Anomaly } from './anomaly.ts';
import type { Span } from './span.ts';

/** An address in text form (RFC 5952 for IPv6) and a port. */
export type Endpoint = {
  readonly address: string;
  readonly port: number;
};

/** A UDP payload (or one message of IKE over TCP, RFC 9329) after IP reassembly. */
export type Datagram = {
  /** The frame that completed it. */
  readonly frame: number;
  /** Every frame that carries a part of it, in frame order; empty when it came whole. */
  readonly fragmentFrames: readonly number[];
  readonly timeNs: bigint;
  readonly interfaceId: number;
  readonly transport: 'udp' | 'tcp';
  readonly src: Endpoint;
  readonly dst: Endpoint;
  /** When reassembled, the offset is that of the payload in the first fragment's frame. */
  readonly payload: Span;
  /** Payload octets that the sender sent but the capture does not hold. */
  readonly missing: number;
  readonly anomalies: readonly Anomaly[];
};
