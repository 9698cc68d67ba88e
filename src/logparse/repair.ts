import { detach } from './detach.ts';
import { joined, type Piece } from './line-break.ts';
import { matchHead, matchSpec, matchText, specsLike, type Match } from './matcher.ts';
import type { MessageFamily, MessageSpec } from './message-spec.ts';

export type Repair = {
  readonly match: Match;
  readonly lastLine: number;
  readonly rest: Piece[];
  readonly foreign: readonly Piece[];
};

/** Progress marks of a ping land inside of words. */
function withoutPingMarks(family: MessageFamily, text: string): Match | null {
  // A dot between digits belongs to an address or a time.
  const runs = [...text.matchAll(/(?<![\d.])[.!]{1,100}|[.!]{1,100}(?![\d.])/g)].slice(0, 16);
  for (const run of runs) {
    const shorter = text.slice(0, run.index) + text.slice(run.index + run[0].length);
    const match =
      matchText(family, shorter) ?? matchText(family, shorter.replace(/\s+/g, ' ').trim());
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
    const match = matchEither(specs, head, next);
    if (match) return { match, count: 2 };
  }
  // The words fill whole lines of their own.
  for (let skip = 1; skip <= 3 && skip + 1 < pieces.length; skip++) {
    const rest = pieces[skip + 1]!.text.trim();
    const match = matchEither(specs, first, rest);
    if (match) return { match, count: -(skip + 2) };
  }
  return null;
}

/** The first record that both parts make together, with a blank between them or without. */
function matchEither(specs: readonly MessageSpec[], head: string, rest: string): Match | null {
  for (const spec of specs) {
    const match =
      matchSpec(spec, `${head.trimEnd()} ${rest}`) ?? matchSpec(spec, head.trimEnd() + rest);
    if (match) return match;
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

/** The message that damage other than a break hides, and what of the lines is no part of it. */
export function repair(family: MessageFamily, pieces: readonly Piece[]): Repair | null {
  const first = pieces[0]!;
  const marked = withoutPingMarks(family, first.text);
  if (marked) return { match: marked, lastLine: first.line, rest: pieces.slice(1), foreign: [] };
  if (pieces.length > 1) {
    const both = withoutPingMarks(family, joined(first, pieces[1]!, ' '));
    if (both) return { match: both, lastLine: pieces[1]!.line, rest: pieces.slice(2), foreign: [] };
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
