import { stringify, type Options } from 'csv-stringify/sync';

import type { EvidencePlace } from '../model/evidence.ts';
import type { AnalysisReport, Negotiation } from '../model/report.ts';
import { safeText } from './safe-text.ts';

export type CsvFiles = {
  readonly findings: string;
  readonly negotiations: string;
  readonly timeline: string;
};

type Cell = string | number | boolean | null | undefined;

/** RFC 4180. A cell that a spreadsheet would run as a formula is neutralised. */
const OPTIONS: Options = { escape_formulas: true, record_delimiter: 'windows' };

type Columns<Row> = readonly (readonly [string, (row: Row) => Cell])[];

/** Rows that are written at once: each piece costs a stringifier of its own. */
const ROWS = 512;

/** Rows that come one by one. */
export type CsvWriter<Row> = {
  /** What is written now; empty while the row waits for others. */
  row(row: Row): string;
  end(): string;
};

/** One record per row, a header first, columns in the order of the first argument. */
export function createCsvWriter<Row>(columns: Columns<Row>): CsvWriter<Row> {
  let records: string[][] = [columns.map(([header]) => header)];
  const flush = (): string => {
    const text = stringify(records, OPTIONS);
    records = [];
    return text;
  };
  return {
    row: (row) => {
      records.push(columns.map(([, read]) => cell(read(row))));
      return records.length < ROWS ? '' : flush();
    },
    end: () => (records.length === 0 ? '' : flush()),
  };
}

/** As `createCsvWriter`, in pieces. */
export function* csvPieces<Row>(columns: Columns<Row>, rows: Iterable<Row>): Generator<string> {
  const writer = createCsvWriter(columns);
  for (const row of rows) {
    const piece = writer.row(row);
    if (piece !== '') yield piece;
  }
  yield writer.end();
}

/** As `csvPieces`, in one. */
export function toCsv<Row>(columns: Columns<Row>, rows: readonly Row[]): string {
  return [...csvPieces(columns, rows)].join('');
}

function cell(value: Cell): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? safeText(value) : String(value);
}

export function renderCsv(report: AnalysisReport): CsvFiles {
  const paths = new Map(report.inputs.map((input) => [input.id, input.path]));
  const path = (id: string): string => paths.get(id) ?? id;
  const place = (at: EvidencePlace): string => {
    if (at.line !== undefined) return `${path(at.input)}:${at.line}`;
    if (at.frame !== undefined) return `${path(at.input)} frame ${at.frame}`;
    return path(at.input);
  };
  return {
    findings: toCsv(
      [
        ['id', (f) => f.id],
        ['severity', (f) => f.severity],
        ['confidence', (f) => f.confidence],
        ['negotiations', (f) => f.negotiations.join(' ')],
        ['title', (f) => f.title],
        ['explanation', (f) => f.explanation],
        ['evidence', (f) => f.evidence.map((e) => `${place(e)} ${e.text}`).join(' | ')],
        ['remedy', (f) => f.remedies[0]?.text],
        ['remedyRouter', (f) => f.remedies[0]?.router],
        ['remedyConfig', (f) => f.remedies[0]?.config],
        ['remedyVerified', (f) => f.remedies[0]?.verified],
        ['settle', (f) => f.settle.join(' | ')],
      ],
      report.findings,
    ),
    negotiations: toCsv<Negotiation>(
      [
        ['id', (n) => n.id],
        ['router', (n) => n.router],
        ['role', (n) => n.role],
        ['pairedWith', (n) => n.pairedWith.join(' ')],
        ['ikeVersion', (n) => n.ikeVersion],
        ['exchange', (n) => n.exchange],
        ['localAddress', (n) => n.localAddress],
        ['peerAddress', (n) => n.peerAddress],
        ['fvrf', (n) => n.fvrf],
        ['connId', (n) => n.connId],
        ['initiatorCookie', (n) => n.initiatorCookie],
        ['responderCookie', (n) => n.responderCookie],
        ['frames', (n) => n.frames.join(' ')],
        ['auth', (n) => n.auth],
        ['encryption', (n) => n.transform?.encryption],
        ['hash', (n) => n.transform?.hash],
        ['group', (n) => n.transform?.group],
        ['phase1', (n) => n.phase1],
        ['phase2', (n) => n.phase2],
        ['outcome', (n) => n.outcome],
        ['failingStep', (n) => n.failingStep],
        ['verdict', (n) => n.verdict],
        ['divergence', (n) => n.divergence?.text],
        ['firstTime', (n) => n.timeline.find((item) => item.time !== null)?.time],
      ],
      report.negotiations,
    ),
    timeline: toCsv(
      [
        ['negotiation', (row) => row.negotiation],
        ['time', (row) => row.item.time],
        ['clock', (row) => row.item.clock],
        ['referenceMs', (row) => row.item.referenceMs],
        ['kind', (row) => row.item.kind],
        ['step', (row) => row.item.step],
        ['text', (row) => row.item.text],
        ['input', (row) => path(row.item.input)],
        ['line', (row) => row.item.line],
        ['frame', (row) => row.item.frame],
      ],
      report.negotiations.flatMap((n) => n.timeline.map((item) => ({ negotiation: n.id, item }))),
    ),
  };
}
