import { readBlock, type BlockReading } from './blocks.ts';
import { detach } from './detach.ts';
import { breaksThere, isTight, joined, keepsWord, type Piece } from './line-break.ts';
import {
  matchBare,
  matchSpec,
  matchSqueezed,
  matchText,
  squeeze,
  squeezeOn,
  type Fields,
  type Match,
} from './matcher.ts';
import type { BlockName, MessageFamily, MessageSpec } from './message-spec.ts';
import type { Paste } from './paste-width.ts';
import { splitRemark } from './remark.ts';
import { repair } from './repair.ts';
import { maskKeyRows } from './secrets.ts';

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
/** Of more, every way to join them would take long. */
const mostPrinted = 3;
const terminalWidth = 80;

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

/**
 * Pieces as they may have been printed. Without blanks two fields that follow each other cannot always be told apart:
 * an IPv6 address would take the first letters of `dport`.
 */
function matchPrinted(family: MessageFamily, pieces: readonly Piece[], paste: Paste): Match | null {
  if (pieces.length > mostPrinted) return null;
  for (const text of joins(pieces, paste)) {
    const match = matchText(family, text);
    if (match && !match.spec.general) return match;
  }
  return null;
}

/** The reading of the first pieces that the table supports best. */
function searchJoined(family: MessageFamily, pieces: readonly Piece[], paste: Paste): Found | null {
  let best: Found | null = null;
  let squeezed = squeeze([]);
  const most = Math.min(pieces.length, mostPieces);
  for (let count = 1; count <= most; count++) {
    if (best && count > best.count + 3 && !best.spec.general) break;
    squeezed = squeezeOn(squeezed, pieces[count - 1]!.text);
    const dense = matchSqueezed(family, squeezed);
    const found =
      dense && !dense.spec.general
        ? dense
        : (matchPrinted(family, pieces.slice(0, count), paste) ?? dense);
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
  // Where the last field takes any text, what stands apart from it is somebody's words.
  if (last.isApart === true && (best.spec.family === 'syslog' || endsInText(best.spec)))
    return false;
  return breaksThere(pieces[count - 2]!, last, paste) && !matchBare(last.text.trim());
}

const endsInText = ({ template }: MessageSpec): boolean =>
  template.openEnd && template.fields.at(-1)?.type === 'text';

/** A match by squeezed text, given back the white space it had. */
function restore(found: Found, pieces: readonly Piece[], paste: Paste): Match {
  const used = pieces.slice(0, found.count);
  return (
    (used.length === 2
      ? restorePair(found.spec, used[0]!, used[1]!, paste)
      : restoreMany(found.spec, used, paste)) ?? {
      spec: found.spec,
      fields: found.fields,
      text: detach(used.map((piece) => piece.text.trim()).join(' ')),
    }
  );
}

/** Where the message can be read in one way only, its two lines prove how the paste is broken. */
function restorePair(spec: MessageSpec, before: Piece, after: Piece, paste: Paste): Match | null {
  const tight = matchSpec(spec, joined(before, after, ''));
  const spaced = matchSpec(spec, joined(before, after, ' '));
  if (tight && spaced) return isTight(before, after, paste) ? tight : spaced;
  if (tight) paste.found('in a word');
  else if (spaced && keepsWord(before, after, paste)) paste.found('before a word');
  return tight ?? spaced;
}

function restoreMany(spec: MessageSpec, pieces: readonly Piece[], paste: Paste): Match | null {
  for (const text of joins(pieces, paste)) {
    const match = matchSpec(spec, text);
    if (match) return match;
  }
  return null;
}

/** As `{ ...fields, ...further }`, whose class the engine would make anew each time: that takes longer than the reading. */
function withFields(fields: Fields, further: Fields): Fields {
  const all: Record<string, string | number> = {};
  for (const name in fields) all[name] = fields[name]!;
  for (const name in further) all[name] = further[name]!;
  return all;
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
    fields = withFields(fields, further);
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

/** Lines without a tag that no message claims: messages that have none, or somebody's words. */
export function readLoose(pieces: readonly Piece[], out: (reading: Reading) => void): void {
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i]!;
    // A table of keys stands among the show output that is read here.
    const text = maskKeyRows(piece.text.trim());
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
    const next = pieces[i + 1];
    if (alone) {
      const longer = next && goesOn(alone, piece, next);
      out(longer ? looseMessage(longer, piece, next) : looseMessage(alone, piece, piece));
      if (longer) i++;
      continue;
    }
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

/** The same message with the end of its text, which the next line holds where a terminal had no room for more. */
function goesOn(alone: Match, piece: Piece, next: Piece): Match | null {
  if (piece.width !== terminalWidth || next.line !== piece.line + 1 || !endsInText(alone.spec))
    return null;
  if (/^\s/.test(next.text) || matchBare(next.text.trim())) return null;
  return matchSpec(alone.spec, joined(piece, next, ''));
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
