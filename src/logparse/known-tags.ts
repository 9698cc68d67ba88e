import type { Tag } from './tag.ts';

const count = 4;
const longest = 48;

type Known = Omit<Tag, 'end'> & { readonly octets: Uint8Array };

/** What makes another tag of the octets before it: a blank, `(`, `-` or `:`. */
const goesOn = (c: number): boolean => c === 32 || c === 9 || c === 40 || c === 45 || c === 58;
const endsLine = (c: number): boolean => c === 10 || c === 13;

/** The tags read last: the lines of one negotiation carry two or three of them, and comparing costs less than reading. */
export class KnownTags {
  private readonly tags: Known[] = [];
  private oldest = 0;

  /** Fills `into` if one of the tags stands in `octets` at `at`, before `limit`. */
  find(octets: Uint8Array, at: number, limit: number, into: Tag): boolean {
    for (const known of this.tags) {
      const { octets: own } = known;
      const end = at + own.length;
      if (end >= limit) continue;
      let i = 0;
      while (i < own.length && octets[at + i] === own[i]) i++;
      if (i < own.length || goesOn(octets[end]!)) continue;
      into.end = end;
      into.family = known.family;
      into.connId = known.connId;
      into.iosXe = known.iosXe;
      into.largePair = known.largePair;
      return true;
    }
    return false;
  }

  /** Takes over a tag of ISAKMP that was read from `octets` at `at`. */
  learn(octets: Uint8Array, at: number, tag: Tag): void {
    const length = tag.end - at;
    if (tag.family !== 'isakmp' || length === 0 || length > longest) return;
    const next = octets[tag.end]!;
    // At the end of a line the tag may have been cut.
    if (goesOn(next) || endsLine(next)) return;
    const { family, connId, iosXe, largePair } = tag;
    const known = { octets: octets.slice(at, tag.end), family, connId, iosXe, largePair };
    if (this.tags.length < count) this.tags.push(known);
    else this.tags[this.oldest++ % count] = known;
  }
}
