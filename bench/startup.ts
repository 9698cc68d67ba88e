import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { machine, median, run } from './measure.ts';

/**
 * What starting costs, in turns, on one machine: `npx tsx bench/startup.ts`. BENCH_ROUNDS sets how often; `npm run build` first.
 */
const root = new URL('..', import.meta.url).pathname;
const ours = process.env['BENCH_COMMAND'] ?? `${root}dist/bin.js`;
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 15);
const sample = `${root}samples/02-r2-initiates/`;
const capture = `${sample}capture.pcapng`;
const evidence = [
  'capture.pcapng',
  'r1-debug.txt',
  'r2-debug.txt',
  'r1-config.txt',
  'r2-config.txt',
];
if (!existsSync(ours)) throw new Error('dist/bin.js is missing: npm run build');

const node = process.execPath;
const contestants: readonly (readonly [string, readonly string[]])[] = [
  ['node -e 0', [node, '-e', '0']],
  ['--version', [node, ours, '--version']],
  ['decode of a sample', [node, ours, 'decode', capture]],
  ['analyze of a sample', [node, ours, 'analyze', ...evidence.map((file) => sample + file)]],
];
const hasTshark = spawnSync('tshark', ['--version'], { stdio: 'ignore' }).error === undefined;
const all = hasTshark
  ? [...contestants, ['tshark on its capture', ['tshark', '-r', capture]] as const]
  : contestants;

const seconds = new Map<string, number[]>(all.map(([name]) => [name, []]));
const cpu = new Map<string, number[]>(all.map(([name]) => [name, []]));
for (let round = 0; round < rounds; round += 1) {
  for (const [name, argv] of all) {
    const one = await run({ name, argv });
    if (one.exitCode === null || one.exitCode > 1) throw new Error(`${name}: ${one.stderr}`);
    seconds.get(name)!.push(one.seconds);
    cpu.get(name)!.push(one.cpuSeconds ?? NaN);
  }
}

const ms = (name: string): number => median(seconds.get(name)!) * 1000;
console.log(`${machine()}, ${rounds} rounds`);
console.log('| run | best ms | median ms | CPU ms |\n| --- | --- | --- | --- |');
for (const [name] of all) {
  const best = Math.min(...seconds.get(name)!) * 1000;
  console.log(
    `| ${name} | ${best.toFixed(0)} | ${ms(name).toFixed(0)} | ${(median(cpu.get(name)!) * 1000).toFixed(0)} |`,
  );
}
console.log(`--version / node -e 0: ${(ms('--version') / ms('node -e 0')).toFixed(2)} (bar 1.6)`);
if (hasTshark) {
  const theirs = ms('tshark on its capture');
  console.log(`analyze / tshark: ${(ms('analyze of a sample') / theirs).toFixed(2)} (bar 1)`);
  console.log(`decode / tshark: ${(ms('decode of a sample') / theirs).toFixed(2)}`);
}
