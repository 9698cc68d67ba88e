import type { AttemptSide } from '../../model/incident.ts';
import { commonRule } from '../common-rule.ts';
import { eventsOfSide } from '../evidence.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

/** By the end of the mnemonic of the PKI messages. */
const FAULTS: Readonly<Record<string, string>> = {
  INVALID_EXPIRED: 'has expired',
  INVALID_NOT_YET_VALID: 'is not valid yet',
  REVOKED: 'is revoked',
};

function faultOf(side: AttemptSide): string | null {
  const said = eventsOfSide(side).find(({ message }) => message === 'syslog-certificate-invalid');
  return FAULTS[String(said?.fields.fault)] ?? null;
}

export const certificateInvalid: Rule = commonRule({
  id: 'certificate-invalid',
  title: 'The certificate is not accepted',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The certificate of the peer is expired, revoked, unsigned by a trusted authority, or its signature does not verify.',
  recognised:
    'The router logs IKMP_INVAL_CERT, a PKI message that says what is wrong, an invalid signature or, in IKEv2, that it could not verify the certificate; on the wire INVALID_CERTIFICATE, CERTIFICATE_UNAVAILABLE or INVALID_SIGNATURE.',
  fix: 'Check validity dates against the clock of the router, the issuer against the trustpoint, and revocation checking.',
  references: [REFERENCES.ike, REFERENCES.certificates],
  supersedes: ['ikev2-auth-failed', 'deleted-by-peer', 'mm5-unanswered', 'inconclusive'],
  wording:
    /IKMP_INVAL_CERT|signature invalid|certificate (?:\(SN: \w+\) )?(?:has expired|is not yet valid|(?:is |has been )?revoked)|Certificate verification failed|Verify cert failed/i,
  notified: (entry, attempt) =>
    attempt.version === 1 &&
    entry.notifyType >= 19 &&
    entry.notifyType <= 28 &&
    entry.notifyType !== 24 &&
    entry.notifyType !== 23 &&
    entry.notifyType !== 26 &&
    entry.notifyType !== 27,
  tell: (_, side) => {
    const fault = faultOf(side);
    return {
      title: `${side.label} does not accept the certificate of its peer${fault === null ? '' : `: a certificate of its chain ${fault}`}`,
      explanation: `${side.label} received a certificate that it does not accept, so authentication with signatures fails.${fault === null ? '' : ` A certificate of its chain ${fault}.`}`,
      advice: `Check the dates of the certificate against the clock of ${side.label}, its issuer against the trustpoints, and the revocation check.`,
      settle:
        fault === null
          ? [
              `"debug crypto pki transactions" and "debug crypto pki validation" of ${side.label}: they name the reason.`,
            ]
          : [],
    };
  },
});
