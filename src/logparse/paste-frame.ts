import { clientStamp, quoteMarks } from '../bytes/line-frame.ts';
import { readPrompt, undamaged, undecorate } from './clean.ts';
import { newEnvelope, readEnvelope } from './envelope.ts';
import { beginsShowOutput } from './show-output.ts';

/** A number with nothing but a blank behind it, in front of a time stamp or a tag. */
const bareNumber = /^\s*\d{1,6}(?::(?=[*.A-Z])|\s+(?=[*.]?[A-Z]))/;

/** The text without what people put in front of it: the caller judges whether what is left begins a message. */
export function withoutDecoration(text: string): string {
  const plain = undecorate(text);
  return plain === text ? text.replace(bareNumber, '') : plain;
}

const parts = new RegExp(`${clientStamp}|\\d+|\\s+|.`, 'g');

/** Marks of mail with more behind them. */
const mailMarks = new RegExp(`^${quoteMarks}(?=[^\\s>])`);

/** `prefix` as a pattern, whose group 1 is its number. */
function shapeOf(prefix: string): RegExp {
  const found = prefix.match(parts) ?? [];
  let isNumbered = false;
  const sources = found.map((part, i) => {
    if (part.length > 1 && part.startsWith('[')) return clientStamp;
    if (/^\d/.test(part) && !isNumbered) {
      isNumbered = true;
      return '(\\d{1,6})';
    }
    if (part.trim() !== '') return part.replace(/[.*+?^${}()|[\]\\]/, '\\$&');
    // Numbers are padded; blanks at the end of a line get lost.
    const last = i === found.length - 1 ? `(?:${part}|\\s*$)` : part;
    return /^\d/.test(found[i + 1] ?? '') ? '\\s*' : last;
  });
  return new RegExp(`^${sources.join('')}`);
}

/**
 * What a page, mail, an editor or a terminal program put in front of every line of a paste. In front of a time stamp it
 * is plain to see; in front of the rest of a broken message only that it stood there before tells it from the text, and
 * of a number only counting along tells `12 sport 500` of line 12 from `500 sport 500`.
 */
export class PasteFrame {
  private shape: RegExp | null = null;
  /** The marks of mail alone, where the frame goes on behind them: of a list only the first line of an item has a bullet. */
  private marks: RegExp | null = null;
  /** Printed number less line of the file; null where lines are not numbered. */
  private ahead: number | null = null;
  /** How wide the frame was that `strip` found last, if its width varies with its number. */
  width = 0;

  get isNumbered(): boolean {
    return this.ahead !== null;
  }

  /** `prefix` stood in front of what is known to begin a line of its own. */
  learn(prefix: string, line: number): void {
    const known = this.shape?.exec(prefix);
    if (!known || known[0].length !== prefix.length) this.shape = shapeOf(prefix);
    const marks = mailMarks.exec(prefix)?.[0];
    this.marks = marks === undefined ? null : shapeOf(marks);
    const number = this.shape?.exec(prefix)?.[1];
    this.ahead = number === undefined ? null : Number(number) - line;
  }

  /** Numbers of the paste turned out not to count its lines. */
  forget(): void {
    this.shape = this.marks = this.ahead = null;
  }

  /** The text behind the frame; all of it if none was seen, or another. */
  strip(text: string, line: number): string {
    this.width = 0;
    const found = this.shape?.exec(text) ?? this.marks?.exec(text);
    if (!found) return text;
    const number = found[1];
    if (number !== undefined) {
      if (Number(number) - line !== this.ahead) return text;
      this.width = found[0].length;
    }
    const rest = text.slice(found[0].length);
    return text.startsWith('|') ? rest.replace(/(?<!\s)\s*\|\s*$/, '') : rest;
  }
}

const envelope = newEnvelope();
/** Fewer lines than this show nothing by what all of them have in front. */
const fewest = 4;

function begins(text: string): boolean {
  readEnvelope(text, 0, text.length, envelope);
  return envelope.family !== 'none' || readPrompt(text) !== null || beginsShowOutput(text);
}

/** Learns from the beginning of a paste what stands in front of its lines: the first of them may begin nothing. */
function learnFrame(frame: PasteFrame, head: string): void {
  const lines = readHead(head);
  const prefix = numbersOf(lines) ?? decorationOf(lines) ?? indentOf(lines);
  if (prefix) frame.learn(prefix.text, prefix.line);
}

/** `own` is behind the marks of mail, where every line has them. */
type HeadLine = { readonly line: number; readonly raw: string; readonly own: string };
type Prefix = { readonly text: string; readonly line: number };

function readHead(head: string): readonly HeadLine[] {
  const lines = head.split('\n').flatMap((written, i) => {
    const raw = undamaged(written).trimEnd();
    return raw === '' ? [] : [{ line: i + 1, raw, own: raw }];
  });
  if (!lines.every(({ raw }) => raw.startsWith('>'))) return lines;
  const isTight = lines.some(({ raw }) => /^>[^> ]/.test(raw));
  const marks = isTight ? /^>+/ : new RegExp(`^${quoteMarks}`);
  return lines.map((each) => ({ ...each, own: each.raw.replace(marks, '') }));
}

const before = ({ line, raw }: HeadLine, rest: string): Prefix => ({
  text: raw.slice(0, raw.length - rest.length),
  line,
});

/** A router that counts its messages pads the number; a page counts lines. Group 2 is what sets the number apart. */
const counter = /^\s*([1-9]\d{0,5})(:|[.)](?=\s|$)|\s?\||(?=\s|$))/;

/** The number in front of the first line, if all lines are counted in one way. */
function numbersOf(lines: readonly HeadLine[]): Prefix | null {
  const ways = new Set<string>();
  const blanks: number[] = [];
  for (const { line, own } of lines) {
    const found = counter.exec(own);
    if (!found) return null;
    ways.add(`${String(Number(found[1]) - line)} ${found[2]!}`);
    const rest = own.slice(found[0].length);
    if (rest !== '') blanks.push(indentLength(rest));
  }
  const [first] = lines;
  if (!first || lines.length < fewest || ways.size > 1) return null;
  const end = counter.exec(first.own)![0].length + Math.min(...blanks);
  return before(first, first.own.slice(end));
}

/** What stands in front of the first line that is told by it to begin something. */
function decorationOf(lines: readonly HeadLine[]): Prefix | null {
  for (const each of lines) {
    if (begins(each.own)) return each.own === each.raw ? null : before(each, each.own);
    const rest = withoutDecoration(each.own);
    if (rest !== each.own && begins(rest)) return before(each, rest);
  }
  return null;
}

/** Blanks that stand in front of all that begins something. */
function indentOf(lines: readonly HeadLine[]): Prefix | null {
  const beginnings = lines.filter(({ raw }) => begins(raw));
  const [first] = beginnings;
  const indents = new Set(beginnings.map(({ raw }) => raw.slice(0, indentLength(raw))));
  if (!first || beginnings.length < fewest || indents.size > 1) return null;
  return before(first, first.raw.trimStart());
}

const indentLength = (text: string): number => text.length - text.trimStart().length;

const headLength = 4096;

/** Holds the beginning of a paste back until so much of it came that it tells what stands in front of every line. */
export class PasteHead {
  private held: string | null = '';
  private readonly frame: PasteFrame;

  constructor(frame: PasteFrame) {
    this.frame = frame;
  }

  /** What can be read once `text` came. */
  take(text: string): string {
    if (this.held === null) return text;
    this.held += text;
    return this.held.length < headLength ? '' : this.end();
  }

  /** What is still held: no more is needed, or comes. */
  end(): string {
    const head = this.held;
    if (head === null) return '';
    this.held = null;
    const whole = head.length < headLength ? head.length : head.lastIndexOf('\n', headLength);
    learnFrame(this.frame, head.slice(0, Math.max(0, whole)));
    return head;
  }
}
