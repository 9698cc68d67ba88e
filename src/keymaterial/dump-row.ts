/** A row of a hex dump: its offset where it prints one, and its octets. */
export type DumpRow = { readonly offset: number | null; readonly digits: string };

/** Offset, as charon (`   16: `), pluto and hexdump print it. */
const OFFSET = /^\s*(?:0x)?([0-9a-f]{1,8}):\s+/i;

/** Groups of 1, 2, 4, 8 or 16 octets with at most two blanks between, then perhaps a column of text. */
const ROW = /^\s*((?:(?:[0-9a-f]{2}){1,64}(?: {1,2}|\s*$))+)(.*)$/i;

/** A row of nothing but octets and perhaps the text column beside them; null for any other line. */
export function readDumpRow(line: string): DumpRow | null {
  if (line.length > 400) return null;
  const prefix = OFFSET.exec(line);
  const rest = prefix === null ? line : line.slice(prefix[0].length);
  const match = ROW.exec(rest);
  if (match === null) return null;
  const groups = match[1]!.trim().split(/\s+/);
  const width = groups[0]!.length;
  if (groups.slice(0, -1).some((group) => group.length !== width)) return null;
  if (groups.at(-1)!.length > width) return null;
  const digits = groups.join('');
  const column = match[2]!.trim();
  if (column !== '' && column.length > digits.length / 2 + 2) return null;
  return { offset: prefix === null ? null : Number.parseInt(prefix[1]!, 10), digits };
}
