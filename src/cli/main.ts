import { toolVersion } from '../model/tool.ts';
import { InputError, UsageError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';

/** Runs one command line. Resolves to the exit code; never rejects for a fault of the user's or of an input. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    const code = await run(argv, io);
    await io.stdout.flush();
    return code;
  } catch (error) {
    if (error instanceof UsageError || error instanceof InputError) {
      await io.stderr.tell(`ike-autopsy: ${error.message}`);
      return exitCodes.cannotRun;
    }
    const what = error instanceof Error ? error.message : String(error);
    await io.stderr.tell(
      `ike-autopsy: internal error: ${what}; this is a bug, IKE_AUTOPSY_TRACE=1 shows where`,
    );
    if ((io.env['IKE_AUTOPSY_TRACE'] ?? '') !== '' && error instanceof Error)
      for (const line of (error.stack ?? '').split('\n')) await io.stderr.tell(line);
    return exitCodes.cannotRun;
  }
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  // Answered before anything is loaded: scripts ask for the version often.
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    await io.stdout.write(`${toolVersion}\n`);
    return exitCodes.noFailure;
  }
  const { dispatch } = await import('./dispatch.ts');
  return dispatch(argv, io);
}
