import type { AnalysisReport } from '../model/report.ts';
import { jsonLine } from './json.ts';

/**
 * One JSON object a line: the verdict first, then inputs, routers, negotiations and findings. `record` says which one
 * a line is; the rest is as in `ike-autopsy/analysis@1`. Excerpts are left to the whole document.
 */
export function* renderNdjson(report: AnalysisReport): Generator<string> {
  const { schema, tool, verdict, inputs, routers, negotiations, findings } = report;
  yield line({ record: 'verdict', schema, tool, ...verdict });
  for (const input of inputs) yield line({ record: 'input', ...input });
  for (const router of routers) yield line({ record: 'router', ...router });
  for (const negotiation of negotiations) yield line({ record: 'negotiation', ...negotiation });
  for (const finding of findings) yield line({ record: 'finding', ...finding });
}

const line = (record: object): string => `${jsonLine(record)}\n`;
