import type { AnalysisReport } from '../../model/report.ts';
import type { Command } from '../command.ts';
import { exitCodeOf, redactionOf, writeReport } from '../report.ts';
import { readReport } from '../saved-report.ts';
import { evidencePaths, readSharedOptions } from '../options.ts';

/** A saved report in another form. */
export const renderCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  const [path = '-'] = evidencePaths(args, 'report');
  const saved: AnalysisReport = await readReport(path, io);
  const { redactReport } = await import('../../redact/report.ts');
  const report = redactReport(saved, redactionOf(args));
  await writeReport(report, options, [path], io);
  return exitCodeOf(report);
};
