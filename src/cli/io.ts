import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { safeText } from '../report/safe-text.ts';
import { UsageError } from './errors.ts';

/** Everything of the outside world that a command may touch; tests pass their own. */
export type Io = {
  readonly stdout: Output;
  readonly stderr: Messages;
  /** Standard input in chunks. */
  readonly stdin: () => AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
};

export type Output = {
  readonly isTerminal: boolean;
  /** Width of the terminal, 80 where there is none. */
  readonly columns: number;
  /**
   * Resolves when the reader has taken it; a reader that has gone away is no error. Rejects with UsageError where
   * nothing more can be written.
   */
  readonly write: (text: string) => Promise<void>;
  /** Resolves when everything is written, rejects as `write` does. */
  readonly flush: () => Promise<void>;
};

/** What is said beside the result. */
export type Messages = {
  readonly isTerminal: boolean;
  /** One line; names of files and whatever else it quotes are made harmless. */
  readonly tell: (line: string) => Promise<void>;
  /** As it is, for what draws its line anew. */
  readonly draw: (text: string) => Promise<void>;
};

export function messagesTo({ isTerminal, write }: Omit<Output, 'flush'>): Messages {
  return { isTerminal, tell: (line) => write(`${safeText(line).trim()}\n`), draw: write };
}

type Stream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Resolves to an output over a process stream. Broken pipes end it quietly: `ike-autopsy … | head` is success. */
export function streamOutput(stream: Stream): Output {
  let gone = false;
  let failure: UsageError | null = null;
  const note = (error?: NodeJS.ErrnoException | null): void => {
    if (!error || gone) return;
    gone = true;
    if (error.code === 'EPIPE') return;
    failure = new UsageError(
      `standard output: cannot be written (${error.code ?? 'unknown error'}); choose another place`,
    );
  };
  stream.on('error', note);
  const result = (): Promise<void> => (failure ? Promise.reject(failure) : Promise.resolve());
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
    isTerminal: stream.isTTY ?? false,
    columns: stream.columns !== undefined && stream.columns > 0 ? stream.columns : 80,
    write: (text) => {
      if (gone) return result();
      if (text === '' || stream.write(text, note)) return Promise.resolve();
      draining ??= drained();
      return draining;
    },
    flush: async () => {
      // Pieces are written in order: when this one is done with, so are all before it.
      if (!gone) await new Promise<void>((resolve) => stream.write('', () => resolve()));
      return result();
    },
  };
}

export function processIo(): Io {
  return {
    stdout: streamOutput(process.stdout),
    stderr: messagesTo(forgiving(streamOutput(process.stderr))),
    stdin: () => process.stdin as AsyncIterable<Uint8Array>,
    env: process.env,
    cwd: process.cwd(),
  };
}

/** What cannot be told cannot be complained of either. */
function forgiving(output: Output): Output {
  return { ...output, write: (text) => output.write(text).catch(() => undefined) };
}
