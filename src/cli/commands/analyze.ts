import { resolve } from 'node:path';
import { analyzeInputs, type AnalyzeOptions } from '../../analyze.ts';
import type { AnalysisReport } from '../../model/report.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { readEvidence } from '../evidence.ts';
import { protectInputs, writeWhole } from '../files.ts';
import { evidencePaths, filesRead, readSharedOptions, single } from '../options.ts';
import { withCaseSettings } from '../read-input.ts';
import { analyzeOptions, exitCodeOf, redactionOf, writeReport } from '../report.ts';
import type { Io } from '../io.ts';
import { screenCandidates } from '../screening.ts';
import { boundsAsked } from '../selection.ts';

export const analyzeCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  const paths = evidencePaths(args, 'evidence');
  const redaction = redactionOf(args);
  const zip = single(args, 'bundle');
  const named = filesRead(options, paths);
  protectInputs(options.output, named, io);
  if (zip !== null) checkBundle(zip, options.output, named, io);
  if (options.format === 'csv' && options.output === '-') {
    throw new UsageError('--format csv writes three files; name a folder for them with -o DIR');
  }
  const inputs = await readEvidence(paths, options, io);
  const bounded = withCaseSettings(options, inputs);
  const settings = analyzeOptions(bounded);
  const evidence = inputs.map(({ input }) => input);
  const screening = await screenCandidates(evidence, settings.candidates, options, io);
  const whole = analyzeInputs(inputs, { ...settings, ...(screening && { screening }) });
  const isRedacted = redaction.addresses || redaction.names;
  const report = isRedacted
    ? (await import('../../redact/report.ts')).redactReport(whole, redaction)
    : whole;
  await writeReport(report, options, paths, io);
  await noteNothingLeft(report, settings, io);
  if (zip !== null) {
    const { bundle } = await import('../bundle.ts');
    const { candidates } = settings;
    const { showSecrets } = options;
    writeWhole(
      zip,
      await bundle({ report, inputs, candidates, redaction, showSecrets, options: bounded }, io),
      io,
    );
  }
  return exitCodeOf(report);
};

/** A bound that leaves nothing is more likely mistyped than meant, and nothing found is then no good news. */
async function noteNothingLeft(
  { negotiations }: AnalysisReport,
  settings: AnalyzeOptions,
  io: Io,
): Promise<void> {
  const asked = boundsAsked(settings);
  if (negotiations.length > 0 || asked.length === 0) return;
  await io.stderr.tell(`ike-autopsy: ${asked.join(' and ')} left no negotiation to examine`);
}

function checkBundle(zip: string, output: string, inputs: readonly string[], io: Io): void {
  if (zip === '-')
    throw new UsageError('--bundle -: a ZIP is not written to standard output; name a file');
  if (inputs.includes('-'))
    throw new UsageError('--bundle reads the evidence twice, which standard input does not allow');
  protectInputs(zip, inputs, io);
  if (resolve(io.cwd, zip) === resolve(io.cwd, output))
    throw new UsageError(`${zip}: is named by -o and by --bundle; name two files`);
}
