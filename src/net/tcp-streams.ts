import type { FaultLog } from '../bytes/fault-log.ts';
import type { Packet } from '../model/capture.ts';
import type { Datagram, Endpoint } from '../model/datagram.ts';
import type { EspFlows } from './esp-flows.ts';
import { createTcpStream } from './tcp-stream.ts';
import type { Segment, StreamMessage, TcpStream } from './tcp-stream.ts';

export type TcpStreams = {
  add(src: Endpoint, dst: Endpoint, interfaceId: number, segment: Segment): void;
  end(): void;
};

export type TcpTarget = {
  readonly emit: (datagram: Datagram, packets: readonly Packet[]) => void;
  readonly flows: EspFlows;
  readonly faults: FaultLog;
};

const maxStreams = 1024;

/** Of one stream; what waits longer is given up. */
const maxWaitingOctets = 1 << 20;

/** IKE over TCP (RFC 9329): every direction of every connection is a stream of its own. */
export function createTcpStreams({ emit, flows, faults }: TcpTarget): TcpStreams {
  const streams = new Map<string, TcpStream>();

  const open = (src: Endpoint, dst: Endpoint, interfaceId: number): TcpStream =>
    createTcpStream({
      onFault: (code, frame, offset) => faults.note(code, frame, offset, 0),
      onMessage: (message) => onMessage(src, dst, interfaceId, message),
    });

  const onMessage = (
    src: Endpoint,
    dst: Endpoint,
    interfaceId: number,
    message: StreamMessage,
  ): void => {
    const { bytes, frame, timeNs, packets, place } = message;
    const isIke = bytes.length >= 4 && (bytes[0]! | bytes[1]! | bytes[2]! | bytes[3]!) === 0;
    if (!isIke) {
      flows.add(bytes, 0, bytes.length, 'tcp', src.address, dst.address, { frame, timeNs });
      return;
    }
    emit(
      {
        frame,
        fragmentFrames: packets.length > 1 ? packets.map((packet) => packet.frame) : [],
        timeNs,
        interfaceId,
        transport: 'tcp',
        src,
        dst,
        payload: { bytes, offset: place },
        missing: 0,
        anomalies: [],
      },
      packets,
    );
  };

  const giveUp = (key: string, stream: TcpStream): void => {
    stream.end();
    streams.delete(key);
  };

  return {
    add: (src, dst, interfaceId, segment) => {
      const key = `${interfaceId} ${src.address} ${src.port} ${dst.address} ${dst.port}`;
      let stream = streams.get(key);
      if (stream === undefined) {
        stream = open(src, dst, interfaceId);
        streams.set(key, stream);
        if (streams.size > maxStreams) {
          const [oldest] = streams;
          if (oldest !== undefined) giveUp(...oldest);
          faults.note('tcp-stream-evicted', segment.frame, segment.place, 0);
        }
      }
      stream.add(segment);
      if (stream.waiting() > maxWaitingOctets) {
        giveUp(key, stream);
        faults.note('tcp-stream-evicted', segment.frame, segment.place, 0);
      }
    },
    end: () => {
      for (const stream of streams.values()) stream.end();
      streams.clear();
    },
  };
}
