import { isZeroId } from '../tag.ts';
import type { Context } from './context.ts';
import { crosses, crossingLasts } from './crossing.ts';
import { mayOwn } from './owner-packet.ts';
import {
  ownerCrossed,
  ownerOfEngineLine,
  ownerOfPacketCrossed,
  recent,
  theUnnamed,
  type Owner,
} from './owner-crossed.ts';
import { beginsAlone, type Stream } from './stream.ts';
import { sideOf, text, type TrackedLine } from './tracked-line.ts';

const mostWaiting = 64;

/** Whether the lines of several events come in turns here; `null` if that is to be seen. */
export function isCrossed(stream: Stream, line: TrackedLine): boolean | null {
  const goesOn = line.event <= stream.crossedUntil;
  if ((goesOn || line.event > stream.calmUntil) && crosses(stream, line)) {
    if (!goesOn) return null;
    crossUntil(stream, line);
  }
  return line.event <= stream.crossedUntil;
}

/** From here on lines come in turns. */
export function crossUntil(stream: Stream, line: TrackedLine): void {
  stream.crossedUntil = line.event + crossingLasts;
  stream.held = [];
  for (const context of recent(stream)) if (!context.closed) context.crossed = true;
}

/** What a system message or the clean-up behind an SA is about: what is known already, and named. */
function ofNamed(stream: Stream, { connId, fields }: TrackedLine): Owner {
  const peer = text(fields.peer);
  const named = recent(stream).filter((each) =>
    isZeroId(connId) ? peer !== undefined && each.peer === peer : each.connId === connId,
  );
  return named.findLast(({ closed }) => !closed) ?? named.at(-1) ?? 'none';
}

/** A line of IKEv1. `isAside`: it begins no attempt, whatever it names. */
export function chooseCrossed(stream: Stream, line: TrackedLine, isAside: boolean): Owner {
  const { id } = line;
  const { family } = line.spec;
  switch (id) {
    case 'ipsec-interface':
      return 'none';
    case 'sa-request-profile':
      return recent(stream).findLast(isAsked) ?? 'new';
    case 'ke-message':
      return line.fields.number === 1 ? 'new' : 'none';
    case 'packet-received-new':
      return 'new';
    case 'packet-received':
    case 'packet-sent': {
      const [role, peer] = [sideOf(line.fields.role), text(line.fields.peer)];
      return ownerOfPacketCrossed(stream, line, (each) => mayOwn(each, line, role, peer));
    }
    case 'sa-outstanding':
    case 'sa-budding':
      return joined(stream, line);
    default:
      break;
  }
  if (family === 'syslog') return ofNamed(stream, line);
  if (family === 'bare' && line.spec.bare) return 'none';
  if (family === 'ipsec' || family === 'bare') {
    const owner = ownerOfEngineLine(stream, line);
    return owner === 'none' && beginsAlone(stream, line) ? 'new' : owner;
  }
  return isAside ? ofNamed(stream, line) : ownerCrossed(stream, line);
}

/** The key engine gave the word, and ISAKMP has not said what it does about it. */
const isAsked = (context: Context): boolean =>
  context.fresh && context.peer === null && context.has('ke-message') && !context.saRequestProfile;

/** The request runs over an SA that is there, so the attempt that it seemed to begin is none. */
function joined(stream: Stream, line: TrackedLine): Owner {
  const owner = ownerCrossed(stream, line);
  const unnamed = theUnnamed(stream);
  if (typeof owner === 'string') return unnamed;
  if (typeof unnamed !== 'string') stream.contexts.splice(stream.contexts.indexOf(unnamed), 1);
  return owner;
}

/** Keeps a line until another one tells whose id it has. */
export function keepWaiting(stream: Stream, line: TrackedLine): void {
  const { waiting } = stream;
  const id = line.connId!;
  const lines = waiting.get(id) ?? [];
  if (lines.length < mostWaiting && (lines.length > 0 || waiting.size < mostWaiting))
    waiting.set(id, [...lines, { ...line }]);
}

/** The lines that waited for this one, which has their id and an attempt. */
export function takeWaiting(stream: Stream, { connId }: TrackedLine): readonly TrackedLine[] {
  const { waiting } = stream;
  const lines = connId === null ? undefined : waiting.get(connId);
  if (lines === undefined) return [];
  waiting.delete(connId!);
  return lines;
}
