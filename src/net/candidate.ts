import { createCursor } from './cursor.ts';
import { createEspTable } from './esp-table.ts';
import type { EspTable } from './esp-table.ts';
import { classifyPayload } from './udp-payload.ts';
import { walkFrame } from './walk.ts';

export type PortOptions = {
  /** UDP and TCP ports that carry IKE. */
  readonly ports: readonly number[];
};

/** RFC 2408 §2.5.1, RFC 3948 §2. */
export const defaultPorts: readonly number[] = [500, 4500];

/** The test, and what it counted on its way: ESP packets are told to be such and then left in the file. */
export type CandidateTest = {
  (bytes: Uint8Array, start: number, end: number, linkType: number): boolean;
  readonly esp: EspTable;
};

/** A byte per port: 1 for IKE over UDP, 2 for IKE over TCP, 3 for both. RFC 9329 §2: TCP uses 4500, not 500. */
export function portTable(ports: readonly number[]): Uint8Array {
  const table = new Uint8Array(65_536);
  for (const port of ports) table[port] = port === 500 ? 1 : 3;
  return table;
}

const udpPort = 1;
const tcpPort = 2;

/**
 * Whether a packet may matter to IKE: UDP or TCP on one of the ports, any IP fragment that may belong to such a packet (only the
 * first one shows its ports), the first ESP packet of each SPI, and packets too damaged to tell. Everything else costs a few
 * octet reads. Ethernet with IPv4 and UDP, TCP or ESP right inside is judged without the general walk.
 */
export function createCandidateTest(options: PortOptions): CandidateTest {
  const table = portTable(options.ports);
  const esp = createEspTable();
  const cursor = createCursor();

  const isPort = (bytes: Uint8Array, at: number, bit: number): boolean =>
    ((table[(bytes[at]! << 8) | bytes[at + 1]!]! | table[(bytes[at + 2]! << 8) | bytes[at + 3]!]!) &
      bit) !==
    0;

  const isNewSpi = (bytes: Uint8Array, at: number): boolean =>
    esp.add(
      ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0,
    );

  /** A UDP datagram on an IKE port at `at`. */
  const isWantedDatagram = (bytes: Uint8Array, at: number, end: number): boolean => {
    const payload = at + 8;
    if (payload > end) return true;
    const octets = ((bytes[at + 4]! << 8) | bytes[at + 5]!) - 8;
    const sourcePort = (bytes[at]! << 8) | bytes[at + 1]!;
    const destinationPort = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const kind = classifyPayload(bytes, payload, end, octets, sourcePort, destinationPort);
    return kind === 'esp' ? isNewSpi(bytes, payload) : true;
  };

  const walked = (bytes: Uint8Array, start: number, end: number, linkType: number): boolean => {
    walkFrame(cursor, bytes, start, end, linkType, end - start);
    const { at, outcome } = cursor;
    switch (outcome) {
      case 'udp':
        if (cursor.end - at < 4) return true;
        return isPort(bytes, at, udpPort) && isWantedDatagram(bytes, at, cursor.end);
      case 'tcp':
        return cursor.end - at < 4 || isPort(bytes, at, tcpPort);
      case 'esp':
        return cursor.end - at < 4 || isNewSpi(bytes, at);
      case 'fragment':
        return true;
      case 'other':
        return cursor.fault !== null;
      case 'unsupported':
      case 'walking':
        return false;
    }
  };

  const test = (bytes: Uint8Array, start: number, end: number, linkType: number): boolean => {
    if (linkType === 1 && end - start >= 42 && bytes[start + 12] === 8 && bytes[start + 13] === 0) {
      const first = bytes[start + 14]!;
      const protocol = bytes[start + 23]!;
      const isWhole = ((bytes[start + 20]! & 0x3f) | bytes[start + 21]!) === 0;
      if (first >= 0x45 && first < 0x50 && isWhole) {
        const at = start + 14 + (first & 15) * 4;
        if (at + 8 <= end) {
          if (protocol === 6) return isPort(bytes, at, tcpPort);
          if (protocol === 17)
            return isPort(bytes, at, udpPort) && isWantedDatagram(bytes, at, end);
          if (protocol === 50) return isNewSpi(bytes, at);
          if (protocol === 1) return false;
        }
      }
    }
    return walked(bytes, start, end, linkType);
  };

  return Object.assign(test, { esp });
}
