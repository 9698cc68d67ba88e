import { slice } from '../bytes/span.ts';
import type { Span } from '../model/span.ts';
import { note } from './body.ts';
import type { Faults } from './body.ts';

/** The SPIs of a Delete payload: `count` values of `size` octets from `from` on (RFC 2408 §3.15, RFC 7296 §3.11). */
export function splitSpis(
  body: Span,
  from: number,
  size: number,
  count: number,
  faults: Faults,
): readonly Span[] {
  const spis: Span[] = [];
  const there = body.bytes.length - from;
  if (size === 0 ? there > 0 : there !== size * count) {
    note(faults, 'delete-count-wrong', body.offset + from - 2, 2);
  }
  if (size === 0) return spis;
  for (let at = from; at + size <= body.bytes.length && spis.length < count; at += size) {
    spis.push(slice(body, at, at + size));
  }
  return spis;
}
