import type { AttemptSide } from '../../model/incident.ts';
import { outOfDate, type OutOfDate } from '../certificate-dates.ts';
import { commonRule, failed, type Story } from '../common-rule.ts';
import { eventsOfSide, quoted } from '../evidence.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

/** The certificate was read and trusted; what was signed with it is refused. */
const SIGNATURE = /signature invalid/i;

/** What the router says is wrong, or the certificate itself shows, and what to do about it. */
type Reason = {
  readonly wording: RegExp;
  readonly dates?: OutOfDate['when'];
  readonly text: string;
  readonly advice: (side: AttemptSide) => string;
};

const REASONS: readonly Reason[] = [
  {
    dates: 'expired',
    wording: /CERTIFICATE_INVALID_EXPIRED|certificate (?:\(SN: \w+\) )?(?:has )?expired/i,
    text: 'it has expired',
    advice: ({ label }) =>
      `Renew the certificate of the peer, after a look at the clock of ${label}.`,
  },
  {
    dates: 'not-yet-valid',
    wording: /NOT_YET_VALID|certificate (?:\(SN: \w+\) )?is not yet valid/i,
    text: 'it is not valid yet',
    advice: ({ label }) =>
      `Set the clock of ${label}; a clock that was never set stands in the past.`,
  },
  {
    wording: /CERTIFICATE_REVOKED|certificate (?:\(SN: \w+\) )?(?:is |has been )?revoked/i,
    text: 'it is revoked',
    advice: () => 'Enrol the peer anew: its certificate is revoked.',
  },
  {
    wording: /Peer ID check failed/i,
    text: 'it holds another identity than the one that is sent',
    advice: () =>
      'Let the peer send an identity that its certificate holds, or enrol it with the one that it sends.',
  },
  {
    wording: SIGNATURE,
    text: 'the signature of the peer does not verify',
    advice: () =>
      'On the peer compare the public key of the certificate with the key pair of the trustpoint ("show crypto key mypubkey rsa"), and enrol anew where they differ: it signs with a private key that is not that of the certificate that it sends.',
  },
];

/** What gives no reason, and what does. */
const WORDING = new RegExp(
  [
    'IKMP_INVAL_CERT|PKI-3-CERTIFICATE_INVALID|Certificate verification failed|Verify cert failed',
    ...REASONS.map(({ wording }) => wording.source),
  ].join('|'),
  'i',
);

const reasonOf = (side: AttemptSide): Reason | undefined =>
  REASONS.find(({ wording }) => quoted(side, wording, false, 1).length > 0);

const NAME_THE_REASON = ({ label }: AttemptSide): string =>
  `"debug crypto pki transactions" and "debug crypto pki validation" of ${label}: they name the reason.`;

/** No one names the reason, and a certificate shows one. */
function byDates(side: AttemptSide, { subject, isIssuer, when, date }: OutOfDate): Story {
  const reason = REASONS.find(({ dates }) => dates === when)!;
  const whose = isIssuer ? `that of its issuer ${subject}` : `its certificate ${subject}`;
  const what = isIssuer ? 'the certificate of its issuer' : 'its certificate';
  return {
    title: `${side.label} refuses its peer, most likely for the dates of ${what}`,
    explanation: `${side.label} refuses its peer and does not say why. Most likely it is ${whose}: by the time of the capture ${reason.text} (${when === 'expired' ? 'valid until' : 'valid from'} ${date}).`,
    advice:
      isIssuer && when === 'expired'
        ? `Renew the certificate of the issuer and enrol the peer anew, after a look at the clock of ${side.label}.`
        : reason.advice(side),
    settle: [NAME_THE_REASON(side)],
  };
}

export const certificateInvalid: Rule = commonRule({
  id: 'certificate-invalid',
  title: 'The certificate is not accepted',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The certificate of the peer is expired, revoked, unsigned by a trusted authority, holds another identity than the one that is sent, or its signature does not verify.',
  recognised:
    'The router logs IKMP_INVAL_CERT, a PKI message that says what is wrong, an invalid signature or, in IKEv2, that it could not verify the certificate; on the wire INVALID_CERTIFICATE, CERTIFICATE_UNAVAILABLE or INVALID_SIGNATURE. Or one end refuses the other, whose certificate could be read and is out of its dates at the time of the capture.',
  fix: 'Check validity dates against the clock of the router, the issuer against the trustpoint, and revocation checking.',
  references: [REFERENCES.ike, REFERENCES.certificates],
  supersedes: ['ikev2-auth-failed', 'deleted-by-peer', 'mm5-unanswered', 'inconclusive'],
  wording: WORDING,
  when: (attempt) => failed(attempt) && attempt.phase1 !== 'complete',
  notified: (entry, attempt) =>
    attempt.version === 1 &&
    entry.notifyType >= 19 &&
    entry.notifyType <= 28 &&
    entry.notifyType !== 24 &&
    entry.notifyType !== 23 &&
    entry.notifyType !== 26 &&
    entry.notifyType !== 27,
  seen: (attempt) => outOfDate(attempt)?.evidence ?? [],
  teller: (attempt) => {
    const dates = outOfDate(attempt);
    return dates === null ? null : attempt[dates.by];
  },
  tell: (attempt, side) => {
    const reason = reasonOf(side);
    const dates = reason === undefined ? outOfDate(attempt) : null;
    if (dates !== null) return byDates(side, dates);
    if (reason?.wording === SIGNATURE)
      return {
        title: `${side.label} cannot verify the signature of its peer`,
        explanation: `${side.label} holds the signature of its peer against the public key in the certificate that the peer sends, and they do not fit. Nothing is said against the certificate itself: the peer signs with another private key (a key pair made anew, that of another trustpoint), or sends a certificate that is not that of its key.`,
        advice: reason.advice(side),
        settle: [],
      };
    return {
      title: `${side.label} does not accept the certificate of its peer${reason === undefined ? '' : `: ${reason.text}`}`,
      explanation: `${side.label} received a certificate that it does not accept${reason === undefined ? '' : ` (${reason.text})`}, so authentication with signatures fails.`,
      advice:
        reason?.advice(side) ??
        `Check the dates of the certificate against the clock of ${side.label}, its issuer against the trustpoints, and the revocation check.`,
      settle:
        reason === undefined && !eventsOfSide(side).some(({ message }) => message === 'pki')
          ? [NAME_THE_REASON(side)]
          : [],
    };
  },
});
