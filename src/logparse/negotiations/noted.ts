/** Of one fact no more lines are kept than these: the first ones and the last. */
const mostLines = 64;
const firstLimit = 256;

/**
 * What the lines of an attempt showed, and which lines. A line adds two small numbers to two lists, for lines come by
 * the million; they are sorted by fact when somebody asks, which is seldom before the attempt is over.
 */
export class Noted {
  private ids: string[] = [];
  private lines: number[] = [];
  /** More are kept than this only if so many different facts are noted. */
  private limit = firstLimit;
  private sorted: Map<string, number[]> | null = null;

  add(id: string, line: number): void {
    this.sorted = null;
    this.ids.push(id);
    this.lines.push(line);
    if (this.ids.length > this.limit) this.shorten();
  }

  has(id: string): boolean {
    return this.byId().has(id);
  }

  /** The lines that showed `id`, in the order in which they came. */
  of(id: string): readonly number[] | undefined {
    return this.byId().get(id);
  }

  /** Takes back what was noted last of `id`, if `line` showed it. */
  takeBack(id: string, line: number): void {
    const at = this.ids.lastIndexOf(id);
    if (at < 0 || this.lines[at] !== line) return;
    this.sorted = null;
    this.ids.splice(at, 1);
    this.lines.splice(at, 1);
  }

  clear(): void {
    this.ids = [];
    this.lines = [];
    this.sorted = null;
  }

  private byId(): Map<string, number[]> {
    if (this.sorted) return this.sorted;
    const sorted = new Map<string, number[]>();
    this.ids.forEach((id, i) => {
      const line = this.lines[i]!;
      const lines = sorted.get(id);
      if (!lines) sorted.set(id, [line]);
      else if (lines.length < mostLines) lines.push(line);
      else lines[mostLines - 1] = line;
    });
    this.sorted = sorted;
    return sorted;
  }

  /** Keeps of each fact no more lines than are needed, so that a session of weeks does not grow with the log. */
  private shorten(): void {
    const sorted = this.byId();
    this.clear();
    for (const [id, lines] of sorted) {
      for (const line of lines) {
        this.ids.push(id);
        this.lines.push(line);
      }
    }
    this.limit = Math.max(firstLimit, 2 * this.ids.length);
  }
}
