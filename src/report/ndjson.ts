import type { AnalysisReport } from '../model/report.ts';
import { escapeUnsafe } from './json.ts';

/**
 * One JSON object a line: the verdict first, then inputs, routers, negotiations and findings. `record` says which one
 * a line is; the rest is as in `ike-autopsy/analysis@1`. Excerpts are left to the whole document.
 */
export function renderNdjson(report: AnalysisReport): string {
  const { schema, tool, verdict, inputs, routers, negotiations, findings } = report;
  const records = [
    { record: 'verdict', schema, tool, ...verdict },
    ...inputs.map((input) => ({ record: 'input', ...input })),
    ...routers.map((router) => ({ record: 'router', ...router })),
    ...negotiations.map((negotiation) => ({ record: 'negotiation', ...negotiation })),
    ...findings.map((finding) => ({ record: 'finding', ...finding })),
  ];
  return records.map((record) => `${escapeUnsafe(JSON.stringify(record))}\n`).join('');
}
