import type { AsciiWindow } from './ascii-window.ts';
import { PrefixLayout, type Prefix } from './prefix-layout.ts';

/** As many routers as one relay may send for in turns without a line being read in full. */
const most = 4;

/** The prefixes read last. */
export class PrefixLayouts {
  private readonly layouts: readonly PrefixLayout[] = Array.from(
    { length: most },
    () => new PrefixLayout(),
  );
  /** The one that fitted last, which is tried first. */
  private current = this.layouts[0]!;
  private oldest = 0;

  /** Takes over the prefix of `s` from `start` to `end`, just read in full. */
  learn(s: string, start: number, end: number, read: Prefix): void {
    const known = this.layouts.find((layout) => layout.isOf(s, start, end, read));
    this.current = known ?? this.layouts[this.oldest++ % most]!;
    if (known) read.stamp.reading = known.reading;
    else this.current.learn(s, start, end, read);
  }

  /** The place of the tag, with `into` filled, if the line that begins at `from` begins like the one before; else -1. */
  read(window: AsciiWindow, from: number, into: Prefix): number {
    return this.current.read(window, from, into);
  }

  /** As `read`, if it begins like a line before that. */
  readEarlier(window: AsciiWindow, from: number, into: Prefix): number {
    for (const layout of this.layouts) {
      const tag = layout === this.current ? -1 : layout.read(window, from, into);
      if (tag < 0) continue;
      this.current = layout;
      return tag;
    }
    return -1;
  }
}
