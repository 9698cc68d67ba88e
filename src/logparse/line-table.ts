import type { AsciiWindow } from './ascii-window.ts';
import { isDigit } from './characters.ts';

const lineFeed = 10;
const firstRoom = 1 << 12;
const noPattern = new Uint8Array(0);
/** Kept in place of a digit that may be another one. No line holds it: they are ASCII. */
export const anyDigit = 255;
/** Kept in place of one to three digits: any that many. */
export const anyFewDigits = 254;
export const mostFewDigits = 3;

/**
 * Remembers what the rest of a line was read as. The line that came next the last time is tried first, then a hash of
 * its octets, then one of those in which all digits are equal. There are two places for a hash, the second of which
 * holds what was there before, and room for `longest` octets a place on average: all is bounded.
 */
export class LineTable<V> {
  private readonly mask: number;
  private readonly hashes: Int32Array;
  private readonly starts: Int32Array;
  private readonly lengths: Int32Array;
  /** How long the line was that was found there last. Where its digits may be others it stands behind the pattern. */
  private readonly lastLengths: Int32Array;
  private readonly values: (V | undefined)[];
  /** By the lines before it: the place of the line which came next the last time. */
  private readonly nexts: Int32Array;
  /** The octets of all that is kept, one behind the other. */
  private room = new Uint8Array(firstRoom);
  private view = new DataView(this.room.buffer);
  private used = 0;
  private readonly mostRoom: number;
  /** Where the line ends that `find` was asked for: its line feed, or -1 if it is not there. */
  end = -1;
  /** The line found last is, octet for octet, the one that was found in its place before. */
  isSame = false;
  private from = 0;
  private hash = 0;
  private hashAlike = 0;
  private hasAlike = false;
  /** Stands for the lines found last: of their places, the later ones count for more. */
  before = 0;
  /** Per run of few digits in the line found last: by how much it and those before it are longer than one digit. */
  readonly shifts: Int32Array;

  /** `size` is a power of two. */
  constructor(size: number, longest: number) {
    this.mask = size - 1;
    this.shifts = new Int32Array(longest + 1);
    this.mostRoom = size * longest;
    this.hashes = new Int32Array(size);
    this.starts = new Int32Array(size);
    this.lengths = new Int32Array(size);
    this.lastLengths = new Int32Array(size);
    this.nexts = new Int32Array(size);
    this.values = new Array<V | undefined>(size).fill(undefined);
  }

  /** What the line was read as that stands in the window from `from` on. */
  find(window: AsciiWindow, from: number): V | undefined {
    const expected = this.nexts[this.before]!;
    const value = this.values[expected];
    if (value === undefined || !this.stands(expected, window, from))
      return this.search(window, from);
    this.pass(expected);
    return value;
  }

  /** Whether the line from `from` on is the one that is kept at `place`; sets `end`, `isSame` and maybe `shifts` if so. */
  private stands(place: number, window: AsciiWindow, from: number): boolean {
    const start = this.starts[place]!;
    const length = this.lengths[place]!;
    const lastLength = this.lastLengths[place]!;
    if (lastLength === 0) {
      this.isSame = true;
      return this.equals(start, length, window, from);
    }
    // Many a line is printed twice.
    this.isSame = this.equals(start + length, lastLength, window, from);
    if (this.isSame) return true;
    if (!this.isAlike(start, length, window, from)) return false;
    this.keepLast(place, window, from);
    return true;
  }

  /** Whether the line from `from` on is what is kept in the room at `start`; sets `end` if so. */
  private equals(
    start: number,
    length: number,
    { octets, view, length: limit }: AsciiWindow,
    from: number,
  ): boolean {
    const end = from + length;
    if (end >= limit || octets[end] !== lineFeed) return false;
    const { room, view: own } = this;
    const words = length - 3;
    let i = 0;
    for (; i < words; i += 4)
      if (view.getInt32(from + i, true) !== own.getInt32(start + i, true)) return false;
    for (; i < length; i++) if (octets[from + i] !== room[start + i]) return false;
    this.end = end;
    return true;
  }

  /** Whether the line from `from` on has the pattern that is kept in the room at `start`; sets `end` and `shifts` if so. */
  private isAlike(
    start: number,
    patternLength: number,
    { octets, view, length }: AsciiWindow,
    from: number,
  ): boolean {
    const { room, view: own, shifts } = this;
    let kept = start;
    const stop = kept + patternLength;
    let at = from;
    let runs = 0;
    let shift = 0;
    for (;;) {
      // Four at once, as nearly all of them are equal.
      while (
        kept + 4 <= stop &&
        at + 4 <= length &&
        view.getInt32(at, true) === own.getInt32(kept, true)
      ) {
        at += 4;
        kept += 4;
      }
      if (kept === stop) break;
      if (at >= length) return false;
      const c = octets[at++]!;
      const k = room[kept++]!;
      if (c === k) continue;
      if (k < anyFewDigits || !isDigit(c)) return false;
      if (k === anyDigit) continue;
      const first = at;
      while (at < length && isDigit(octets[at]!)) at++;
      if (at - first >= mostFewDigits) return false;
      shift += at - first;
      shifts[++runs] = shift;
    }
    if (at >= length || octets[at] !== lineFeed) return false;
    this.end = at;
    return true;
  }

  /** The line found last at `place` is the one from `from` to `end`. */
  private keepLast(place: number, { octets, view }: AsciiWindow, from: number): void {
    const { room, view: own, end } = this;
    let kept = this.starts[place]! + this.lengths[place]!;
    let at = from;
    for (; at + 4 <= end; at += 4, kept += 4) own.setInt32(kept, view.getInt32(at, true), true);
    for (; at < end; at++) room[kept++] = octets[at]!;
    this.lastLengths[place] = end - from;
  }

  private search(window: AsciiWindow, from: number): V | undefined {
    const { octets, length } = window;
    let hash = 0;
    let end = from;
    for (; end < length; end++) {
      const c = octets[end]!;
      if (c === lineFeed) break;
      hash = (Math.imul(hash, 31) + c) | 0;
    }
    this.from = from;
    this.hash = hash;
    this.end = end < length ? end : -1;
    if (end === length) return undefined;
    return this.valueOf(hash, window) ?? (this.hasAlike ? this.searchAlike(window) : undefined);
  }

  /** Among the lines whose digits may be others. */
  private searchAlike(window: AsciiWindow): V | undefined {
    const { from, end } = this;
    const { octets } = window;
    let hash = 0;
    for (let at = from; at < end;) {
      const c = octets[at++]!;
      if (!isDigit(c)) {
        hash = (Math.imul(hash, 31) + c) | 0;
        continue;
      }
      const first = at - 1;
      while (at < end && isDigit(octets[at]!)) at++;
      const digits = at - first;
      for (let i = digits <= mostFewDigits ? 1 : digits; i > 0; i--)
        hash = (Math.imul(hash, 31) + anyDigit) | 0;
    }
    this.hashAlike = hash;
    return this.valueOf(hash, window);
  }

  private placeOf(hash: number): number {
    return (hash ^ (hash >>> 15)) & this.mask;
  }

  private valueOf(hash: number, window: AsciiWindow): V | undefined {
    const place = this.placeOf(hash);
    return this.valueAt(place, hash, window) ?? this.valueAt(place ^ 1, hash, window);
  }

  private valueAt(place: number, hash: number, window: AsciiWindow): V | undefined {
    if (this.hashes[place] !== hash) return undefined;
    const value = this.values[place];
    // Two lines may share a hash: only equal octets count.
    if (value === undefined || !this.stands(place, window, this.from)) return undefined;
    this.follow(place);
    return value;
  }

  private follow(place: number): void {
    this.nexts[this.before] = place;
    this.pass(place);
  }

  private pass(place: number): void {
    this.before = ((this.before << 4) ^ place) & this.mask;
  }

  /** Keeps the line that `find` was just asked for, in the same window. */
  keep(window: AsciiWindow, value: V): void {
    this.put(this.hash, noPattern, window, 0, value);
  }

  /**
   * Keeps with it all lines that begin like `pattern`, which holds `anyDigit` and `anyFewDigits` in place of digits and
   * stands for the first `length` octets.
   */
  keepAlike(window: AsciiWindow, pattern: Uint8Array, length: number, value: V): void {
    if (!this.hasAlike) {
      this.hasAlike = true;
      this.searchAlike(window);
    }
    this.put(this.hashAlike, pattern, window, length, value);
  }

  /** Keeps `pattern` and what stands in the line behind the first `skipped` octets. */
  private put(
    hash: number,
    pattern: Uint8Array,
    window: AsciiWindow,
    skipped: number,
    value: V,
  ): void {
    const { octets } = window;
    const { from, end } = this;
    const rest = octets.subarray(from + skipped, end);
    const length = pattern.length + rest.length;
    const isAlike = pattern.length > 0;
    const roomForLast = isAlike ? length + longerBy(pattern) : 0;
    if (!this.hasRoom(length + roomForLast)) return;
    const own = this.placeOf(hash);
    const isFree = this.values[own] === undefined || this.values[own ^ 1] !== undefined;
    const place = isFree ? own : own ^ 1;
    this.hashes[place] = hash;
    this.starts[place] = this.used;
    this.lengths[place] = length;
    this.values[place] = value;
    this.room.set(pattern, this.used);
    this.room.set(rest, this.used + pattern.length);
    this.used += length + roomForLast;
    if (isAlike) this.keepLast(place, window, from);
    else this.lastLengths[place] = 0;
    this.follow(place);
  }

  private hasRoom(length: number): boolean {
    if (this.used + length > this.mostRoom) {
      // What was replaced left its octets behind; to begin anew is rare and cheap.
      this.values.fill(undefined);
      this.used = 0;
    }
    if (this.used + length > this.room.length) {
      const larger = new Uint8Array(
        Math.min(this.mostRoom, Math.max(this.room.length * 2, this.used + length)),
      );
      larger.set(this.room.subarray(0, this.used));
      this.room = larger;
      this.view = new DataView(larger.buffer);
    }
    return length <= this.mostRoom;
  }
}

/** By how many octets a line of that pattern may be longer than it. */
function longerBy(pattern: Uint8Array): number {
  let runs = 0;
  for (const octet of pattern) if (octet === anyFewDigits) runs++;
  return runs * (mostFewDigits - 1);
}
