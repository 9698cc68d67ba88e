import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** pcap: file header, and header of a record. */
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const BLOCK_PACKETS = 2048;

/**
 * Writes a capture of at least `octets` octets: the packets of a small little-endian pcap, then UDP packets that are
 * no IKE. Gives the number of packets.
 */
export function writeLargeCapture(path: string, octets: number, seed: string): number {
  const start = readFileSync(seed);
  let packets = 0;
  for (let at = FILE_HEADER; at < start.length; packets += 1)
    at += RECORD_HEADER + start.readUInt32LE(at + 8);
  const block = Buffer.concat(
    Array.from({ length: BLOCK_PACKETS }, (_, index) => record(index, start)),
  );
  const file = openSync(path, 'w');
  try {
    writeSync(file, start);
    for (let written = start.length; written < octets; written += block.length) {
      writeSync(file, block);
      packets += BLOCK_PACKETS;
    }
  } finally {
    closeSync(file);
  }
  return packets;
}

/** One packet of 600 to 1400 octets from port 5004 to port 5005, at the time of the first one of the capture. */
function record(index: number, start: Buffer): Buffer {
  const length = 600 + ((index * 61) % 800);
  const bytes = Buffer.alloc(RECORD_HEADER + length, index & 0xff);
  start.copy(bytes, 0, FILE_HEADER, FILE_HEADER + 8);
  bytes.writeUInt32LE(length, 8);
  bytes.writeUInt32LE(length, 12);
  const frame = bytes.subarray(RECORD_HEADER);
  Buffer.from('0200000000010200000000020800450000000000400040110000', 'hex').copy(frame);
  frame.writeUInt16BE(length - 14, 16);
  Buffer.from('c6336401c6336402138c138d', 'hex').copy(frame, 26);
  frame.writeUInt16BE(length - 34, 38);
  frame.writeUInt16BE(0, 40);
  return bytes;
}
