import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** One run of one program. */
export type Run = {
  readonly seconds: number;
  /** Processor time of all its threads, in user and system mode; null where /proc does not tell. */
  readonly cpuSeconds: number | null;
  /** Peak resident set in MiB; null where /proc does not tell. */
  readonly peakMib: number | null;
  readonly exitCode: number | null;
  readonly stderr: string;
};

export type Command = {
  readonly name: string;
  readonly argv: readonly string[];
  /** File that its standard output goes to; nowhere when absent. */
  readonly output?: string;
};

function peakOf(pid: number | undefined): number | null {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
    const found = /VmHWM:\s+(\d+) kB/.exec(status);
    return found === null ? null : Number(found[1]) / 1024;
  } catch {
    return null;
  }
}

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

function cpuOf(pid: number | undefined): number | null {
  try {
    const stat = readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8');
    const values = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(values[11]) + Number(values[12])) / ticksPerSecond;
  } catch {
    return null;
  }
}

/** Runs a program to its end, with nothing on its standard input. */
export async function run(command: Command): Promise<Run> {
  const [program, ...rest] = command.argv;
  const sink = openSync(command.output ?? '/dev/null', 'w');
  const started = performance.now();
  const child = spawn(program!, rest, {
    stdio: ['ignore', sink, 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (piece: Uint8Array) => {
    if (stderr.length < 2000) stderr += new TextDecoder().decode(piece);
  });
  let peakMib: number | null = null;
  let cpuSeconds: number | null = null;
  const timer = setInterval(() => {
    peakMib = peakOf(child.pid) ?? peakMib;
    const cpu = cpuOf(child.pid);
    if (cpu !== null && cpu > 0) cpuSeconds = cpu;
  }, 5);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const exitCode = await ended;
  clearInterval(timer);
  closeSync(sink);
  return { seconds: (performance.now() - started) / 1000, cpuSeconds, peakMib, exitCode, stderr };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

export function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  return `${model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}`;
}
