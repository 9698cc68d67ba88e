import type { Anomaly } from './anomaly.ts';

export type CaptureFormat = 'pcap' | 'pcapng' | 'hexdump';

/** One captured packet that may carry IKE, copied out of the file. */
export type Packet = {
  /** Counts from 1 over all packets of the file, as Wireshark does. */
  readonly frame: number;
  /** Nanoseconds since 1970-01-01 UTC, by the capturing machine's clock. */
  readonly timeNs: bigint;
  /** LINKTYPE_ value of the tcpdump.org registry. */
  readonly linkType: number;
  /** pcapng interface, counted over the whole file; 0 in a pcap. */
  readonly interfaceId: number;
  readonly bytes: Uint8Array;
  /** Length on the wire; greater than `bytes.length` when the snap length cut it. */
  readonly originalLength: number;
  readonly comment: string | null;
};

/** A fault of the capture file or of one frame in it. */
export type CaptureAnomaly = Anomaly & {
  /** Null when the fault belongs to the file itself; `offset` is then a file offset. */
  readonly frame: number | null;
};

export type CaptureSummary = {
  readonly format: CaptureFormat;
  readonly linkTypes: readonly number[];
  /** All packets of the file, IKE or not. */
  readonly packets: number;
  readonly firstTimeNs: bigint | null;
  readonly lastTimeNs: bigint | null;
  readonly anomalies: readonly CaptureAnomaly[];
};
