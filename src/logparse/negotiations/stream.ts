import type { Context } from './context.ts';
import type { TrackedLine } from './tracked-line.ts';

/** The lines of one sender, or of one terminal. */
export type Stream = {
  readonly contexts: Context[];
  current: Context | null;
  /** What the key engine asked for, until ISAKMP says that it begins. */
  request: TrackedLine | null;
  /** Where the last packet came in, and from whom: on an ASA a line of its own. */
  arrival: { readonly peer: string; readonly local: string } | null;
  /** Lines that nothing told the attempt of yet. */
  held: TrackedLine[];
};

/** Looking further back than this for the owner of a line would be guessing. */
export const mostOpen = 256;

/** Attempts that have packets and no id yet. */
export function halfOpen(stream: Stream): Context[] {
  return stream.contexts
    .slice(-mostOpen)
    .filter((context) => context.connId === null && !context.closed && context.packetCount > 0);
}

/** The attempt begun last that fits. */
export function latest(stream: Stream, fits: (context: Context) => boolean): Context | null {
  const { contexts } = stream;
  for (let i = contexts.length - 1; i >= 0 && i >= contexts.length - mostOpen; i--) {
    if (fits(contexts[i]!)) return contexts[i]!;
  }
  return null;
}
