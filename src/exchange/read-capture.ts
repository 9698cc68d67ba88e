import { createFaultLog } from '../bytes/fault-log.ts';
import type { CaptureDecoding, EspFlow, Packet } from '../model/capture.ts';
import type { Datagram } from '../model/datagram.ts';
import type { IkeMessage } from '../model/isakmp.ts';
import { decodeMessage } from '../isakmp/message.ts';
import { createCandidateTest, defaultPorts } from '../net/candidate.ts';
import { createDatagramReader } from '../net/datagrams.ts';
import { linkTypes } from '../net/link.ts';
import { createCaptureReader } from '../pcap/reader.ts';

export type { CaptureDecoding } from '../model/capture.ts';

export type CaptureOptions = {
  /** UDP ports that carry IKE; 500 and 4500 when absent. */
  readonly ports?: readonly number[];
};

export type CaptureDecoder = {
  /** The next octets of the file, in pieces of any size; the buffer may be reused. */
  push(chunk: Uint8Array): void;
  end(): CaptureDecoding;
};

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
  const kept = new Map<number, Packet>();
  const faults = createFaultLog();
  const isCandidate = createCandidateTest({ ports });

  const onDatagram = (datagram: Datagram, packets: readonly Packet[]): void => {
    for (const packet of packets) kept.set(packet.frame, packet);
    const message = decodeMessage(datagram, captureIndex);
    if (message === null) {
      faults.note(
        'not-ike',
        datagram.frame,
        datagram.payload.offset,
        datagram.payload.bytes.length,
      );
    } else messages.push(message);
  };

  const datagrams = createDatagramReader({ ports }, onDatagram);
  const reader = createCaptureReader(isCandidate, (packet) => datagrams.push(packet));

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
      return {
        summary,
        messages: messages.sort((a, b) => a.frame - b.frame),
        packets: [...kept.values()].sort((a, b) => a.frame - b.frame),
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
