import { analyzeInputs } from '../../analyze.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { readEvidence } from '../evidence.ts';
import { protectInputs, writeWhole } from '../files.ts';
import { evidencePaths, readSharedOptions, single } from '../options.ts';
import { withCaseSettings } from '../read-input.ts';
import { analyzeOptions, exitCodeOf, redactionOf, writeReport } from '../report.ts';
import { screenCandidates } from '../screening.ts';

export const analyzeCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  const paths = evidencePaths(args, 'evidence');
  const redaction = redactionOf(args);
  const zip = single(args, 'bundle');
  if (options.output !== '-') protectInputs(options.output, paths, io);
  if (zip !== null) protectInputs(zip, paths, io);
  if (zip !== null && paths.includes('-')) {
    throw new UsageError('--bundle reads the evidence twice, which standard input does not allow');
  }
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
  if (zip !== null) {
    const { bundle } = await import('../bundle.ts');
    const { candidates } = settings;
    const { showSecrets } = options;
    writeWhole(zip, await bundle({ report, inputs, candidates, redaction, showSecrets }, io), io);
  }
  return exitCodeOf(report);
};
