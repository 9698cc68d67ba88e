import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { makeMessageCapture, makeMixedCapture } from './capture-file.ts';
import { machine, median, run } from './measure.ts';
import type { Command, Run } from './measure.ts';

/**
 * How fast a capture becomes a diagnosis, beside what people use today, in one run on one machine.
 *
 *   npx tsx bench/capture.ts             the 1 GB capture: 1,200 IKE packets among 1.2 million
 *   npx tsx bench/capture.ts --ten       the same through a pipe, ten times over: memory
 *   npx tsx bench/capture.ts --messages  1 million IKE messages, beside tshark -T json
 *
 * The files are made once, in .bench/. The command is the built one: `npm run build` first.
 */
const root = new URL('..', import.meta.url).pathname;
const mixedPath = `${root}.bench/mixed.pcap`;
const messagesPath = (count: number): string => `${root}.bench/messages-${count}.pcap`;
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const filter = 'udp port 500 or udp port 4500';
const subset = `${root}.bench/subset.pcap`;
const ours = process.env['BENCH_COMMAND'] ?? `${root}dist/bin.js`;

function has(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

async function once(commands: readonly Command[]): Promise<Run> {
  let seconds = 0;
  let cpuSeconds = 0;
  let peakMib: number | null = null;
  let last: Run | null = null;
  for (const command of commands) {
    last = await run(command);
    // Ours exits with 1 when it finds a failure, which is no failure of the run.
    if (last.exitCode === null || last.exitCode > 1)
      throw new Error(`${command.name}: ${last.stderr}`);
    seconds += last.seconds;
    cpuSeconds += last.cpuSeconds ?? NaN;
    peakMib = Math.max(peakMib ?? 0, last.peakMib ?? 0);
  }
  return { seconds, cpuSeconds, peakMib, exitCode: last?.exitCode ?? null, stderr: '' };
}

type Row = {
  readonly name: string;
  readonly best: number;
  readonly middle: number;
  readonly cpu: number;
  readonly peakMib: number;
};

/** The contestants take turns, so that whatever else the machine does hits them alike. */
async function race(
  contestants: Readonly<Record<string, readonly Command[]>>,
): Promise<readonly Row[]> {
  const names = Object.keys(contestants);
  const runs = new Map<string, Run[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) runs.get(name)!.push(await once(contestants[name]!));
  }
  return names.map((name) => {
    const its = runs.get(name)!;
    const seconds = its.map((one) => one.seconds);
    return {
      name,
      best: Math.min(...seconds),
      middle: median(seconds),
      cpu: Math.min(...its.map((one) => one.cpuSeconds ?? NaN)),
      peakMib: Math.max(...its.map((one) => one.peakMib ?? 0)),
    };
  });
}

function print(rows: readonly Row[], reference: string): void {
  const base = rows.find(({ name }) => name === reference);
  console.log(
    '| run | best s | median s | ratio | CPU s | ratio | peak MiB |\n| --- | --- | --- | --- | --- | --- | --- |',
  );
  for (const { name, best, middle, cpu, peakMib } of rows) {
    const ratio = base === undefined ? NaN : middle / base.middle;
    console.log(
      `| ${name} | ${best.toFixed(2)} | ${middle.toFixed(2)} | ${ratio.toFixed(2)} | ${cpu.toFixed(2)} | ${(cpu / (base?.cpu ?? NaN)).toFixed(2)} | ${peakMib.toFixed(0)} |`,
    );
  }
}

const pcapParser = `const p=require('pcap-parser').parse(process.argv[1]);let n=0;p.on('packet',()=>n++);p.on('end',()=>console.log(n))`;

async function mixed(): Promise<void> {
  makeMixedCapture(mixedPath, 1_200_000, 1_200);
  const contestants: Record<string, readonly Command[]> = {
    'analyze --format json': [
      { name: 'analyze', argv: [process.execPath, ours, 'analyze', '--format', 'json', mixedPath] },
    ],
    'decode --format json': [
      { name: 'decode', argv: [process.execPath, ours, 'decode', '--format', 'json', mixedPath] },
    ],
  };
  const reference = 'tcpdump -w, then tshark';
  if (has('tcpdump') && has('tshark')) {
    contestants[reference] = [
      { name: 'tcpdump', argv: ['tcpdump', '-r', mixedPath, '-w', subset, filter] },
      { name: 'tshark', argv: ['tshark', '-r', subset] },
    ];
  } else console.log('tcpdump or tshark is missing: no comparison');
  contestants['pcap-parser, reading alone'] = [
    {
      name: 'pcap-parser',
      argv: [process.execPath, '--no-deprecation', '-e', pcapParser, mixedPath],
    },
  ];
  print(await race(contestants), reference);
}

/** The file, ten times over, as one capture that no disk needs to hold: a named pipe is filled while it is read. */
async function ten(): Promise<void> {
  makeMixedCapture(mixedPath, 1_200_000, 1_200);
  const pipe = `${root}.bench/ten.fifo`;
  const rows: string[] = [];
  for (const times of [1, 10]) {
    rmSync(pipe, { force: true });
    spawnSync('mkfifo', [pipe]);
    // The file header once, the records as often as wanted.
    const script = `{ cat "$0"; i=1; while [ $i -lt ${times} ]; do tail -c +25 "$0"; i=$((i+1)); done; } > "$1"`;
    const writer = spawn('sh', ['-c', script, mixedPath, pipe], { stdio: 'ignore' });
    const result = await once([
      { name: 'decode', argv: [process.execPath, ours, 'decode', '--format', 'json', pipe] },
    ]);
    writer.kill();
    rows.push(
      `| ${times} GB through a pipe | ${result.seconds.toFixed(2)} | ${(result.peakMib ?? NaN).toFixed(0)} |`,
    );
  }
  rmSync(pipe, { force: true });
  console.log(`| run | seconds | peak MiB |\n| --- | --- | --- |\n${rows.join('\n')}`);
}

async function messages(): Promise<void> {
  const total = Number(process.env['BENCH_MESSAGES'] ?? 1_000_000);
  const path = messagesPath(total);
  makeMessageCapture(path, total);
  const decode = {
    name: 'decode --format ndjson',
    argv: [process.execPath, ours, 'decode', '--format', 'ndjson', path],
  };
  const tshark = { name: 'tshark -T json', argv: ['tshark', '-T', 'json', '-r', path] };
  const show = (name: string, { seconds, cpuSeconds, peakMib }: Run): void =>
    console.log(
      `${name}: ${seconds.toFixed(1)} s for ${total} messages, ${(cpuSeconds ?? NaN).toFixed(1)} s of processor time, peak ${(peakMib ?? NaN).toFixed(0)} MiB`,
    );
  // Ours before and after: the other one takes minutes, in which the machine may have become slower or faster.
  const before = await once([decode]);
  show(decode.name, before);
  if (!has('tshark')) return;
  const theirs = await once([tshark]);
  show(tshark.name, theirs);
  const after = await once([decode]);
  show(decode.name, after);
  const own = (before.seconds + after.seconds) / 2;
  console.log(`ratio: ${(theirs.seconds / own).toFixed(1)} times as fast by the clock`);
}

if (!existsSync(ours)) throw new Error('dist/bin.js is missing: npm run build');
console.log(machine());
if (process.argv.includes('--ten')) await ten();
else if (process.argv.includes('--messages')) await messages();
else await mixed();
