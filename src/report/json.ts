import type { AnalysisReport } from '../model/report.ts';

/**
 * What `JSON.stringify` leaves as it is although a terminal or an editor obeys it: DEL, C1 controls, separators and
 * bidirectional marks. Escaped, the value stays the same.
 */
const UNSAFE = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

export function escapeUnsafe(json: string): string {
  return json.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A document as JSON: two spaces, a line feed at the end, nothing that a terminal would obey. */
export function stringify(document: unknown): string {
  return `${escapeUnsafe(JSON.stringify(document, null, 2))}\n`;
}

/** `ike-autopsy/analysis@1`. The same report gives the same bytes. */
export function renderJson(report: AnalysisReport): string {
  return stringify(report);
}
