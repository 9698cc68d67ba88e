import type { ConfigModel, IsakmpProfile } from '../model/config.ts';
import { allowed, presentCertificate, usableTrustpoints } from './certificates.ts';
import type { CertificateEnd, CertificateOutcome } from './certificates.ts';
import type { Chosen } from './selection.ts';
import { ended, finishPhase2, refusedCertificate, unknown } from './walk-steps.ts';
import type { Attempt, Place, Walk } from './walk-steps.ts';

type Presentation = {
  readonly step: string;
  readonly by: Place['side'];
  readonly outcome: CertificateOutcome;
};

/** Both ends sign, and go on to quick mode. */
export function walkByCertificate(
  attempt: Attempt,
  initiator: Chosen,
  responder: Chosen,
  mode: 'main' | 'aggressive',
): Walk {
  const matched = responder.profiles?.winner?.profile ?? null;
  const undecided = responder.profiles?.undecided ?? [];
  if (matched === null && undecided.length > 0)
    return ended(
      unknown(
        `whether profile ${undecided.join(', ')} matches hangs on the certificate of the initiator, which no configuration shows`,
      ),
      initiator,
      responder,
    );
  const own = certificateEnd(attempt.initiator, initiator.requested);
  const far = certificateEnd(attempt.responder, matched);
  // MM4 asks for certificates of all trust-points: which profile limits what is accepted shows at MM5 only.
  const asking = mode === 'main' ? { ...far, asks: usableTrustpoints(attempt.responder) } : far;
  const mine = presentCertificate('initiator', own, asking);
  const theirs = presentCertificate('responder', far, own);
  const presentations: readonly Presentation[] =
    mode === 'main'
      ? [
          { step: 'mm5-cert-validate', by: 'responder', outcome: mine },
          { step: 'mm6-cert-validate', by: 'initiator', outcome: theirs },
        ]
      : [
          { step: 'am2', by: 'initiator', outcome: theirs },
          { step: 'am3', by: 'responder', outcome: mine },
        ];
  const stops = presentations
    .map(({ step, by, outcome }) => refusedCertificate(step, outcome, by))
    .filter((stop) => stop !== null);
  const refused = stops.find(({ outcome }) => outcome === 'fails');
  if (refused !== undefined) return ended(refused, initiator, responder);
  const [open] = stops;
  const why = open?.why ?? bothAccepted(mine, theirs);
  const walk = finishPhase2(attempt, initiator, responder, why);
  if (open === undefined) return walk;
  // What fails in quick mode fails with any certificates; what does not hangs on them.
  return walk.outcome === 'fails' ? walk : ended(open, initiator, responder);
}

function bothAccepted(mine: CertificateOutcome, theirs: CertificateOutcome): string {
  const sent = (outcome: CertificateOutcome): string =>
    outcome.kind === 'up' ? outcome.sent : 'none';
  return `the initiator presents its certificate of ${sent(mine)}, the responder that of ${sent(theirs)}, and each accepts the other`;
}

function certificateEnd(model: ConfigModel, profile: IsakmpProfile | null): CertificateEnd {
  const uses = profile?.trustpoints ?? [];
  const trustpoints = allowed(model, uses);
  return {
    model,
    asks: trustpoints,
    presents: trustpoints,
    accepts: trustpoints,
    profile: profile?.name ?? '',
    uses,
  };
}
