import { analyzeInputs } from '../../analyze.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { readEvidence } from '../evidence.ts';
import { protectInputs } from '../files.ts';
import { evidencePaths, readSharedOptions } from '../options.ts';
import { withCaseSettings } from '../read-input.ts';
import { analyzeOptions, exitCodeOf, redactionOf, writeReport } from '../report.ts';
import { screenCandidates } from '../screening.ts';

export const analyzeCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  const paths = evidencePaths(args, 'evidence');
  const redaction = redactionOf(args);
  if (options.output !== '-') protectInputs(options.output, paths, io);
  if (options.format === 'csv' && options.output === '-') {
    throw new UsageError('--format csv writes three files; name a folder for them with -o DIR');
  }
  const inputs = await readEvidence(paths, options, io);
  const settings = analyzeOptions(withCaseSettings(options, inputs));
  const evidence = inputs.map(({ input }) => input);
  const screening = await screenCandidates(evidence, settings.candidates, options, io);
  const whole = analyzeInputs(inputs, { ...settings, ...(screening && { screening }) });
  const isRedacted = redaction.addresses || redaction.names;
  const report = isRedacted
    ? (await import('../../redact/report.ts')).redactReport(whole, redaction)
    : whole;
  await writeReport(report, options, paths, io);
  return exitCodeOf(report);
};
