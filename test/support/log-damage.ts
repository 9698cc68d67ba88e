/** What terminals, pages and people do to a log on its way into a paste. */

export type WrapStyle = 'hard' | 'word';

/** Breaks every line at `width`, inside words (a terminal) or at blanks (a document). */
export function rewrap(log: string, width: number, style: WrapStyle, indent = ''): string {
  return log
    .split('\n')
    .flatMap((line) => wrapLine(line.replace(/\r$/, ''), width, style, indent))
    .join('\n');
}

function wrapLine(line: string, width: number, style: WrapStyle, indent: string): string[] {
  const out: string[] = [];
  let rest = line;
  let lead = '';
  while (lead.length + rest.length > width) {
    const room = width - lead.length;
    let cut = room;
    if (style === 'word') {
      const blank = rest.lastIndexOf(' ', room);
      // A word longer than the line is cut as a terminal would.
      cut = blank > 0 && rest.slice(0, blank).trim() !== '' ? blank : room;
    }
    out.push(lead + rest.slice(0, cut));
    rest = style === 'word' ? rest.slice(cut).trimStart() : rest.slice(cut);
    lead = indent;
  }
  out.push(lead + rest);
  return out;
}

/** Every `every` lines something that is not part of the log. */
export function insertLines(log: string, every: number, what: string): string {
  return log
    .split('\n')
    .flatMap((line, i) => (i % every === every - 1 ? [what, line] : [line]))
    .join('\n');
}

export function crlf(log: string): string {
  return log.replace(/\r?\n/g, '\r\n');
}

/** As a page source shows it. */
export function entities(log: string): string {
  return log
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

export function quoted(log: string): string {
  return log
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

/** As a page lists a source. */
export function numbered(log: string): string {
  return log
    .split('\n')
    .map((line, i) => `${String(i + 1)}: ${line}`)
    .join('\n');
}

/** As a table of one column. */
export function inBars(log: string): string {
  return log
    .split('\n')
    .map((line) => `| ${line}`)
    .join('\n');
}

/** The `--More--` of a terminal pager, wiped by backspaces. */
export const more = ' --More-- \b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b';
