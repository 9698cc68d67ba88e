import type { Paste } from './paste-width.ts';
import { breaksWord } from './vocabulary.ts';

/** A physical line after cleaning, without its envelope if it had one. */
export type Piece = {
  readonly line: number;
  /** Begins with a blank where the line before was cut in front of that. */
  readonly text: string;
  /** Length of the physical line as it stood, without blanks at its end: where they are, no word was cut. */
  readonly width: number;
  /** An empty line stands in front of it. */
  readonly isApart?: true;
};

/** A line break between two pieces is believable: the line was full, or the next word did not fit any more. */
export function breaksThere(before: Piece, after: Piece, paste: Paste): boolean {
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
export function isTight(before: Piece, after: Piece, paste: Paste): boolean {
  if (before.width < paste.width() || /\s$/.test(before.text) || /^\s/.test(after.text))
    return false;
  return breaksWord(before.text, after.text) ?? !paste.keepsWords();
}

/** Both as one text, with what stood between them. */
export function joined(before: Piece, after: Piece, glue: '' | ' '): string {
  return before.text.trimEnd() + glue + after.text.trim();
}
