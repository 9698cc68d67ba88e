/** What mail, pages, editors and terminal programs put in front of the lines of a text. */

/** The time that a terminal program or a chat writes in front of each line, as the source of a pattern; no router writes such. */
export const clientStamp = '\\[\\d\\d:\\d\\d:\\d\\d(?:[.:]\\d{1,3})?\\]';
/** Mail marks what it quotes. */
export const quoteMarks = '(?:> ?)+';

/** Marks, and a number or a time. */
const frame = new RegExp(
  `^[\\s>|]*(?:\\d{1,6}(?: ?[:.)|])?(?=\\s)|${clientStamp}(?=\\s))?[\\s>|]*`,
);

/** Where the line itself begins, behind what was put in front of it. */
export function frameEnd(line: string): number {
  return frame.exec(line)![0].length;
}
