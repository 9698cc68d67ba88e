import { openDraft, protectInputs, type Draft } from './files.ts';
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
  const toFile = options.output !== '-';
  if (toFile) protectInputs(options.output, filesRead(options, paths), io);
  let draft: Draft | null = null;
  let pending = '';
  const flush = (): Promise<void> | null => {
    const text = pending;
    pending = '';
    if (!toFile) return io.stdout.write(text);
    draft ??= openDraft(options.output, io);
    draft.write(text);
    return null;
  };
  return {
    write: (piece) => {
      if (piece === '') return null;
      pending += piece;
      return pending.length >= flushAt ? flush() : null;
    },
    close: async () => {
      await flush();
      draft?.close();
    },
  };
}
