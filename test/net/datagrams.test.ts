import { describe, expect, it } from 'vitest';
import { packet, readTraffic } from '../support/captures.ts';
import {
  be,
  ethernet,
  ike,
  ipv4,
  ipv6,
  ipv6Fragment,
  marked,
  tcp,
  udp,
  fragments,
} from '../support/packets.ts';
import { concat } from '../support/pcap-files.ts';

const message = ike(84);
const over = (payload: Uint8Array, source = 500, destination = 500): Uint8Array =>
  ethernet(ipv4(udp(payload, source, destination)));
const all = (...frames: readonly Uint8Array[]): ReturnType<typeof readTraffic> =>
  readTraffic(frames.map((bytes, index) => packet(index + 1, bytes)));
const esp = (spi: number, octets = 60): Uint8Array =>
  concat(be(['u32', spi], ['u32', 1]), new Uint8Array(octets).fill(7));

describe('what shares the IKE ports', () => {
  it('hands on IKE of both ports, the marker included', () => {
    const { datagrams, counts } = all(
      over(message),
      over(marked(message), 4500, 4500),
      over(marked(message), 4500, 31_000),
    );
    expect(datagrams.map(({ payload }) => payload.bytes.length)).toEqual([84, 88, 88]);
    expect(datagrams.flatMap(({ anomalies }) => anomalies)).toEqual([]);
    expect(counts).toMatchObject({ ikeDatagrams: 3, keepalives: 0, espPackets: 0 });
  });

  it('tells keepalives', () => {
    const { datagrams, counts, keepaliveFrames } = all(
      over(Uint8Array.of(0xff), 4500, 4500),
      over(message),
      over(Uint8Array.of(0xff), 4500, 4500),
    );
    expect(keepaliveFrames).toEqual([1, 3]);
    expect(counts.keepalives).toBe(2);
    expect(datagrams).toHaveLength(1);
  });

  it('tells ESP in UDP by its SPI, and reads only the first packet of each', () => {
    const first = over(esp(0xc0ffee01), 4500, 4500);
    const other = over(esp(0xc0ffee02), 4500, 4500);
    const { candidates, espFlows, datagrams } = all(first, first, other, first);
    expect(candidates).toEqual([1, 3]);
    expect(datagrams).toEqual([]);
    expect(
      espFlows.map(({ spi, encapsulation, firstFrame }) => [spi, encapsulation, firstFrame]),
    ).toEqual([
      [0xc0ffee01, 'udp', 1],
      [0xc0ffee02, 'udp', 3],
    ]);
  });

  it('tells bare ESP, over IPv6 too', () => {
    const { espFlows } = all(
      ethernet(ipv4(esp(0x1001), { protocol: 50 })),
      ethernet(ipv6(esp(0x1002), 50), 0x86dd),
    );
    expect(espFlows.map(({ spi, encapsulation, src }) => [spi, encapsulation, src])).toEqual([
      [0x1001, 'none', '192.0.2.1'],
      [0x1002, 'none', '2001:db8::1'],
    ]);
  });

  it('tells ESP of the first NAT-T drafts on port 500', () => {
    const { espFlows, datagrams } = all(over(concat(new Uint8Array(8), esp(0x2001))));
    expect(espFlows.map(({ spi }) => spi)).toEqual([0x2001]);
    expect(datagrams).toEqual([]);
  });

  it('finds a message without its marker, and one with a marker it should not have', () => {
    const { datagrams } = all(over(message, 4500, 4500), over(marked(message)));
    expect(datagrams.map(({ anomalies }) => anomalies.map(({ code }) => code))).toEqual([
      ['non-esp-marker-missing'],
      ['non-esp-marker-unexpected'],
    ]);
  });

  it('reads ports that it is told', () => {
    const frames = [
      over(message, 10_500, 10_500),
      over(marked(message), 40_000, 10_500),
      over(esp(0x3001), 10_500, 10_500),
    ];
    const packets = frames.map((bytes, index) => packet(index + 1, bytes));
    expect(readTraffic(packets).datagrams).toEqual([]);
    const { datagrams, espFlows } = readTraffic(packets, [500, 4500, 10_500]);
    expect(datagrams.map(({ frame }) => frame)).toEqual([1, 2]);
    expect(espFlows.map(({ spi }) => spi)).toEqual([0x3001]);
  });

  it('names a payload that is nothing of these', () => {
    const { anomalies, counts } = all(over(Uint8Array.of(1, 2, 3), 4500, 4500));
    expect(anomalies).toMatchObject([{ code: 'udp-payload-unknown', frame: 1, offset: 42 }]);
    expect(counts.unknownPayloads).toBe(1);
  });
});

describe('lengths that contradict one another', () => {
  const codesOf = (bytes: Uint8Array, originalLength = bytes.length): readonly string[] => {
    const { datagrams, anomalies } = readTraffic([packet(1, bytes, 1, { originalLength })]);
    return [...datagrams.flatMap((one) => one.anomalies), ...anomalies].map(({ code }) => code);
  };

  it('names each', () => {
    expect(codesOf(ethernet(ipv4(udp(message, 500, 500, 4))))).toEqual(['udp-length-below-header']);
    expect(codesOf(ethernet(ipv4(udp(message, 500, 500, 400))))).toEqual(['udp-length-overruns']);
    expect(codesOf(ethernet(ipv4(concat(udp(message), new Uint8Array(6)))))).toEqual([
      'udp-octets-left',
    ]);
    expect(codesOf(ethernet(ipv4(udp(message), { total: 4000 })))).toEqual(['ip-length-overruns']);
    expect(codesOf(ethernet(ipv4(udp(message), { total: 12 })))).toEqual([
      'ip-length-below-header',
    ]);
    expect(codesOf(ethernet(Uint8Array.of(0x42, ...ipv4(udp(message)).subarray(1))))).toEqual([
      'ip-header-length-invalid',
    ]);
    expect(codesOf(ethernet(Uint8Array.of(0x55, ...ipv4(udp(message)).subarray(1))))).toEqual([
      'ip-version-wrong',
    ]);
    expect(codesOf(ethernet(ipv6(Uint8Array.of(17, 200, 0, 0, 0, 0, 0, 0), 60), 0x86dd))).toEqual([
      'ipv6-extension-truncated',
    ]);
  });

  it('takes a total length of zero for a capture before segmentation', () => {
    expect(codesOf(ethernet(ipv4(udp(message), { total: 0 })))).toEqual([]);
  });

  it('says how much the snap length cut', () => {
    const whole = ethernet(ipv4(udp(message)));
    const cut = packet(1, whole.slice(0, 96), 1, { originalLength: whole.length });
    const [datagram] = readTraffic([cut]).datagrams;
    expect(datagram).toMatchObject({ missing: whole.length - 96 });
    expect(datagram?.payload.bytes.length).toBe(96 - 42);
    expect(datagram?.anomalies).toEqual([
      { code: 'payload-cut', offset: 96, length: whole.length - 96 },
    ]);
  });
});

describe('IP fragments', () => {
  const long = udp(ike(2000));
  const pieces = fragments(long, 800).map((piece) => ethernet(piece));

  it('puts them together in any order', () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [1, 0, 2],
    ]) {
      const { datagrams, anomalies, counts } = all(...order.map((index) => pieces[index]!));
      expect(anomalies).toEqual([]);
      expect(datagrams).toHaveLength(1);
      expect(datagrams[0]).toMatchObject({
        frame: 3,
        fragmentFrames: [1, 2, 3],
        missing: 0,
        anomalies: [],
      });
      expect(datagrams[0]?.payload.bytes).toEqual(ike(2000));
      expect(datagrams[0]?.payload.offset).toBe(42);
      expect(counts.fragments).toBe(3);
    }
  });

  it('puts IPv6 fragments together', () => {
    const parts = [0, 800, 1600].map((at) =>
      ipv6Fragment(long.subarray(at, at + 800), at, at < 1600, 77),
    );
    const { datagrams } = all(...[1, 0, 2].map((index) => ethernet(parts[index]!, 0x86dd)));
    expect(datagrams[0]?.payload.bytes).toEqual(ike(2000));
    expect(datagrams[0]?.src.address).toBe('2001:db8::1');
  });

  it('keeps packets of different peers, identifications and interfaces apart', () => {
    const mixed = [
      ...fragments(udp(ike(1600, 0x31)), 800, { id: 1 }),
      ...fragments(udp(ike(1600, 0x32)), 800, { id: 2 }),
      ...fragments(udp(ike(1600, 0x33)), 800, { id: 1, src: '192.0.2.9' }),
    ];
    const order = [0, 3, 6, 1, 4, 7, 2, 5, 8].filter((index) => index < mixed.length);
    const { datagrams } = all(...order.map((index) => ethernet(mixed[index]!)));
    expect(datagrams.map(({ payload }) => payload.bytes[0]).sort()).toEqual([0x31, 0x32, 0x33]);
    const taps = pieces.flatMap((bytes, index) => [
      packet(2 * index + 1, bytes),
      packet(2 * index + 2, bytes, 1, { interfaceId: 1 }),
    ]);
    expect(readTraffic(taps).datagrams.map(({ fragmentFrames }) => fragmentFrames)).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
  });

  it('makes two datagrams of fragments that were each captured twice', () => {
    const { datagrams, counts } = all(...pieces.flatMap((piece) => [piece, piece]));
    expect(datagrams.map(({ fragmentFrames }) => fragmentFrames)).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
    expect(counts).toMatchObject({ incompleteDatagrams: 0, orphanFragments: 0 });
  });

  it.each([
    ['the middle one, at once', [0, 1, 1, 2]],
    ['the first one, at once', [0, 0, 1, 2]],
    ['the last one, when all were there', [0, 1, 2, 2]],
    ['all but the first, when all were there', [0, 1, 2, 1, 2]],
    ['all but the last, when all were there', [0, 1, 2, 0, 1]],
  ])('says nothing of single fragments that were captured twice: %s', (_, order) => {
    const { datagrams, anomalies, counts } = all(...order.map((index) => pieces[index]!));
    expect(datagrams.map(({ missing }) => missing)).toEqual([0]);
    expect(anomalies).toEqual([]);
    expect(counts).toMatchObject({
      fragments: order.length,
      incompleteDatagrams: 0,
      orphanFragments: 0,
    });
  });

  it('tells of a fragment with the identification of a whole packet and other octets', () => {
    const other = ethernet(ipv4(new Uint8Array(800).fill(0xee), { offset: 800, more: true }));
    const { anomalies, counts } = all(...pieces, other);
    expect(anomalies.map(({ code }) => code)).toEqual(['fragment-orphan']);
    expect(counts.orphanFragments).toBe(1);
  });

  it('puts fragments together inside a tunnel, and of a tunnel', () => {
    const inside = fragments(long, 800).map((piece) =>
      ethernet(ipv4(concat(be(['u16', 0], ['u16', 0x0800]), piece), { protocol: 47 })),
    );
    expect(all(...inside).datagrams[0]?.payload.bytes).toEqual(ike(2000));
    const tunnel = concat(be(['u16', 0], ['u16', 0x0800]), ipv4(long));
    const outside = fragments(tunnel, 800, { protocol: 47, src: '203.0.113.1' }).map((piece) =>
      ethernet(piece),
    );
    const { datagrams } = all(...outside);
    expect(datagrams[0]?.payload.bytes).toEqual(ike(2000));
    expect(datagrams[0]?.src.address).toBe('192.0.2.1');
  });

  it('gives the beginning when the rest never comes', () => {
    const { datagrams, anomalies, counts } = all(pieces[0]!, pieces[2]!);
    expect(datagrams).toMatchObject([{ frame: 2, fragmentFrames: [1, 2], missing: 1208 }]);
    expect(datagrams[0]?.anomalies.map(({ code }) => code)).toEqual(['fragments-incomplete']);
    expect(anomalies).toMatchObject([{ code: 'fragments-incomplete', frame: 1 }]);
    expect(counts).toMatchObject({ incompleteDatagrams: 1, orphanFragments: 0 });
  });

  it('blames no length for running past a last fragment that is not there', () => {
    const { datagrams } = all(pieces[0]!, pieces[1]!);
    expect(datagrams[0]?.anomalies.map(({ code }) => code)).toEqual(['fragments-incomplete']);
    expect(datagrams[0]!.payload.bytes.length + datagrams[0]!.missing).toBe(2000);
  });

  it('counts fragments whose first one is not there', () => {
    const { datagrams, anomalies, counts } = all(pieces[1]!, pieces[2]!);
    expect(datagrams).toEqual([]);
    expect(anomalies.map(({ code }) => code)).toEqual(['fragment-orphan']);
    expect(counts).toMatchObject({ incompleteDatagrams: 0, orphanFragments: 2 });
  });

  it('drops fragments of other ports without a word', () => {
    const others = fragments(udp(new Uint8Array(2000), 53, 4000), 800).map((piece) =>
      ethernet(piece),
    );
    const { datagrams, anomalies, counts } = all(...others);
    expect(datagrams).toEqual([]);
    expect(anomalies).toEqual([]);
    expect(counts).toMatchObject({ fragments: 3, orphanFragments: 0 });
  });

  it('keeps what came first where fragments overlap, and says so', () => {
    const second = ethernet(ipv4(new Uint8Array(1200).fill(0xee), { offset: 400, more: true }));
    const { datagrams } = all(pieces[0]!, second, pieces[2]!);
    expect(datagrams[0]?.anomalies.map(({ code }) => code)).toEqual(['fragment-overlap']);
    expect(datagrams[0]?.payload.bytes.subarray(0, 792)).toEqual(ike(2000).subarray(0, 792));
    expect(datagrams[0]?.payload.bytes[800]).toBe(0xee);
  });

  it('names fragments beyond the end, and of odd length', () => {
    const beyond = ethernet(ipv4(new Uint8Array(80), { offset: 4000, more: true }));
    expect(
      all(pieces[2]!, beyond, pieces[1]!, pieces[0]!).datagrams[0]?.anomalies.map(
        ({ code }) => code,
      ),
    ).toEqual(['fragment-past-end']);
    const odd = fragments(long, 804).map((piece) => ethernet(piece));
    const { datagrams } = all(...odd);
    expect(datagrams.flatMap(({ anomalies }) => anomalies.map(({ code }) => code))).toContain(
      'fragment-length-odd',
    );
  });

  it('gives up after a minute', () => {
    const late = pieces.map((bytes, index) =>
      packet(index + 1, bytes, 1, { timeNs: BigInt(index) * 40_000_000_000n }),
    );
    const { datagrams, counts } = readTraffic(late);
    expect(datagrams).toMatchObject([{ fragmentFrames: [1, 2] }]);
    expect(counts.orphanFragments).toBe(1);
  });

  it('stays within bounds whatever comes', () => {
    const flood = Array.from({ length: 20_000 }, (_, index) =>
      packet(
        index + 1,
        ethernet(
          ipv4(new Uint8Array(index % 2 === 0 ? 8 : 0), {
            id: index & 0xffff,
            src: `10.0.0.${index % 250}`,
            offset: 8,
            more: true,
          }),
        ),
      ),
    );
    const { counts } = readTraffic(flood);
    expect(counts).toMatchObject({ fragments: 20_000, orphanFragments: 20_000 });
  });

  it('gets through many small pieces of one packet', () => {
    const tiny = Array.from({ length: 8000 }, (_, index) =>
      packet(
        index + 1,
        ethernet(ipv4(long.subarray(0, 8), { offset: ((index * 4099) % 8000) * 8, more: true })),
      ),
    );
    expect(readTraffic(tiny).counts).toMatchObject({ fragments: 8000 });
  });
});

describe('IKE over TCP', () => {
  const framed = (payload: Uint8Array): Uint8Array =>
    concat(be(['u16', payload.length + 2]), payload);
  const prefix = new TextEncoder().encode('IKETCP');
  const stream = concat(
    prefix,
    framed(marked(ike(300, 0x41))),
    framed(esp(0x5001)),
    framed(marked(ike(500, 0x42))),
  );
  const segment = (from: number, to: number, start = 1000): Uint8Array =>
    ethernet(ipv4(tcp(stream.subarray(from, to), (start + 1 + from) >>> 0), { protocol: 6 }));
  const syn = (start = 1000): Uint8Array =>
    ethernet(ipv4(tcp(new Uint8Array(0), start, { flags: 2 }), { protocol: 6 }));

  it('cuts the stream into messages, wherever the segments end', () => {
    for (const size of [1, 5, 100, 1000]) {
      for (const start of [1000, 0xffff_ff00]) {
        const parts = [syn(start)];
        for (let at = 0; at < stream.length; at += size) parts.push(segment(at, at + size, start));
        const { datagrams, espFlows, anomalies } = all(...parts);
        expect(anomalies).toEqual([]);
        expect(datagrams.map(({ payload }) => payload.bytes)).toEqual([
          marked(ike(300, 0x41)),
          marked(ike(500, 0x42)),
        ]);
        expect(datagrams.every(({ transport }) => transport === 'tcp')).toBe(true);
        expect(espFlows).toMatchObject([{ spi: 0x5001, encapsulation: 'tcp' }]);
      }
    }
  });

  it('orders segments, and drops what is sent again', () => {
    const { datagrams, anomalies } = all(
      syn(),
      segment(200, 400),
      segment(0, 200),
      segment(100, 300),
      segment(500, 900),
      segment(400, 500),
    );
    expect(anomalies).toEqual([]);
    expect(datagrams.map(({ payload }) => payload.bytes[4])).toEqual([0x41, 0x42]);
    expect(datagrams[0]?.fragmentFrames).toEqual([2, 3]);
  });

  it('reads the side that sends no prefix', () => {
    const answer = framed(marked(ike(100)));
    const frames = [
      ethernet(
        ipv4(tcp(new Uint8Array(0), 7, { flags: 0x12, source: 4500, destination: 40_000 }), {
          protocol: 6,
        }),
      ),
      ethernet(ipv4(tcp(answer, 8, { source: 4500, destination: 40_000 }), { protocol: 6 })),
    ];
    expect(all(...frames).datagrams).toHaveLength(1);
  });

  it.each([[[0, 400, 888]], [[0, 6, 888]], [[0, 100, 300, 888]]])(
    'reads a stream from its prefix on where its start is not in the capture: %j',
    (cuts) => {
      const parts = cuts.slice(1).map((to, i) => segment(cuts[i]!, to));
      for (const order of [parts, parts.toReversed()]) {
        const { datagrams, anomalies } = all(...order);
        expect(datagrams.map(({ payload }) => payload.bytes[4])).toEqual([0x41, 0x42]);
        expect(anomalies.map(({ code }) => code)).toEqual(['tcp-start-missing']);
      }
    },
  );

  it('joins a stream at a message, and goes on after a gap', () => {
    const second = 6 + 306 + 70;
    const { datagrams, anomalies } = all(segment(50, 300), segment(second, second + 506));
    expect(anomalies.map(({ code }) => code)).toEqual(['tcp-start-missing', 'tcp-gap']);
    expect(datagrams.map(({ payload }) => payload.bytes[4])).toEqual([0x42]);
    const joined = all(segment(second, second + 506));
    expect(joined.datagrams.map(({ payload }) => payload.bytes[4])).toEqual([0x42]);
  });

  it('reads on where a segment was lost, also in the middle of the one after it', () => {
    const { datagrams, anomalies } = all(syn(), segment(0, 100), segment(350, 888));
    expect(datagrams.map(({ payload }) => payload.bytes[4])).toEqual([0x42]);
    expect(anomalies).toMatchObject([{ code: 'tcp-gap', frame: 3 }]);
  });

  it('tells of a message that the capture ends inside', () => {
    const { datagrams, anomalies } = all(syn(), segment(0, 800));
    expect(datagrams.map(({ payload }) => payload.bytes[4])).toEqual([0x41]);
    expect(anomalies).toMatchObject([{ code: 'tcp-message-incomplete', frame: 2 }]);
  });

  it('leaves other connections alone', () => {
    expect(
      all(ethernet(ipv4(tcp(stream, 1, { destination: 443 }), { protocol: 6 }))).candidates,
    ).toEqual([]);
  });
});
