import { lineEnd } from '../bytes/line-end.ts';
import { clientStamp, quoteMarks } from '../bytes/line-frame.ts';

/** One physical line made ready for the command table. */
export type PreparedLine = {
  /** Counts from 1. */
  readonly line: number;
  readonly indent: number;
  /** Without prompt, trailing comment, control characters; single blanks; trimmed. */
  readonly text: string;
  /** The router that a prompt names. */
  readonly prompt: string | null;
  /** True for an exec prompt (`R1#`), where a command may be typed, not configured. */
  readonly exec: boolean;
};

/** Whatever the mode is called: IOS writes `conf-keyring`, `cfg-crypto-trans`, `ca-trustpoint`, and shortens long ones. */
const PROMPT = /^([A-Za-z][\w.-]{0,62})(\([^()\s]{1,60}\))?([#>])\s?(.*)$/;
const MORE = /\s*<?-+\s*[Mm]ore\s*-+>?\s*/g;
/** A mail program marks what it quotes, a page may draw a bar, a terminal program writes the time. */
const FRAME = new RegExp(`^(?:${quoteMarks}|\\| |${clientStamp} ?)`);
const NUMBERED = /^[> ]*(\d{1,6})(?: ?[:|.)](?: |$)| |$)/;
/** So many lines, and so large a part of all, must count along before their numbers are taken for line numbers. */
const FEWEST_NUMBERED = 4;
const SHARE_NUMBERED = 0.5;
const BLANKS = /[\t\u00a0\u2007\u202f\u3000]/g;
const SECRET_FOLLOWS =
  /(?:^|\s)(?:key|pre-shared-key|password|local|remote)(?:\s+(?:0|6|7|hex))?$/i;

/** Splits where the text ends its lines, a CR before LF apart. */
export function splitLines(text: string): readonly string[] {
  const lines = text.split(lineEnd(text));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * The lines without the numbers that `show running-config linenum` or an editor puts in front, which count along with
 * the lines; those of an access list or a certificate do not.
 */
export function withoutNumbers(lines: readonly string[]): readonly string[] {
  const ahead = new Map<number, number>();
  let written = 0;
  lines.forEach((text, index) => {
    if (text.trim() === '') return;
    written += 1;
    const number = NUMBERED.exec(text)?.[1];
    if (number === undefined) return;
    const offset = Number(number) - index;
    ahead.set(offset, (ahead.get(offset) ?? 0) + 1);
  });
  const [offset, count] = [...ahead].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0]);
  if (count < FEWEST_NUMBERED || count < written * SHARE_NUMBERED) return lines;
  return lines.map((text, index) => {
    const found = NUMBERED.exec(text);
    return found && Number(found[1]) - index === offset ? text.slice(found[0].length) : text;
  });
}

export function prepareLine(raw: string, line: number): PreparedLine {
  let text = raw.includes('\b') ? erase(raw) : raw;
  text = text
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
    .replace(BLANKS, ' ')
    .replace(/[\u0000-\u0007\u000b-\u001f\u007f\ufeff]/g, '');
  if (text.includes('ore')) text = text.replace(MORE, (found) => (/^\s/.test(found) ? ' ' : ''));
  text = text.replace(FRAME, '');
  let prompt: string | null = null;
  let exec = false;
  const prompted = PROMPT.exec(text.trimStart());
  if (prompted !== null) {
    prompt = prompted[1]!;
    exec = prompted[2] === undefined;
    text = prompted[4]!;
  }
  const indent = text.length - text.trimStart().length;
  const plain = cutComment(text.trim().replace(/ {2,}/g, ' '));
  return { line, indent, text: plain, prompt, exec };
}

/** A pager overwrites its `--More--` with backspaces; what it erased is not part of the line. */
function erase(text: string): string {
  const kept: string[] = [];
  for (const character of text) {
    if (character === '\b') kept.pop();
    else kept.push(character);
  }
  return kept.join('');
}

/** Documents append `!R2` to a command. A secret may begin with `!` as well, so that token stays. */
function cutComment(text: string): string {
  if (text.startsWith('!')) return text;
  let at = text.indexOf(' !');
  while (at >= 0) {
    if (!SECRET_FOLLOWS.test(text.slice(0, at))) return text.slice(0, at).trimEnd();
    at = text.indexOf(' !', at + 2);
  }
  return text;
}

/** Whether such a command was there before those from line `typed` on were typed. */
export function hasCommand(
  lines: readonly PreparedLine[],
  command: RegExp,
  typed: number,
): boolean {
  return lines.some(({ text, line }) => line < typed && command.test(text));
}
