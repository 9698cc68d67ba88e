import { candidatesOfConfigs } from '../intake/candidates.ts';
import { createInputReader, type Input } from '../intake/input.ts';
import { readPsk } from '../keymaterial/secret-text.ts';
import type { CandidatePsk } from '../model/key-material.ts';
import { InputError, UsageError } from './errors.ts';
import { inputOptions } from './evidence.ts';
import { readInto } from './files.ts';
import type { Io } from './io.ts';
import type { SharedOptions } from './options.ts';

/** The keys to try that the command line names, in its order; those of --psk-file come with their file. */
export function typedCandidates(options: SharedOptions): readonly CandidatePsk[] {
  return options.psks.map((text, index) => {
    if (text === '') throw new UsageError(`--psk #${index + 1}: is empty`);
    const secret = readPsk(text);
    if (secret === null)
      throw new UsageError(
        `--psk #${index + 1}: written as hex or base64 but cannot be read as such`,
      );
    return {
      secret,
      label: `the key of --psk #${index + 1}`,
      place: null,
      router: null,
      keyring: null,
      scope: null,
    };
  });
}

/**
 * The same and those of the files that options name, for a command that tries none but has to know them to hide them. The
 * files are read as evidence is. Throws InputError.
 */
export async function namedCandidates(
  options: SharedOptions,
  io: Io,
): Promise<readonly CandidatePsk[]> {
  const inputs: Input[] = [];
  for (const path of new Set([...options.pskFiles, ...options.keyFiles])) {
    const reader = createInputReader(inputOptions(path, [], options));
    await readInto(path, reader, io);
    const input = reader.end();
    if (input.kind === 'unreadable') throw new InputError(path, input.why, input.advice);
    inputs.push(input);
  }
  return [
    ...typedCandidates(options),
    ...inputs.flatMap(({ keys }) => keys?.candidates ?? []),
    ...candidatesOfConfigs(inputs),
  ];
}
