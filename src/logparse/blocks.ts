import { blockItems, type Item, type ItemField } from './block-items.ts';
import { detach } from './detach.ts';
import type { BlockName } from './message-spec.ts';
import { unsigned32 } from './template.ts';

/**
 * The lines that follow some messages without a tag of their own. They are read as one text without white space,
 * item by item, so that it does not matter where a line was broken. What is no item is foreign.
 */

export type BlockReading = {
  readonly fields: Readonly<Record<string, string | number>>;
  /** Per line that was given: it belongs to the block. */
  readonly belongs: readonly boolean[];
};

type Setting = {
  readonly name: string;
  readonly kind: ItemField['kind'];
  readonly value: string | number;
};

type LinesReading = {
  readonly settings: readonly Setting[];
  /** Per line. */
  readonly belongs: readonly boolean[];
  /** Where the reading ended. */
  readonly end: number;
};

/** Lines as one text without white space, which a line feed ends. */
type Squeezed = {
  readonly lines: readonly string[];
  readonly text: string;
  /** Where each line begins. */
  readonly starts: readonly number[];
};

type Rest = Squeezed & {
  /** What is read from its beginning on. */
  readonly reading: LinesReading;
};

const mostRests = 1 << 9;
const longestRest = 1 << 10;
/** In most blocks the addresses stand in the first line, and those behind it come again and again. */
const rests = new Map<BlockName, Map<string, Rest>>();

/** Reads as much of `lines` as belongs to the block, in the order in which the lines stand. */
export function readBlock(name: BlockName, lines: readonly string[]): BlockReading {
  const items = blockItems[name];
  const rest = restOf(name, lines.slice(1));
  const first = withoutBlanks(lines[0] ?? '');
  const text = first + rest.text;
  const starts = [0, ...rest.starts.map((start) => start + first.length)];
  const all: Squeezed = { lines, text, starts };
  const own = readLines(items, all, 0, first.length);
  // An item may go on in the lines behind.
  const further =
    own.end > first.length ? readLines(items, all, own.end, text.length) : rest.reading;
  const fields: Record<string, string | number> = {};
  for (const setting of own.settings) setField(fields, setting);
  for (const setting of further.settings) setField(fields, setting);
  const offset = further.belongs.length - lines.length;
  const belongs = lines.map((_, i) => own.belongs[i]! || further.belongs[i + offset] === true);
  return { fields, belongs };
}

const withoutBlanks = (line: string): string => line.replace(/\s+/g, '');

function restOf(name: BlockName, lines: readonly string[]): Rest {
  let known = rests.get(name);
  if (!known) rests.set(name, (known = new Map<string, Rest>()));
  const key = lines.join('\n');
  const before = known.get(key);
  if (before) return before;
  const squeezed = squeeze(lines);
  const reading = readLines(blockItems[name], squeezed, 0, squeezed.text.length);
  const rest: Rest = { ...squeezed, reading };
  if (known.size >= mostRests) known.clear();
  if (key.length <= longestRest) known.set(key, rest);
  return rest;
}

function squeeze(lines: readonly string[]): Squeezed {
  const starts: number[] = [];
  let text = '';
  for (const line of lines) {
    starts.push(text.length);
    text += withoutBlanks(line);
  }
  return { lines, text: `${text}\n`, starts };
}

/** What the lines say from `from` on, with the items that begin before `until`. */
function readLines(
  items: readonly Item[],
  squeezed: Squeezed,
  from: number,
  until: number,
): LinesReading {
  const { lines, text, starts } = squeezed;
  const settings: Setting[] = [];
  const belongs = starts.map(() => false);
  const stop = Math.min(until, text.length - 1);
  let at = from;
  while (at < stop) {
    const line = lineAt(starts, at);
    const found = readItem(items, text, at);
    if (!found) {
      at = starts[line + 1] ?? text.length;
      continue;
    }
    const { end, settings: further } = withinLine(items, squeezed, at, found);
    for (let i = line; i < starts.length && starts[i]! < end; i++) belongs[i] = true;
    for (const setting of further)
      settings.push(setting.kind === 'words' ? withBlanks(setting, lines) : setting);
    at = end;
  }
  return { settings, belongs, end: at };
}

/** The item without the first letters of somebody's words in the next line, which may be taken for hexadecimal digits. */
function withinLine(
  items: readonly Item[],
  { text, starts }: Squeezed,
  at: number,
  found: ItemReading,
): ItemReading {
  const { end } = found;
  const border = starts[lineAt(starts, end - 1)]!;
  if (border <= at || end >= text.length - 1 || starts.includes(end)) return found;
  if (readItem(items, text, end)) return found;
  return readItem(items, `${text.slice(0, border)}\n`, at) ?? found;
}

function lineAt(starts: readonly number[], at: number): number {
  let line = 0;
  while (line + 1 < starts.length && starts[line + 1]! <= at) line++;
  return line;
}

type ItemReading = {
  readonly settings: readonly Setting[];
  /** Where the item ends. */
  readonly end: number;
};

/** The item that `text` has at `at`. */
function readItem(items: readonly Item[], text: string, at: number): ItemReading | null {
  const first = text.charCodeAt(at);
  for (const item of items) {
    if (item.first !== 0 && item.first !== first) continue;
    item.pattern.lastIndex = at;
    const found = item.pattern.exec(text);
    if (!found || found[0].length === 0) continue;
    const settings: Setting[] = [];
    item.fields.forEach(({ name, kind }, i) => {
      const value = found[i + 1];
      if (value !== undefined) settings.push({ name, kind, value: valueOf(kind, value) });
    });
    return { settings, end: at + found[0].length };
  }
  return null;
}

function valueOf(kind: ItemField['kind'], value: string): string | number {
  switch (kind) {
    case 'number':
      return Number(value);
    case 'id':
      return unsigned32(value);
    case 'transform':
      return withWords(value);
    case 'list':
    case 'text':
    case 'words':
      return detach(value);
  }
}

/** What comes first stands: a block may quote further ones. */
const isFirstOnly = (kind: ItemField['kind']): boolean =>
  kind === 'text' || kind === 'words' || kind === 'transform';

/** The text as it stands in the lines, with the blanks that it has there. */
function withBlanks(setting: Setting, lines: readonly string[]): Setting {
  const letters = Array.from(String(setting.value), (letter) => letter.replace(/[^\w]/, '\\$&'));
  const found = new RegExp(letters.join('\\s*')).exec(lines.join(''));
  return found ? { ...setting, value: detach(found[0].replace(/\s+/g, ' ')) } : setting;
}

/** `esp-aes 256 esp-sha-hmac` as a router writes it. */
const withWords = (transform: string): string =>
  transform
    .replace(/(?<=[\w-])(?=esp-|ah-|comp-)/g, ' ')
    .replace(/esp-(?:aes|gcm|gmac|seal)(?=\d)/g, '$& ');

function setField(fields: Record<string, string | number>, { name, kind, value }: Setting): void {
  if (isFirstOnly(kind) && name in fields) return;
  fields[name] = kind === 'list' && name in fields ? `${fields[name]!} ${value}` : value;
}
