import { isZeroId, sameConnId } from '../tag.ts';
import type { Context } from './context.ts';
import { hasClock } from './stage.ts';
import { namesPeer, text, type TrackedLine } from './tracked-line.ts';

/**
 * A line that cannot be of the attempt at hand shows that another attempt's lines begin: in turns with those at hand, or
 * because a paste goes on with another log. Which of both it is, the next lines tell: in turns both come back soon.
 */
export type Suspicion = {
  /** The attempt that the line before was of. */
  readonly left: Context;
  /** Lines that no attempt was given yet. */
  readonly lines: TrackedLine[];
};

/** Where two or three windows were mixed, none of them is silent for longer. */
export const mostSuspected = 64;

const peerOf = (line: TrackedLine): string | undefined =>
  line.id.startsWith('packet-') || namesPeer(line) ? text(line.fields.peer) : undefined;

/** Whether the attempt that was left has its turn again: the line names it, and not the one that it was left for. */
export function comesBack({ left, lines }: Suspicion, line: TrackedLine): boolean {
  const first = lines[0]!;
  if (line.spec.family !== 'isakmp' || !hasClock(left, line)) return false;
  const peer = peerOf(line);
  // Nothing had named it yet: two are named now.
  if (left.peer === null && left.connId === null)
    return peer !== undefined && lines.some((each) => (peerOf(each) ?? peer) !== peer);
  if (peer !== undefined && peer !== left.peer) return false;
  if (!isZeroId(line.connId))
    return sameConnId(left.connId, line.connId) && !sameConnId(first.connId, line.connId);
  if (peer !== undefined) return peer !== peerOf(first);
  const from = text(line.fields.from);
  return (
    line.id === 'state' &&
    left.connId === null &&
    left.states.at(-1) === from &&
    first.fields.to !== from
  );
}
