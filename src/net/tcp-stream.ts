import { u32 } from '../bytes/span.ts';
import type { NetAnomalyCode } from '../model/anomalies/net.ts';
import type { Packet } from '../model/capture.ts';

/** The data of one TCP segment. */
export type Segment = {
  readonly packets: readonly Packet[];
  readonly frame: number;
  readonly timeNs: bigint;
  readonly sequence: number;
  readonly isStart: boolean;
  readonly data: Uint8Array;
  /** Octets sent but cut off by the snap length. */
  readonly cut: number;
  /** Place of `data` in the frame. */
  readonly place: number;
};

/** One length-prefixed message of RFC 9329 §3: what follows the length. */
export type StreamMessage = {
  /** The frame that completed it, and its time. */
  readonly frame: number;
  readonly timeNs: bigint;
  /** That carried its octets, each once. */
  readonly packets: readonly Packet[];
  readonly bytes: Uint8Array;
  /** Place of the first octet in the first of the frames. */
  readonly place: number;
};

export type StreamTarget = {
  onMessage(message: StreamMessage): void;
  onFault(code: NetAnomalyCode, frame: number, offset: number): void;
};

export type TcpStream = {
  add(segment: Segment): void;
  /** Reads what waits behind octets that never came. */
  end(): void;
  /** Octets that wait for others. */
  waiting(): number;
};

/** Segments that may arrive before the one that is due. */
const maxEarlySegments = 256;

/** Segments of a stream without its start among which the first is looked for, since they too may be out of order. */
const joinedSegments = 8;

/** RFC 9329 §4: the initiator's side of the stream begins with this. */
const prefix: readonly number[] = [0x49, 0x4b, 0x45, 0x54, 0x43, 0x50];

/** How many octets the stream's own beginning has where it stands at `at`: 0 when it does not. */
export function prefixAt(data: Uint8Array, at: number): number {
  return prefix.every((wanted, index) => data[at + index] === wanted) ? prefix.length : 0;
}

type Part = { readonly segment: Segment; from: number };

/** Puts one direction of a TCP connection in order and cuts it into IKE and ESP messages. */
export function createTcpStream(target: StreamTarget): TcpStream {
  /** Sequence number of the octet that is due; null before the first segment. */
  let due: number | null = null;
  const early: Segment[] = [];
  let parts: Part[] = [];
  let available = 0;
  /** Whether the next octet is known to begin a message; without, the next beginning is searched for. */
  let isSynchronised = false;
  let mayHavePrefix = false;
  /** The prefix or a message was read: this is no other protocol that happens to use the port. */
  let isIke = false;

  const octet = (index: number): number => {
    let left = index;
    for (const part of parts) {
      const length = part.segment.data.length - part.from;
      if (left < length) return part.segment.data[part.from + left]!;
      left -= length;
    }
    return 0;
  };

  /** Takes octets off the front; returns them and the parts they came from. */
  const take = (octets: number): { bytes: Uint8Array; used: readonly Segment[]; place: number } => {
    const used: Segment[] = [];
    const place = parts.length === 0 ? 0 : parts[0]!.segment.place + parts[0]!.from;
    const bytes = new Uint8Array(octets);
    let at = 0;
    let index = 0;
    while (at < octets && index < parts.length) {
      const part = parts[index]!;
      const step = Math.min(octets - at, part.segment.data.length - part.from);
      bytes.set(part.segment.data.subarray(part.from, part.from + step), at);
      used.push(part.segment);
      at += step;
      part.from += step;
      if (part.from === part.segment.data.length) index += 1;
    }
    parts = parts.slice(index);
    available -= octets;
    return { bytes, used, place };
  };

  const readMessages = (): void => {
    if (mayHavePrefix) {
      const known = Math.min(available, prefix.length);
      const fits = prefix.slice(0, known).every((wanted, index) => octet(index) === wanted);
      if (fits && known < prefix.length) return;
      if (fits) take(prefix.length);
      isIke ||= fits;
      mayHavePrefix = false;
    }
    while (available >= 2) {
      const length = (octet(0) << 8) | octet(1);
      if (length < 2) {
        const { segment, from } = parts[0]!;
        target.onFault('tcp-frame-length-invalid', segment.frame, segment.place + from);
        lose();
        return;
      }
      if (available < length) return;
      take(2);
      const { bytes, used, place } = take(length - 2);
      const [first] = used;
      if (first === undefined) continue;
      isIke = true;
      // The segment that came last completed it, wherever its octets stand.
      const last = used.reduce((a, b) => (b.frame > a.frame ? b : a), first);
      const packets = new Set(used.flatMap((segment) => segment.packets));
      target.onMessage({
        frame: last.frame,
        timeNs: last.timeNs,
        packets: [...packets].sort((a, b) => a.frame - b.frame),
        bytes,
        place,
      });
    }
  };

  const lose = (): void => {
    parts = [];
    available = 0;
    isSynchronised = false;
    mayHavePrefix = false;
  };

  /** In order and without what was there before. */
  const accept = (segment: Segment, from: number): void => {
    due = (segment.sequence + segment.data.length + segment.cut) | 0;
    const start = isSynchronised ? from : nextMessage(segment.data, from);
    if (start === null) return;
    if (!isSynchronised) mayHavePrefix = true;
    isSynchronised = true;
    if (segment.data.length > start) {
      parts.push({ segment, from: start });
      available += segment.data.length - start;
    }
    readMessages();
    if (segment.cut > 0) {
      target.onFault('tcp-gap', segment.frame, segment.place + segment.data.length);
      lose();
    }
  };

  const acceptEarly = (): void => {
    for (;;) {
      const next = early[0];
      if (next === undefined || due === null || ((next.sequence - due) | 0) > 0) return;
      early.shift();
      const from = (due - next.sequence) | 0;
      if (from < next.data.length + next.cut) accept(next, Math.min(from, next.data.length));
    }
  };

  const keepEarly = (segment: Segment): void => {
    const index = early.findLastIndex((other) => ((segment.sequence - other.sequence) | 0) >= 0);
    early.splice(index + 1, 0, segment);
  };

  /** Begins with the first of what there is. */
  const join = (): void => {
    const [first] = early;
    if (first === undefined) return;
    due = first.sequence | 0;
    target.onFault('tcp-start-missing', first.frame, first.place);
    acceptEarly();
  };

  /** Gives up the octets that are due and goes on with the first that came early. */
  const skipGap = (first: Segment): void => {
    target.onFault('tcp-gap', first.frame, first.place);
    lose();
    due = first.sequence | 0;
    acceptEarly();
  };

  /** Whatever comes next does not continue what is here. */
  const end = (): void => {
    if (due === null) join();
    for (let first = early[0]; first !== undefined; first = early[0]) skipGap(first);
    const rest = parts[0];
    if (rest !== undefined && isIke) {
      const { segment, from } = rest;
      target.onFault('tcp-message-incomplete', segment.frame, segment.place + from);
    }
    lose();
  };

  return {
    end,
    add: (segment) => {
      if (segment.isStart) {
        end();
        due = (segment.sequence + 1) | 0;
        isSynchronised = true;
        mayHavePrefix = true;
        return;
      }
      if (segment.data.length + segment.cut === 0) return;
      if (due === null) {
        keepEarly(segment);
        if (early.length === joinedSegments) join();
        return;
      }
      const ahead = (segment.sequence - due) | 0;
      if (ahead > 0) {
        keepEarly(segment);
        if (early.length > maxEarlySegments) skipGap(early[0]!);
        return;
      }
      if (-ahead < segment.data.length + segment.cut) {
        accept(segment, Math.min(-ahead, segment.data.length));
      }
      acceptEarly();
    },
    waiting: () => available + early.reduce((sum, segment) => sum + segment.data.length, 0),
  };
}

/** Where the first IKE message at or behind `from`, or a stream of them, begins; null when there is no such place. */
export function nextMessage(data: Uint8Array, from: number): number | null {
  for (let at = from; at < data.length; at += 1) if (beginsMessage(data, at)) return at;
  return null;
}

/** Whether an IKE message with its length and marker begins at `from`: asked where a stream is joined. */
function beginsMessage(data: Uint8Array, from: number): boolean {
  if (prefixAt(data, from) > 0) return true;
  const header = from + 6;
  if (data.length - header < 28) return false;
  if ((data[from + 2]! | data[from + 3]! | data[from + 4]! | data[from + 5]!) !== 0) return false;
  const length = (data[from]! << 8) | data[from + 1]!;
  const declared = u32(data, header + 24);
  const version = data[header + 17]! >> 4;
  return (version === 1 || version === 2) && declared === length - 6;
}
