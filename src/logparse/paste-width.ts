const most = 64;
/** Mail is broken at this width, or some columns behind it. */
const mailWidth = 72;
const mostMailWidth = 82;

/** Lengths of the last lines that began a message: tells where a paste was wrapped. */
export class PasteWidth {
  /** Whether anybody has asked since it was last set. */
  wasAsked = false;
  private readonly widths: Int32Array = new Int32Array(most);
  private count = 0;

  add(width: number): void {
    this.widths[this.count++ & (most - 1)] = width;
  }

  /** The width that lines of this paste seem to be broken at: few lines are longer. */
  readonly full = (): number => {
    const seen = this.seen();
    if (seen.length === 0) return 80;
    let [first, second, third] = [0, 0, 0];
    for (const width of seen)
      if (width > first) [first, second, third] = [width, first, second];
      else if (width > second) [second, third] = [width, second];
      else if (width > third) third = width;
    return seen.length >= 8 ? third : first;
  };

  /** The same of lines that are whole as a rule, however long: they were broken in mail, or all at one width. */
  readonly ofOneLine = (): number => {
    const seen = this.seen();
    const longest = Math.max(...seen);
    if (longest <= mostMailWidth) return Math.max(mailWidth, this.full());
    return seen.filter((width) => width === longest).length >= 3 ? longest : Infinity;
  };

  private seen(): Int32Array {
    this.wasAsked = true;
    return this.widths.subarray(0, Math.min(most, this.count));
  }
}
