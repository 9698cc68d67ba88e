import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { createCaptureDecoder } from '../../src/exchange/read-capture.ts';
import type { CaptureDecoding } from '../../src/model/capture.ts';
import {
  concat,
  enhanced,
  interfaceBlock,
  pcapFile,
  section,
  textOption,
} from '../support/pcap-files.ts';
import { be, ethernet, fragments, ike, ipv4, marked, tcp, udp } from '../support/packets.ts';
import { createRandom } from '../support/random.ts';

function decode(file: Uint8Array, size = 4096): CaptureDecoding {
  const decoder = createCaptureDecoder(3);
  const buffer = new Uint8Array(size);
  for (let at = 0; at < file.length; at += size) {
    const piece = file.subarray(at, at + size);
    buffer.set(piece);
    decoder.push(buffer.subarray(0, piece.length));
  }
  return decoder.end();
}

const esp = ethernet(
  ipv4(udp(concat(be(['u32', 0xc0ffee01], ['u32', 1]), new Uint8Array(40)), 4500, 4500)),
);
const frames: readonly Uint8Array[] = [
  ethernet(ipv4(udp(ike(84)))),
  ethernet(new Uint8Array(46), 0x0806),
  ...fragments(udp(ike(2000, 0x31)), 1480).map((piece) => ethernet(piece)),
  esp,
  esp,
  ethernet(ipv4(udp(marked(ike(120, 0x32)), 4500, 4500))),
  ethernet(ipv4(udp(Uint8Array.of(0xff), 4500, 4500))),
  ethernet(ipv4(udp(new Uint8Array(9).fill(1)))),
  esp,
  ethernet(ipv4(tcp(new Uint8Array(0), 9, { flags: 2 }), { protocol: 6 })),
  ethernet(
    ipv4(
      tcp(concat(new TextEncoder().encode('IKETCP'), be(['u16', 66]), marked(ike(60, 0x33))), 10),
      { protocol: 6 },
    ),
  ),
];
const file = pcapFile(
  frames.map((bytes, index) => ({ seconds: 1_700_000_000 + index, fraction: 5, bytes })),
);

describe('a capture from octets to messages', () => {
  it('gives messages, their packets, and what was around them', () => {
    const { summary, messages, packets, counts, keepaliveFrames, espFlows, anomalies } =
      decode(file);
    expect(summary.packets).toBe(frames.length);
    expect(
      messages.map(({ frame, capture, fragmentFrames }) => [frame, capture, fragmentFrames]),
    ).toEqual([
      [1, 3, []],
      [4, 3, [3, 4]],
      [7, 3, []],
      [12, 3, []],
    ]);
    expect(messages.map(({ nonEspMarker, transport }) => [nonEspMarker, transport])).toEqual([
      [false, 'udp'],
      [false, 'udp'],
      [true, 'udp'],
      [true, 'tcp'],
    ]);
    expect(packets.map(({ frame }) => frame)).toEqual([1, 3, 4, 7, 9, 12]);
    expect(keepaliveFrames).toEqual([8]);
    expect(espFlows).toMatchObject([{ spi: 0xc0ffee01, firstFrame: 5, packets: 3 }]);
    expect(counts).toMatchObject({ ikeDatagrams: 5, espPackets: 3, keepalives: 1, fragments: 2 });
    expect(anomalies).toMatchObject([
      { code: 'not-ike', frame: 9, offset: 42, length: 9 },
      { code: 'header-truncated', frame: 9, offset: 42, length: 9 },
    ]);
  });

  it('gives the same from gzip, in any pieces', () => {
    const whole = decode(file, file.length);
    expect(decode(file, 1)).toEqual(whole);
    expect(decode(gzipSync(file), 10)).toEqual(whole);
  });

  it('gives the same from a hex dump, but for the times', () => {
    const hex = (bytes: Uint8Array): string =>
      Array.from({ length: Math.ceil(bytes.length / 16) }, (_, line) => {
        const octets = [...bytes.subarray(16 * line, 16 * line + 16)];
        return `${(16 * line).toString(16).padStart(6, '0')} ${octets.map((one) => one.toString(16).padStart(2, '0')).join(' ')}\n`;
      }).join('');
    const fromDump = decode(new TextEncoder().encode(frames.map(hex).join('\n')), 3);
    expect(fromDump.summary).toMatchObject({ format: 'hexdump', packets: frames.length });
    const fromFile = decode(file);
    expect(fromDump.messages.map(({ frame, pdu }) => [frame, pdu])).toEqual(
      fromFile.messages.map(({ frame, pdu }) => [frame, pdu]),
    );
    expect(fromDump.counts).toEqual(fromFile.counts);
  });

  it('names link types that are not read, and files that are none', () => {
    const wireless = pcapFile([{ seconds: 1, fraction: 1, bytes: new Uint8Array(60) }], {
      linkType: 105,
    });
    expect(decode(wireless).anomalies.map(({ code }) => code)).toEqual(['link-type-unsupported']);
    expect(
      decode(new TextEncoder().encode('hostname R1\n')).anomalies.map(({ code }) => code),
    ).toEqual(['format-unknown']);
    expect(decode(new Uint8Array(0)).anomalies.map(({ code }) => code)).toEqual(['file-empty']);
  });
});

describe('hostile captures', () => {
  const sample = concat(
    section(),
    interfaceBlock(1),
    ...frames.map((bytes, index) =>
      enhanced(0, BigInt(index) * 1_000_000n, bytes, { options: [textOption(1, 'a comment')] }),
    ),
  );

  it('reads every prefix', () => {
    for (const one of [file, sample]) {
      for (let length = 0; length < one.length; length += 3) {
        const { messages, summary } = decode(one.subarray(0, length));
        expect(messages.length).toBeLessThanOrEqual(4);
        expect(summary.packets).toBeLessThanOrEqual(frames.length);
      }
    }
  });

  it('reads whatever is made of it, with every message inside its frame', () => {
    const random = createRandom(7);
    for (let round = 0; round < 3000; round += 1) {
      const mutant = (round % 2 === 0 ? file : sample).slice();
      const changes = 1 + random(6);
      for (let change = 0; change < changes; change += 1)
        mutant[random(mutant.length)] = random(256);
      const decoding = decode(mutant, 1 + random(5000));
      const byFrame = new Map(
        decoding.packets.map((packet) => [packet.frame, packet.bytes.length]),
      );
      for (const { frame, fragmentFrames, pdu } of decoding.messages) {
        expect(byFrame.has(frame)).toBe(true);
        if (fragmentFrames.length === 0) {
          expect(pdu.offset + pdu.bytes.length).toBeLessThanOrEqual(byFrame.get(frame) ?? 0);
        }
      }
    }
  });
});
