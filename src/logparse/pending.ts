import type { LogTime } from '../model/log.ts';
import { undamaged } from './clean.ts';
import type { Group, KnownText } from './known-groups.ts';
import type { Piece } from './line-break.ts';
import type { MessageFamily } from './message-spec.ts';
import type { Paste } from './paste-width.ts';
import { splitRemark } from './remark.ts';

/** A message whose lines are still coming. */
export type Pending = {
  line: number;
  /** Where its beginning ends, which may have been cut inside the tag. */
  headEnd: number;
  text: string;
  family: MessageFamily | 'other';
  connId: number | string | null;
  time: LogTime | null;
  host: string;
  width: number;
  stamped: boolean;
  /** The physical line, kept while its envelope may be cut. */
  raw: string | null;
  known: KnownText | null;
  following: Piece[];
  /** All lines so far, if each of them came before. */
  group: Group | null;
};

/** Most messages stand on one line: they share this. */
export const nothingFollows: Piece[] = [];

/** What is left behind the tag is so little, or an open bracket, that the tag itself may have been cut. */
export function cutTag(text: string): boolean {
  return text.length < 4 || (text.startsWith('(') && text.length < 40 && !text.includes(')'));
}

/** An ASA prints each message on one line of its own, whatever kind of message it is. */
export const isOneLine = ({ family, text }: Pending): boolean =>
  family === 'asa' || (family === 'syslog' && /^%(?:ASA|FTD|PIX)-/.test(text));

/** The line that began it without its damage, and the remark behind it if there is one. */
export function firstLine(
  family: MessageFamily,
  { line, text, width, following }: Pending,
): { readonly first: Piece; readonly remark: Piece | null } {
  const written = undamaged(text);
  const [own, remark] = splitRemark(family, written, following.length > 0) ?? [written];
  return {
    first: { line, text: own, width: width - (text.length - written.length) },
    remark: remark === undefined ? null : { line, text: remark, width: 0 },
  };
}

/** All that a reading can hang on besides the text: how the paste is broken, and how wide each line is. */
export function widthsOf({ width, following }: Pending, paste: Paste): readonly number[] {
  return [paste.width(), Number(paste.keepsWords()), width, ...following.map((each) => each.width)];
}

export function hasWidths(pending: Pending, paste: Paste, known: readonly number[]): boolean {
  return widthsOf(pending, paste).every((width, i) => width === known[i]);
}
