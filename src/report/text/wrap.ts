/** Columns of text on a terminal. */

/** UAX #11: characters that take two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /\p{Mark}/u;

const COLOUR = /\u001b\[\d+m/g;

/** Columns that the text takes. Colours take none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text.replace(COLOUR, '')) width += charWidth(char);
  return width;
}

function charWidth(char: string): number {
  if (char <= '\u02ff') return 1;
  if (COMBINING.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

/** Lines of at most `width` columns, broken at spaces where there are any. At least one line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(/ +/)) {
    const pieces = breakWord(word, width);
    for (const [i, piece] of pieces.entries()) {
      const size = displayWidth(piece);
      if (i === 0 && line !== '' && used + 1 + size <= width) {
        line += ` ${piece}`;
        used += 1 + size;
        continue;
      }
      if (line !== '') lines.push(line);
      line = piece;
      used = size;
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

function breakWord(word: string, width: number): readonly string[] {
  if (displayWidth(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const char of word) {
    const size = charWidth(char);
    if (used + size > width && piece !== '') {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += char;
    used += size;
  }
  return piece === '' ? pieces : [...pieces, piece];
}

/** Wrapped, every line after `indent`, the first one after `lead` if that is given. */
export function paragraph(
  text: string,
  columns: number,
  indent = '',
  lead: string = indent,
): string {
  const width = Math.max(10, columns - displayWidth(indent));
  return wrap(text, width)
    .map((line, i) => `${i === 0 ? lead : indent}${line}`)
    .join('\n');
}

/** At most `width` columns, the last one an ellipsis when something is missing. */
export function fitColumns(text: string, width: number): string {
  const short = text.slice(0, 2 * width + 2);
  if (short === text && displayWidth(text) <= width) return text;
  let fitted = '';
  let used = 0;
  for (const char of short) {
    used += charWidth(char);
    if (used > width - 1) break;
    fitted += char;
  }
  return `${fitted}…`;
}

/** Both ends filled: for what stands on a line. */
export function centre(text: string, width: number, fill = ' '): string {
  const free = Math.max(0, width - displayWidth(text));
  const before = Math.floor(free / 2);
  return fill.repeat(before) + text + fill.repeat(free - before);
}
