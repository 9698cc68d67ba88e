import { toolVersion } from '../model/tool.ts';
import { safeText } from '../report/safe-text.ts';
import { InputError, UsageError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';

/** Runs one command line. Resolves to the exit code; never rejects for a fault of the user's or of an input. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  // Answered before anything is loaded: scripts ask for the version often.
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    await io.stdout.write(`${toolVersion}\n`);
    return exitCodes.noFailure;
  }
  try {
    const { dispatch } = await import('./dispatch.ts');
    return await dispatch(argv, io);
  } catch (error) {
    if (error instanceof UsageError || error instanceof InputError) {
      await io.stderr.write(`ike-autopsy: ${oneLine(error.message)}\n`);
      return exitCodes.cannotRun;
    }
    const trace =
      (io.env['IKE_AUTOPSY_TRACE'] ?? '') === '' || !(error instanceof Error)
        ? ''
        : `${error.stack ?? ''}\n`;
    const what = error instanceof Error ? error.message : String(error);
    await io.stderr.write(
      `ike-autopsy: internal error: ${oneLine(what)}; this is a bug, IKE_AUTOPSY_TRACE=1 shows where\n${trace}`,
    );
    return exitCodes.cannotRun;
  }
}

function oneLine(text: string): string {
  return safeText(text).trim();
}
