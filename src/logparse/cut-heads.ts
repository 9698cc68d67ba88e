import { newEnvelope, readEnvelope, type Envelope } from './envelope.ts';
import { cutTag, type Pending } from './pending.ts';
import type { RouterClock } from './router-clock.ts';

/** Lines that were cut within what stands in front of their text. */
export class CutHeads {
  /** For beginnings that are tried: the one of the assembler holds that of the line at hand. */
  private readonly trial: Envelope = newEnvelope();
  private readonly clock: RouterClock;

  constructor(clock: RouterClock) {
    this.clock = clock;
  }

  /** The line before was cut inside its stamp or tag: both together make a beginning. */
  reopens(pending: Pending, text: string, line: number, width: number): boolean {
    const { raw } = pending;
    if (raw === null || raw.length > 120) return false;
    const { trial: envelope } = this;
    for (const glue of ['', ' ']) {
      const joined = raw + glue + text.trimStart();
      readEnvelope(joined, 0, joined.length, envelope);
      const { family } = envelope;
      if (
        family === 'other' &&
        pending.family === 'other' &&
        envelope.textStart === joined.length &&
        envelope.textStart > raw.length
      ) {
        // Cut once more: so far only the stamp is whole.
        pending.raw = joined;
        pending.text = '';
        pending.headEnd = line;
        return true;
      }
      if (
        family === 'none' ||
        family === 'other' ||
        envelope.textStart < raw.length - pending.text.length
      )
        continue;
      if (
        pending.family !== 'other' &&
        !(pending.text === '' || pending.text.startsWith('(') || envelope.textStart > raw.length)
      )
        continue;
      pending.family = family;
      pending.connId = envelope.connId;
      pending.host = envelope.host || pending.host;
      pending.stamped = envelope.stamped;
      pending.time = envelope.stamped
        ? this.clock.time(joined, envelope.stamp, pending.host)
        : null;
      pending.text = joined.slice(envelope.textStart);
      pending.width = width;
      pending.headEnd = line;
      pending.raw = cutTag(pending.text) ? joined : null;
      return true;
    }
    return false;
  }
}
