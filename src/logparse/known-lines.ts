import type { AsciiWindow } from './ascii-window.ts';
import { isDirty } from './clean.ts';
import { detach } from './detach.ts';
import type { KnownText } from './known-groups.ts';
import { readShape, shapeOf, type LineShape } from './line-shape.ts';
import { LineTable } from './line-table.ts';
import { matchOnce } from './matcher.ts';
import type { MessageFamily } from './message-spec.ts';
import { cutTag } from './pending.ts';

/** Longer lines seldom come twice. */
export const longestKnown = 300;
export const mostKnown: number = 1 << 14;

/**
 * What the texts behind tags were read as: routers repeat themselves, as they are or with other digits. By family, for
 * the tag decides the reading.
 */
export class KnownLines {
  private readonly tables: Readonly<Record<MessageFamily, LineTable<KnownText | LineShape>>> = {
    isakmp: new LineTable(mostKnown, longestKnown),
    ipsec: new LineTable(mostKnown >> 2, longestKnown),
    ikev2: new LineTable(mostKnown, longestKnown),
    syslog: new LineTable(mostKnown >> 4, longestKnown),
    bare: new LineTable(mostKnown >> 4, longestKnown),
    asa: new LineTable(mostKnown >> 2, longestKnown),
  };
  /** Where the line ends that `find` was asked for: its line feed in the window, or -1 if it is not there. */
  end = -1;
  /** Stands for that line and the few before it. */
  before = 0;

  /** What the text of `family` was read as that stands in the window from `from` to the end of its line. */
  find(family: MessageFamily, window: AsciiWindow, from: number): KnownText | undefined {
    const table = this.tables[family];
    const known = table.find(window, from);
    this.end = table.end;
    this.before = table.before;
    if (known === undefined || known.varying === undefined) return known;
    return readShape(known, window.text, window.base + from, table);
  }

  /** Reads the text that `find` was just asked for, and that ends at `to`; null if damage hangs on it. */
  learn(family: MessageFamily, window: AsciiWindow, from: number, to: number): KnownText | null {
    const { text: all, base } = window;
    const text = all.slice(base + from, base + to);
    if (text.length > longestKnown) return null;
    // What damage there is, and a tag that may have been cut, is judged with the lines around it.
    if (cutTag(text) || isDirty(text)) return null;
    const own = detach(text);
    const match = matchOnce(family, own);
    const read: KnownText = { text: own, match, mayRecur: true };
    const shape = match && shapeOf(family, read, match);
    const table = this.tables[family];
    if (shape) table.keepAlike(window, shape.pattern, text.length, shape);
    else table.keep(window, read);
    return read;
  }
}
