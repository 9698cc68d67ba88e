import { noneLeft } from '../labels.ts';
import type { Palette } from '../palette.ts';
import { safeText } from '../safe-text.ts';
import { drawTable, type Cell } from '../text/table.ts';
import {
  UNDECIDABLE,
  type KeysDocument,
  type KeysExchange,
  type MatrixRow,
  type ProvenKey,
} from './document.ts';

export type KeysTextOptions = {
  readonly palette: Palette;
  /** Whether only some of the exchanges are told. */
  readonly isPart: boolean;
  /** Width of the terminal, in columns. */
  readonly columns: number;
};

/** Candidates shown one by one; with more, only those that decide something are, and the rest are counted. */
const MOST_ROWS = 20;

/** The matrix of candidates as tables, one an exchange, each after what is proven and why. */
export function keysText(document: KeysDocument, options: KeysTextOptions): string {
  if (document.exchanges.length === 0)
    return options.isPart ? `${noneLeft('exchange')}\n` : 'No IKE exchange is in the capture.\n';
  const parts = document.exchanges.map((exchange) => exchangeText(exchange, options));
  return `${parts.join('\n\n')}\n`;
}

function exchangeText(exchange: KeysExchange, { palette, columns }: KeysTextOptions): string {
  const { initiator, responder } = exchange;
  const version = exchange.version === 1 ? `IKEv1 ${exchange.mode} mode` : 'IKEv2';
  const head = `${exchange.id}  ${version}  ${initiator.address}:${initiator.port} > ${responder.address}:${responder.port}  ${initiator.cookie}/${responder.cookie}`;
  const lines = [palette.strong(safeText(head)), safeText(exchange.why)];
  for (const side of ['initiator', 'responder'] as const) {
    const key = exchange.proven[side];
    if (key !== null) lines.push(safeText(provenText(side, key)));
  }
  for (const reading of exchange.garbage) {
    lines.push(
      safeText(
        `Frame ${reading.frame} as read with ${reading.candidate}: reserved octet ${reading.reserved}${reading.reserved === 0 ? '' : ' (not zero)'}, next payload ${reading.nextPayload}, length ${reading.payloadLength}; octets ${reading.firstOctets}${reading.trueOctets === null ? '' : `, in truth ${reading.trueOctets}`}`,
      ),
    );
  }
  const rows = exchange.matrix;
  const shown =
    rows.length <= MOST_ROWS ? rows : rows.filter(({ verdict }) => verdict === 'verified');
  if (shown.length > 0) lines.push('', matrixTable(shown, columns, palette));
  const hidden = rows.length - shown.length;
  if (hidden > 0)
    lines.push(palette.faint(`${hidden} more tests, none of which fits: ${countText(rows)}`));
  return lines.join('\n');
}

function matrixTable(rows: readonly MatrixRow[], columns: number, palette: Palette): string {
  const cells = rows.map((row): readonly Cell[] => [
    row.side,
    safeText(row.candidate),
    row.token,
    {
      text: row.verdict,
      paint:
        row.verdict === 'verified'
          ? palette.good
          : row.verdict === 'refuted'
            ? palette.failure
            : palette.faint,
    },
    row.by ?? '',
    row.frame === null ? '' : `${row.frame}`,
  ]);
  return drawTable(['side', 'candidate', 'key', 'verdict', 'by', 'frame'], cells, columns, palette);
}

function countText(rows: readonly MatrixRow[]): string {
  const count = (verdict: MatrixRow['verdict']): number =>
    rows.filter((row) => row.verdict === verdict).length;
  return `${count('refuted')} refuted, ${count('not-testable')} not testable`;
}

function provenText(side: string, key: ProvenKey): string {
  const value = `The ${side} used ${key.token} (${key.labels.join(', ')})`;
  if (key.keyring === null) return `${value}.`;
  const holders = key.keyrings
    .map(({ router, keyring }) => (router === null ? keyring : `${router} ${keyring}`))
    .join(', ');
  return key.keyring === UNDECIDABLE
    ? `${value}. Several keyrings hold that value (${holders}): which one it came from is ${UNDECIDABLE}.`
    : `${value}, which only ${holders} holds.`;
}
