/** One line of a hex dump: the offset or address before it, and its octets. */
export type HexLine = {
  readonly address: number;
  readonly octets: readonly number[];
};

/** Longer lines are no hex dump. */
const maxLineLength = 1024;

/** What a pager leaves at the start of a line: IOS and ASA print it, then go back over it. */
const pager = /^[ \b\r]*(?:--|<---) ?More ?(?:--->|--)[ \b\r]*/i;

/** The line as it looked on the screen. */
export function withoutPager(line: string): string {
  return line.includes('More') || line.includes('more') ? line.replace(pager, '') : line;
}

/** Offset (`0010`, `0x0010:`, `0D98B860:`), quoted in a mail or not, then at least one group of octets. */
const linePattern = /^[ \t>]*(?:0[xX])?([0-9A-Fa-f]{2,16})(?::[ \t]*|[ \t]+)(?=[0-9A-Fa-f]{2})/;

/** Octets in the first half of a `hexdump -C` or Wireshark line, after which a wider gap stands. */
const half = 8;

/**
 * Reads a line of text2pcap, Wireshark, tcpdump, `hexdump -C`, IOS `show monitor capture` or ASA `show capture`: they differ in
 * how many octets make a group, and end their octets with a gap before the column of characters. Null: it is none.
 */
export function readHexLine(line: string): HexLine | null {
  if (line.length > maxLineLength) return null;
  const start = linePattern.exec(line);
  if (start === null) return null;
  const octets: number[] = [];
  let at = start[0].length;
  let groups = 0;
  for (;;) {
    const end = endOfHex(line, at);
    const digits = end - at;
    const isGroup = digits >= 2 && digits % 2 === 0 && (end === line.length || isBlank(line, end));
    if (!isGroup) break;
    for (let place = at; place < end; place += 2) {
      octets.push(Number.parseInt(line.slice(place, place + 2), 16));
    }
    groups += 1;
    let next = end;
    while (next < line.length && isBlank(line, next)) next += 1;
    const gap = next - end;
    const isMiddle = gap === 2 && groups === half && octets.length === half;
    if (gap !== 1 && !isMiddle) break;
    if (line[end] === '\t') break;
    at = next;
  }
  return octets.length === 0 ? null : { address: Number.parseInt(start[1]!, 16), octets };
}

function isBlank(line: string, at: number): boolean {
  return line[at] === ' ' || line[at] === '\t';
}

function endOfHex(line: string, from: number): number {
  let at = from;
  while (at < line.length) {
    const code = line.charCodeAt(at);
    const isDigit = code >= 48 && code <= 57;
    const isLetter = (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
    if (!isDigit && !isLetter) break;
    at += 1;
  }
  return at;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const clock = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2}):(?<second>\d{2})(?:\.(?<fraction>\d{1,9}))?`;
const stampPatterns: readonly RegExp[] = [
  // IOS: 13:35:46.019 UTC Nov 29 2025 : IPv4 LES CEF    : Gi0/0 None
  new RegExp(
    String.raw`^[*.]?${clock} [A-Za-z]{2,5} (?<month>[A-Z][a-z]{2}) {1,2}(?<day>\d{1,2}) (?<year>\d{4})(?: : (?<path>[^:]{1,40}?) *: (?<port>\S{1,40}) \S*)?`,
  ),
  // tcpdump -tttt, text2pcap preambles
  new RegExp(
    String.raw`^[\s>]*(?:[IO] )?(?<year>\d{4})-(?<monthNumber>\d{2})-(?<day>\d{2})[ T]${clock}`,
  ),
  // ASA: the number of the packet, then the time of day; tcpdump: the time of day.
  new RegExp(String.raw`^[\s>]*(?:\d{1,9}: )?${clock}(?= )`),
  // tcpdump -tt
  /^(?<epoch>\d{9,10})\.(?<fraction>\d{1,9}) /,
  // IOS XE, `buffer detailed`: number, size, seconds since the first packet; Wireshark prints no size there.
  /^[\s>]*\d{1,9} {1,20}(?:\d{1,6} {1,20})?(?<since>\d{1,9})\.(?<fraction>\d{1,9}) {1,20}[0-9A-Fa-f:.]{2,45} /,
  // FortiGate: seconds since the first packet, interface, direction.
  /^[\s>]*(?<since>\d{1,9})\.(?<fraction>\d{1,9}) \S{1,40} (?:in|out|--) /,
];

/** A row of a list of packets, whose first columns may look like octets. */
export function isTableRow(line: string): boolean {
  return line.length <= maxLineLength && tableRow.test(line);
}

const tableRow = /^[\s>]*\d{1,9} {1,20}\d{1,6} {1,20}\d{1,9}\.\d{6} {1,20}\S{1,45} {1,20}-> /;

export type Stamp = {
  readonly timeNs: bigint;
  /** Without a date the time counts from 1970-01-01. */
  readonly hasDate: boolean;
  /** Interface of an IOS header line. */
  readonly port: string | null;
};

/** The time that a line before a packet tells, read as if it were UTC; null when it tells none. */
export function readStamp(line: string): Stamp | null {
  if (line.length > maxLineLength) return null;
  for (const pattern of stampPatterns) {
    const found = pattern.exec(line)?.groups;
    if (found === undefined) continue;
    const fraction = BigInt((found['fraction'] ?? '').padEnd(9, '0'));
    const seconds = found['epoch'] ?? found['since'];
    if (seconds !== undefined) {
      return {
        timeNs: BigInt(seconds) * 1_000_000_000n + fraction,
        hasDate: found['epoch'] !== undefined,
        port: null,
      };
    }
    const month =
      found['month'] === undefined
        ? Number(found['monthNumber'] ?? 1) - 1
        : months.indexOf(found['month'].toLowerCase());
    const ms = Date.UTC(
      Number(found['year'] ?? 1970),
      month,
      Number(found['day'] ?? 1),
      Number(found['hour']),
      Number(found['minute']),
      Number(found['second']),
    );
    if (month < 0 || Number.isNaN(ms)) continue;
    return {
      timeNs: BigInt(ms) * 1_000_000n + fraction,
      hasDate: found['year'] !== undefined,
      port: found['port'] ?? null,
    };
  }
  return null;
}
