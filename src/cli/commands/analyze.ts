import { join } from 'node:path';
import { analyzeInputs, type AnalyzeOptions } from '../../analyze.ts';
import type { AnalysisReport } from '../../model/report.ts';
import { typedCandidates } from '../candidates.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../errors.ts';
import { readEvidence } from '../evidence.ts';
import { exitCodes } from '../exit-codes.ts';
import { makeFolder, protectInputs, writeWhole } from '../files.ts';
import type { Io } from '../io.ts';
import { evidencePaths, readSharedOptions, type SharedOptions } from '../options.ts';

export const analyzeCommand: Command = async (args, io) => {
  const options = readSharedOptions(args, io);
  const paths = evidencePaths(args, 'evidence');
  if (options.output !== '-') protectInputs(options.output, paths, io);
  if (options.format === 'csv' && options.output === '-')
    throw new UsageError('--format csv writes three files; name a folder for them with -o DIR');
  const inputs = await readEvidence(paths, options, io);
  const report = analyzeInputs(inputs, analyzeOptions(options));
  await write(report, options, paths, io);
  return exitCodeOf(report);
};

export function analyzeOptions(options: SharedOptions): AnalyzeOptions {
  return {
    candidates: typedCandidates(options),
    peer: options.peer,
    since: options.since,
    until: options.until,
    tz: options.tz,
    showSecrets: options.showSecrets,
  };
}

export function exitCodeOf(report: AnalysisReport): number {
  return report.findings.some(({ severity }) => severity === 'failure')
    ? exitCodes.failureFound
    : exitCodes.noFailure;
}

async function write(
  report: AnalysisReport,
  options: SharedOptions,
  paths: readonly string[],
  io: Io,
): Promise<void> {
  if (options.format === 'csv') {
    const { renderCsv } = await import('../../report/csv.ts');
    makeFolder(options.output, io);
    for (const [name, content] of Object.entries(renderCsv(report))) {
      const file = join(options.output, `${name}.csv`);
      protectInputs(file, paths, io);
      writeWhole(file, content, io);
    }
    return;
  }
  const text = await render(report, options, io);
  if (options.output === '-') await io.stdout.write(text);
  else writeWhole(options.output, text, io);
}

/** The report in the format asked for, each renderer loaded only when needed. */
export async function render(
  report: AnalysisReport,
  options: SharedOptions,
  io: Io,
): Promise<string> {
  switch (options.format) {
    case 'json':
      return (await import('../../report/json.ts')).renderJson(report);
    case 'ndjson':
      return (await import('../../report/ndjson.ts')).renderNdjson(report);
    case 'md':
      return (await import('../../report/markdown.ts')).renderMarkdown(report);
    case 'html':
      return (await import('../../report/html/report.ts')).renderHtml(report);
    default: {
      const [{ renderText }, { makePalette }] = await Promise.all([
        import('../../report/text/report.ts'),
        import('../../report/palette.ts'),
      ]);
      const columns = options.output === '-' ? io.stdout.columns : 80;
      return renderText(report, {
        columns,
        palette: makePalette(options.color),
        quiet: options.quiet,
      });
    }
  }
}
