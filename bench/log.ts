import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { createTextStream } from '../src/intake/text.ts';
import { createLogParser } from '../src/logparse/parse.ts';
import { rewrap } from '../test/support/log-damage.ts';
import { run } from './measure.ts';

/**
 * One million lines of debug to typed events, then the same with every attempt followed, beside lnav opening the same
 * file in the same run; and a tenth of them again as a terminal of 80 columns would have cut them. Then the command itself
 * in every form, which writes a third of a gigabyte. Usage, after `npm run build`: npx tsx bench/log.ts
 */
const lines = 1_000_000;
const folder = new URL('../.bench/', import.meta.url);
const file = new URL('debug-1m.log', folder);
const cutFile = new URL('debug-100k-cut.log', folder);

/** The example attempts again and again, each with its own peer, connection id and message id. */
function generate(): void {
  mkdirSync(folder, { recursive: true });
  const sources = ['05-tunnel-up-xe', '02-psk-mismatch-most-specific'].map((name) =>
    readFileSync(new URL(`../test/fixtures/logparse/${name}.txt`, import.meta.url), 'utf8').split(
      '\n',
    ),
  );
  const out: string[] = [];
  for (let attempt = 0; out.length < lines; attempt++) {
    const peer = `203.0.${String((attempt >> 8) & 255)}.${String(attempt & 255)}`;
    const mid = String((attempt * 2654435761) % 4294967296);
    for (const line of sources[attempt % sources.length]!) {
      out.push(
        line
          .replaceAll('198.51.100.129', peer)
          .replaceAll('192.0.2.130', peer)
          .replaceAll('2020959254', mid)
          .replaceAll('(1001)', `(${String(1001 + attempt)})`)
          .replaceAll('(1004)', `(${String(1001 + attempt)})`),
      );
    }
  }
  writeFileSync(file, `${out.slice(0, lines).join('\n')}\n`);
}

function generateCut(): void {
  const whole = readFileSync(file, 'latin1').split('\n', lines / 10);
  writeFileSync(cutFile, `${rewrap(whole.join('\n'), 80, 'hard')}\n`);
}

type Read = {
  readonly seconds: number;
  readonly cpu: number;
  readonly events: number;
  readonly negotiations: number;
};

/** Read and decoded as the command does it. */
function ours(from: URL, eventsOnly: boolean): Read {
  let events = 0;
  const cpu = process.cpuUsage();
  const started = performance.now();
  const parser = createLogParser('i1', { eventsOnly }, () => events++);
  const opened = openSync(from, 'r');
  const buffer = new Uint8Array(1 << 20);
  const text = createTextStream();
  for (;;) {
    const count = readSync(opened, buffer, 0, buffer.length, null);
    if (count === 0) break;
    parser.push(text.push(buffer.subarray(0, count)));
  }
  closeSync(opened);
  parser.push(text.end());
  const { negotiations } = parser.end();
  const used = process.cpuUsage(cpu);
  return {
    seconds: (performance.now() - started) / 1000,
    cpu: (used.user + used.system) / 1e6,
    events,
    negotiations: negotiations.length,
  };
}

function lnav(): number | null {
  const started = performance.now();
  const run = spawnSync('lnav', ['-n', '-c', ':quit', file.pathname], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  return run.error ? null : (performance.now() - started) / 1000;
}

if (!existsSync(file)) generate();
if (!existsSync(cutFile)) generateCut();
/** The best of three: what else the machine does only adds. */
const best = (eventsOnly: boolean): Read =>
  [1, 2, 3].map(() => ours(file, eventsOnly)).reduce((a, b) => (b.seconds < a.seconds ? b : a));
const typed = best(true);
const followed = best(false);
const other = lnav();
const told = ({ seconds, cpu }: Read): string => {
  const beside = other === null ? '' : `, to lnav ${(seconds / other).toFixed(2)}`;
  return `${seconds.toFixed(2)} s (processor ${cpu.toFixed(2)} s): ratio to the bar of 0.6 s ${(seconds / 0.6).toFixed(2)}${beside}`;
};
console.log(
  `${String(lines)} lines: ${String(followed.events)} events, ${String(followed.negotiations)} negotiations`,
);
console.log(`to typed events ${told(typed)}`);
console.log(`with the attempts followed ${told(followed)}`);
console.log(
  other === null ? 'lnav is not installed' : `lnav -n opens the file in ${other.toFixed(2)} s`,
);
const cut = ours(cutFile, false);
console.log(
  `${String(lines / 10)} of the lines, cut at 80 columns: ${cut.seconds.toFixed(2)} s, ${String(cut.events)} events`,
);
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);

console.log('\n| log --format | s | CPU s | peak MiB |\n| --- | --- | --- | --- |');
for (const form of ['text', 'json', 'ndjson', 'csv']) {
  const argv = ['dist/bin.js', 'log', file.pathname, '--format', form];
  const { seconds, cpuSeconds, peakMib } = await run({ name: form, argv: ['node', ...argv] });
  console.log(
    `| ${form} | ${seconds.toFixed(1)} | ${(cpuSeconds ?? NaN).toFixed(1)} | ${(peakMib ?? NaN).toFixed(0)} |`,
  );
}
