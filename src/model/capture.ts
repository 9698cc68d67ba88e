import type { Anomaly, AnomalyCode } from './anomaly.ts';
import type { IkeMessage } from './isakmp.ts';

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

/** Faults beyond the first hundred of one code: counted, not listed. */
export type OmittedAnomalies = {
  readonly code: AnomalyCode;
  readonly count: number;
};

/** One network interface of a capture; a pcap has one. */
export type CaptureInterface = {
  /** Counted over the whole file, from 0. */
  readonly id: number;
  readonly linkType: number;
  readonly name: string | null;
  readonly description: string | null;
  /** 0: unlimited. */
  readonly snapLength: number;
  /** Time stamps count in `10^-n` seconds (`decimal`) or `2^-n` seconds (`binary`). */
  readonly timeResolution: { readonly base: 'decimal' | 'binary'; readonly exponent: number };
  /** Packets that the capturing machine lost, as it says itself; null when it says nothing. */
  readonly dropped: number | null;
};

export type CaptureSummary = {
  readonly format: CaptureFormat;
  readonly linkTypes: readonly number[];
  readonly interfaces: readonly CaptureInterface[];
  /** All packets of the file, IKE or not. */
  readonly packets: number;
  /** Earliest and latest time of any packet. */
  readonly firstTimeNs: bigint | null;
  readonly lastTimeNs: bigint | null;
  /** Comments on the file and its interfaces; those on packets stand in the packet. */
  readonly comments: readonly string[];
  readonly anomalies: readonly CaptureAnomaly[];
  readonly omitted: readonly OmittedAnomalies[];
};

/** ESP packets of one SPI, bare (IP protocol 50) or in UDP or TCP. */
export type EspFlow = {
  /** As in the packet, unsigned. */
  readonly spi: number;
  readonly encapsulation: 'none' | 'udp' | 'tcp';
  readonly src: string;
  readonly dst: string;
  readonly firstFrame: number;
  readonly firstTimeNs: bigint;
  readonly packets: number;
};

/** What else was on the IKE ports, and what was around it. */
export type TrafficCounts = {
  /** Datagrams that were handed on as IKE. */
  readonly ikeDatagrams: number;
  /** RFC 3948 §2.3: a single octet 0xff. */
  readonly keepalives: number;
  /** ESP packets, bare or encapsulated. */
  readonly espPackets: number;
  /** ESP packets of SPIs beyond those that `espFlows` can list. */
  readonly espUnlisted: number;
  /** Neither IKE, keepalive nor ESP on an IKE port. */
  readonly unknownPayloads: number;
  /** IP fragments that were looked at. */
  readonly fragments: number;
  /** Datagrams whose first fragment was on an IKE port but that never completed. */
  readonly incompleteDatagrams: number;
  /** Fragments whose first fragment is not in the capture: nothing tells whether they were IKE. */
  readonly orphanFragments: number;
};

/** Everything the wire side of one capture gives, before messages are paired into exchanges. */
export type CaptureDecoding = {
  readonly summary: CaptureSummary;
  readonly messages: readonly IkeMessage[];
  /** The packets that carry the messages, each frame once, in frame order. */
  readonly packets: readonly Packet[];
  readonly keepaliveFrames: readonly number[];
  readonly espFlows: readonly EspFlow[];
  readonly counts: TrafficCounts;
  /** Faults of the file, of link, IP, UDP and TCP. Those inside a message stand in the message. */
  readonly anomalies: readonly CaptureAnomaly[];
  readonly omitted: readonly OmittedAnomalies[];
};
