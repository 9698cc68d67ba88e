const most = 1 << 14;
const lineFeed = 10;
const encoder = new TextEncoder();

/** A part of a text that is all ASCII, as octets: reading those costs a fraction of reading the letters of a string. */
export class AsciiWindow {
  /** `octets[i]` is the letter of `text` at `base + i`. */
  octets: Uint8Array = new Uint8Array(0);
  /** The same octets, to compare several at once. */
  view: DataView = new DataView(new ArrayBuffer(0));
  length = 0;
  text = '';
  base = 0;

  /** How much can be shown at once. */
  get room(): number {
    return this.octets.length;
  }

  /** Shows what stands in `text` from `base` on, as much as there is room for. False if not all of it is ASCII. */
  show(text: string, base: number): boolean {
    const room = Math.min(text.length, most);
    if (this.octets.length < room) {
      this.octets = new Uint8Array(room);
      this.view = new DataView(this.octets.buffer);
    }
    const part = text.slice(base, base + this.octets.length);
    const { read, written } = encoder.encodeInto(part, this.octets);
    this.text = text;
    this.base = base;
    this.length = written;
    return read === part.length && written === read;
  }

  /** Where the line that `from` stands in ends, or -1. */
  lineEnd(from: number): number {
    const end = this.octets.indexOf(lineFeed, from);
    return end < this.length ? end : -1;
  }

  /** `end` without the blanks and carriage returns before it, down to `from`. */
  trimmed(from: number, end: number): number {
    const { octets } = this;
    let last = end;
    while (last > from) {
      const c = octets[last - 1]!;
      if (c !== 32 && c !== 13 && c !== 9) break;
      last--;
    }
    return last;
  }
}
