/** A number at the beginning of a line, with what sets it apart. */
const numbered = /^\s*(\d{1,6})(?:\s{0,2}\|\s?|[.):](?:\s|$)|\s|$)/;

/** A number with nothing but a blank behind it, in front of a time stamp or a tag. */
const bare = /^\s*\d{1,6}(?::(?=[*.A-Z])|\s+(?=[*.]?[A-Z]))/;

/** The text without a bare line number; the caller judges whether what is left begins a message. */
export function withoutNumber(text: string): string {
  return text.replace(bare, '');
}

/**
 * The line numbers that a page or an editor put in front. In front of a time stamp they are plain to see; in front of
 * the rest of a broken message, only counting along tells `12 sport 500` of line 12 from `500 sport 500`.
 */
export class LineNumbers {
  /** Printed number less line of the file; null while none was seen. */
  private ahead: number | null = null;

  /** The line begins with a number that is not part of its text. */
  learn(text: string, line: number): void {
    const found = /^\s*(\d{1,6})/.exec(text);
    if (found) this.ahead = Number(found[1]) - line;
  }

  strip(text: string, line: number): string {
    if (this.ahead === null) return text;
    const found = numbered.exec(text) ?? /^(\d{1,6}):/.exec(text);
    return found && Number(found[1]) - line === this.ahead ? text.slice(found[0].length) : text;
  }
}
