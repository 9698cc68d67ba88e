import { describe, expect, it } from 'vitest';
import type { Packet } from '../../src/model/capture.ts';
import { interfaceBlock, packetBlock, sectionBlock } from '../../src/pcap/writer.ts';
import { readAll } from '../support/captures.ts';
import { concat } from '../support/pcap-files.ts';

const packets: readonly Packet[] = [31, 32, 33, 34].map((octets, index) => ({
  frame: index + 1,
  timeNs: 1_700_000_000_123_456_789n + BigInt(index),
  linkType: index === 3 ? 101 : 1,
  interfaceId: index === 3 ? 1 : 0,
  bytes: new Uint8Array(octets).fill(octets),
  originalLength: octets + index,
  comment: index === 1 ? 'größer\nzwei' : null,
}));

describe('pcapng writer', () => {
  it('writes what the reader reads back', () => {
    const file = concat(
      sectionBlock('a test', ['of the file']),
      interfaceBlock({ linkType: 1, snapLength: 65_535, name: 'eth0', description: null }),
      interfaceBlock({ linkType: 101, snapLength: 0, name: null, description: 'tun' }),
      ...packets.map((packet) => packetBlock(packet, packet.interfaceId)),
    );
    const { packets: read, summary } = readAll(file);
    expect(read).toEqual(packets);
    expect(summary).toMatchObject({
      comments: ['of the file'],
      anomalies: [],
      linkTypes: [1, 101],
    });
    expect(summary.interfaces).toMatchObject([
      { name: 'eth0', description: null, snapLength: 65_535 },
      { name: null, description: 'tun', snapLength: 0 },
    ]);
  });
});
