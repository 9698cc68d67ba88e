import { createFaultLog } from '../bytes/fault-log.ts';
import { copyOf } from '../bytes/span.ts';
import type {
  CaptureAnomaly,
  CaptureDecoding,
  CaptureSummary,
  EspFlow,
  Packet,
} from '../model/capture.ts';
import type { Datagram } from '../model/datagram.ts';
import type { IkeMessage } from '../model/isakmp.ts';
import { decodeMessage, whyNotIsakmp } from '../isakmp/message.ts';
import { createCandidateTest, defaultPorts } from '../net/candidate.ts';
import type { CandidateTest } from '../net/candidate.ts';
import { createDatagramReader } from '../net/datagrams.ts';
import { linkTypes } from '../net/link.ts';
import { readHexDump } from '../pcap/hexdump.ts';
import { createCaptureReader, recogniseCapture } from '../pcap/reader.ts';
import type { CaptureReader } from '../pcap/reader.ts';

export type { CaptureDecoding } from '../model/capture.ts';

export type CaptureOptions = {
  /** UDP ports that carry IKE; 500 and 4500 when absent. */
  readonly ports?: readonly number[];
  /** Whether the packets themselves are wanted at the end; they take as much room again as the messages. */
  readonly keepPackets?: boolean;
};

export type CaptureDecoder = {
  /** The next octets of the file, in pieces of any size; the buffer may be reused. */
  push(chunk: Uint8Array): void;
  end(): CaptureDecoding;
};

/** A hex dump is kept as a whole until its end; a larger one is cut. */
const maxTextOctets = 64 << 20;

/** A capture file, or a text that holds a hex dump, told apart by the first octets. */
function createSource(
  isCandidate: CandidateTest,
  onPacket: (packet: Packet) => void,
): CaptureReader {
  let reader: CaptureReader | null = null;
  let kept: Uint8Array[] = [];
  let octets = 0;

  const readText = (): CaptureSummary => {
    const decoder = new TextDecoder();
    const text = kept.map((piece) => decoder.decode(piece, { stream: true })).join('');
    const summary = readHexDump(text, (packet) => {
      if (isCandidate(packet.bytes, 0, packet.bytes.length, packet.linkType)) onPacket(packet);
    });
    if (octets <= maxTextOctets) return summary;
    const cut: CaptureAnomaly = {
      code: 'hexdump-too-long',
      frame: null,
      offset: maxTextOctets,
      length: octets - maxTextOctets,
    };
    return { ...summary, anomalies: [...summary.anomalies, cut] };
  };

  const decide = (): void => {
    const head = Uint8Array.from(kept.flatMap((piece) => [...piece.subarray(0, 4)]));
    if (recogniseCapture(head) === null) return;
    reader = createCaptureReader(isCandidate, onPacket);
    for (const piece of kept) reader.push(piece);
    kept = [];
  };

  return {
    push: (chunk) => {
      if (reader !== null) {
        reader.push(chunk);
        return;
      }
      const isUndecided = octets < 4;
      if (octets < maxTextOctets) kept.push(copyOf(chunk));
      octets += chunk.length;
      if (isUndecided && octets >= 4) decide();
    },
    end: () => {
      if (reader !== null) return reader.end();
      const summary = readText();
      // Nothing that looks like a dump either: the reader says what is wrong with the file.
      return summary.packets > 0 ? summary : emptySummary(kept);
    },
  };
}

function emptySummary(kept: readonly Uint8Array[]): CaptureSummary {
  const reader = createCaptureReader(
    () => false,
    () => undefined,
  );
  for (const piece of kept) reader.push(piece);
  return reader.end();
}

/**
 * Reads one capture file from its octets to IKE messages in frame order. `captureIndex` is the position among the evidence files.
 * Memory grows with the IKE messages, not with the file.
 */
export function createCaptureDecoder(
  captureIndex: number,
  options: CaptureOptions = {},
): CaptureDecoder {
  const ports = options.ports ?? defaultPorts;
  const messages: IkeMessage[] = [];
  const keepPackets = options.keepPackets ?? true;
  let kept: Packet[] = [];
  const faults = createFaultLog();
  const isCandidate = createCandidateTest({ ports });

  const onDatagram = (datagram: Datagram, packets: readonly Packet[]): void => {
    if (keepPackets) for (const packet of packets) kept.push(packet);
    const message = decodeMessage(datagram, captureIndex);
    if (message !== null) {
      messages.push(message);
      return;
    }
    const { frame, payload } = datagram;
    const why = whyNotIsakmp(datagram);
    faults.note('not-ike', frame, payload.offset, payload.bytes.length);
    if (why !== null) faults.note(why.code, frame, why.offset, why.length);
  };

  const datagrams = createDatagramReader({ ports }, onDatagram);
  const onPacket = (packet: Packet): void => datagrams.push(packet);
  const reader = createSource(isCandidate, onPacket);

  /** The test left all packets but the first of each flow in the file, and counted them there. */
  const counted = (flow: EspFlow): EspFlow => ({
    ...flow,
    packets: Math.max(flow.packets, isCandidate.esp.count(flow.spi)),
  });

  return {
    push: (chunk) => reader.push(chunk),
    end: () => {
      const summary = reader.end();
      const traffic = datagrams.end();
      for (const { id, linkType } of summary.interfaces) {
        if (linkTypes[linkType] === undefined) {
          faults.noteOnce('link-type-unsupported', id, null, 0);
        }
      }
      const { esp } = isCandidate;
      const packets = eachFrameOnce(kept);
      kept = [];
      return {
        summary,
        messages: messages.sort((a, b) => a.frame - b.frame),
        packets,
        keepaliveFrames: traffic.keepaliveFrames,
        espFlows: traffic.espFlows.map(counted),
        counts: {
          ...traffic.counts,
          espPackets: Math.max(esp.total(), traffic.counts.espPackets),
          espUnlisted: Math.max(esp.unlisted(), traffic.counts.espUnlisted),
        },
        anomalies: [...summary.anomalies, ...traffic.anomalies, ...faults.anomalies()],
        omitted: [...summary.omitted, ...traffic.omitted, ...faults.omitted()],
      };
    },
  };
}

/** Several messages may stand in one packet, and a fragment comes long before the message that it completes. */
function eachFrameOnce(packets: readonly Packet[]): readonly Packet[] {
  const sorted = [...packets].sort((a, b) => a.frame - b.frame);
  return sorted.filter(({ frame }, at) => frame !== sorted[at - 1]?.frame);
}
