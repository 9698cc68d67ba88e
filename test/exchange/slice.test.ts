import { describe, expect, it } from 'vitest';
import { pairMessages } from '../../src/exchange/pair.ts';
import { createCaptureDecoder } from '../../src/exchange/read-capture.ts';
import { chooseExchanges, espSpisOf, framesOf, writeSlice } from '../../src/exchange/slice.ts';
import type { SliceChoice } from '../../src/exchange/slice.ts';
import type { CaptureDecoding } from '../../src/model/capture.ts';
import { defaultPorts } from '../../src/net/candidate.ts';
import { createEspTest } from '../../src/net/esp-test.ts';
import { readAll } from '../support/captures.ts';
import { concat, enhanced, interfaceBlock, section, textOption } from '../support/pcap-files.ts';
import { be, ethernet, fragments, ike, ipv4, marked, udp } from '../support/packets.ts';

const far = { src: '192.0.2.77', dst: '198.51.100.78' };
const esp = (spi: number): Uint8Array => concat(be(['u32', spi], ['u32', 1]), new Uint8Array(40));
const frames: readonly Uint8Array[] = [
  ethernet(ipv4(udp(ike(84, 0x31)))),
  ethernet(ipv4(udp(ike(84, 0x32)), far)),
  ...fragments(udp(ike(2000, 0x31)), 1480).map((piece) => ethernet(piece)),
  ethernet(ipv4(esp(0x1001), { protocol: 50 })),
  ethernet(ipv4(esp(0x1002), { ...far, protocol: 50 })),
  ethernet(ipv4(udp(esp(0x1001), 4500, 4500))),
  ethernet(ipv4(udp(marked(ike(92, 0x31)), 4500, 4500))),
];
const file = concat(
  section(true, [textOption(1, 'of the file')]),
  interfaceBlock(1, { options: [textOption(2, 'eth7')] }),
  ...frames.map((bytes, index) =>
    enhanced(0, BigInt(index) * 1_000_000n, bytes, {
      options: [textOption(1, `frame ${index + 1}`)],
    }),
  ),
);

function decode(capture: number): CaptureDecoding {
  const decoder = createCaptureDecoder(capture);
  decoder.push(file);
  return decoder.end();
}

const everything: SliceChoice = { exchanges: [], peers: [], since: null, until: null };
const decoding = decode(0);
const exchanges = pairMessages(decoding.messages);
const chosenFrames = (choice: Partial<SliceChoice>): readonly number[] => {
  const whole = { ...everything, ...choice };
  return [...framesOf(chooseExchanges(exchanges, whole), 0, whole)].sort((a, b) => a - b);
};

describe('slices', () => {
  it('choose by exchange, peer and time, fragments included', () => {
    expect(chosenFrames({})).toEqual([1, 2, 3, 4, 8]);
    expect(chosenFrames({ peers: [far.dst] })).toEqual([2]);
    expect(
      chosenFrames({
        exchanges: exchanges
          .filter(({ initiatorCookie }) => initiatorCookie.startsWith('31'))
          .map(({ id }) => id),
      }),
    ).toEqual([1, 3, 4, 8]);
    expect(chosenFrames({ since: 1_000_000_000n, until: 3_000_000_000n })).toEqual([2, 3, 4]);
    expect(chosenFrames({ peers: ['203.0.113.1'] })).toEqual([]);
  });

  it('choose by the address under which another tap shows an end', () => {
    const behind = '203.0.113.7';
    const [first, ...others] = exchanges[0]!.messages;
    const { message } = first!;
    const outside = { ...message, src: { ...message.src, address: behind } };
    const seen = {
      ...exchanges[0]!,
      messages: [first!, { ...first!, message: outside }, ...others],
    };
    const choice = { ...everything, peers: [behind] };
    expect(chooseExchanges([seen, exchanges[1]!], choice)).toEqual([seen]);
  });

  it('find the ESP between the same addresses in a second reading', () => {
    const chosen = chooseExchanges(exchanges, { ...everything, peers: ['192.0.2.1'] });
    const spis = espSpisOf(chosen, [decoding]);
    expect([...spis]).toEqual([0x1001]);
    const isWanted = createEspTest({ ports: defaultPorts, spis });
    expect(frames.map((bytes) => isWanted(bytes, 0, bytes.length, 1))).toEqual([
      false,
      false,
      false,
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  it('are written with times, interfaces and comments of the captures, in order of time', () => {
    const second = decode(1);
    const pieces = [
      ...writeSlice(
        [
          { decoding, packets: decoding.packets },
          { decoding: second, packets: second.packets },
        ],
        'a test',
      ),
    ];
    const { packets, summary } = readAll(concat(...pieces));
    expect(summary).toMatchObject({ comments: ['of the file', 'of the file'], anomalies: [] });
    expect(summary.interfaces.map(({ name }) => name)).toEqual(['eth7', 'eth7']);
    expect(packets.map(({ comment, interfaceId }) => [comment, interfaceId])).toEqual(
      [1, 2, 3, 4, 8].flatMap((frame) => [
        [`frame ${frame}`, 0],
        [`frame ${frame}`, 1],
      ]),
    );
    expect(packets[0]).toEqual({ ...decoding.packets[0], frame: 1 });
    expect(packets.map(({ timeNs }) => timeNs)).toEqual(
      [...packets.map(({ timeNs }) => timeNs)].sort((a, b) => Number(a - b)),
    );
  });
});
