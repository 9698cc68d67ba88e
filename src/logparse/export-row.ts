import { newEnvelope, readEnvelope } from './envelope.ts';

/** Rows that a collector or a log viewer exports: CSV, JSON objects, and the columns of ASDM. */

const longestRow = 4096;
const mostCells = 64;
const deepest = 4;
const nameColumns: ReadonlySet<string> = new Set([
  'host',
  'host.name',
  'hostname',
  'source',
  'device',
  'devname',
  'logsource',
  'sender',
]);
const messageColumns: readonly string[] = [
  'message',
  'msg',
  '_raw',
  'raw',
  'log',
  'text',
  'event.original',
  'syslog_message',
];
const namesMessage: RegExp = new RegExp(
  String.raw`(?<!\w)(?:${messageColumns.join('|').replaceAll('.', String.raw`\.`)})\b`,
  'i',
);

const envelope = newEnvelope();
const namePattern = /^[A-Za-z0-9][\w.-]{0,62}$|^[0-9A-Fa-f:.]{3,45}$/;
const isoTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?$/;

/** The text begins with a message of a router, after what relays write. */
function isMessage(text: string): boolean {
  readEnvelope(text, 0, text.length, envelope);
  return envelope.family !== 'none' && envelope.family !== 'other';
}

/** The line as a relay would have written it. */
function asRelayed(message: string, host: string, time: string): string {
  readEnvelope(message, 0, message.length, envelope);
  if (envelope.host !== '' || !namePattern.test(host)) return message;
  const when = isoTime.test(time) ? time.replace(' ', 'T').replace(',', '.') : null;
  return when === null ? message : `${when} ${host} ${message}`;
}

/** The cells of a row; null if it is none. */
function cellsOf(row: string): readonly string[] | null {
  const cells: string[] = [];
  let at = 0;
  while (cells.length < mostCells) {
    if (row[at] === '"') {
      let cell = '';
      for (;;) {
        const close = row.indexOf('"', at + 1);
        if (close < 0) return null;
        cell += row.slice(at + 1, close);
        at = close + 1;
        if (row[at] !== '"') break;
        cell += '"';
      }
      cells.push(cell);
    } else {
      const comma = row.indexOf(',', at);
      const end = comma < 0 ? row.length : comma;
      const cell = row.slice(at, end);
      if (cell.includes('"')) return null;
      cells.push(cell);
      at = end;
    }
    if (at >= row.length) return cells;
    if (row[at] !== ',') return null;
    at++;
  }
  return null;
}

/** Every text in an object, under the names that lead to it. */
function* textsOf(value: unknown, name: string, depth: number): Generator<[string, string]> {
  if (typeof value === 'string') yield [name, value];
  if (value === null || typeof value !== 'object' || depth === deepest) return;
  for (const [key, inner] of Object.entries(value as Record<string, unknown>))
    yield* textsOf(
      inner,
      name === '' || key === 'name' ? `${name}${name && '.'}${key}` : key,
      depth + 1,
    );
}

/** At most two of what closes an array and leads to its next object. */
function closes(tail: string): boolean {
  let marks = 0;
  for (const letter of tail) {
    if (letter === ']' || letter === ',') marks++;
    else if (letter.trim() !== '') return false;
  }
  return marks <= 2;
}

/** The object of a row, which may be one of an array. */
function objectIn(row: string): unknown {
  let text = row.trim();
  if (text.startsWith('[') || text.startsWith(',')) text = text.slice(1).trimStart();
  const end = text.lastIndexOf('}') + 1;
  if (!text.startsWith('{') || !closes(text.slice(end))) return null;
  try {
    return JSON.parse(text.slice(0, end));
  } catch {
    return null;
  }
}

function fromJson(row: string): string | null {
  const value = objectIn(row);
  let message: string | null = null;
  let host = '';
  let time = '';
  for (const [name, text] of textsOf(value, '', 0)) {
    if (message === null && isMessage(text)) message = text;
    else if (host === '' && nameColumns.has(name.toLowerCase())) host = text;
    else if (time === '' && isoTime.test(text)) time = text;
  }
  return message === null ? null : asRelayed(message, host, time);
}

/** `4|Nov 12 2023|10:22:33|713903|||||IP = …`, `4 Sep 18 2018 17:40:58 750003 Local:…` */
const columns =
  /^\s*([0-7])[| ]([A-Z][a-z]{2} \d\d? \d{4})[| ](\d\d:\d\d:\d\d)[| ](\d{6})(?:(?:\|[^|]{0,64}){4}\||\s)\s*(?=\S)/;

function fromViewer(row: string): string | null {
  const found = columns.exec(row);
  if (!found) return null;
  const [whole, severity, day, clock, number] = found;
  return `${day!} ${clock!}: %ASA-${severity!}-${number!}: ${row.slice(whole.length)}`;
}

export class ExportRows {
  /** Names of the columns, once a row told them. */
  private header: readonly string[] | null = null;

  /** The line of the router in this row, as a relay would have written it; null if it is no row. */
  unwrap(row: string): string | null {
    if (row.length > longestRow) return null;
    let at = 0;
    while (row.charCodeAt(at) === 0x20) at++;
    const first = row[at] ?? '';
    if (first === '{' || ((first === '[' || first === ',') && row.includes('{')))
      return fromJson(row);
    if (first >= '0' && first <= '7' && (row[at + 1] === '|' || row[at + 1] === ' ')) {
      const line = fromViewer(row);
      if (line !== null) return line;
    }
    return row.includes(',') ? this.fromCsv(row.trim()) : null;
  }

  private fromCsv(row: string): string | null {
    // Without names of columns a message is known by its quotes; the names themselves hold no blanks.
    if (this.header === null && !row.includes(',"') && row.includes(' ')) return null;
    const cells = cellsOf(row);
    if (cells === null || cells.length < 2) return null;
    if (cells.every((cell) => /^[\w@.]{1,40}$/.test(cell)) && namesMessage.test(row)) {
      if (cells.some((cell) => messageColumns.includes(cell.toLowerCase()))) this.header = cells;
      return null;
    }
    const { header } = this;
    const at = cells.findIndex((cell) => isMessage(cell));
    if (at < 1 || (header !== null && header.length !== cells.length)) return null;
    const cellUnder = (isName: (name: string) => boolean): string =>
      cells[header?.findIndex((name) => isName(name.toLowerCase())) ?? -1] ?? '';
    const time = cells.find((cell) => isoTime.test(cell)) ?? '';
    return asRelayed(
      cells[at]!,
      cellUnder((name) => nameColumns.has(name)),
      time,
    );
  }
}
