import { PROMPT_SOURCE } from './command-start.ts';

/**
 * What a router answers to `?`. The line that asks is no command: what it typed stands again behind the answer, and is
 * typed on.
 */

/** A question mark behind a blank asks for what may follow; one within a key is part of it. */
export const isRequest = (typed: string): boolean => /(?:^|\s)\?$/.test(typed.slice(-2));

/** A prompt in front of what was typed, quoted or not. */
const PROMPTED = new RegExp(String.raw`^[>|\s]*${PROMPT_SOURCE}`);

/** A word that may follow, with what it means; or that nothing needs to follow. */
const ANSWER =
  /^[>|]*\s{0,4}(?:<cr>(?:\s{2,}<cr>)?|(?:LINE|WORD|Hex-data)(?:\s{2,}\S.*)?|\S{1,40}\s{2,40}[A-Za-z<(]\S*(?:\s\S.*)?)$/;

/** Of an ASA, above the words. */
const TITLE = /^[>|]*\s*\S.{0,80} (?:commands|options)(?:\/options)?:\s*$/;

/** How a text shows help, its lines counted from 0. */
type Help = {
  readonly requests: ReadonlySet<number>;
  readonly answers: ReadonlySet<number>;
};

/** A line without a prompt asks only where an answer follows. */
export function findHelp(lines: readonly string[]): Help {
  const requests = new Set<number>();
  const answers = new Set<number>();
  lines.forEach((line, index) => {
    if (!line.includes('?')) return;
    const typed = line.trimEnd();
    if (!typed.endsWith('?')) return;
    const first = index + 1 + untilAnswer(lines, index + 1);
    let end = first;
    while (isAnswer(lines[end])) end += 1;
    const isPrompted = PROMPTED.test(line);
    if (!(isPrompted && isRequest(typed)) && (end === first || !(isPrompted || isRequest(typed))))
      return;
    requests.add(index);
    for (let at = first; at < end; at += 1) answers.add(at);
  });
  return { requests, answers };
}

/** An ASA leaves a line blank, and writes what the words are for. */
function untilAnswer(lines: readonly string[], from: number): number {
  const isBlank = lines[from]?.trim() === '';
  const isTitled = TITLE.test(lines[from + Number(isBlank)] ?? '');
  return isTitled ? Number(isBlank) + 1 : 0;
}

const isAnswer = (line: string | undefined): boolean =>
  line !== undefined && !PROMPTED.test(line) && ANSWER.test(line.trimEnd());

/** The lines with neither; of a request the prompt is left, which names its router. */
export function withoutHelp(lines: readonly string[]): readonly string[] {
  const { requests, answers } = findHelp(lines);
  if (requests.size === 0) return lines;
  return lines.map((line, index) => {
    if (requests.has(index)) return PROMPTED.exec(line)?.[0] ?? '';
    return answers.has(index) ? '' : line;
  });
}
