import type { Match } from './matcher.ts';
import type { Reading } from './unwrap.ts';

/** A text behind a tag, and what it was read as. */
export type KnownText = {
  readonly text: string;
  readonly match: Match | null;
  /** It may come again as it is; of lines whose digits are others each time, most never do. */
  mayRecur: boolean;
  /** Tells it from a shape, at less cost than `in`. */
  readonly varying?: undefined;
};

type Message = Extract<Reading, { kind: 'message' }>;

/** Lines that came before, one below the other, and what they were read as together. Line numbers count from the first. */
export type Group = {
  readings: readonly Message[] | null;
  /** How the paste is broken and how wide the lines are, if the readings hang on that. */
  widths: readonly number[] | null;
  /** By the line behind them; null until there was one. */
  next: Map<string, Group> | null;
};

/** Messages of several lines that were read before: what hangs on nothing but their text is read once. */
export class KnownGroups {
  private readonly roots = new Map<KnownText, Group>();
  private count = 0;
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  /** The group that begins with `first`, which stands alone. */
  begin(first: KnownText): Group {
    let group = this.roots.get(first);
    if (!group) {
      group = this.create();
      this.roots.set(first, group);
    }
    return group;
  }

  /** The group that is longer by a line, `gap` lines below the one before. */
  longer(group: Group, text: string, gap: number): Group {
    const key = gap === 1 ? text : `${String(gap)}\n${text}`;
    let longer = group.next?.get(key);
    if (!longer) {
      longer = this.create();
      (group.next ??= new Map<string, Group>()).set(key, longer);
    }
    return longer;
  }

  private create(): Group {
    if (++this.count > this.most) {
      this.roots.clear();
      this.count = 1;
    }
    return { readings: null, widths: null, next: null };
  }
}

/** Keeps what the lines from `line` on were read as, if all of it is messages. */
export function keepReadings(
  group: Group,
  line: number,
  readings: readonly Reading[],
  widths: readonly number[] | null,
): void {
  const messages: Message[] = [];
  for (const reading of readings) {
    if (reading.kind !== 'message') return;
    messages.push({ ...reading, line: reading.line - line, lastLine: reading.lastLine - line });
  }
  group.readings = messages;
  group.widths = widths;
}
