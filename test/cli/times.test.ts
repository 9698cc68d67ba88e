import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { testIo } from '../support/io.ts';
import { clear, phase1Sa, ZERO } from '../support/isakmp.ts';
import { ethernet, ipv4, udp } from '../support/packets.ts';
import {
  concat,
  enhanced,
  interfaceBlock,
  section,
  textOption,
  type Option,
} from '../support/pcap-files.ts';

const MM1 = ethernet(ipv4(udp(clear({ responder: ZERO }, phase1Sa()))));
const MM2 = ethernet(ipv4(udp(clear({}, phase1Sa())), { src: '198.51.100.2', dst: '192.0.2.1' }));
const good = 1_700_000_000_000_000n;

/** Little-endian seconds of if_tsoffset. */
const offset = (seconds: bigint): Option => {
  const octets = new Uint8Array(8);
  new DataView(octets.buffer).setBigInt64(0, seconds, true);
  return [14, octets];
};

const file = (first: bigint, options: readonly Option[] = [], second = first): Uint8Array =>
  concat(
    section(),
    interfaceBlock(1, { options: [textOption(2, 'eth0'), ...options] }),
    enhanced(0, first, MM1),
    enhanced(0, second, MM2),
  );

/** Each puts at least one of two frames outside of the calendar. */
const files: readonly (readonly [name: string, content: Uint8Array, frames: readonly number[]])[] =
  [
    ['one wild stamp', file(0xffff_ffffn << 32n, [], good), [1]],
    ['one wild stamp behind a good one', file(good, [], 0xffff_ffffn << 32n), [2]],
    ['whole seconds for millionths', file(good, [[9, Uint8Array.of(0)]]), [1, 2]],
    ['binary resolution of one second', file(good, [[9, Uint8Array.of(0x80)]]), [1, 2]],
    ['an offset far ahead', file(good, [offset(2n ** 62n)]), [1, 2]],
    ['an offset far behind', file(good, [offset(-(2n ** 62n))]), [1, 2]],
  ];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ike-autopsy-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = async (
  argv: readonly string[],
  content: Uint8Array,
): Promise<{ code: number; out: string; err: string }> => {
  writeFileSync(join(folder, 'capture.pcapng'), content);
  const io = testIo({ cwd: folder });
  const code = await main([...argv, 'capture.pcapng'], io);
  return { code, out: io.out(), err: io.err() };
};

describe('a time stamp that no calendar has', () => {
  it.each(files)(
    '%s: is an anomaly of its frame and null in documents',
    async (_, content, frames) => {
      const { code, out, err } = await run(['analyze', '--format', 'json'], content);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const report = JSON.parse(out) as {
        inputs: { anomalies: { code: string; frame?: number }[] }[];
        negotiations: { timeline: { frame?: number; time: string | null }[] }[];
        excerpts: { frames: { frame: number; time: string | null }[] };
      };
      const wild = report.inputs[0]!.anomalies.filter((one) => one.code === 'time-out-of-range');
      expect(wild.map((one) => one.frame)).toEqual(frames);
      const timeline = report.negotiations.flatMap((one) => one.timeline);
      expect(timeline.map(({ frame }) => frame)).toEqual([1, 2]);
      for (const { frame, time } of [...timeline, ...report.excerpts.frames]) {
        expect(time === null).toBe(frames.includes(frame!));
      }
      const decoded = await run(['decode', '--format', 'json'], content);
      const { messages } = JSON.parse(decoded.out) as { messages: { time: string | null }[] };
      expect(messages.map(({ time }) => time === null)).toEqual(
        [1, 2].map((n) => frames.includes(n)),
      );
    },
  );

  it.each(files)('%s: every format comes out', async (_, content) => {
    for (const command of ['analyze', 'decode']) {
      for (const format of [
        'text',
        'json',
        'ndjson',
        'csv',
        ...(command === 'analyze' ? ['html', 'md'] : []),
      ]) {
        const argv = [command, '--format', format];
        const where = format === 'csv' && command === 'analyze' ? ['-o', join(folder, 'csv')] : [];
        const { code, err, out } = await run([...argv, ...where], content);
        expect({ argv, code, err }).toEqual({ argv, code: 0, err: '' });
        expect(out).not.toMatch(/@-?\d{9}|NaN|Invalid/);
      }
    }
  });
});
