import type { Io } from './io.ts';

/** The options of one command line as yargs read them, by long name. */
export type Arguments = Readonly<Record<string, unknown>>;

/** Runs one command; resolves to the exit code. Throws UsageError and InputError. */
export type Command = (args: Arguments, io: Io) => Promise<number>;
