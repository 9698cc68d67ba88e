import { decodeText } from '../intake/text.ts';
import { harvestKeys } from '../keymaterial/harvest.ts';
import { readPskList } from '../keymaterial/psk-list.ts';
import { readPsk } from '../keymaterial/secret-text.ts';
import type { CandidatePsk } from '../model/key-material.ts';
import { UsageError } from './errors.ts';
import { readSmallFile } from './files.ts';
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

/** The same and those of the files that options name, for a command that tries none but has to know them to hide them. */
export async function namedCandidates(
  options: SharedOptions,
  io: Io,
): Promise<readonly CandidatePsk[]> {
  const found = [...typedCandidates(options)];
  for (const path of options.pskFiles)
    found.push(...readPskList(decodeText(await readSmallFile(path, io)), path).candidates);
  for (const path of options.keyFiles)
    found.push(...harvestKeys(decodeText(await readSmallFile(path, io)), path).candidates);
  return found;
}
