/**
 * Text written by somebody else, made harmless to show. Logs, identities, vendor ids, file names and configuration
 * names all come from outside.
 */

/**
 * What a terminal would obey or a reader would not see: C0 and C1 controls, line and paragraph separators,
 * bidirectional controls and marks (UAX #9 §2), zero-width and invisible characters, tags, lone surrogates.
 */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Surrogate}]/gu;

/** One line for a terminal or a ticket: white space becomes a space, everything else that is hidden is lost. */
export function safeText(text: string): string {
  return text.replace(/[\t\n\r\u2028\u2029]/g, ' ').replace(HIDDEN, '');
}

/** As `safeText`, line by line: for what is meant to be pasted. */
export function safeLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).map(safeText);
}

/** Where the reader should see that something was hidden: controls as their pictures, the rest as code points. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (char === '\t' || char === '\n') return char;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return '\u2421';
    return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
  });
}

/** At most `limit` characters, and how many are missing. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const characters = Array.from(text);
  if (characters.length <= limit) return text;
  const missing = characters.length - limit;
  return `${characters.slice(0, limit).join('')}… (${missing} more characters)`;
}

/** At most `limit` characters, the last one an ellipsis when something is missing. */
export function shorten(text: string, limit: number): string {
  const characters = Array.from(text.slice(0, 2 * limit + 2));
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}
