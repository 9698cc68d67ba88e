import { isZeroId, sameConnId } from '../tag.ts';
import type { Context } from './context.ts';
import { namesPeer, sameSession, text, type TrackedLine } from './tracked-line.ts';

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

function versionOf({ spec }: TrackedLine): 1 | 2 | null {
  if (spec.family === 'ikev2') return 2;
  return spec.family === 'isakmp' ? 1 : null;
}

const sameId = (a: TrackedLine['connId'], b: TrackedLine['connId']): boolean =>
  sameConnId(a, b) || sameSession(a, b);

/** Whose line it is by what it names: of the attempt that was left, or of another one; null if it names nothing. */
function turnOf({ left, lines }: Suspicion, line: TrackedLine): 'left' | 'other' | null {
  const first = lines[0]!;
  const [version, other] = [versionOf(line), versionOf(first)];
  if (version !== null && other !== null && left.ikeVersion !== other)
    return version === left.ikeVersion ? 'left' : 'other';
  const peer = peerOf(line);
  if (peer !== undefined && peer !== left.peer) return 'other';
  if (!isZeroId(line.connId)) {
    if (sameId(first.connId, line.connId)) return 'other';
    if (sameId(left.connId, line.connId)) return 'left';
    return left.connId === null ? null : 'other';
  }
  if (peer !== undefined) return peer === peerOf(first) ? null : 'left';
  const from = text(line.fields.from);
  const isNext =
    line.id === 'state' &&
    left.connId === null &&
    left.states.at(-1) === from &&
    first.fields.to !== from;
  return isNext ? 'left' : null;
}

/** Whether the attempt that was left has its turn again. */
export const comesBack = (suspicion: Suspicion, line: TrackedLine): boolean =>
  turnOf(suspicion, line) === 'left';
