import { analyze } from '../../src/index.ts';
import { renderCsv } from '../../src/report/csv.ts';
import { renderHtml } from '../../src/report/html/report.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { makePalette } from '../../src/report/palette.ts';
import { renderText } from '../../src/report/text/report.ts';
import { readSample } from './samples.ts';

/** Every golden file of one sample, by its path from the project's root. */
export function goldensOf(sample: string): ReadonlyMap<string, string> {
  const report = analyze(readSample(sample));
  const csv = renderCsv(report);
  const golden = (name: string): string => `test/golden/${sample}/${name}`;
  return new Map([
    [
      `samples/${sample}/expected.txt`,
      renderText(report, { columns: 80, palette: makePalette(false) }),
    ],
    [`samples/${sample}/expected.json`, renderJson(report)],
    [golden('report.md'), renderMarkdown(report)],
    [golden('report.html'), renderHtml(report)],
    [golden('findings.csv'), csv.findings],
    [golden('negotiations.csv'), csv.negotiations],
    [golden('timeline.csv'), csv.timeline],
  ]);
}

/** The README with the diagnosis that it leads with as the program prints it today: the first screen of 02-r2-initiates. */
export function readmeWith(readme: string): string {
  const report = analyze(readSample('02-r2-initiates'));
  const text = renderText(report, { columns: 80, palette: makePalette(false) });
  const screen = text.slice(0, text.indexOf('\nLadder\n')).trimEnd();
  return readme.replace(
    /(```text\n)[^]*?(\n```)/,
    (_all, open: string, close: string) => `${open}${screen}${close}`,
  );
}
