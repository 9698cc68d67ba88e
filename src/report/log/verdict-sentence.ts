import { authMethod } from '../../logparse/negotiations/auth-method.ts';
import { beganAfresh } from '../../logparse/negotiations/deletion.ts';
import type { FailureCause, LogNegotiation } from '../../model/log.ts';

const sentences: Readonly<Record<string, string>> = {
  'tunnel-up': 'phase 1 and phase 2 are complete',
  'keyring-mismatch-after-mm5':
    'the key that opened MM5 came from a keyring that the profile selected by the identity does not name',
  'keyring-mismatch-after-mm6':
    'the key in use came from a keyring that the profile selected by the identity does not name',
  'psk-mismatch': 'the two sides hold different keys',
  'no-psk-for-peer': 'there is no pre-shared key for this peer',
  'ike-policy-mismatch': 'no ISAKMP policy fits what was offered',
  'profile-not-matched': 'no ISAKMP profile fits the identity, and the tunnel demands one',
  'profile-mismatch-phase2': 'the identity selected another ISAKMP profile than the tunnel demands',
  'proxy-identity-mismatch':
    'no crypto map entry fits the protected networks or the addresses of the quick mode',
  'transform-set-mismatch': 'the transform sets differ',
  'mm3-lost': 'MM3 was never answered: it or MM4 is lost, or the peer stops there',
  'mm5-lost': 'MM5 never arrived',
  'mm5-unanswered':
    'MM5 was never answered: from this side a wrong key, a wrong keyring and a lost packet look the same',
  'peer-unreachable': 'the first message was never answered',
  'aggressive-mode-rejected': 'aggressive mode is disabled or refused',
  'certificate-trustpoint-mismatch':
    'the certificate is not accepted for the trustpoints of the profile',
  'deleted-by-peer': 'the peer deleted the SA; its own log says why',
  'certificate-invalid': 'the certificate of the peer is not accepted',
  'ikev2-profile-not-found': 'no IKEv2 profile fits the identity of the peer',
  'ikev2-auth-failed': 'authentication was refused, and the log does not show why',
  'half-open': 'IKE_SA_INIT was answered, and IKE_AUTH got lost or was never answered',
  'ikev2-invalid-ke': 'the Diffie-Hellman group was refused, and no other was tried',
  'xauth-failed': 'phase 1 is up, and the user was refused in extended authentication',
  'dpd-peer-dead': 'the SA stood until the peer answered no more',
};

/** Where IKEv2 has other words. */
const sentencesIkev2: Readonly<Record<string, string>> = {
  'tunnel-up': 'IKE SA and child SA are complete',
  'ike-policy-mismatch': 'no IKEv2 proposal fits what was offered',
  'transform-set-mismatch': 'the transform sets of the child SA differ',
  'proxy-identity-mismatch': 'the traffic selectors of the two sides fit no common policy',
};

/** With certificates no key can be wrong. */
const mm5WithCertificate =
  'MM5 was never answered: from this side a refused certificate and a lost packet look the same';

/** A cookie came back, and nothing else. */
const cookieUnanswered =
  'IKE_SA_INIT was answered with a cookie, and with the cookie it was never answered';

/** The peer began afresh while MM5 was under way, and the log shows no other SA with it. */
const mm5MaybeReplaced =
  'the peer began afresh before it answered MM5; whether another SA took the place of this one is not in the log';

/** Where one verdict has several causes. */
const causes: Readonly<Record<FailureCause, string>> = {
  verification: 'the AUTH payload of the peer does not fit: the keys (or certificates) differ',
  method: 'the peer authenticates in another way (key or certificate) than is configured for it',
  'own-certificate': 'the router has no certificate of its own to authenticate itself with',
  user: 'the user of the peer was refused within EAP',
  authorisation: 'the peer was authenticated and then refused',
  'refused-by-peer': 'the peer refused this router; only the log of the peer shows why',
  rekey: 'the IKE SA stood, and no IKEv2 proposal fitted when it was to be renewed',
  superseded: 'the peer began afresh, and another SA with it took the place of this one',
  installation: 'the IPsec SA was agreed and could not be put in place',
};

/** `isTold`: something above says what went wrong. */
function undecided(
  { phase1, phase2, ikeVersion, outcome, failingStep }: LogNegotiation,
  isTold: boolean,
): string {
  const why = isTold
    ? 'the log shows no more of why than is told above'
    : 'the log does not show why';
  if (outcome === 'established')
    return `the tunnel is up; a later quick mode was refused or never answered, and ${why}`;
  if (phase1 === 'failed') return `it failed, and ${why}`;
  if (failingStep === 'xauth-wait')
    return 'phase 1 is up, and the question for user name and password was never answered';
  if (phase2 === 'failed' && ikeVersion === 2) return `the child SA was refused, and ${why}`;
  return phase2 === 'failed'
    ? `quick mode was refused or never answered, and ${why}`
    : 'the log does not show how it ended';
}

/** What a verdict says in one sentence; `isTold`: something above says what went wrong. */
export function verdictSentence(negotiation: LogNegotiation, isTold: boolean): string {
  const { verdict, ikeVersion, cause, failingStep, deleteReason } = negotiation;
  const said =
    (cause && causes[cause]) ??
    (verdict === 'inconclusive'
      ? undecided(negotiation, isTold)
      : ((ikeVersion === 2 ? sentencesIkev2[verdict] : null) ??
        (verdict === 'mm5-unanswered' && beganAfresh(deleteReason?.text ?? '')
          ? mm5MaybeReplaced
          : null) ??
        (verdict === 'mm5-unanswered' && authMethod(negotiation.auth) === 'certificate'
          ? mm5WithCertificate
          : null) ??
        (verdict === 'half-open' && failingStep === 'sa-init-wait' ? cookieUnanswered : null) ??
        sentences[verdict]));
  return said ?? '';
}
