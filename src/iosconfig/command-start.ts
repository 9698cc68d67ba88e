import { frameEnd } from '../bytes/line-frame.ts';

/** Where a command begins in its line: behind a prompt, a message that quotes it, or a mark that sets it apart. */

/** Of the router itself, in whatever mode, as the source of a pattern; IOS XR puts the card and a colon before its name. */
export const PROMPT_SOURCE: string = String.raw`[A-Za-z][\w./:-]{0,80}(?:\([^)]{0,60}\))?[#>]`;
const PROMPT = new RegExp(String.raw`^${PROMPT_SOURCE}\s*`);

/**
 * What quotes a command that somebody entered: the configuration log (`logged command:`, and the table of `show archive
 * log config`), accounting (`cmd=`), an ASA (`executed the '…' command`), an applet that types commands or listens to
 * them, and the router where it refuses one.
 */
const QUOTING =
  /\b(?:logged\s+command\s*:|cmd\s*[=:]|executed(?:\s+the|\s+cmd\s*:)?(?=\s*['"])|CLI\w*\s*:|cli\s+command\s*(?=")|\(cli_lib\)[\s:]{1,8}(?:IN|OUT)\s*:|(?:Ambiguous|Incomplete|Unrecognized)\s+command\s*:?\s*(?="))\s*['"]?\s*|^[\s>]*\d+\s+\d+\s+(?:unknown )?\S{1,80}@[^\s@|]{1,80}\s{0,80}\|\s*/i;

/** Where the command begins that a line quotes; -1 where it quotes none. */
export function quotedCommand(line: string): number {
  const found = QUOTING.exec(line);
  if (found === null) return -1;
  const start = found.index + found[0].length;
  return start + (PROMPT.exec(line.slice(start))?.[0].length ?? 0);
}

/** Where a command begins, behind a prompt or the message that quotes it as well. */
export function commandStart(line: string): number {
  const quoted = quotedCommand(line);
  if (quoted >= 0) return quoted;
  const start = frameEnd(line);
  return start + (PROMPT.exec(line.slice(start))?.[0].length ?? 0);
}

/** What stands in front of the commands of a block: a blank more than a mark is followed by. */
const IN_BLOCK = /^\s+$|\s{2}$/;

/** Whether what begins at `start` is a command for certain: at a prompt, quoted as one, or within a block. */
export function standsAsCommand(line: string, start: number): boolean {
  return start > frameEnd(line) || IN_BLOCK.test(line.slice(0, start));
}

/** A file that a search names, with the number of its line; a pager; the time and the prompt that a terminal program logs. */
const AHEAD =
  /^[\s>|]*(?:[\w./\\-]{1,120}\.(?:cfg|conf|txt|log)[:-](?:\d{1,6}[:-])?\s*|<?-+ ?more ?-+>?[\s\b]*|\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d[\d.,:+Z-]{0,20}\]?\s+(?=\S+[#>]))/i;

/** A comment, or what a comparison writes in front of a line that was added or taken away. */
const SET_APART = /^(?:[!#;]+|\/\/|--?|\+)\s*(?=[a-z])/i;

/** What may still stand before the command that begins at `start`. */
type Marked = { readonly start: number; readonly isMarked: boolean };

/** The same behind marks that leave it open whether a command follows at all. */
export function markedStart(line: string): Marked {
  const ahead = AHEAD.exec(line)?.[0].length ?? 0;
  const start = ahead + commandStart(line.slice(ahead));
  const mark = SET_APART.exec(line.slice(start))?.[0].length ?? 0;
  return { start: start + mark, isMarked: mark > 0 };
}
