import type { AsciiWindow } from './ascii-window.ts';
import { isBlank, isDigit } from './characters.ts';
import type { Stamp } from './stamp.ts';

/** The parts of an envelope that stand in front of the tag. */
export type Prefix = {
  stamped: boolean;
  readonly stamp: Stamp;
  host: string;
  numbered: boolean;
  relayed: boolean;
};

const longest = 96;
const fixed = 0;
const counter = 1;
const clock = 2;
/** Milliseconds that a digit of `hh:mm:ss` stands for; its colons for none. */
const clockWeights: readonly number[] = [
  36_000_000, 3_600_000, 0, 600_000, 60_000, 0, 10_000, 1000,
];
/** `I` or `%`: nothing that stands in front of a tag begins so. */
export const beginsTag = (c: number | undefined): boolean => c === 73 || c === 37;

/**
 * The prefix of a line that was read. The lines of one log begin alike but for digits of counters and of the clock, so
 * comparing is enough for nearly all of them and costs a fraction of reading.
 */
export class PrefixLayout {
  private readonly codes = new Uint8Array(longest);
  private readonly view = new DataView(this.codes.buffer);
  private readonly kinds = new Uint8Array(longest);
  /** 0: nothing learnt. */
  private length = 0;
  private from = 0;
  private to = 0;
  private clockFrom = 0;
  private clockTo = 0;
  private zoneFrom = 0;
  private zoneTo = 0;
  private mark: Stamp['mark'] = 'authoritative';
  private month = -1;
  private dayOfMonth = 0;
  private year = 0;
  private ms = 0;
  private resolutionMs = 1;
  private stale = false;
  /** That of the stamps it was learnt from and fits. */
  reading = 0;
  private host = '';
  private numbered = false;
  private relayed = false;

  /** Takes over the prefix of `s` from `start` to `end`, just read in full. */
  learn(s: string, start: number, end: number, read: Prefix): void {
    const { stamp } = read;
    this.length = 0;
    if (end - start > longest || end <= start) return;
    for (let at = start; at < end; at++) {
      const c = s.charCodeAt(at);
      if (c > 127) return;
      this.codes[at - start] = c;
      this.kinds[at - start] =
        isDigit(c) && at >= stamp.clockFrom && at < stamp.clockTo ? clock : fixed;
    }
    this.markCounters(s, start, end, stamp);
    this.length = end - start;
    this.from = stamp.from - start;
    this.to = stamp.to - start;
    this.clockFrom = stamp.clockFrom - start;
    this.clockTo = stamp.clockTo - start;
    this.zoneFrom = stamp.zoneFrom - start;
    this.zoneTo = stamp.zoneTo - start;
    this.mark = stamp.mark;
    this.month = stamp.month;
    this.dayOfMonth = stamp.dayOfMonth;
    this.year = stamp.year;
    this.ms = stamp.ms;
    this.resolutionMs = stamp.resolutionMs;
    this.stale = false;
    this.reading = stamp.reading;
    this.host = read.host;
    this.numbered = read.numbered;
    this.relayed = read.relayed;
  }

  /** Whether `read` is the same prefix, of `s` from `start` to `end`, but for digits of counters and of the clock. */
  isOf(s: string, start: number, end: number, { stamp, host }: Prefix): boolean {
    if (
      this.length === 0 ||
      end - start !== this.length ||
      stamp.from - start !== this.from ||
      stamp.clockFrom - start !== this.clockFrom ||
      host !== this.host
    )
      return false;
    for (let i = 0; i < this.length; i++)
      if (this.kinds[i] === fixed && s.charCodeAt(start + i) !== this.codes[i]) return false;
    return true;
  }

  /** ` 123: ` outside of the stamp. */
  private markCounters(s: string, start: number, end: number, stamp: Stamp): void {
    for (let at = start; at < end; at++) {
      if (!isDigit(s.charCodeAt(at)) || (at >= stamp.from && at < stamp.to)) continue;
      let after = at;
      while (after < end && isDigit(s.charCodeAt(after))) after++;
      const before = at === start ? 32 : s.charCodeAt(at - 1);
      if (
        (isBlank(before) || before === 62) &&
        s.charCodeAt(after) === 58 &&
        isBlank(s.charCodeAt(after + 1))
      )
        this.kinds.fill(counter, at - start, after - start);
      at = after;
    }
  }

  /** The place of the tag, with `into` filled, if the line that begins at `from` begins like the one learnt; else -1. */
  read(window: AsciiWindow, from: number, into: Prefix): number {
    const { octets, view, length: limit, base } = window;
    const { length, codes, kinds, view: own } = this;
    const tag = from + length;
    if (length === 0 || tag >= limit) return -1;
    // Anything but the first letter of a tag could be one more part of the prefix.
    if (!beginsTag(octets[tag])) return -1;
    for (let i = 0; i < length; i++) {
      // Four at once, as nearly all of them are equal.
      while (i + 4 <= length && view.getInt32(from + i, true) === own.getInt32(i, true)) i += 4;
      if (i === length) break;
      const c = octets[from + i]!;
      if (c === codes[i]) continue;
      const kind = kinds[i]!;
      if (kind === fixed || !isDigit(c)) return -1;
      codes[i] = c;
      if (kind === clock) this.stale = true;
    }
    if (this.stale) {
      this.ms = this.clockMs();
      this.stale = false;
    }
    const { stamp } = into;
    const start = base + from;
    into.stamped = true;
    into.host = this.host;
    into.numbered = this.numbered;
    into.relayed = this.relayed;
    stamp.from = start + this.from;
    stamp.to = start + this.to;
    stamp.clockFrom = start + this.clockFrom;
    stamp.clockTo = start + this.clockTo;
    stamp.zoneFrom = start + this.zoneFrom;
    stamp.zoneTo = start + this.zoneTo;
    stamp.mark = this.mark;
    stamp.month = this.month;
    stamp.dayOfMonth = this.dayOfMonth;
    stamp.year = this.year;
    stamp.ms = this.ms;
    stamp.resolutionMs = this.resolutionMs;
    stamp.reading = this.reading;
    return tag;
  }

  /** What `hh:mm:ss` and its fraction say, as `Stamp.readClock` adds them up. */
  private clockMs(): number {
    const { codes, clockFrom, clockTo } = this;
    let whole = 0;
    for (let place = 0; place < clockWeights.length; place++)
      whole += (codes[clockFrom + place]! - 48) * clockWeights[place]!;
    let fraction = 0;
    let scale = 1000;
    for (let at = clockFrom + clockWeights.length + 1; at < clockTo; at++) {
      scale /= 10;
      fraction += (codes[at]! - 48) * scale;
    }
    return whole + fraction;
  }
}
