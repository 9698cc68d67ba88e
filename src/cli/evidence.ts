import { createInputReader, type InputOptions } from '../intake/input.ts';
import { InputError, UsageError } from './errors.ts';
import { readInto } from './files.ts';
import type { Io } from './io.ts';
import { filesRead, type SharedOptions } from './options.ts';
import { startProgress } from './progress.ts';
import { createCaseSink, type ReadInput } from './read-input.ts';

/** What a command needs of captures beyond their messages. */
export type Want = { readonly keepPackets?: boolean };

/** Reads every file named, each recognised by its content. Throws InputError for the first that cannot be read at all. */
export async function readEvidence(
  paths: readonly string[],
  options: SharedOptions,
  io: Io,
  want: Want = {},
): Promise<readonly ReadInput[]> {
  checkRouterFiles(paths, options);
  const read: ReadInput[] = [];
  // A file that only an option names is evidence as well.
  for (const path of filesRead(options, paths)) {
    const reader = createInputReader({
      ...inputOptions(path, read, options),
      keepPackets: want.keepPackets ?? true,
    });
    const progress = options.progress ? startProgress(path, io) : null;
    const sink = createCaseSink(reader);
    const facts = await readInto(path, sink, io, {
      ...(options.digest && { digest: 'always' }),
      ...(progress && { progress: progress.update }),
    });
    const octets = sink.end();
    if (octets !== null) {
      await progress?.stop();
      const { readCaseInputs } = await import('./case.ts');
      read.push(...readCaseInputs(path, octets, read, options));
      continue;
    }
    const input = reader.end();
    await progress?.stop();
    if (input.kind === 'unreadable') throw new InputError(path, input.why, input.advice);
    read.push({ input, sha256: facts.sha256 });
  }
  return read;
}

/** Throws UsageError where a router is named for standard input, which is not read. */
export function checkRouterFiles(paths: readonly string[], { routers }: SharedOptions): void {
  if (routers.has('-') && !paths.includes('-'))
    throw new UsageError('--router names standard input, but - is not among the evidence');
}

/** How the next file is read, behind those that were read before it. */
export function inputOptions(
  path: string,
  before: readonly ReadInput[],
  options: SharedOptions,
): InputOptions {
  return {
    id: `i${before.length + 1}`,
    path,
    captureIndex: before.filter(({ input }) => input.capture !== null).length,
    router: options.routers.get(path) ?? null,
    ports: options.ports,
    year: options.year,
    masterKeys: options.masterKeys,
    as: options.pskFiles.includes(path)
      ? 'psk-list'
      : options.keyFiles.includes(path)
        ? 'keys'
        : 'evidence',
  };
}

/** The same where only captures and keys are wanted: a capture among the paths must be one. */
export async function readCaptures(
  paths: readonly string[],
  options: SharedOptions,
  io: Io,
  want: Want = {},
): Promise<readonly ReadInput[]> {
  const inputs = await readEvidence(paths, options, io, want);
  const other = inputs.find(
    ({ input }) => paths.includes(input.path) && input.capture === null && input.keys === null,
  );
  if (other) {
    throw new InputError(
      other.input.path,
      'is no capture',
      'give a pcap, pcapng or packet dump; analyze reads logs and configurations',
    );
  }
  return inputs;
}
