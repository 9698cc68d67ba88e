import type { AsciiWindow } from './ascii-window.ts';
import type { Tag } from './tag.ts';

const count = 32;
/** Octets of a tag, and the room of one. */
const longest = 48;

/** What makes another tag of the octets before it: a blank, `(`, `-` or `:`. */
const goesOn = (c: number): boolean => c === 32 || c === 9 || c === 40 || c === 45 || c === 58;
const endsLine = (c: number): boolean => c === 10 || c === 13;

/** The tags read last: the lines of one negotiation carry a few of them, and comparing costs less than reading. */
export class KnownTags {
  private readonly tags: Tag[] = [];
  private readonly room = new DataView(new ArrayBuffer(count * longest));
  private oldest = 0;
  private latest = 0;
  private readonly nexts = new Uint8Array(count);

  /** Fills `into` if one of the tags stands in the window at `at`. */
  find(window: AsciiWindow, at: number, into: Tag): boolean {
    const place = this.placeOf(window, at);
    if (place < 0) return false;
    const known = this.tags[place]!;
    this.nexts[this.latest] = place;
    this.latest = place;
    into.end = at + known.end;
    into.family = known.family;
    into.connId = known.connId;
    into.iosXe = known.iosXe;
    into.largePair = known.largePair;
    return true;
  }

  /** What followed the last time is tried first, then the same once more. */
  private placeOf(window: AsciiWindow, at: number): number {
    const { latest, tags } = this;
    const next = this.nexts[latest]!;
    if (this.stands(next, window, at)) return next;
    if (this.stands(latest, window, at)) return latest;
    for (let place = 0; place < tags.length; place++)
      if (this.stands(place, window, at)) return place;
    return -1;
  }

  private stands(place: number, { view, octets, length: limit }: AsciiWindow, at: number): boolean {
    const length = this.tags[place]?.end ?? limit;
    if (at + length >= limit) return false;
    const { room } = this;
    const start = place * longest;
    let i = 0;
    // Four at once: two tags differ late.
    for (; i + 4 <= length; i += 4)
      if (view.getInt32(at + i) !== room.getInt32(start + i)) return false;
    for (; i < length; i++) if (view.getUint8(at + i) !== room.getUint8(start + i)) return false;
    return !goesOn(octets[at + length]!);
  }

  /** Takes over a tag of ISAKMP that was read in the window at `at`. */
  learn({ octets }: AsciiWindow, at: number, tag: Tag): void {
    const end = tag.end - at;
    if (tag.family !== 'isakmp' || end === 0 || end > longest) return;
    const next = octets[tag.end]!;
    // At the end of a line the tag may have been cut.
    if (goesOn(next) || endsLine(next)) return;
    const place = this.tags.length < count ? this.tags.length : this.oldest++ % count;
    for (let i = 0; i < end; i++) this.room.setUint8(place * longest + i, octets[at + i]!);
    this.tags[place] = { ...tag, end };
    this.nexts[this.latest] = place;
    this.latest = place;
  }
}
