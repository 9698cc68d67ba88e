import { readBlock, type BlockReading } from './blocks.ts';
import { detach } from './detach.ts';
import {
  matchBare,
  matchHead,
  matchSpec,
  matchSqueezed,
  matchText,
  specsLike,
  squeeze,
  squeezeOn,
  type Fields,
  type Match,
} from './matcher.ts';
import type { BlockName, MessageFamily, MessageSpec } from './message-spec.ts';
import type { Paste } from './paste-width.ts';
import { splitRemark } from './remark.ts';
import { maskSecrets } from './secrets.ts';
import { breaksWord } from './vocabulary.ts';

/** A physical line after cleaning, without its envelope if it had one. */
export type Piece = {
  readonly line: number;
  /** Begins with a blank where the line before was cut in front of that. */
  readonly text: string;
  /** Length of the physical line as it stood, without blanks at its end: where they are, no word was cut. */
  readonly width: number;
};

/** What a group of lines was found to say. */
export type Reading =
  | {
      readonly kind: 'message';
      readonly match: Match;
      readonly family: MessageFamily;
      readonly fields: Fields;
      readonly line: number;
      readonly lastLine: number;
      readonly damaged: boolean;
    }
  | { readonly kind: 'unmatched'; readonly piece: Piece; readonly tagged: boolean };

/** No message was ever cut into more lines than this. */
const mostPieces = 12;

/** A line break between two pieces is believable: the line was full, or the next word did not fit any more. */
function breaksThere(before: Piece, after: Piece, paste: Paste): boolean {
  return before.width >= paste.width() - 1 || lacksRoom(before, after, paste);
}

/** The next word did not fit any more. */
function lacksRoom(before: Piece, after: Piece, paste: Paste): boolean {
  const word = /^\s*(\S+)/.exec(after.text)?.[1] ?? '';
  return before.width + 1 + word.length > paste.width();
}

/** The line was not full, but had no room for the next word: a terminal would have broken that. */
export function keepsWord(before: Piece, after: Piece, paste: Paste): boolean {
  return before.width < paste.width() - 1 && lacksRoom(before, after, paste);
}

/** A line that is exactly full was cut by a terminal, wherever that was; a shorter one was broken at a blank. */
function isTight(before: Piece, after: Piece, paste: Paste): boolean {
  if (before.width < paste.width() || /\s$/.test(before.text) || /^\s/.test(after.text))
    return false;
  return breaksWord(before.text, after.text) ?? !paste.keepsWords();
}

/** All ways to join pieces with or without a blank, the likelier first. */
function* joins(pieces: readonly Piece[], paste: Paste): Generator<string> {
  const gaps = pieces.length - 1;
  if (gaps > 5) {
    yield pieces.map((piece) => piece.text.trim()).join(' ');
    return;
  }
  let preferred = 0;
  for (let i = 0; i < gaps; i++) {
    const before = pieces[i]!;
    const after = pieces[i + 1]!;
    if (isTight(before, after, paste)) preferred |= 1 << i;
  }
  for (let variant = 0; variant < 1 << gaps; variant++) {
    const tight = variant ^ preferred;
    let text = pieces[0]!.text.trimEnd();
    for (let i = 0; i < gaps; i++)
      text += ((tight >> i) & 1 ? '' : ' ') + pieces[i + 1]!.text.trim();
    yield text;
  }
}

type Found = { readonly spec: MessageSpec; readonly fields: Fields; readonly count: number };

/** The reading of the first pieces that the table supports best. */
function searchJoined(family: MessageFamily, pieces: readonly Piece[], paste: Paste): Found | null {
  let best: Found | null = null;
  let squeezed = squeeze([]);
  const most = Math.min(pieces.length, mostPieces);
  for (let count = 1; count <= most; count++) {
    if (best && count > best.count + 3 && !best.spec.general) break;
    squeezed = squeezeOn(squeezed, pieces[count - 1]!.text);
    const found = matchSqueezed(family, squeezed);
    if (!found) continue;
    if (!best || better(best, found, pieces, count, paste)) best = { ...found, count };
  }
  return best;
}

function better(
  best: Found,
  found: { spec: MessageSpec; fields: Fields },
  pieces: readonly Piece[],
  count: number,
  paste: Paste,
): boolean {
  if (best.spec.general && !found.spec.general) return true;
  if (found.spec.general && !best.spec.general) return false;
  if (found.spec !== best.spec) return found.spec.template.weight > best.spec.template.weight;
  if (Object.keys(found.fields).length > Object.keys(best.fields).length) return true;
  // The same message with a longer last field: only if the line was really broken there.
  if (best.count !== count - 1) return false;
  const last = pieces[count - 1]!;
  return breaksThere(pieces[count - 2]!, last, paste) && !matchBare(last.text.trim());
}

/** A match by squeezed text, given back the white space it had. */
function restore(found: Found, pieces: readonly Piece[], paste: Paste): Match {
  const used = pieces.slice(0, found.count);
  for (const text of joins(used, paste)) {
    const match = matchSpec(found.spec, text);
    if (!match) continue;
    if (used.length === 2) learnBreak(match, used[0]!, used[1]!, paste);
    return match;
  }
  return {
    spec: found.spec,
    fields: found.fields,
    text: detach(used.map((piece) => piece.text.trim()).join(' ')),
  };
}

/** Where the message can be read in one way only, its two lines prove how the paste is broken. */
function learnBreak({ spec, text }: Match, before: Piece, after: Piece, paste: Paste): void {
  const tight = before.text.trimEnd() + after.text.trim();
  const isTight = text === tight;
  if (matchSpec(spec, isTight ? `${before.text.trimEnd()} ${after.text.trim()}` : tight)) return;
  if (isTight) paste.found('in a word');
  else if (keepsWord(before, after, paste)) paste.found('before a word');
}

/** Progress marks of a ping land inside of words. */
function withoutPingMarks(family: MessageFamily, text: string): Match | null {
  // A dot between digits belongs to an address or a time.
  const runs = [...text.matchAll(/(?<![\d.])[.!]{1,100}|[.!]{1,100}(?![\d.])/g)].slice(0, 16);
  for (const run of runs) {
    const shorter = text.slice(0, run.index) + text.slice(run.index + run[0].length);
    const match = matchText(family, shorter) ?? matchText(family, shorter.replace(/\s+/g, ' '));
    if (match && !match.spec.general) return match;
  }
  // A single mark of a run may belong to the message, as in `accepted!`.
  for (const run of runs) {
    for (let length = 1; length < Math.min(run[0].length, 6); length++) {
      const shorter = text.slice(0, run.index) + text.slice(run.index + length);
      const match = matchText(family, shorter);
      if (match && !match.spec.general) return match;
    }
  }
  return null;
}

/** What follows may be somebody's words: not the end of a word or a number alone. */
function mayBeProse(text: string, cut: number): boolean {
  return !/^\w\w/.test(text.slice(cut - 1, cut + 1)) || /\S\s+\S/.test(text.slice(cut));
}

/** Somebody's words stand between two parts of a broken message: the first part is cut where the table stops agreeing. */
function withoutProse(
  family: MessageFamily,
  pieces: readonly Piece[],
): { match: Match; count: number } | null {
  if (pieces.length < 2) return null;
  const first = pieces[0]!.text;
  const specs = specsLike(family, first.replace(/\s+/g, '')).slice(0, 12);
  if (specs.length === 0) return null;
  const next = pieces[1]!.text.trim();
  for (let cut = Math.min(first.length - 1, 200); cut > 8; cut--) {
    if (!mayBeProse(first, cut)) continue;
    const head = first.slice(0, cut);
    for (const spec of specs) {
      for (const glue of [' ', '']) {
        const match = matchSpec(spec, head.trimEnd() + glue + next);
        if (match) return { match, count: 2 };
      }
    }
  }
  // The words fill whole lines of their own.
  for (let skip = 1; skip <= 3 && skip + 1 < pieces.length; skip++) {
    const rest = pieces[skip + 1]!.text.trim();
    for (const spec of specs) {
      for (const glue of [' ', '']) {
        const match = matchSpec(spec, first.trimEnd() + glue + rest);
        if (match) return { match, count: -(skip + 2) };
      }
    }
  }
  return null;
}

/** The text ends before the message does: the end of the paste, or a copy that lost some letters. */
function asTruncated(family: MessageFamily, text: string): Match | null {
  const squeezed = text.replace(/\s+/g, '');
  if (squeezed.length < 14) return null;
  const likely = specsLike(family, squeezed).filter(
    (spec) => spec.template.squeezedLiteral.length > squeezed.length,
  );
  const only = likely.length === 1 ? likely[0]! : null;
  return only && only.template.fields.length === 0
    ? { spec: only, fields: {}, text: detach(text) }
    : null;
}

function blockOf(name: BlockName, pieces: readonly Piece[]): BlockReading {
  return readBlock(
    name,
    pieces.map((piece) => piece.text),
  );
}

/** What the lines behind `head` say, if that is the head of a block and stands alone on its line, as `text`. */
function blockBehind(head: Match, text: string, rest: readonly Piece[]): BlockReading | null {
  const { block, general, template } = head.spec;
  if (block === undefined || general) return null;
  // Where the head may go on in the next line, that line must be a part of the block.
  const { openEnd, optionalEnd, source } = template;
  const ended = !openEnd || (optionalEnd !== null && text.endsWith(optionalEnd));
  if (!ended && source.endsWith(']')) return null;
  const read = blockOf(block, rest);
  return ended || read.belongs[0] === true ? read : null;
}

/** The head of a block, with no field that could hold a remark or a further message. */
export function isPlainHead({ spec }: Match): boolean {
  return spec.block !== undefined && !spec.general && !spec.template.wide;
}

/**
 * Reads one message from the text behind a tag and the lines that follow without one. Lines may have been broken
 * anywhere; which reading is right is decided by what the message table knows, never by a fixed width.
 */
export function readGroup(
  family: MessageFamily,
  pieces: readonly Piece[],
  paste: Paste,
  out: (reading: Reading) => void,
): void {
  const first = pieces[0]!;
  let rest = pieces.slice(1);
  let match: Match | null = null;
  let block: BlockReading | null = null;
  let lastLine = first.line;
  let damaged = false;

  const whole = first.text === '' ? null : matchText(family, first.text);
  const headed = whole && blockBehind(whole, first.text, rest);
  if (headed) {
    match = whole;
    block = headed;
  }
  const found = match ? null : searchJoined(family, pieces, paste);
  if (found) {
    match = restore(found, pieces, paste);
    lastLine = pieces[found.count - 1]!.line;
    rest = pieces.slice(found.count);
  }
  if (!match || match.spec.general) {
    const repaired = repair(family, pieces);
    if (repaired && (!match || !repaired.match.spec.general)) {
      damaged = true;
      match = repaired.match;
      lastLine = repaired.lastLine;
      rest = repaired.rest;
      for (const piece of repaired.foreign) out({ kind: 'unmatched', piece, tagged: false });
    }
  }
  if (!match) {
    out({ kind: 'unmatched', piece: first, tagged: true });
    readLoose(rest, out);
    return;
  }
  let { fields } = match;
  if (match.spec.block !== undefined && rest.length > 0) {
    const { belongs, fields: further } = block ?? blockOf(match.spec.block, rest);
    if (Object.keys(further).length > 0) fields = { ...fields, ...further };
    rest.forEach((piece, i) => {
      if (belongs[i]) lastLine = Math.max(lastLine, piece.line);
    });
    rest = rest.filter((_, i) => !belongs[i]);
  }
  out({ kind: 'message', match, family, fields, line: first.line, lastLine, damaged });
  if (rest.length > 0) readLoose(rest, out);
}

/** Reads lines of which the first has a stamp but no tag; false if no message is known to stand so. */
export function readUntagged(
  pieces: readonly Piece[],
  paste: Paste,
  out: (reading: Reading) => void,
): boolean {
  if (!searchJoined('bare', pieces, paste)?.spec.stamped) return false;
  readGroup('bare', pieces, paste, out);
  return true;
}

type Repair = {
  readonly match: Match;
  readonly lastLine: number;
  readonly rest: readonly Piece[];
  readonly foreign: readonly Piece[];
};

function repair(
  family: MessageFamily,
  pieces: readonly Piece[],
): (Repair & { rest: Piece[] }) | null {
  const first = pieces[0]!;
  const marked = withoutPingMarks(family, first.text);
  if (marked) return { match: marked, lastLine: first.line, rest: pieces.slice(1), foreign: [] };
  if (pieces.length > 1) {
    const joined = withoutPingMarks(family, `${first.text.trimEnd()} ${pieces[1]!.text.trim()}`);
    if (joined)
      return { match: joined, lastLine: pieces[1]!.line, rest: pieces.slice(2), foreign: [] };
  }
  const split = withoutProse(family, pieces);
  if (split) {
    const count = Math.abs(split.count);
    // Prose glued to the first line is reported with it; prose on lines of its own is reported as those lines.
    const foreign =
      split.count < 0
        ? pieces.slice(1, count - 1)
        : [{ ...first, text: glued(first.text, split.match.text) }];
    return {
      match: split.match,
      lastLine: pieces[count - 1]!.line,
      rest: pieces.slice(count),
      foreign,
    };
  }
  const head = matchHead(family, first.text);
  const whole = head && withoutBreak(family, first.text, head.length);
  if (whole) return { match: whole, lastLine: first.line, rest: pieces.slice(1), foreign: [] };
  if (head) {
    const foreign = [{ ...first, text: first.text.slice(head.length) }].filter(
      (piece) => piece.text.trim() !== '',
    );
    return { match: head.match, lastLine: first.line, rest: pieces.slice(1), foreign };
  }
  const truncated = asTruncated(family, first.text);
  return truncated
    ? { match: truncated, lastLine: first.line, rest: pieces.slice(1), foreign: [] }
    : null;
}

/** A terminal broke an address between two digits, and a page made a blank of the break. */
function withoutBreak(family: MessageFamily, text: string, at: number): Match | null {
  const octet = /\.(\d{1,2}) (\d{1,2})\s*$/.exec(text);
  if (octet?.index === undefined || octet.index + 1 + octet[1]!.length !== at) return null;
  return Number(octet[1]! + octet[2]!) > 255
    ? null
    : matchText(family, `${text.slice(0, at)}${octet[2]!}`);
}

/** What of a line is not part of the message that was read out of it. */
function glued(line: string, message: string): string {
  let i = 0;
  while (i < line.length && line[i] === message[i]) i++;
  return line.slice(i);
}

/** Lines without a tag that no message claims: messages that have none, or somebody's words. */
export function readLoose(pieces: readonly Piece[], out: (reading: Reading) => void): void {
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i]!;
    // A table of keys stands among the show output that is read here.
    const text = maskSecrets(piece.text.trim());
    const alone = matchBare(text);
    // A field that takes any text would take a remark as well.
    if (!alone || alone.spec.template.wide) {
      const [head, remark] = splitRemark('bare', text, true) ?? [];
      const shown = head === undefined ? null : matchBare(head);
      if (shown && remark !== undefined) {
        out(looseMessage(shown, piece, piece));
        out({ kind: 'unmatched', piece: { ...piece, text: remark }, tagged: false });
        continue;
      }
    }
    if (alone) {
      out(looseMessage(alone, piece, piece));
      continue;
    }
    const next = pieces[i + 1];
    const joined = next
      ? (matchBare(`${text} ${next.text.trim()}`) ?? matchBare(text + next.text.trim()))
      : null;
    if (joined && next) {
      out(looseMessage(joined, piece, next));
      i++;
      continue;
    }
    out({ kind: 'unmatched', piece, tagged: false });
  }
}

function looseMessage(match: Match, first: Piece, last: Piece): Reading {
  return {
    kind: 'message',
    match,
    family: match.spec.family,
    fields: match.fields,
    line: first.line,
    lastLine: last.line,
    damaged: false,
  };
}
