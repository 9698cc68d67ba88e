import { protectInputs, writeWhole } from './files.ts';
import type { Io } from './io.ts';
import { filesRead, type SharedOptions } from './options.ts';

/** Where a command's result goes: standard output as it comes, or a file that is written whole or not at all. */
export type Result = {
  /** Null when the piece only joined those that wait: a million pieces need no million promises. */
  readonly write: (piece: string) => Promise<void> | null;
  readonly close: () => Promise<void>;
};

/** Pieces smaller than this are joined before they are written. */
const flushAt = 1 << 16;

/** Throws UsageError at once when the result would overwrite an input. */
export function openResult(options: SharedOptions, paths: readonly string[], io: Io): Result {
  let pending: string[] = [];
  let length = 0;
  if (options.output === '-') {
    const flush = async (): Promise<void> => {
      const text = pending.join('');
      pending = [];
      length = 0;
      await io.stdout.write(text);
    };
    return {
      write: (piece) => {
        pending.push(piece);
        length += piece.length;
        return length >= flushAt ? flush() : null;
      },
      close: flush,
    };
  }
  protectInputs(options.output, filesRead(options, paths), io);
  return {
    write: (piece) => {
      pending.push(piece);
      return null;
    },
    close: () => {
      writeWhole(options.output, pending, io);
      return Promise.resolve();
    },
  };
}
