import { once } from 'node:events';

/** Everything of the outside world that a command may touch; tests pass their own. */
export type Io = {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Standard input in chunks. */
  readonly stdin: () => AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
};

export type Output = {
  readonly isTerminal: boolean;
  /** Width of the terminal, 80 where there is none. */
  readonly columns: number;
  /** Resolves when the reader has taken it; a reader that has gone away is no error. */
  readonly write: (text: string) => Promise<void>;
};

/** Resolves to an output over a process stream. Broken pipes end it quietly: `ike-autopsy … | head` is success. */
function streamOutput(stream: NodeJS.WriteStream): Output {
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    gone = true;
  });
  const drained = async (): Promise<void> => {
    const waiting = new AbortController();
    const { signal } = waiting;
    await Promise.race([
      once(stream, 'drain', { signal }),
      once(stream, 'close', { signal }),
    ]).catch(() => undefined);
    // The listener that lost the race must not stay behind.
    waiting.abort();
    draining = null;
  };
  /** Shared by all who wait: many pieces may be written before anyone does. */
  let draining: Promise<void> | null = null;
  return {
    isTerminal: stream.isTTY,
    columns: stream.columns > 0 ? stream.columns : 80,
    write: (text) => {
      if (gone || text === '' || stream.write(text)) return Promise.resolve();
      draining ??= drained();
      return draining;
    },
  };
}

export function processIo(): Io {
  return {
    stdout: streamOutput(process.stdout),
    stderr: streamOutput(process.stderr),
    stdin: () => process.stdin as AsyncIterable<Uint8Array>,
    env: process.env,
    cwd: process.cwd(),
  };
}
