import { isFragment, policiesOf } from './policy.ts';
import type { ConfigModel, IsakmpProfile, Trustpoint } from '../model/config.ts';

export type CertificateOutcome =
  | { readonly kind: 'up' }
  | { readonly kind: 'unknown'; readonly why: string }
  | {
      readonly kind: 'fails';
      readonly step: 'mm5-cert-validate' | 'mm6-cert-validate';
      readonly why: string;
      /** Lines of the router that refuses. */
      readonly lines: readonly number[];
      readonly refusedBy: 'initiator' | 'responder';
      /** The certification authority whose certificate is refused, as the refusing router calls it. */
      readonly trustpoint: string | null;
    };

/**
 * Signatures with trust-points per profile. MM4 asks for certificates of all trust-points of the responder, and the
 * initiator answers the first request that it can; only then the responder's profile is known and limits what it accepts.
 */
export function walkCertificates(
  initiator: ConfigModel,
  requested: IsakmpProfile | null,
  responder: ConfigModel,
  matched: IsakmpProfile | null,
): CertificateOutcome {
  if (initiator.trustpoints.length === 0 || responder.trustpoints.length === 0) {
    return { kind: 'unknown', why: 'a trust-point is not in the configurations given' };
  }
  const own = allowed(initiator, requested);
  const asked = responder.trustpoints;
  const sent = firstShared(asked, own);
  if (sent === null) return noneShared(own, asked, 'mm5-cert-validate', 'responder', responder);
  const accepted = allowed(responder, matched);
  const fits = accepted.some((each) => sameAuthority(each, sent));
  if (!fits) {
    return {
      kind: 'fails',
      step: 'mm5-cert-validate',
      why: `the initiator answers the first request, for ${sent.name}, and profile ${matched?.name ?? ''} accepts ${names(accepted)} only`,
      lines: matched?.trustpoints.map(({ line }) => line) ?? [],
      refusedBy: 'responder',
      trustpoint: sent.name,
    };
  }
  const answer = firstShared(own, accepted);
  if (answer === null)
    return noneShared(accepted, own, 'mm6-cert-validate', 'initiator', initiator);
  return { kind: 'up' };
}

/** Whether a router has a certificate that another one can accept; a paste may leave its trust-points out. */
export function canSign(model: ConfigModel): boolean {
  return (
    isFragment(model) || model.trustpoints.some(({ enrollment }) => enrollment !== 'selfsigned')
  );
}

/** Where a part of a configuration shows no policy, trust-points tell of signatures, which need no key. */
export function maySignInstead(model: ConfigModel): boolean {
  return policiesOf(model) === null && model.trustpoints.length > 0;
}

/** Trust-points that a profile allows; without `ca trust-point`, all. */
export function allowed(model: ConfigModel, profile: IsakmpProfile | null): readonly Trustpoint[] {
  const wanted = profile?.trustpoints ?? [];
  if (wanted.length === 0) return model.trustpoints;
  return model.trustpoints.filter(({ name }) => wanted.some((use) => use.name === name));
}

/** One authority: the same enrolment URL, or for want of one the same name. */
export function sameAuthority(a: Trustpoint, b: Trustpoint): boolean {
  const url = (each: Trustpoint): string | null =>
    each.enrollment?.includes('://') === true ? each.enrollment.replace(/\/+$/, '') : null;
  const first = url(a);
  const second = url(b);
  return first !== null && second !== null ? first === second : a.name === b.name;
}

function firstShared(asked: readonly Trustpoint[], held: readonly Trustpoint[]): Trustpoint | null {
  return asked.find((each) => held.some((other) => sameAuthority(each, other))) ?? null;
}

function noneShared(
  held: readonly Trustpoint[],
  asked: readonly Trustpoint[],
  step: 'mm5-cert-validate' | 'mm6-cert-validate',
  refusedBy: 'initiator' | 'responder',
  refusing: ConfigModel,
): CertificateOutcome {
  const comparable = [...held, ...asked].every((each) => each.enrollment?.includes('://') === true);
  if (!comparable) {
    return {
      kind: 'unknown',
      why: 'the trust-points cannot be compared: no enrolment URL, and other names',
    };
  }
  return {
    kind: 'fails',
    step,
    why: `no certificate fits: ${names(held)} held, ${names(asked)} asked for`,
    lines: refusing.trustpoints.map(({ line }) => line),
    refusedBy,
    trustpoint: null,
  };
}

function names(trustpoints: readonly Trustpoint[]): string {
  return trustpoints.map(({ name }) => name).join(', ') || 'none';
}
