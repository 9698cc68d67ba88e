import type { AnalysisReport } from '../model/report.ts';
import { html } from '../report/html/markup.ts';
import { reportParts } from '../report/html/report.ts';
import type { ReportView, SuggestedRepair } from './protocol.ts';

/** The parts of a report as the page shows them, each on its own tab. */
export function reportView(
  report: AnalysisReport,
  repairs: readonly SuggestedRepair[],
): ReportView {
  const parts = reportParts(report);
  const count = (severity: string): number =>
    report.findings.filter((finding) => finding.severity === severity).length;
  const peers = report.negotiations.flatMap((one) => [one.localAddress, one.peerAddress]);
  return {
    title: parts.title,
    verdict: parts.verdict.text,
    filters: parts.filters.text,
    filterRules: parts.filterRules.text,
    ladder:
      parts.attempts === null
        ? html`<p class="card">No negotiation is in the evidence. Paste a debug or drop a capture to see one.</p>`
            .text
        : html`${report.negotiations.length > 2 && parts.incident}${parts.attempts}`.text,
    findings: parts.findings.text,
    evidence: parts.evidence.text,
    inputs: html`${parts.inputs}${parts.unknown}`.text,
    failures: count('failure'),
    warnings: count('warning'),
    peers: [...new Set(peers)].flatMap((address) => address ?? []).sort(),
    repairs,
  };
}
