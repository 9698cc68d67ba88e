import { Readable } from 'node:stream';
// @ts-expect-error -- it has no types
import pcapParser from 'pcap-parser';
import { describe, expect, it } from 'vitest';
import { readAll } from '../support/captures.ts';
import { pcapFile } from '../support/pcap-files.ts';
import type { Rec } from '../support/pcap-files.ts';
import { createRandom } from '../support/random.ts';

/** pcap-parser is an independent reader of classic pcap files; where it works, both must give the same. */
type TheirPacket = {
  readonly header: {
    readonly timestampSeconds: number;
    readonly timestampMicroseconds: number;
    readonly capturedLength: number;
    readonly originalLength: number;
  };
  readonly data: Uint8Array;
};
type Emitter = { on(event: string, listener: (value: TheirPacket) => void): Emitter };

async function readWithTheirs(file: Uint8Array): Promise<readonly TheirPacket[]> {
  const packets: TheirPacket[] = [];
  const parser = (pcapParser as { parse(stream: Readable): Emitter }).parse(
    Readable.from([Buffer.from(file)]),
  );
  await new Promise<void>((resolve, reject) => {
    parser
      .on('packet', (one) => packets.push(one))
      .on('error', reject as () => void)
      .on('end', () => {
        resolve();
      });
  });
  return packets;
}

const random = createRandom(11);
const records = (count: number): readonly Rec[] =>
  Array.from({ length: count }, (_, index) => {
    const bytes = Uint8Array.from({ length: 20 + random(1500) }, () => random(256));
    return {
      seconds: 1_700_000_000 + index,
      fraction: random(1_000_000),
      bytes,
      originalLength: bytes.length + random(2) * 100,
    };
  });

describe('beside pcap-parser', () => {
  for (const little of [true, false]) {
    it(`reads the same packets, ${little ? 'little' : 'big'}-endian`, async () => {
      const file = pcapFile(records(200), { little });
      const theirs = await readWithTheirs(file);
      const ours = readAll(file, 4096).packets;
      expect(theirs).toHaveLength(200);
      expect(
        ours.map(({ timeNs, bytes, originalLength }) => [
          timeNs,
          originalLength,
          Array.from(bytes),
        ]),
      ).toEqual(
        theirs.map(({ header, data }) => [
          BigInt(header.timestampSeconds) * 1_000_000_000n +
            BigInt(header.timestampMicroseconds) * 1000n,
          header.originalLength,
          Array.from(data),
        ]),
      );
    });
  }

  it('goes on where a corrupt length makes pcap-parser wait for the end of the file', async () => {
    const all = records(60);
    const file = pcapFile(
      all.map((rec, index) => (index === 20 ? { ...rec, capturedLength: 0x7000_0000 } : rec)),
    );
    expect(await readWithTheirs(file)).toHaveLength(20);
    const { packets, summary } = readAll(file, 4096);
    expect(packets.length).toBeGreaterThanOrEqual(59);
    expect(summary.anomalies.map(({ code }) => code)).toContain('record-length-corrupt');
  });
});
