const most = 64;
/** Mail is broken at this width, or some columns behind it. */
const mailWidth = 72;
const mostMailWidth = 82;

/** How the paste was broken, as far as its lines so far tell. */
export type Paste = {
  /** The width that its lines seem to be broken at. */
  readonly width: () => number;
  /** Words are kept whole, as mail and editors do. */
  readonly keepsWords: () => boolean;
  /** A line was found to end inside a word, or before one that it had no room for. */
  readonly found: (end: 'in a word' | 'before a word') => void;
};

/** Lengths of the last lines that began a message: tells where a paste was wrapped. */
export class PasteWidth {
  /** Whether anybody has asked since it was last set. */
  wasAsked = false;
  private readonly widths: Int32Array = new Int32Array(most);
  private count = 0;
  private hasCutWord = false;
  private hasKeptWord = false;

  private readonly keepsWords = (): boolean => {
    this.wasAsked = true;
    return this.hasKeptWord && !this.hasCutWord;
  };

  private readonly found: Paste['found'] = (end) => {
    if (end === 'in a word') this.hasCutWord = true;
    else this.hasKeptWord = true;
  };

  /** Few lines are longer than the width that lines are broken at. */
  readonly ofAny: Paste = {
    width: () => {
      const seen = this.seen();
      if (seen.length === 0) return 80;
      let [first, second, third] = [0, 0, 0];
      for (const width of seen)
        if (width > first) [first, second, third] = [width, first, second];
        else if (width > second) [second, third] = [width, second];
        else if (width > third) third = width;
      return seen.length >= 8 ? third : first;
    },
    keepsWords: this.keepsWords,
    found: this.found,
  };

  /** Of lines that are whole as a rule, however long: they were broken in mail, or all at one width. */
  readonly ofOneLine: Paste = {
    ...this.ofAny,
    width: () => {
      const seen = this.seen();
      const longest = Math.max(...seen);
      if (longest <= mostMailWidth) return Math.max(mailWidth, this.ofAny.width());
      return seen.filter((width) => width === longest).length >= 3 ? longest : Infinity;
    },
  };

  add(width: number): void {
    this.widths[this.count++ & (most - 1)] = width;
  }

  private seen(): Int32Array {
    this.wasAsked = true;
    return this.widths.subarray(0, Math.min(most, this.count));
  }
}
