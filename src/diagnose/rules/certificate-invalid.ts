import { commonRule } from '../common-rule.ts';
import { REFERENCES } from '../references.ts';
import type { Rule } from '../rule.ts';

export const certificateInvalid: Rule = commonRule({
  id: 'certificate-invalid',
  title: 'The certificate is not accepted',
  severity: 'failure',
  needs: ['log', 'packets'],
  means:
    'The certificate of the peer is expired, revoked, unsigned by a trusted authority, or its signature does not verify.',
  recognised:
    'The router logs IKMP_INVAL_CERT, an invalid signature or, in IKEv2, that it could not verify the certificate; on the wire INVALID_CERTIFICATE, CERTIFICATE_UNAVAILABLE or INVALID_SIGNATURE.',
  fix: 'Check validity dates against the clock of the router, the issuer against the trustpoint, and revocation checking.',
  references: [REFERENCES.ike, REFERENCES.certificates],
  supersedes: ['ikev2-auth-failed', 'deleted-by-peer', 'mm5-unanswered', 'inconclusive'],
  wording:
    /IKMP_INVAL_CERT|signature invalid|certificate (?:has expired|is not yet valid|revoked)|Certificate verification failed|Verify cert failed/i,
  notified: (entry, attempt) =>
    attempt.version === 1 &&
    entry.notifyType >= 19 &&
    entry.notifyType <= 28 &&
    entry.notifyType !== 24 &&
    entry.notifyType !== 23 &&
    entry.notifyType !== 26 &&
    entry.notifyType !== 27,
  tell: (_, side) => ({
    title: `${side.label} does not accept the certificate of its peer`,
    explanation: `${side.label} received a certificate that it does not accept, so authentication with signatures fails.`,
    advice: `Check the dates of the certificate against the clock of ${side.label}, its issuer against the trustpoints, and the revocation check.`,
    settle: [
      `"debug crypto pki transactions" and "debug crypto pki validation" of ${side.label}: they name the reason.`,
    ],
  }),
});
