import { createFaultLog } from '../bytes/fault-log.ts';
import type { Anomaly } from '../model/anomaly.ts';
import type {
  CaptureAnomaly,
  EspFlow,
  OmittedAnomalies,
  Packet,
  TrafficCounts,
} from '../model/capture.ts';
import type { Datagram, Endpoint } from '../model/datagram.ts';
import { ipv4Text, ipv6Text } from './address.ts';
import { portTable } from './candidate.ts';
import type { PortOptions } from './candidate.ts';
import { createCursor } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { createEspFlows } from './esp-flows.ts';
import { ipProtocol } from './layers.ts';
import { createReassembler } from './reassembly.ts';
import type { Fragment, Reassembled } from './reassembly.ts';
import { createTcpStreams } from './tcp-streams.ts';
import { classifyPayload } from './udp-payload.ts';
import { walkFrame, walkPayload } from './walk.ts';

export type TrafficResult = {
  readonly counts: TrafficCounts;
  readonly keepaliveFrames: readonly number[];
  readonly espFlows: readonly EspFlow[];
  readonly anomalies: readonly CaptureAnomaly[];
  readonly omitted: readonly OmittedAnomalies[];
};

export type DatagramReader = {
  /** Packets in the order of the file. */
  push(packet: Packet): void;
  /** Hands on what is still waiting, and tells what else there was. */
  end(): TrafficResult;
};

/** Where the octets being read come from: a packet, or the fragments of several. */
type Origin = {
  readonly frame: number;
  readonly timeNs: bigint;
  readonly interfaceId: number;
  readonly packets: readonly Packet[];
  /** Place of the first octet in the (first) frame. */
  readonly base: number;
  /** Of the IP header around the fragments; null for a packet, which has its own. */
  readonly addresses: { readonly src: string; readonly dst: string } | null;
  /** Fragments without the last one: nothing but the lengths inside tells how much there was. */
  readonly isOpen: boolean;
  readonly anomalies: readonly Anomaly[];
};

/** Keepalive frames that are listed; more are counted. */
const maxListedKeepalives = 100_000;

/** Fragments in fragments: deeper is an attack. */
const maxNesting = 4;

/** Shared by all that have no fragments and no faults, which is nearly all. */
const none: readonly never[] = [];

/** Endpoints that are remembered; a capture of more than these begins anew. */
const maxEndpoints = 4096;

/** The same few endpoints come again and again, so they are shared. */
function createEndpoints(): (address: string, port: number) => Endpoint {
  const known = new Map<string, Endpoint[]>();
  return (address, port) => {
    let ofAddress = known.get(address);
    if (ofAddress === undefined) {
      if (known.size >= maxEndpoints) known.clear();
      ofAddress = [];
      known.set(address, ofAddress);
    }
    for (const one of ofAddress) if (one.port === port) return one;
    const made: Endpoint = { address, port };
    // Behind a NAT one address has many ports; the last ones are no better than others.
    if (ofAddress.length < 4) ofAddress.push(made);
    return made;
  };
}

/**
 * Reads packets down to UDP payloads and messages of IKE over TCP, puts IP fragments together, and hands on those that are IKE.
 * With each come the packets that carried it, in frame order. Payloads keep the non-ESP marker (RFC 3948 §2.2) if they have one.
 */
export function createDatagramReader(
  options: PortOptions,
  onDatagram: (datagram: Datagram, packets: readonly Packet[]) => void,
): DatagramReader {
  const table = portTable(options.ports);
  const faults = createFaultLog();
  const cursor = createCursor();
  const endpoint = createEndpoints();
  const flows = createEspFlows();
  const keepaliveFrames: number[] = [];
  let ikeDatagrams = 0;
  let keepalives = 0;
  let unknownPayloads = 0;
  let incompleteDatagrams = 0;
  /** How deep the fragments being put together are nested. */
  let nesting = 0;

  const emit = (datagram: Datagram, packets: readonly Packet[]): void => {
    ikeDatagrams += 1;
    onDatagram(datagram, packets);
  };

  const streams = createTcpStreams({ emit, flows, faults });

  const reassembler = createReassembler({
    isWanted: (first) => {
      const bit = first.protocol === ipProtocol.udp ? 1 : 2;
      if (first.protocol !== ipProtocol.udp && first.protocol !== ipProtocol.tcp) return true;
      if (first.data.length < 4) return true;
      const { data } = first;
      return (
        ((table[(data[0]! << 8) | data[1]!]! | table[(data[2]! << 8) | data[3]!]!) & bit) !== 0
      );
    },
    onIncomplete: (parts) => {
      incompleteDatagrams += 1;
      faults.note('fragments-incomplete', parts.first.frame, parts.first.place, 0);
      readReassembled(parts);
    },
    onOrphan: (fragment) => faults.note('fragment-orphan', fragment.frame, fragment.place, 0),
    onEvicted: (fragment) => faults.note('fragments-evicted', fragment.frame, fragment.place, 0),
  });

  const addressesOf = (origin: Origin): { readonly src: string; readonly dst: string } => {
    const { bytes, ipAt, ipVersion } = cursor;
    if (ipVersion === 4)
      return { src: ipv4Text(bytes, ipAt + 12), dst: ipv4Text(bytes, ipAt + 16) };
    if (ipVersion === 6) return { src: ipv6Text(bytes, ipAt + 8), dst: ipv6Text(bytes, ipAt + 24) };
    return origin.addresses ?? { src: '', dst: '' };
  };

  const readUdp = (origin: Origin): void => {
    const { bytes, at, end, declaredEnd } = cursor;
    if (end - at < 8) {
      if (end - at < 4 || isIkePort(at, 1)) {
        faults.note('udp-header-truncated', origin.frame, origin.base + at, end - at);
      }
      return;
    }
    if (!isIkePort(at, 1)) return;
    let anomalies = origin.anomalies;
    const note = (code: Anomaly['code'], offset: number, length: number): void => {
      anomalies = [...anomalies, { code, offset: origin.base + offset, length }];
    };
    if (cursor.fault !== null) note(cursor.fault, cursor.faultAt, 0);
    let octets = ((bytes[at + 4]! << 8) | bytes[at + 5]!) - 8;
    const room = declaredEnd - at - 8;
    if (octets < 0) {
      // RFC 768 allows no length below 8: what the IP packet holds is taken.
      note('udp-length-below-header', at + 4, 2);
      octets = room;
    } else if (octets > room && !origin.isOpen) {
      note('udp-length-overruns', at + 4, 2);
      octets = room;
    } else if (octets < room) note('udp-octets-left', at + 8 + octets, room - octets);
    const start = at + 8;
    const stop = Math.min(end, start + octets);
    const missing = octets - (stop - start);
    // Where fragments are missing or cut, that has been said.
    if (missing > 0 && origin.anomalies.length === 0) note('payload-cut', stop, missing);
    const sourcePort = (bytes[at]! << 8) | bytes[at + 1]!;
    const destinationPort = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const { src, dst } = addressesOf(origin);
    const kind = classifyPayload(bytes, start, stop, octets, sourcePort, destinationPort);
    switch (kind) {
      case 'keepalive':
        keepalives += 1;
        if (keepaliveFrames.length < maxListedKeepalives) keepaliveFrames.push(origin.frame);
        return;
      case 'esp':
      case 'esp-draft':
        flows.add(bytes, kind === 'esp' ? start : start + 8, stop, 'udp', src, dst, origin);
        return;
      case 'unknown':
        unknownPayloads += 1;
        faults.note('udp-payload-unknown', origin.frame, origin.base + start, octets);
        return;
      case 'ike-unmarked':
        note('non-esp-marker-missing', start, 0);
        break;
      case 'ike-marked':
        if (sourcePort === 500 || destinationPort === 500) {
          if (sourcePort !== 4500 && destinationPort !== 4500) {
            note('non-esp-marker-unexpected', start, 4);
          }
        }
        break;
      case 'ike':
        break;
    }
    emit(
      {
        frame: origin.frame,
        fragmentFrames:
          origin.packets.length > 1 ? origin.packets.map((packet) => packet.frame) : none,
        timeNs: origin.timeNs,
        interfaceId: origin.interfaceId,
        transport: 'udp',
        src: endpoint(src, sourcePort),
        dst: endpoint(dst, destinationPort),
        payload: { bytes: bytes.subarray(start, stop), offset: origin.base + start },
        missing,
        anomalies,
      },
      origin.packets,
    );
  };

  const isIkePort = (at: number, bit: number): boolean => {
    const { bytes } = cursor;
    const source = table[(bytes[at]! << 8) | bytes[at + 1]!]!;
    const destination = table[(bytes[at + 2]! << 8) | bytes[at + 3]!]!;
    return ((source | destination) & bit) !== 0;
  };

  const readTcp = (origin: Origin): void => {
    const { bytes, at, end, declaredEnd } = cursor;
    const header = end - at < 20 ? 0 : (bytes[at + 12]! >> 4) * 4;
    if (header < 20 || header > end - at) {
      if (end - at < 4 || isIkePort(at, 2)) {
        faults.note('tcp-header-truncated', origin.frame, origin.base + at, end - at);
      }
      return;
    }
    if (!isIkePort(at, 2)) return;
    const { src, dst } = addressesOf(origin);
    const from: Endpoint = { address: src, port: (bytes[at]! << 8) | bytes[at + 1]! };
    const to: Endpoint = { address: dst, port: (bytes[at + 2]! << 8) | bytes[at + 3]! };
    streams.add(from, to, origin.interfaceId, {
      packets: origin.packets,
      frame: origin.frame,
      timeNs: origin.timeNs,
      sequence:
        ((bytes[at + 4]! << 24) |
          (bytes[at + 5]! << 16) |
          (bytes[at + 6]! << 8) |
          bytes[at + 7]!) >>>
        0,
      isStart: (bytes[at + 13]! & 2) !== 0,
      data: bytes.subarray(at + header, end),
      cut: Math.max(0, declaredEnd - end),
      place: origin.base + at + header,
    });
  };

  const fragmentOf = (origin: Origin, at: Readonly<Cursor>): Fragment => {
    const { src, dst } = addressesOf(origin);
    const { fragmentId, protocol, ipVersion } = at;
    // RFC 8200 §4.5 leaves the protocol out: IPv6 fragments may name different extension headers.
    const family = ipVersion === 4 ? protocol : 'v6';
    const key = `${origin.interfaceId} ${src} ${dst} ${family} ${fragmentId}`;
    return {
      key,
      packets: origin.packets,
      frame: origin.frame,
      timeNs: origin.timeNs,
      offset: at.fragmentOffset,
      isLast: !at.moreFragments,
      protocol,
      data: at.bytes.subarray(at.at, at.end),
      octets: at.declaredEnd - at.at,
      place: origin.base + at.at,
      interfaceId: origin.interfaceId,
      src,
      dst,
    };
  };

  const readReassembled = (whole: Reassembled): void => {
    const { first, last } = whole;
    if (nesting >= maxNesting) {
      faults.note('encapsulation-too-deep', last.frame, last.place, 0);
      return;
    }
    const codes = whole.isComplete
      ? whole.faults
      : [...whole.faults, 'fragments-incomplete' as const];
    nesting += 1;
    walkPayload(cursor, whole.bytes, whole.bytes.length + whole.missing, first.protocol);
    read({
      frame: last.frame,
      timeNs: last.timeNs,
      interfaceId: first.interfaceId,
      packets: whole.packets,
      base: first.place,
      addresses: { src: first.src, dst: first.dst },
      isOpen: whole.isOpen,
      anomalies: codes.map((code) => ({ code, offset: first.place, length: 0 })),
    });
    nesting -= 1;
  };

  /** Goes on from where the walk ended. */
  const read = (origin: Origin): void => {
    switch (cursor.outcome) {
      case 'udp':
        readUdp(origin);
        return;
      case 'tcp':
        readTcp(origin);
        return;
      case 'esp': {
        const { src, dst } = addressesOf(origin);
        flows.add(cursor.bytes, cursor.at, cursor.end, 'none', src, dst, origin);
        return;
      }
      case 'fragment': {
        const whole = reassembler.add(fragmentOf(origin, cursor));
        if (whole !== null) readReassembled(whole);
        return;
      }
      case 'other':
        if (cursor.fault !== null) {
          faults.note(cursor.fault, origin.frame, origin.base + cursor.faultAt, 0);
        }
        return;
      case 'unsupported':
      case 'walking':
    }
  };

  return {
    push: (packet) => {
      const { bytes } = packet;
      walkFrame(cursor, bytes, 0, bytes.length, packet.linkType, packet.originalLength);
      read({
        frame: packet.frame,
        timeNs: packet.timeNs,
        interfaceId: packet.interfaceId,
        packets: [packet],
        base: 0,
        addresses: null,
        isOpen: false,
        anomalies: none,
      });
    },
    end: () => {
      reassembler.end();
      streams.end();
      return {
        counts: {
          ikeDatagrams,
          keepalives,
          espPackets: flows.packets(),
          espUnlisted: flows.unlisted(),
          unknownPayloads,
          fragments: reassembler.counts.fragments,
          incompleteDatagrams,
          orphanFragments: reassembler.counts.orphans,
        },
        keepaliveFrames,
        espFlows: flows.list(),
        anomalies: faults.anomalies(),
        omitted: faults.omitted(),
      };
    },
  };
}
