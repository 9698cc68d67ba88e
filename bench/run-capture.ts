import { closeSync, openSync, readSync } from 'node:fs';
import { createCaptureDecoder } from '../src/exchange/read-capture.ts';

/** Reads a capture the way the command does, and prints what was found: the scan alone, without diagnosis or hashing. */
const path = process.argv[2]!;
const size = Number(process.argv[3] ?? 1 << 20);
const file = openSync(path, 'r');
const buffer = new Uint8Array(size);
const decoder = createCaptureDecoder(0);
for (;;) {
  const count = readSync(file, buffer, 0, buffer.length, null);
  if (count === 0) break;
  decoder.push(count === buffer.length ? buffer : buffer.subarray(0, count));
}
closeSync(file);
const { summary, messages, counts, anomalies } = decoder.end();
console.log(
  JSON.stringify({
    packets: summary.packets,
    messages: messages.length,
    counts,
    anomalies: anomalies.length,
  }),
);
