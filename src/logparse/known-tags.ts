import type { AsciiWindow } from './ascii-window.ts';
import { isDigit } from './characters.ts';
import type { Tag } from './tag.ts';

const count = 32;
/** Words of four octets a tag. */
const room = 12;
const longest = room * 4;
/** Which tag follows is guessed by what came before it. */
const histories = 1 << 13;
/** Routers of other releases write the same texts behind other tags: these shall not share a history. */
const spread = 0x9e5;

/** In front of it no blank and no number stands: these octets alone are the tag, and belong to the text. */
const ipsecStart: Uint8Array = new TextEncoder().encode('IPSEC(');

/** What makes another tag of the octets before it: a blank, `(`, `-`, `:` or `;`. */
const goesOn = (c: number): boolean =>
  c === 32 || c === 9 || c === 40 || c === 45 || c === 58 || c === 59;
const endsLine = (c: number): boolean => c === 10 || c === 13;

/** A tag as it is kept; places count from its first octet. */
type Known = {
  readonly tag: Tag;
  /** How many octets are compared. */
  readonly length: number;
  /** Where the digits of a connection id stand, which may be others; both 0 if there is none. */
  readonly idFrom: number;
  readonly idTo: number;
};

/** The tags read last: the lines of one negotiation carry a few of them, and comparing costs less than reading. */
export class KnownTags {
  private readonly known: Known[] = [];
  private readonly words = new Int32Array(count * room);
  /** Which bits of a word count. */
  private readonly masks = new Int32Array(count * room);
  private oldest = 0;
  /** Stands for the texts that came before: the same number where they were the same. */
  before = 0;
  /** Behind which tag they stood. */
  private last = 0;
  private readonly nexts = new Uint8Array(histories);

  /** Fills `into` if one of the tags stands in the window at `at`. */
  find(window: AsciiWindow, at: number, into: Tag): boolean {
    const place = this.placeOf(window, at);
    if (place < 0) return false;
    const { tag, idFrom, idTo } = this.known[place]!;
    into.end = at + tag.end;
    into.family = tag.family;
    into.connId = idTo === 0 ? tag.connId : numberAt(window.octets, at + idFrom, at + idTo);
    into.iosXe = tag.iosXe;
    into.largePair = tag.largePair;
    return true;
  }

  private placeOf(window: AsciiWindow, at: number): number {
    const history = (this.before ^ Math.imul(this.last, spread)) & (histories - 1);
    const next = this.nexts[history]!;
    if (this.stands(next, window, at)) return (this.last = next);
    for (let place = 0; place < this.known.length; place++)
      if (this.stands(place, window, at)) return (this.last = this.nexts[history] = place);
    return -1;
  }

  private stands(place: number, { view, octets, length: limit }: AsciiWindow, at: number): boolean {
    const known = this.known[place];
    if (known === undefined) return false;
    const { length, idFrom, idTo, tag } = known;
    // Whole words are read, also behind the last octet that counts.
    if (at + length + 4 > limit) return false;
    const { words, masks } = this;
    for (let i = 0, word = place * room; i < length; i += 4, word++)
      if (((view.getInt32(at + i, true) ^ words[word]!) & masks[word]!) !== 0) return false;
    for (let i = idFrom; i < idTo; i++) if (!isDigit(octets[at + i]!)) return false;
    return tag.end === 0 || !goesOn(octets[at + length]!);
  }

  /** Takes over a tag that was read in the window at `at`, if it is one of those that come again and again. */
  learn({ octets }: AsciiWindow, at: number, tag: Tag): void {
    const known = knownAs(octets, at, tag);
    if (!known) return;
    const place = this.known.length < count ? this.known.length : this.oldest++ % count;
    this.known[place] = known;
    const { length, idFrom, idTo } = known;
    for (let word = 0; word < room; word++) {
      let octetsOfWord = 0;
      let mask = 0;
      for (let i = word * 4 + 3; i >= word * 4; i--) {
        const counts = i < length && (i < idFrom || i >= idTo);
        octetsOfWord = (octetsOfWord << 8) | (counts ? octets[at + i]! : 0);
        mask = (mask << 8) | (counts ? 255 : 0);
      }
      this.words[place * room + word] = octetsOfWord;
      this.masks[place * room + word] = mask;
    }
  }
}

function knownAs(octets: Uint8Array, at: number, tag: Tag): Known | null {
  const end = tag.end - at;
  const own: Tag = { ...tag, end };
  if (tag.family === 'ipsec' && ipsecStart.every((c, i) => octets[at + i] === c))
    return { tag: own, length: ipsecStart.length, idFrom: 0, idTo: 0 };
  if (tag.family !== 'isakmp' || end === 0 || end > longest) return null;
  const next = octets[tag.end]!;
  // At the end of a line the tag may have been cut.
  if (goesOn(next) || endsLine(next)) return null;
  return { tag: own, length: end, ...idIn(octets, at, own) };
}

/** Where `(1001)` stands in the tag, if that alone is its connection id. */
function idIn(
  octets: Uint8Array,
  at: number,
  { end, connId }: Tag,
): Pick<Known, 'idFrom' | 'idTo'> {
  const open = octets.subarray(at, at + end).indexOf(40);
  let idTo = open + 1;
  while (idTo < end && isDigit(octets[at + idTo]!)) idTo++;
  const isAlone =
    open >= 0 &&
    octets[at + idTo] === 41 &&
    idTo > open + 1 &&
    numberAt(octets, at + open + 1, at + idTo) === connId;
  return isAlone ? { idFrom: open + 1, idTo } : { idFrom: 0, idTo: 0 };
}

function numberAt(octets: Uint8Array, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) number = number * 10 + octets[at]! - 48;
  return number;
}
