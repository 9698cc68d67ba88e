import { u32 } from '../bytes/span.ts';
import type { CaptureDecoding, Packet } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';
import { interfaceBlock, packetBlock, sectionBlock } from '../pcap/writer.ts';

/** What of the captures is wanted. What is empty or null does not narrow. */
export type SliceChoice = {
  /** `Exchange.id` */
  readonly exchanges: readonly string[];
  /** Addresses of either end, as they stand in the messages. */
  readonly peers: readonly string[];
  /** Nanoseconds since 1970, both included. */
  readonly since: bigint | null;
  readonly until: bigint | null;
};

/** The exchanges that are wanted and have at least one message in the time that is. */
export function chooseExchanges(
  exchanges: readonly Exchange[],
  choice: SliceChoice,
): readonly Exchange[] {
  return exchanges.filter(
    ({ id, messages }) =>
      (choice.exchanges.length === 0 || choice.exchanges.includes(id)) &&
      // Behind a translation another tap shows an end under another address.
      (choice.peers.length === 0 ||
        messages.some(({ message: { src, dst } }) =>
          [src.address, dst.address].some((address) => choice.peers.includes(address)),
        )) &&
      messages.some(({ message }) => isInTime(message.timeNs, choice)),
  );
}

function isInTime(timeNs: bigint, { since, until }: SliceChoice): boolean {
  return (since === null || timeNs >= since) && (until === null || timeNs <= until);
}

/** Frames of the chosen exchanges in one capture, fragments and copies of other taps included. */
export function framesOf(
  exchanges: readonly Exchange[],
  capture: number,
  choice: SliceChoice,
): ReadonlySet<number> {
  const frames = new Set<number>();
  for (const { messages } of exchanges) {
    for (const { message } of messages) {
      if (message.capture !== capture || !isInTime(message.timeNs, choice)) continue;
      for (const frame of [message.frame, ...message.fragmentFrames]) frames.add(frame);
    }
  }
  return frames;
}

/** IPsec DOI and IKEv2 alike. */
const espProtocol = 3;

/**
 * SPIs of the ESP that belongs to the chosen exchanges: those that they are seen to negotiate where they could be decrypted,
 * otherwise all that flows between the same addresses.
 */
export function espSpisOf(
  exchanges: readonly Exchange[],
  decodings: readonly CaptureDecoding[],
): ReadonlySet<number> {
  const spis = new Set<number>();
  for (const exchange of exchanges) {
    const negotiated = negotiatedSpis(exchange);
    for (const spi of negotiated) spis.add(spi);
    if (negotiated.length > 0) continue;
    const ends = new Set(
      exchange.messages.flatMap(({ message }) => [message.src.address, message.dst.address]),
    );
    for (const { espFlows } of decodings) {
      for (const { spi, src, dst } of espFlows) if (ends.has(src) && ends.has(dst)) spis.add(spi);
    }
  }
  return spis;
}

function negotiatedSpis(exchange: Exchange): readonly number[] {
  const found: number[] = [];
  for (const { content } of exchange.messages.flatMap(({ payloads }) => payloads)) {
    if (content.kind !== 'sa-v1' && content.kind !== 'sa-v2') continue;
    for (const { protocol, spi } of content.proposals) {
      if (protocol === espProtocol && spi.bytes.length === 4) found.push(u32(spi.bytes, 0));
    }
  }
  return found;
}

/** One capture's share of a slice: the interfaces come from its summary. */
export type SliceSource = {
  readonly decoding: CaptureDecoding;
  /** IKE packets that were chosen, and ESP packets of a second reading; in any order, each frame once. */
  readonly packets: readonly Packet[];
};

/**
 * A pcapng file of the packets, in order of time, then of capture and frame, in pieces. Times, lengths, interfaces and comments are those
 * of the sources.
 */
export function* writeSlice(
  sources: readonly SliceSource[],
  application: string,
): Generator<Uint8Array> {
  yield sectionBlock(
    application,
    sources.flatMap(({ decoding }) => decoding.summary.comments),
  );
  const firstInterface: number[] = [];
  let interfaces = 0;
  for (const { decoding } of sources) {
    firstInterface.push(interfaces);
    for (const one of decoding.summary.interfaces) {
      yield interfaceBlock(one);
      interfaces += 1;
    }
  }
  const all = sources.flatMap(({ packets }, source) =>
    packets.map((packet) => ({ packet, source })),
  );
  all.sort(
    (a, b) =>
      Number(a.packet.timeNs > b.packet.timeNs) - Number(a.packet.timeNs < b.packet.timeNs) ||
      a.source - b.source ||
      a.packet.frame - b.packet.frame,
  );
  for (const { packet, source } of all) {
    yield packetBlock(packet, firstInterface[source]! + packet.interfaceId);
  }
}
