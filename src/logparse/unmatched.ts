import type { UnmatchedShape } from '../model/log.ts';
import { detach } from './detach.ts';
import { maskKeyRows } from './secrets.ts';

const mostShapes = 2000;
const longestExample = 160;

/** Lines that mean the same but for their values have one shape; the tokens of keys tell keys apart. */
export function shapeOf(text: string): string {
  return text
    .slice(0, longestExample)
    .replace(/0x[0-9A-Fa-f]+|\d+(?:\.\d+){3}|(?<!<key#\d*)\d+/g, '#')
    .replace(/\s{2,}|[^\S ]/g, ' ')
    .trim();
}

/** Counts what was not understood, by shape, so that nothing is dropped silently. */
export class UnmatchedCounter {
  private readonly counts = new Map<
    string,
    { count: number; firstLine: number; kind: UnmatchedShape['kind']; example: string }
  >();
  private overflow = 0;
  private overflowLine = 0;

  add(written: string, line: number, kind: UnmatchedShape['kind']): void {
    const text = maskKeyRows(written.slice(0, 400).trim());
    const shape = shapeOf(text);
    const known = this.counts.get(shape);
    if (known) {
      known.count++;
      return;
    }
    if (this.counts.size >= mostShapes) {
      if (this.overflow++ === 0) this.overflowLine = line;
      return;
    }
    this.counts.set(detach(shape), {
      count: 1,
      firstLine: line,
      kind,
      example: detach(text.slice(0, longestExample).trim()),
    });
  }

  shapes(): readonly UnmatchedShape[] {
    const shapes: UnmatchedShape[] = [...this.counts].map(([shape, seen]) => ({ shape, ...seen }));
    shapes.sort((a, b) => b.count - a.count || a.firstLine - b.firstLine);
    if (this.overflow > 0) {
      shapes.push({
        shape: 'further shapes',
        count: this.overflow,
        firstLine: this.overflowLine,
        kind: 'annotation',
        example: '',
      });
    }
    return shapes;
  }
}
