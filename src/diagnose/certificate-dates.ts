import { isCalendarTime } from '../bytes/iso-time.ts';
import { readCertificate } from '../isakmp/certificate.ts';
import type { ExchangeMessage, Side, Step } from '../model/exchange.ts';
import type { Attempt } from '../model/incident.ts';
import { frameEvidence } from './evidence.ts';
import { packets } from './facts.ts';
import { authRefused } from './ikev2.ts';
import { refusalRead, usesPsk } from './mm5.ts';
import { readPhase1End } from './phase1-end.ts';
import type { Weighed } from './rule.ts';

/** The certificate that was sent is out of its dates by the clock of the capture, and the other end refuses it. */
export type OutOfDate = {
  /** Who refuses. */
  readonly by: Side;
  readonly subject: string;
  readonly when: 'expired' | 'not-yet-valid';
  /** The date that is over, or yet to come. */
  readonly date: string;
  readonly evidence: readonly Weighed[];
};

/** Who says that it does not accept the other, as far as a message could be read. */
function refuser(attempt: Attempt): Side | null {
  if (attempt.version === 2) return authRefused(attempt)?.by ?? null;
  if (usesPsk(attempt)) return null;
  if (refusalRead(attempt) !== null) return 'responder';
  const end = readPhase1End(attempt);
  return end?.kind === 'refused' ? (end.sender?.side ?? null) : null;
}

const STEPS: Readonly<Record<Side, readonly Step[]>> = {
  initiator: ['MM5', 'AM3', 'AUTH'],
  responder: ['MM6', 'AM2', 'AUTH'],
};

export function outOfDate(attempt: Attempt): OutOfDate | null {
  const by = refuser(attempt);
  if (by === null) return null;
  const sender: Side = by === 'initiator' ? 'responder' : 'initiator';
  for (const step of STEPS[sender]) {
    for (const entry of packets(attempt, step, sender)) {
      const found = datesOf(attempt, entry, by);
      if (found !== null) return found;
    }
  }
  return null;
}

function datesOf(attempt: Attempt, entry: ExchangeMessage, by: Side): OutOfDate | null {
  const { timeNs } = entry.message;
  if (!isCalendarTime(timeNs)) return null;
  const now = Number(timeNs / 1_000_000n);
  for (const { content } of entry.payloads) {
    if (content.kind !== 'certificate') continue;
    const certificate = readCertificate(content.data);
    if (certificate === null) continue;
    const { subject, notBefore, notAfter } = certificate;
    const isExpired = Date.parse(notAfter) < now;
    if (!isExpired && !(Date.parse(notBefore) > now)) continue;
    const date = (isExpired ? notAfter : notBefore).slice(0, 10);
    const text = `the certificate ${subject} in ${entry.step} is valid ${isExpired ? 'until' : 'from'} ${date}, and the capture is of ${new Date(now).toISOString().slice(0, 10)}`;
    return {
      by,
      subject,
      when: isExpired ? 'expired' : 'not-yet-valid',
      date,
      evidence: frameEvidence(attempt, entry, text, { basis: 'proven', decisive: true }),
    };
  }
  return null;
}
