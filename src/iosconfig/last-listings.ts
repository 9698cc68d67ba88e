import { prepareLine } from './lines.ts';
import type { PreparedLine } from './lines.ts';
import { readRow, SHOWN_KEYS } from './show-keys.ts';
import { isPolicyRow, SHOWN_POLICY } from './show-policies.ts';
import { isProfileRow, SHOWN_PROFILE } from './show-profiles.ts';

type Kind = {
  /** Begins the listing, or an entry in it, which is then named. */
  readonly title: RegExp;
  readonly isRow: (text: string) => boolean;
  /** Rows are known only by standing right behind one another. */
  readonly isUnbroken: boolean;
};

const KINDS: readonly Kind[] = [
  {
    title: SHOWN_KEYS,
    isRow: (text) => text === '' || readRow(text) !== null,
    isUnbroken: true,
  },
  { title: SHOWN_POLICY, isRow: isPolicyRow, isUnbroken: false },
  { title: SHOWN_PROFILE, isRow: isProfileRow, isUnbroken: false },
];

type Entry = { readonly name: string | null; readonly lines: Set<PreparedLine> };
type Listing = {
  readonly kind: Kind;
  /** The command asks for a part. */
  readonly isPart: boolean;
  readonly entries: Entry[];
};

const PART = / (?:tag|vrf) | \|/i;

/**
 * Of what one router listed more than once, as before and after a change, the last listing alone. A command that asks
 * for a part takes back only the entries that it names again. `raw` holds the commands, which `lines` do not.
 */
export function lastListings(
  lines: readonly PreparedLine[],
  raw: readonly string[],
): readonly PreparedLine[] {
  const listings = listingsIn(lines, raw);
  const dropped = new Set<PreparedLine>();
  listings.forEach(({ kind, entries }, at) => {
    const later = listings.slice(at + 1).filter((other) => other.kind === kind);
    const isWhole = later.some(({ isPart }) => !isPart);
    const again = new Set(later.flatMap((other) => other.entries.map(({ name }) => name)));
    for (const { name, lines: own } of entries)
      if (isWhole || (name !== null && again.has(name))) for (const line of own) dropped.add(line);
  });
  return dropped.size === 0 ? lines : lines.filter((line) => !dropped.has(line));
}

function listingsIn(lines: readonly PreparedLine[], raw: readonly string[]): readonly Listing[] {
  const out: Listing[] = [];
  let current = null as Listing | null;
  let isPart = false;
  let before = 0;
  for (const line of lines) {
    // Commands and what other output held are no lines of the configuration.
    if (line.line > before + 1) {
      isPart = PART.test(`${commandBefore(line.line, before, raw)} `);
      current = null;
    }
    before = line.line;
    const kind = KINDS.find(({ title }) => title.test(line.text));
    if (kind !== undefined) {
      const name = kind.title.exec(line.text)?.[1]?.toLowerCase() ?? null;
      if (current?.kind !== kind || beginsAgain(current, name)) {
        current = { kind, isPart, entries: [] };
        out.push(current);
      }
      current.entries.push({ name, lines: new Set([line]) });
    } else if (current !== null) {
      const { kind: open, entries }: Listing = current;
      if (open.isRow(line.text)) entries.at(-1)?.lines.add(line);
      else if (open.isUnbroken) current = null;
    }
  }
  return out;
}

/** A title stands once in a listing, and so does each name. */
const beginsAgain = ({ entries }: Listing, name: string | null): boolean =>
  entries.some((entry) => entry.name === name);

/** The last command typed between two lines; empty where none is. */
function commandBefore(line: number, after: number, raw: readonly string[]): string {
  for (let index = line - 2; index >= after; index -= 1) {
    const { exec, text } = prepareLine(raw[index] ?? '', index + 1);
    if (exec && text !== '') return text;
  }
  return '';
}
