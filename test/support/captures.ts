import type { CaptureSummary, Packet } from '../../src/model/capture.ts';
import type { Datagram } from '../../src/model/datagram.ts';
import { createCandidateTest, defaultPorts } from '../../src/net/candidate.ts';
import { createDatagramReader } from '../../src/net/datagrams.ts';
import type { TrafficResult } from '../../src/net/datagrams.ts';
import { createCaptureReader } from '../../src/pcap/reader.ts';

export type ReadAll = { readonly summary: CaptureSummary; readonly packets: readonly Packet[] };

/** All packets of a file that is given in pieces through one reused buffer. */
export function readAll(file: Uint8Array, pieceOctets = 7): ReadAll {
  const packets: Packet[] = [];
  const reader = createCaptureReader(
    () => true,
    (packet) => packets.push(packet),
  );
  const buffer = new Uint8Array(pieceOctets);
  for (let at = 0; at < file.length; at += pieceOctets) {
    const piece = file.subarray(at, at + pieceOctets);
    buffer.set(piece);
    reader.push(buffer.subarray(0, piece.length));
    buffer.fill(0xee);
  }
  return { summary: reader.end(), packets };
}

export type ReadTraffic = TrafficResult & {
  readonly datagrams: readonly Datagram[];
  /** Frames that the candidate test chose. */
  readonly candidates: readonly number[];
};

export function packet(
  frame: number,
  bytes: Uint8Array,
  linkType = 1,
  it: Partial<Packet> = {},
): Packet {
  return {
    frame,
    timeNs: BigInt(frame) * 1_000_000n,
    linkType,
    interfaceId: 0,
    bytes,
    originalLength: bytes.length,
    comment: null,
    ...it,
  };
}

/** Packets through the candidate test and the datagram reader, as a capture's are. */
export function readTraffic(
  packets: readonly Packet[],
  ports: readonly number[] = defaultPorts,
): ReadTraffic {
  const datagrams: Datagram[] = [];
  const candidates: number[] = [];
  const test = createCandidateTest({ ports });
  const reader = createDatagramReader({ ports }, (datagram) => datagrams.push(datagram));
  for (const one of packets) {
    // Not at the start of its buffer, as in a file.
    const buffer = new Uint8Array(one.bytes.length + 20).fill(0xee);
    buffer.set(one.bytes, 9);
    if (!test(buffer, 9, 9 + one.bytes.length, one.linkType)) continue;
    candidates.push(one.frame);
    reader.push(one);
  }
  return { ...reader.end(), datagrams, candidates };
}
