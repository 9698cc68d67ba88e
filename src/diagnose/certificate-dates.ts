import { isCalendarTime } from '../bytes/iso-time.ts';
import { readCertificate } from '../isakmp/certificate.ts';
import type { ExchangeMessage, Side, Step } from '../model/exchange.ts';
import type { Attempt } from '../model/incident.ts';
import type { CertificateSummary } from '../model/isakmp.ts';
import { frameEvidence } from './evidence.ts';
import { packets } from './facts.ts';
import { authRefused } from './ikev2.ts';
import { refusalRead, usesPsk } from './mm5.ts';
import { readPhase1End } from './phase1-end.ts';
import type { Weighed } from './rule.ts';

/** A certificate that was sent is out of its dates by the clock of the capture, and the other end refuses its sender; why, it does not say. */
export type OutOfDate = {
  /** Who refuses. */
  readonly by: Side;
  readonly subject: string;
  /** It is not that of the peer, but of an authority that vouches for it. */
  readonly isIssuer: boolean;
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

/** The certificate of the sender, which is the first (RFC 7296 section 3.6), and those of its issuers as far as they are sent. */
function chainOf({ payloads }: ExchangeMessage): readonly CertificateSummary[] {
  const sent = payloads.flatMap(({ content }) =>
    content.kind === 'certificate' ? [readCertificate(content.data)] : [],
  );
  const chain: CertificateSummary[] = [];
  let next = sent[0] ?? undefined;
  while (next !== undefined && !chain.includes(next)) {
    const { issuer } = next;
    chain.push(next);
    next = sent.find((one) => one?.subject === issuer) ?? undefined;
  }
  return chain;
}

function datesOf(attempt: Attempt, entry: ExchangeMessage, by: Side): OutOfDate | null {
  const { timeNs } = entry.message;
  if (!isCalendarTime(timeNs)) return null;
  const now = Number(timeNs / 1_000_000n);
  for (const [at, { subject, notBefore, notAfter }] of chainOf(entry).entries()) {
    const isExpired = Date.parse(notAfter) < now;
    if (!isExpired && !(Date.parse(notBefore) > now)) continue;
    const date = (isExpired ? notAfter : notBefore).slice(0, 10);
    const isIssuer = at > 0;
    const text = `the certificate ${subject}${isIssuer ? ', an issuer of that of the peer,' : ''} in ${entry.step} is valid ${isExpired ? 'until' : 'from'} ${date}, and the capture is of ${new Date(now).toISOString().slice(0, 10)}`;
    return {
      by,
      subject,
      isIssuer,
      when: isExpired ? 'expired' : 'not-yet-valid',
      date,
      // The dates are certain; that they are the reason is not.
      evidence: frameEvidence(attempt, entry, text, { basis: 'inferred', decisive: true }),
    };
  }
  return null;
}
