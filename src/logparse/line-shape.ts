import { isDigit } from './characters.ts';
import { detach } from './detach.ts';
import type { KnownText } from './known-groups.ts';
import { anyDigit, anyFewDigits, mostFewDigits, type LineTable } from './line-table.ts';
import { hangsOnDigits, type Fields, type Match } from './matcher.ts';
import type { MessageFamily, MessageSpec } from './message-spec.ts';
import { fieldValue, type FieldType } from './template.ts';

/** A field whose digits may be others. */
type Varying = {
  readonly name: string;
  readonly type: FieldType;
  /** Where it stands in the pattern, and how many runs of few digits come before that. */
  readonly from: number;
  readonly runsBefore: number;
  readonly to: number;
  readonly runsUntil: number;
  /** What stands between it and the next one, or the end. */
  readonly behind: string;
};

/** Lines that differ in nothing but the digits of values say the same with other values. */
export type LineShape = {
  readonly spec: MessageSpec;
  /** What stands in front of the first field that varies. */
  readonly head: string;
  readonly varying: readonly Varying[];
  /** The text with marks in place of the digits that vary. */
  readonly pattern: Uint8Array;
  /** Of the line read last: the values that vary, as written, all its fields, and what it says. */
  readonly written: string[];
  fields: Fields;
  last: KnownText;
};

/** A digit that is part of a word for the reader: `#012` of a relay, `0x`. */
const isFixed = (text: string, at: number): boolean =>
  text.charAt(at + 1) === 'x' || /[#\\]/.test(text.slice(Math.max(0, at - 3), at));

/** A number, an address of IPv4 or any text: as good with a digit more or less, as long as there are few. */
const isPlain = (type: FieldType, value: string): boolean =>
  type === 'text' ||
  (type === 'n' && /^\d+$/.test(value)) ||
  (type === 'ip' && /^\d+(?:\.\d+){3}$/.test(value));

/** The shape of a text that was found to mean `match`; null if with other digits it might mean something else. */
export function shapeOf(family: MessageFamily, known: KnownText, match: Match): LineShape | null {
  const { text } = known;
  const { spec, fields } = match;
  const ranges = hangsOnDigits(family, text, spec)
    ? null
    : spec.template.placed.exec(text)?.indices;
  if (!ranges) return null;
  const pattern: number[] = [];
  const varying: Varying[] = [];
  let head = '';
  let at = 0;
  let runs = 0;
  const copyUntil = (to: number): string => {
    const part = detach(text.slice(at, to));
    for (; at < to; at++) pattern.push(text.charCodeAt(at));
    return part;
  };
  const written: string[] = [];
  for (const [i, { name, type }] of spec.template.fields.entries()) {
    const range = ranges[i + 1];
    // There are few states, and each has a name.
    if (!range || type === 'state') continue;
    const [start, end] = range;
    const value = text.slice(start, end);
    if (start < at || !/\d/.test(value)) continue;
    const before = copyUntil(start);
    if (varying.length === 0) head = before;
    else varying.push({ ...varying.pop()!, behind: before });
    const from = pattern.length;
    const runsBefore = runs;
    const plain = isPlain(type, value);
    while (at < end) {
      let to = at;
      while (to < end && isDigit(text.charCodeAt(to))) to++;
      if (plain && to > at && to - at <= mostFewDigits && !isFixed(text, at)) {
        pattern.push(anyFewDigits);
        runs++;
        at = to;
      } else if (to > at && !isFixed(text, at)) {
        pattern.push(anyDigit);
        at++;
      } else copyUntil(at + 1);
    }
    written.push(detach(value));
    varying.push({ name, type, from, runsBefore, to: pattern.length, runsUntil: runs, behind: '' });
  }
  if (varying.length === 0) return null;
  varying.push({ ...varying.pop()!, behind: copyUntil(text.length) });
  return { spec, fields, head, varying, pattern: Uint8Array.from(pattern), written, last: known };
}

/**
 * What the text says that begins at `start` of `all` and has that shape; `found` is the table in which its line was just
 * found.
 */
export function readShape(
  shape: LineShape,
  all: string,
  start: number,
  { isSame, shifts }: Pick<LineTable<unknown>, 'isSame' | 'shifts'>,
): KnownText {
  if (isSame) {
    shape.last.mayRecur = true;
    return shape.last;
  }
  const { spec, head, varying, written } = shape;
  const fields: Record<string, string | number> = { ...shape.fields };
  let text = head;
  for (let i = 0; i < varying.length; i++) {
    const { name, type, from, runsBefore, to, runsUntil, behind } = varying[i]!;
    const value = all.slice(start + from + shifts[runsBefore]!, start + to + shifts[runsUntil]!);
    if (value !== written[i]) {
      written[i] = detach(value);
      fields[name] = fieldValue(type, written[i]!);
    }
    text += written[i]! + behind;
  }
  shape.fields = fields;
  return (shape.last = { text, match: { spec, fields, text }, mayRecur: false });
}
