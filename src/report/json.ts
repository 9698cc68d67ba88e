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

/** A list of a document in pieces, one record a line: a long one is longer than the longest string. */
export function* jsonList(key: string, items: Iterable<string>, end: string): Generator<string> {
  yield `  "${key}": [`;
  let separator = '\n';
  for (const item of items) {
    yield `${separator}    ${item}`;
    separator = ',\n';
  }
  yield `${separator === '\n' ? '' : '\n  '}]${end}`;
}

/** One JSON value on one line. */
export function jsonLine(value: unknown): string {
  return escapeUnsafe(JSON.stringify(value));
}

/** `ike-autopsy/analysis@1`. The same report gives the same bytes. */
export function renderJson(report: AnalysisReport): string {
  return stringify(report);
}

/** The same in pieces: the report of a long log is longer than the longest string. */
export function* jsonPieces(report: AnalysisReport): Generator<string> {
  // Down to the fields of a negotiation and the lines of the excerpts.
  yield* piecesOf(report, '', 3);
  yield '\n';
}

function* piecesOf(value: unknown, indent: string, levels: number): Generator<string> {
  const isArray = Array.isArray(value);
  const entries =
    levels > 0 && typeof value === 'object' && value !== null
      ? Object.entries(value).filter(([, item]) => isArray || item !== undefined)
      : [];
  if (entries.length === 0) {
    yield escapeUnsafe(JSON.stringify(value, null, 2)).replaceAll('\n', `\n${indent}`);
    return;
  }
  const inner = `${indent}  `;
  let separator = isArray ? '[' : '{';
  for (const [key, item] of entries) {
    yield `${separator}\n${inner}${isArray ? '' : `${jsonLine(key)}: `}`;
    yield* piecesOf(item, inner, levels - 1);
    separator = ',';
  }
  yield `\n${indent}${isArray ? ']' : '}'}`;
}
