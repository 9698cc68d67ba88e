const lineFeed = 10;
const firstRoom = 1 << 12;

/**
 * Remembers what the rest of a line was read as, by a hash of its octets. One that falls on the place of another takes
 * it, and there is room for `longest` octets a place on average: both are bounded.
 */
export class LineTable<V> {
  private readonly mask: number;
  private readonly hashes: Int32Array;
  private readonly starts: Int32Array;
  private readonly lengths: Int32Array;
  private readonly values: (V | undefined)[];
  /** The octets of all that is kept, one behind the other. */
  private room = new Uint8Array(firstRoom);
  private used = 0;
  private readonly mostRoom: number;
  /** Where the line ends that `find` was asked for: its line feed, or -1 if it is not there. */
  end = -1;
  private from = 0;
  private hash = 0;
  private place = 0;

  /** `size` is a power of two. */
  constructor(size: number, longest: number) {
    this.mask = size - 1;
    this.mostRoom = size * longest;
    this.hashes = new Int32Array(size);
    this.starts = new Int32Array(size);
    this.lengths = new Int32Array(size);
    this.values = new Array<V | undefined>(size).fill(undefined);
  }

  /** What the line from `from` on was read as; none of it stands behind `limit`. */
  find(octets: Uint8Array, from: number, limit: number): V | undefined {
    let hash = 0;
    let end = from;
    for (; end < limit; end++) {
      const c = octets[end]!;
      if (c === lineFeed) break;
      hash = (Math.imul(hash, 31) + c) | 0;
    }
    this.from = from;
    this.hash = hash;
    this.end = end < limit ? end : -1;
    const at = (hash ^ (hash >>> 15)) & this.mask;
    this.place = at;
    if (this.hashes[at] !== hash) return undefined;
    const value = this.values[at];
    // Two lines may share a hash: only equal octets count.
    if (value === undefined || this.lengths[at] !== end - from) return undefined;
    const { room } = this;
    let kept = this.starts[at]!;
    for (let i = from; i < end; i++, kept++) if (octets[i] !== room[kept]) return undefined;
    return value;
  }

  /** Keeps the line that `find` was just asked for, in the same octets. */
  keep(octets: Uint8Array, value: V): void {
    const { place: at, hash, from, end } = this;
    if (!this.hasRoom(end - from)) return;
    this.hashes[at] = hash;
    this.starts[at] = this.used;
    this.lengths[at] = end - from;
    this.values[at] = value;
    for (let i = from; i < end; i++) this.room[this.used++] = octets[i]!;
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
    }
    return length <= this.mostRoom;
  }
}
