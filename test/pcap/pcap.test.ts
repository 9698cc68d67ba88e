import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { recogniseCapture } from '../../src/pcap/reader.ts';
import { readAll } from '../support/captures.ts';
import { concat, magics, pcapFile, pcapHeader, pcapRecord } from '../support/pcap-files.ts';
import type { Rec } from '../support/pcap-files.ts';

const start = 1_700_000_000;
const record = (index: number, octets = 60): Rec => ({
  seconds: start + index,
  fraction: 123_456,
  bytes: new Uint8Array(octets).fill(index),
});
const ten = Array.from({ length: 10 }, (_, index) => record(index + 1, 40 + index));
const codes = (file: Uint8Array): readonly string[] =>
  readAll(file).summary.anomalies.map(({ code }) => code);

describe('pcap files', () => {
  for (const little of [true, false]) {
    for (const [name, magic] of Object.entries(magics)) {
      it(`reads ${name} ${little ? 'little' : 'big'}-endian`, () => {
        const file = pcapFile(ten, { little, magic });
        expect(recogniseCapture(file)).toBe('pcap');
        const { packets, summary } = readAll(file);
        expect(packets.map(({ frame }) => frame)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        expect(packets.map(({ bytes }) => bytes)).toEqual(ten.map(({ bytes }) => bytes));
        const unit = magic === magics.nano ? 1n : 1000n;
        expect(packets[0]?.timeNs).toBe(BigInt(start + 1) * 1_000_000_000n + 123_456n * unit);
        expect(summary).toMatchObject({
          format: 'pcap',
          packets: 10,
          linkTypes: [1],
          anomalies: [],
        });
        expect(summary.firstTimeNs).toBe(packets[0]?.timeNs);
        expect(summary.lastTimeNs).toBe(packets[9]?.timeNs);
      });
    }
  }

  it('gives the same whatever the pieces', () => {
    const file = pcapFile(ten);
    const whole = readAll(file, file.length);
    for (const size of [1, 2, 3, 15, 16, 17, 24, 25, 60, 100, 1000]) {
      expect(readAll(file, size)).toEqual(whole);
    }
  });

  it('keeps the length on the wire, and reads the swapped lengths of version 2.2', () => {
    const cut = { ...record(1, 40), originalLength: 1400 };
    expect(readAll(pcapFile([cut])).packets[0]).toMatchObject({ originalLength: 1400 });
    const swapped = { ...record(1, 40), capturedLength: 1400, originalLength: 40 };
    const { packets, summary } = readAll(pcapFile([swapped], { minor: 2 }));
    expect(packets[0]).toMatchObject({ originalLength: 1400, bytes: cut.bytes });
    expect(summary.anomalies).toEqual([]);
  });

  it('ignores the check sequence flags above the link type', () => {
    expect(readAll(pcapFile(ten, { linkType: 0x14000001 })).summary.linkTypes).toEqual([1]);
  });

  it('tells earliest and latest time of a file that is out of order', () => {
    const { summary } = readAll(pcapFile([record(5), record(2), record(9), record(3)]));
    expect(summary.firstTimeNs).toBe(BigInt(start + 2) * 1_000_000_000n + 123_456_000n);
    expect(summary.lastTimeNs).toBe(BigInt(start + 9) * 1_000_000_000n + 123_456_000n);
  });

  it('reads gzip, also of several members', () => {
    const file = pcapFile(ten);
    const plain = readAll(file);
    expect(recogniseCapture(gzipSync(file))).toBe('gzip');
    expect(readAll(gzipSync(file))).toEqual(plain);
    expect(readAll(concat(gzipSync(file.subarray(0, 200)), gzipSync(file.subarray(200))))).toEqual(
      plain,
    );
  });
});

describe('damaged pcap files', () => {
  it('gives what a truncated file holds', () => {
    const file = pcapFile(ten);
    const { packets, summary } = readAll(file.subarray(0, file.length - 9));
    expect(packets).toHaveLength(10);
    expect(packets[9]).toMatchObject({ frame: 10, originalLength: 49 });
    expect(packets[9]?.bytes).toHaveLength(40);
    expect(summary.anomalies).toEqual([
      { code: 'file-truncated', frame: null, offset: file.length - 49 - 16, length: 56 },
    ]);
  });

  it('names a file cut inside its header, and one with nothing in it', () => {
    expect(codes(pcapHeader().subarray(0, 20))).toEqual(['file-truncated']);
    expect(codes(new Uint8Array(0))).toEqual(['file-empty']);
    expect(codes(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0))).toEqual(['format-unknown']);
  });

  it('repairs a captured length that the length on the wire contradicts', () => {
    const file = pcapFile(
      ten.map((rec, index) =>
        index === 3
          ? { ...rec, capturedLength: 0x7fff_ffff, originalLength: rec.bytes.length }
          : rec,
      ),
    );
    const { packets, summary } = readAll(file);
    expect(packets.map(({ bytes }) => bytes)).toEqual(ten.map(({ bytes }) => bytes));
    expect(summary.anomalies.map(({ code }) => code)).toEqual(['record-length-corrupt']);
  });

  it('finds the next record after both lengths were destroyed', () => {
    const file = pcapFile(
      ten.map((rec, index) =>
        index === 3 ? { ...rec, capturedLength: 0xffff_fff0, originalLength: 0xffff_fff0 } : rec,
      ),
    );
    const { packets, summary } = readAll(file);
    expect(packets.map(({ bytes }) => bytes[0])).toEqual([1, 2, 3, 5, 6, 7, 8, 9, 10]);
    expect(summary.anomalies.map(({ code }) => code)).toEqual([
      'record-length-corrupt',
      'resynchronised',
    ]);
  });

  it('finds the records that a length a little too large swallowed', () => {
    const many = Array.from({ length: 40 }, (_, index) => record(index + 1));
    const file = pcapFile(
      many.map((rec, index) =>
        index === 3 ? { ...rec, capturedLength: 700, originalLength: 700 } : rec,
      ),
    );
    const { packets, summary } = readAll(file, 1000);
    expect(packets.map(({ bytes }) => bytes[0])).toEqual(many.map(({ bytes }) => bytes[0]));
    expect(summary.anomalies.map(({ code }) => code)).toEqual(['record-length-swallows']);
    for (const size of [1, 100, 4096]) expect(readAll(file, size)).toEqual({ packets, summary });
  });

  it('skips a hole of zeros', () => {
    const file = concat(pcapFile(ten), new Uint8Array(5000), ...ten.map((rec) => pcapRecord(rec)));
    const { packets, summary } = readAll(file);
    expect(packets).toHaveLength(20);
    expect(summary.anomalies.map(({ code }) => code)).toEqual([
      'record-header-implausible',
      'resynchronised',
    ]);
  });

  it('ends with an anomaly when nothing follows the damage', () => {
    const file = concat(pcapFile(ten), new Uint8Array(3_000_000).fill(0xff));
    const { packets, summary } = readAll(file, 65_536);
    expect(packets).toHaveLength(10);
    expect(summary.anomalies.map(({ code }) => code)).toEqual([
      'record-length-corrupt',
      'resynchronisation-failed',
    ]);
  });

  it('notes lengths and times that contradict the header', () => {
    expect(codes(pcapFile([record(1, 200)], { snapLength: 96 }))).toEqual([
      'record-exceeds-snaplen',
    ]);
    expect(codes(pcapFile([{ ...record(1, 60), originalLength: 50 }]))).toEqual([
      'record-longer-than-original',
    ]);
    expect(codes(pcapFile([{ ...record(1), fraction: 1_000_000 }]))).toEqual([
      'time-fraction-out-of-range',
    ]);
  });

  it('lists a hundred faults of a kind and counts the others', () => {
    const file = pcapFile(
      Array.from({ length: 130 }, () => ({ ...record(1, 60), originalLength: 50 })),
    );
    const { summary } = readAll(file);
    expect(summary.anomalies).toHaveLength(100);
    expect(summary.omitted).toEqual([{ code: 'record-longer-than-original', count: 30 }]);
  });

  it('reads gzip up to where it is damaged, and stops at one that only swells', () => {
    const packed = gzipSync(pcapFile(ten));
    const { summary } = readAll(packed.subarray(0, packed.length - 20));
    expect(summary.anomalies.map(({ code }) => code)).toContain('gzip-damaged');
    const bomb = gzipSync(concat(pcapFile(ten), new Uint8Array(20 << 20)), { level: 1 });
    const swollen = readAll(bomb, 65_536);
    expect(swollen.summary.packets).toBe(10);
    expect(swollen.summary.anomalies.map(({ code }) => code)).toContain('gzip-ratio');
  });
});
