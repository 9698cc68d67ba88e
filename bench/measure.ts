import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** One run of one program. */
export type Run = {
  readonly seconds: number;
  /** Peak resident set in MiB; null where /proc does not tell. */
  readonly peakMib: number | null;
  readonly exitCode: number | null;
  readonly stderr: string;
};

export type Command = {
  readonly name: string;
  readonly argv: readonly string[];
  /** File whose octets are piped into it; with `repeat`, that many times (without its first 24 octets after the first). */
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

/** Runs a program to its end; `feed` writes its standard input. Its output goes to `output` or nowhere. */
export async function run(
  command: Command,
  feed?: (write: (piece: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<Run> {
  const [program, ...rest] = command.argv;
  const sink = openSync(command.output ?? '/dev/null', 'w');
  const started = performance.now();
  const child = spawn(program!, rest, {
    stdio: [feed === undefined ? 'ignore' : 'pipe', sink, 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (piece: Uint8Array) => {
    if (stderr.length < 2000) stderr += new TextDecoder().decode(piece);
  });
  let peakMib: number | null = null;
  const timer = setInterval(() => {
    peakMib = peakOf(child.pid) ?? peakMib;
  }, 10);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (feed !== undefined && child.stdin !== null) {
    const { stdin } = child;
    await feed(
      (piece) =>
        new Promise((resolve, reject) => {
          stdin.write(piece, (error) => {
            if (error) reject(error);
            else resolve();
          });
        }),
    );
    stdin.end();
  }
  const exitCode = await ended;
  clearInterval(timer);
  closeSync(sink);
  return { seconds: (performance.now() - started) / 1000, peakMib, exitCode, stderr };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

export function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  return `${model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}`;
}
