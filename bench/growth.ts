import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { makeMessageCapture } from './capture-file.ts';
import { machine, run } from './measure.ts';

/**
 * Ten times the evidence, how many times the work? `npx tsx bench/growth.ts`; `npm run build` first.
 * The bar is 11 times. Processor time counts, so that other work on the machine does not.
 */
const root = new URL('..', import.meta.url).pathname;
const folder = `${root}.bench/`;
const ours = process.env['BENCH_COMMAND'] ?? `${root}dist/bin.js`;
const sample = `${root}samples/02-r2-initiates/`;
/** Seconds between two attempts: more than one attempt lasts. */
const every = 71;

/** The attempts of the sample again and again, with a clock that goes on. */
function debugOf(router: 'r1' | 'r2', attempts: number, peers: number): string {
  const lines = readFileSync(`${sample}${router}-debug.txt`, 'utf8').trimEnd().split('\n');
  const path = `${folder}growth-${router}-${attempts}-${peers}.txt`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const out: string[] = [];
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const peer = attempt % peers;
    for (const line of lines) {
      const moved = line.replace(/\b(\d\d):(\d\d):(\d\d)\b/, (_, h, m, s) => {
        const at = (Number(h) * 3600 + Number(m) * 60 + Number(s) + attempt * every) % 86_400;
        return [at / 3600, (at / 60) % 60, at % 60].map((part) => two(Math.floor(part))).join(':');
      });
      out.push(
        peer === 0 ? moved : moved.replaceAll('192.168.0.', `10.${peer >> 8}.${peer & 255}.`),
      );
    }
  }
  writeFileSync(path, `${out.join('\n')}\n`);
  return path;
}

function captureOf(messages: number): string {
  const path = `${folder}messages-${messages}.pcap`;
  makeMessageCapture(path, messages);
  return path;
}

const series: Readonly<Record<string, (times: 1 | 10) => readonly string[]>> = {
  'one log, one peer': (times) => [debugOf('r1', 50 * times, 1)],
  'one log, a peer an attempt': (times) => [debugOf('r1', 50 * times, 50 * times)],
  'two logs of the same attempts': (times) => [
    debugOf('r1', 50 * times, 1),
    debugOf('r2', 50 * times, 1),
  ],
  'a capture of IKE alone': (times) => [captureOf(10_000 * times)],
};

async function seconds(files: readonly string[]): Promise<number> {
  const argv = [process.execPath, ours, 'analyze', '--format', 'json', ...files];
  const { exitCode, stderr, cpuSeconds } = await run({ name: 'analyze', argv });
  if (exitCode === null || exitCode > 1) throw new Error(stderr);
  return cpuSeconds ?? NaN;
}

mkdirSync(folder, { recursive: true });
console.log(machine());
console.log('| analyze of | once, CPU s | ten times, CPU s | growth |\n| --- | --- | --- | --- |');
for (const [name, filesOf] of Object.entries(series)) {
  const once = await seconds(filesOf(1));
  const ten = await seconds(filesOf(10));
  console.log(
    `| ${name} | ${once.toFixed(2)} | ${ten.toFixed(2)} | ${(ten / once).toFixed(1)} (bar 11) |`,
  );
}
