/**
 * Remembers what texts were read as, by a hash of theirs. A text is kept when it comes a second time, so that those
 * that come once cost no memory; one that falls on the place of another takes it, so the size is fixed.
 */
export class TextTable<V> {
  private readonly mask: number;
  private readonly hashes: Int32Array;
  private readonly texts: (string | undefined)[];
  private readonly values: (V | undefined)[];
  private hash = 0;

  /** `size` is a power of two. */
  constructor(size: number) {
    this.mask = size - 1;
    this.hashes = new Int32Array(size);
    this.texts = new Array<string | undefined>(size).fill(undefined);
    this.values = new Array<V | undefined>(size).fill(undefined);
  }

  /** What `s` from `from` to `to` was read as. */
  find(s: string, from: number, to: number): V | undefined {
    let hash = to - from;
    for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + s.charCodeAt(i)) | 0;
    this.hash = hash;
    const at = (hash ^ (hash >>> 15)) & this.mask;
    if (this.hashes[at] !== hash) return undefined;
    const text = this.texts[at];
    // Two texts may share a hash: only equal letters count.
    if (text === undefined || text.length !== to - from || !s.startsWith(text, from))
      return undefined;
    return this.values[at];
  }

  /** True if the text that `find` was just asked for should be kept: it came before, and lately. */
  comesAgain(): boolean {
    const at = (this.hash ^ (this.hash >>> 15)) & this.mask;
    if (this.hashes[at] === this.hash) return true;
    this.hashes[at] = this.hash;
    this.texts[at] = undefined;
    this.values[at] = undefined;
    return false;
  }

  /** Keeps the text that `find` was just asked for; it must not be a window on a larger one. */
  keep(text: string, value: V): void {
    const at = (this.hash ^ (this.hash >>> 15)) & this.mask;
    this.texts[at] = text;
    this.values[at] = value;
  }
}
