import { createBrokenSecrets } from './broken-secrets.ts';
import { beginsCommand, isOneWordCommand } from './first-words.ts';

/** No terminal is narrower. */
const narrowest = 40;

/** What is no rest of a command: a comment, what the router answers, marks of a page, a ruler, an omission. */
const STANDS_APART = /^(?:[!%^\s<>`*(=]|-{2}|\.(?!\d))/;

/** What the reader of configurations makes of a line; lines count from 0. */
export type LineReading = {
  /** It says something. */
  readonly isRead: (index: number) => boolean;
  /** It says something, and nothing is missing in it. */
  readonly isWhole: (index: number) => boolean;
};

/**
 * The lines of a listing that a terminal broke at its width put together again, each in the place of its first part:
 * a line as wide as the paste, and behind it one that is no command. One line is always the widest, so that several
 * must look so, or the line lack something. A key stays broken, because what it was is not sure. Null where nothing is
 * broken.
 */
export function joinWrapped(
  lines: readonly string[],
  { isRead, isWhole }: LineReading,
): readonly string[] | null {
  const widths = lines.map((line) => line.replace(/\r+$/, '').length);
  const widest = widths.reduce((most, width) => Math.max(most, width), 0);
  if (widest < narrowest) return null;
  const looksBroken = (index: number): boolean =>
    widths[index] === widest &&
    index + 1 < lines.length &&
    !isRead(index + 1) &&
    mayEndLine(lines[index + 1]!);
  const broken = lines.flatMap((_, index) => (looksBroken(index) ? [index] : []));
  if (broken.length === 0 || (broken.length === 1 && isWhole(broken[0]!))) return null;
  const joined = [...lines];
  let first = 0;
  let changed = false;
  for (let index = 1; index < lines.length; index += 1) {
    const rest = lines[index]!;
    const goesOn = looksBroken(index - 1);
    if (!goesOn || isInKey(joined[first]!, rest, widest)) {
      first = index;
      continue;
    }
    joined[first] = joined[first]!.replace(/\r+$/, '') + rest;
    joined[index] = '';
    changed = true;
  }
  return changed ? joined : null;
}

/** Of the lines that were put together those that say something; one of the two listings itself where nothing else is left. */
export function keepJoined(
  raw: readonly string[],
  joined: readonly string[],
  isRead: (index: number) => boolean,
): readonly string[] {
  const kept = [...joined];
  let [keeps, drops] = [false, false];
  for (let index = 0; index < raw.length; index += 1) {
    if (joined[index] === raw[index]) continue;
    let end = index + 1;
    while (end < raw.length && joined[end] === '' && raw[end] !== '') end += 1;
    if (isRead(index)) keeps = true;
    else {
      drops = true;
      for (let at = index; at < end; at += 1) kept[at] = raw[at]!;
    }
    index = end - 1;
  }
  if (!drops) return joined;
  return keeps ? kept : raw;
}

/** It may be what a broken line ends with. */
export function mayEndLine(rest: string): boolean {
  const text = rest.trim();
  return text !== '' && !STANDS_APART.test(rest) && !beginsCommand(text) && !isOneWordCommand(text);
}

function isInKey(line: string, rest: string, widest: number): boolean {
  return (
    isTorn(line, rest, widest) || /(?:^|\s)(?:key|pre-shared-key)(?: [06]| hex)?\s*$/i.test(line)
  );
}

/** Whether a secret begins in one line and goes on in the next. */
export function isTorn(line: string, rest: string, widest: number): boolean {
  const secrets = createBrokenSecrets(widest);
  const parts = [...secrets.next(line, 0), ...secrets.next(rest, 1)];
  return (
    parts.some((part) => part.line === 0) && parts.some((part) => part.line === 1 && !part.isFirst)
  );
}
