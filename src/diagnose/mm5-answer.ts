import { packetSteps } from '../correlate/steps.ts';
import { isStatus } from '../logparse/negotiations/facts-packet.ts';
import type { Attempt } from '../model/incident.ts';
import { eventsOfSide } from './evidence.ts';

/**
 * What an initiator logs that comes back for MM5 and is no MM6: a notification that nothing authenticates, one whose
 * HASH it checked with the keys of phase 1, such a one that reports a status and refuses nothing, or a packet of which
 * it says no more.
 */
export type LoggedAnswer = 'in-clear' | 'authenticated' | 'status' | 'unread';

/** Null where nothing came back, or phase 1 is up. */
export function loggedAnswer({ initiator }: Attempt): LoggedAnswer | null {
  const { log } = initiator;
  if (log === null || log.phase1 === 'complete') return null;
  const steps = packetSteps(log);
  const mm5 = steps.find(({ step }) => step === 'MM5')?.packet.line;
  if (mm5 === undefined) return null;
  const came = steps.some(
    ({ step, packet }) => step === 'INFO' && packet.direction === 'received' && packet.line > mm5,
  );
  if (!came) return null;
  const later = eventsOfSide(initiator).filter(({ line }) => line > mm5);
  if (later.some(({ message }) => message === 'notify-no-hash')) return 'in-clear';
  const hashed = new Set(
    later.flatMap(({ message, fields }) =>
      message === 'payload-processing' && fields.payload === 'HASH' ? [fields.messageId] : [],
    ),
  );
  const read = later.filter(
    ({ message, fields }) =>
      message === 'notify-received' &&
      fields.messageId !== undefined &&
      hashed.has(fields.messageId),
  );
  if (read.length === 0) return 'unread';
  return read.every(({ fields }) => isStatus(String(fields.type))) ? 'status' : 'authenticated';
}
