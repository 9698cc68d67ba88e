import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readAll } from '../support/captures.ts';
import {
  block,
  concat,
  enhanced,
  fields,
  interfaceBlock,
  section,
  textOption,
} from '../support/pcap-files.ts';

const payload = (index: number): Uint8Array => new Uint8Array(30 + index).fill(index);
const codes = (file: Uint8Array): readonly string[] =>
  readAll(file).summary.anomalies.map(({ code }) => code);
const micro = 1_700_000_000_123_456n;

describe('pcapng files', () => {
  for (const little of [true, false]) {
    it(`reads ${little ? 'little' : 'big'}-endian blocks with comments`, () => {
      const file = concat(
        section(little, [textOption(1, 'taken at the hub')]),
        interfaceBlock(1, { little, options: [textOption(2, 'eth0'), textOption(3, 'outside')] }),
        enhanced(0, micro, payload(1), {
          little,
          options: [textOption(1, 'first'), textOption(1, 'second')],
        }),
        enhanced(0, micro + 5n, payload(2), { little, originalLength: 999 }),
      );
      for (const size of [1, 13, 4096]) {
        const { packets, summary } = readAll(file, size);
        expect(packets).toEqual([
          {
            frame: 1,
            timeNs: micro * 1000n,
            linkType: 1,
            interfaceId: 0,
            bytes: payload(1),
            originalLength: 31,
            comment: 'first\nsecond',
          },
          {
            frame: 2,
            timeNs: (micro + 5n) * 1000n,
            linkType: 1,
            interfaceId: 0,
            bytes: payload(2),
            originalLength: 999,
            comment: null,
          },
        ]);
        expect(summary).toMatchObject({
          format: 'pcapng',
          packets: 2,
          comments: ['taken at the hub'],
          anomalies: [],
          firstTimeNs: micro * 1000n,
          lastTimeNs: (micro + 5n) * 1000n,
        });
        expect(summary.interfaces[0]).toMatchObject({ name: 'eth0', description: 'outside' });
      }
    });
  }

  it('counts interfaces over sections of different byte order', () => {
    const file = concat(
      section(true),
      interfaceBlock(1),
      interfaceBlock(101),
      enhanced(1, micro, payload(1)),
      section(false),
      interfaceBlock(113, { little: false }),
      enhanced(0, micro, payload(2), { little: false }),
    );
    const { packets, summary } = readAll(file);
    expect(packets.map(({ interfaceId, linkType }) => [interfaceId, linkType])).toEqual([
      [1, 101],
      [2, 113],
    ]);
    expect(summary.linkTypes).toEqual([1, 101, 113]);
  });

  it('honours resolution and offset of each interface', () => {
    const offset = fields(true, ['u32', 1000], ['u32', 0]);
    const file = concat(
      section(),
      interfaceBlock(1, { options: [[9, Uint8Array.of(9)]] }),
      interfaceBlock(1, {
        options: [
          [9, Uint8Array.of(3)],
          [14, offset],
        ],
      }),
      interfaceBlock(1, { options: [[9, Uint8Array.of(0x80 | 10)]] }),
      interfaceBlock(1, { options: [[9, Uint8Array.of(12)]] }),
      interfaceBlock(1, {
        options: [[14, fields(true, ['u32', 0xffff_ffff], ['u32', 0xffff_ffff])]],
      }),
      enhanced(0, 1_700_000_000_000_000_007n, payload(1)),
      enhanced(1, 5_250n, payload(2)),
      enhanced(2, 3n * 1024n + 512n, payload(3)),
      enhanced(3, 7_000_000_000_999n, payload(4)),
      enhanced(4, 3_000_000n, payload(5)),
    );
    expect(readAll(file).packets.map(({ timeNs }) => timeNs)).toEqual([
      1_700_000_000_000_000_007n,
      1_005_250_000_000n,
      3_500_000_000n,
      7_000_000_000n,
      2_000_000_000n,
    ]);
  });

  it('reads simple and obsolete packet blocks, and how many packets were lost', () => {
    const simple = block(3, concat(fields(true, ['u32', 31]), payload(1)));
    const old = block(
      2,
      concat(
        fields(
          true,
          ['u16', 0],
          ['u16', 0],
          ['u32', 0],
          ['u32', 7_000_000],
          ['u32', 32],
          ['u32', 32],
        ),
        payload(2),
      ),
    );
    const statistics = block(
      5,
      concat(
        fields(true, ['u32', 0], ['u32', 0], ['u32', 0]),
        fields(true, ['u16', 5], ['u16', 8], ['u32', 17], ['u32', 0], ['u16', 0], ['u16', 0]),
      ),
    );
    const { packets, summary } = readAll(
      concat(section(), interfaceBlock(1), simple, old, statistics),
    );
    expect(packets.map(({ frame, timeNs, bytes }) => [frame, timeNs, bytes])).toEqual([
      [1, 0n, payload(1)],
      [2, 7_000_000_000n, payload(2)],
    ]);
    expect(summary.interfaces[0]?.dropped).toBe(17);
    expect(summary.anomalies).toEqual([
      { code: 'packet-without-time', frame: 1, offset: 0, length: 0 },
    ]);
  });

  it('cuts a simple packet block at the snap length', () => {
    const simple = block(3, concat(fields(true, ['u32', 900]), payload(2).subarray(0, 20)));
    const { packets } = readAll(concat(section(), interfaceBlock(1, { snapLength: 20 }), simple));
    expect(packets[0]).toMatchObject({ originalLength: 900, bytes: payload(2).subarray(0, 20) });
  });

  it('passes over blocks that hold no packet, and names those it does not know', () => {
    const file = concat(
      section(),
      interfaceBlock(1),
      block(4, new Uint8Array(40)),
      block(10, new Uint8Array(2_000_000)),
      block(0x0badf00d, new Uint8Array(40)),
      enhanced(0, micro, payload(1)),
    );
    for (const size of [1000, 4096]) {
      const { packets, summary } = readAll(file, size);
      expect(packets).toHaveLength(1);
      expect(summary.anomalies.map(({ code, offset }) => [code, offset])).toEqual([
        ['block-type-unknown', 28 + 20 + 52 + 2_000_012],
      ]);
    }
  });

  it('reads gzip', () => {
    const file = concat(section(), interfaceBlock(1), enhanced(0, micro, payload(1)));
    expect(readAll(gzipSync(file))).toEqual(readAll(file));
  });
});

describe('damaged pcapng files', () => {
  const start = concat(section(), interfaceBlock(1), enhanced(0, micro, payload(1)));
  const rest = concat(enhanced(0, micro, payload(2)), enhanced(0, micro, payload(3)));

  it('finds the next block after a destroyed length', () => {
    const broken = enhanced(0, micro, payload(9));
    for (const length of [0, 7, 50, 0x7fff_fff0]) {
      broken.set(fields(true, ['u32', length]), 4);
      const { packets, summary } = readAll(concat(start, broken, rest));
      expect(packets.map(({ bytes }) => bytes[0])).toEqual([1, 2, 3]);
      expect(summary.anomalies.map(({ code }) => code)).toEqual([
        'block-length-corrupt',
        'resynchronised',
      ]);
    }
  });

  it('finds the next block after a length that is only too large', () => {
    const broken = enhanced(0, micro, payload(9));
    broken.set(fields(true, ['u32', broken.length + 40]), 4);
    const { packets, summary } = readAll(concat(start, broken, rest));
    expect(packets.map(({ bytes }) => bytes[0])).toEqual([1, 2, 3]);
    expect(summary.anomalies.map(({ code }) => code)).toEqual([
      'block-trailer-differs',
      'resynchronised',
    ]);
  });

  it('believes the first length when the next block is where it says', () => {
    const broken = enhanced(0, micro, payload(9));
    broken.set(fields(true, ['u32', 8]), broken.length - 4);
    const { packets, summary } = readAll(concat(start, broken, rest));
    expect(packets.map(({ bytes }) => bytes[0])).toEqual([1, 9, 2, 3]);
    expect(summary.anomalies.map(({ code }) => code)).toEqual(['block-trailer-differs']);
  });

  it('gives what a truncated file holds', () => {
    const file = concat(start, rest);
    const { packets, summary } = readAll(file.subarray(0, file.length - 20));
    expect(packets.map(({ bytes }) => bytes.length)).toEqual([31, 32, 20]);
    expect(summary.anomalies.map(({ code }) => code)).toEqual([
      'file-truncated',
      'block-too-short',
    ]);
  });

  it('names what a packet block contradicts', () => {
    expect(codes(concat(section(), enhanced(0, micro, payload(1))))).toEqual(['interface-unknown']);
    const overrun = enhanced(0, micro, payload(1));
    overrun.set(fields(true, ['u32', 5000]), 20);
    expect(codes(concat(section(), interfaceBlock(1), overrun))).toEqual([
      'block-too-short',
      'record-longer-than-original',
    ]);
    const option = enhanced(0, micro, payload(1), { options: [textOption(1, 'four')] });
    option.set(fields(true, ['u16', 4000]), 8 + 20 + 32 + 2);
    expect(codes(concat(section(), interfaceBlock(1), option))).toEqual(['option-overruns']);
  });

  it('names a section of no byte order', () => {
    const broken = section();
    broken.fill(0, 8, 12);
    expect(codes(concat(start, broken, rest))).toEqual([
      'section-header-corrupt',
      'resynchronised',
    ]);
  });
});
