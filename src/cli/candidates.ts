import { readPsk } from '../keymaterial/secret-text.ts';
import type { CandidatePsk } from '../model/key-material.ts';
import { UsageError } from './errors.ts';
import type { SharedOptions } from './options.ts';

/** The keys to try that the command line names, in its order; those of --psk-file come with their file. */
export function typedCandidates(options: SharedOptions): readonly CandidatePsk[] {
  return options.psks.map((text, index) => {
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
