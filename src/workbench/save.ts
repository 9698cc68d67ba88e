import { strToU8, zipSync } from 'fflate';
import type { AnalysisReport } from '../model/report.ts';
import { renderCsv } from '../report/csv.ts';
import { renderHtml } from '../report/html/report.ts';
import { renderJson } from '../report/json.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { renderNdjson } from '../report/ndjson.ts';
import { makePalette } from '../report/palette.ts';
import { renderText } from '../report/text/report.ts';
import type { ReportFormat, SavedFile } from './protocol.ts';

/** Width of a saved text report, as the command line has it where there is no terminal. */
const textColumns = 80;

/** The report as the command line writes it. CSV is three files, so it comes as an archive of them. */
export function saveReport(report: AnalysisReport, format: ReportFormat): SavedFile {
  const file = (end: string, type: string, text: string): SavedFile => ({
    name: `ike-report.${end}`,
    type,
    content: strToU8(text),
  });
  switch (format) {
    case 'text': {
      const palette = makePalette(false);
      return file(
        'txt',
        'text/plain',
        renderText(report, { columns: textColumns, palette, quiet: false }),
      );
    }
    case 'json':
      return file('json', 'application/json', renderJson(report));
    case 'ndjson':
      return file('ndjson', 'application/x-ndjson', [...renderNdjson(report)].join(''));
    case 'md':
      return file('md', 'text/markdown', renderMarkdown(report));
    case 'html':
      return file('html', 'text/html', renderHtml(report));
    case 'csv': {
      const files = Object.entries(renderCsv(report)).map(
        ([name, text]) => [`${name}.csv`, strToU8(text)] as const,
      );
      const content = zipSync(Object.fromEntries(files), { mtime: new Date(1980, 0, 1) });
      return { name: 'ike-report-csv.zip', type: 'application/zip', content };
    }
  }
}
