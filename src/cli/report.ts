import { join } from 'node:path';
import type { AnalyzeOptions } from '../analyze.ts';
import type { AnalysisReport } from '../model/report.ts';
import type { Redaction } from '../redact/rename.ts';
import { typedCandidates } from './candidates.ts';
import type { Arguments } from './command.ts';
import { UsageError } from './errors.ts';
import { exitCodes } from './exit-codes.ts';
import { makeFolder, protectInputs, writeWhole } from './files.ts';
import type { Io } from './io.ts';
import { filesRead, list, type SharedOptions } from './options.ts';
import { openResult } from './result.ts';

/** `--redact addresses,names` */
export function redactionOf(args: Arguments): Redaction {
  const words = list(args, 'redact')
    .flatMap((text) => text.split(','))
    .map((word) => word.trim());
  const unknown = words.find((word) => word !== 'addresses' && word !== 'names');
  if (unknown !== undefined)
    throw new UsageError(
      `--redact ${unknown}: choose addresses, names or both, separated by a comma`,
    );
  return { addresses: words.includes('addresses'), names: words.includes('names') };
}

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

/** Throws UsageError when an output would overwrite one of the inputs. */
export async function writeReport(
  report: AnalysisReport,
  options: SharedOptions,
  paths: readonly string[],
  io: Io,
): Promise<void> {
  const read = filesRead(options, paths);
  if (options.format === 'csv') {
    const { renderCsv } = await import('../report/csv.ts');
    makeFolder(options.output, io);
    for (const [name, content] of Object.entries(renderCsv(report))) {
      const file = join(options.output, `${name}.csv`);
      protectInputs(file, read, io);
      writeWhole(file, content, io);
    }
    return;
  }
  const result = openResult(options, paths, io);
  for (const piece of await render(report, options, io)) await result.write(piece);
  await result.close();
}

/** The report in the format asked for, in pieces, each renderer loaded only when needed. */
async function render(
  report: AnalysisReport,
  options: SharedOptions,
  io: Io,
): Promise<Iterable<string>> {
  switch (options.format) {
    case 'json':
      return (await import('../report/json.ts')).jsonPieces(report);
    case 'ndjson':
      return (await import('../report/ndjson.ts')).renderNdjson(report);
    case 'md':
      return [(await import('../report/markdown.ts')).renderMarkdown(report)];
    case 'html':
      return [(await import('../report/html/report.ts')).renderHtml(report)];
    default: {
      const [{ renderText }, { makePalette }] = await Promise.all([
        import('../report/text/report.ts'),
        import('../report/palette.ts'),
      ]);
      const columns = options.output === '-' ? io.stdout.columns : 80;
      const palette = makePalette(options.color);
      return [renderText(report, { columns, palette, quiet: options.quiet })];
    }
  }
}
