import { decodeText } from '../intake/text.ts';
import type { AnalysisReport } from '../model/report.ts';
import { InputError } from './errors.ts';
import { readSmallFile } from './files.ts';
import type { Io } from './io.ts';

/** A report as `--format json` wrote it. Throws InputError when it is none. */
export async function readReport(path: string, io: Io): Promise<AnalysisReport> {
  const { analysisSchema } = await import('../report/schema/analysis.ts');
  let value: unknown;
  try {
    value = JSON.parse(decodeText(await readSmallFile(path, io)));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(path, 'is no JSON', 'give a report written with --format json');
  }
  const parsed = analysisSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where =
    issue === undefined || issue.path.length === 0
      ? ''
      : ` (at ${issue.path.map(String).join('.')})`;
  throw new InputError(
    path,
    `is no report of this version${where}`,
    'give a report written with analyze --format json',
  );
}
