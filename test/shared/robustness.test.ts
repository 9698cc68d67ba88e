import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { groupMessages } from '../../src/exchange/pair.ts';
import { createCaptureDecoder } from '../../src/exchange/read-capture.ts';
import { decodeNdjson } from '../../src/report/decode/json.ts';
import { decodeLines } from '../../src/report/decode/text.ts';
import { makePalette } from '../../src/report/palette.ts';
import { mutate } from '../support/mutate.ts';
import { createRandom } from '../support/random.ts';

/*
 * Damaged captures of all kinds go through the whole of `decode`. The usual run takes every prefix of files up to 4 KiB,
 * every 16th of longer ones, and 20,000 mutations spread over all files. With ROBUSTNESS=complete it takes every prefix of
 * every file and 200,000 mutations, which needs some ten minutes. SHARD=1/2 takes every second file, for two processors.
 */
const isComplete = process.env['ROBUSTNESS'] === 'complete';
const [shard = 0, shards = 1] = (process.env['SHARD'] ?? '0/1').split('/').map(Number);
const mutations = isComplete ? 200_000 : 20_000;
const strideOf = (file: Uint8Array): number => (isComplete || file.length <= 4096 ? 1 : 16);

const root = join(import.meta.dirname, '../..');
const shared = process.env['IKE_AUTOPSY_SHARED'] ?? join(root, '../shared');
const folders = [join(shared, 'captures'), join(root, 'samples')];
const isPresent = existsSync(folders[0]!);
if (!isPresent) console.log(`skipped: no captures in ${folders[0]!}`);

type Case = { readonly name: string; readonly file: Uint8Array };

function capturesIn(folder: string): readonly Case[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.pcap(?:ng)?(?:\.gz)?$/.test(path))
    .sort()
    .flatMap((path) => {
      const file = new Uint8Array(readFileSync(join(folder, path)));
      // Damage to a compressed file hardly reaches what is in it, so that is damaged on its own as well.
      const inner = path.endsWith('.gz')
        ? [{ name: `${path}, unpacked`, file: new Uint8Array(gunzipSync(file)) }]
        : [];
      return [{ name: path, file }, ...inner];
    });
}

const all = isPresent ? folders.flatMap(capturesIn) : [];
const cases = all.filter((_, at) => at % shards === shard);
const palette = makePalette(false);

/** Octets of output for this input, as JSON and as a tree. */
function decode(file: Uint8Array): number {
  const decoder = createCaptureDecoder(0);
  decoder.push(file);
  const decoding = decoder.end();
  const captures = [{ path: 'damaged', sha256: null, decoding }];
  const pending = groupMessages(decoding.messages);
  let octets = 0;
  for (const piece of decodeNdjson(captures, pending)) octets += piece.length;
  const exchanges = pending.map(({ open }) => open());
  for (const line of decodeLines(captures, exchanges, {
    palette,
    width: null,
    verbose: true,
    isPart: false,
  })) {
    octets += line.length;
  }
  return octets;
}

/** Processor time, so that other work on the machine does not count. Milliseconds. */
function timed(file: Uint8Array): { readonly ms: number; readonly octets: number } {
  const begun = process.cpuUsage();
  const octets = decode(file);
  return { ms: process.cpuUsage(begun).user / 1000, octets };
}

/** A file takes a few milliseconds; a collection of garbage may fall into the time of any of them. */
const mostMs = 1500;
/** Every octet of a file is shown at most a few times over, in hex or in words. */
const mostOutput = (file: Uint8Array): number => 200_000 + 400 * file.length;

function survives(file: Uint8Array, what: string): void {
  try {
    const { ms, octets } = timed(file);
    if (ms > mostMs) throw new Error(`took ${ms} ms`);
    if (octets > mostOutput(file)) throw new Error(`wrote ${octets} octets of ${file.length}`);
  } catch (error) {
    throw new Error(`${what}: ${Buffer.from(file).toString('base64').slice(0, 4000)}`, {
      cause: error,
    });
  }
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
function heapMib(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

describe.skipIf(!isPresent)('damage to any capture neither throws, hangs nor fills memory', () => {
  it.each(cases)('$name: prefixes', { timeout: 3_600_000 }, ({ name, file }) => {
    const stride = strideOf(file);
    for (let length = 0; length < file.length; length += stride) {
      survives(file.subarray(0, length), `${name}, first ${length} octets`);
    }
  });

  it(`${mutations} mutations`, { timeout: 3_600_000 }, () => {
    const random = createRandom(2409 + shard);
    const runs = Math.floor(mutations / shards);
    let settled = NaN;
    for (let run = 0; run < runs; run += 1) {
      const { name, file } = cases[run % cases.length]!;
      survives(mutate(file, random), `${name}, mutation ${run}`);
      if (run === Math.floor(runs / 10)) settled = heapMib();
    }
    expect(heapMib() - settled).toBeLessThan(16);
  });
});
