import type { ConfigModel, NameUse, Trustpoint } from '../model/config.ts';
import { isFragment, policiesOf } from './policy.ts';

/** What a certificate says of its owner and its issuer; null is what no configuration tells. */
export type Certificate = { readonly subject: string | null; readonly issuer: string | null };

/** The trust-points of one end: those it asks for, those whose certificate it may present, those it accepts. */
export type CertificateEnd = {
  readonly model: ConfigModel;
  readonly asks: readonly Trustpoint[];
  readonly presents: readonly Trustpoint[];
  readonly accepts: readonly Trustpoint[];
  /** The profile that limits them, and where it does. */
  readonly profile: string;
  readonly uses: readonly NameUse[];
};

export type CertificateOutcome =
  | { readonly kind: 'up' }
  | { readonly kind: 'unknown'; readonly why: string }
  | {
      readonly kind: 'fails';
      readonly why: string;
      /** Lines of the router that refuses. */
      readonly lines: readonly number[];
    };

/** One end answers the first request of the other that it can, and what it sends must be accepted there. */
export function presentCertificate(
  side: 'initiator' | 'responder',
  own: CertificateEnd,
  far: CertificateEnd,
): CertificateOutcome {
  if (mayLack(own, own.presents) || mayLack(far, far.asks)) {
    return { kind: 'unknown', why: 'a trust-point is not in the configurations given' };
  }
  const sent = firstShared(far.asks, own.presents);
  const accepted = (each: Trustpoint): boolean =>
    far.accepts.some((other) => sameAuthority(each, other));
  // Requests before that one which may be answered as well, so that it is not reached.
  const open = far.asks
    .slice(0, sent === null ? undefined : far.asks.indexOf(sent))
    .filter((each) => own.presents.some((held) => mayBeOne(each, held)));
  if (open.some((each) => sent === null || accepted(each) !== accepted(sent))) {
    return {
      kind: 'unknown',
      why: `trust-point ${names(open)} has another enrollment URL on the other router, and whether it is the same authority cannot be told`,
    };
  }
  if (sent === null) return noneShared(own.presents, far.asks);
  if (accepted(sent)) return { kind: 'up' };
  return {
    kind: 'fails',
    why: `the ${side} answers the first request, for ${sent.name}, and profile ${far.profile} accepts ${names(far.accepts)} only`,
    lines: far.uses.map(({ line }) => line),
  };
}

/** Whether these trust-points are none because a configuration shows a part only, or nothing of certificates. */
function mayLack({ model }: CertificateEnd, trustpoints: readonly Trustpoint[]): boolean {
  return trustpoints.length === 0 && (isFragment(model) || usableTrustpoints(model).length === 0);
}

/** Made by IOS-XE for smart licensing: it holds the certificate of that authority and none of the router. */
const LICENSING = 'SLA-TrustPoint';

/**
 * Trust-points that IKE can use. One that is self-signed shares no authority with anybody, and an import of PKCS #12
 * brings a key pair and a certificate unless it brings certificates of authorities only.
 */
export function usableTrustpoints(model: ConfigModel): readonly Trustpoint[] {
  return model.trustpoints.filter(
    ({ name, enrollment, keyPair, chain }) =>
      enrollment !== 'selfsigned' &&
      name !== LICENSING &&
      (enrollment !== 'pkcs12' || keyPair !== null || chain?.own === true),
  );
}

/**
 * Whether a router has a certificate that another one can accept. A paste may leave its trust-points out, and an import
 * of which no chain is listed may have brought one.
 */
export function canSign(model: ConfigModel): boolean {
  const untold = model.trustpoints.some(
    ({ name, enrollment, chain }) =>
      enrollment === 'pkcs12' && chain === null && name !== LICENSING,
  );
  return untold || isFragment(model) || usableTrustpoints(model).length > 0;
}

/** Where a part of a configuration shows no policy, trust-points tell of signatures, which need no key. */
export function maySignInstead(model: ConfigModel): boolean {
  return policiesOf(model) === null && usableTrustpoints(model).length > 0;
}

/** Trust-points that a profile names; without any, all. */
export function allowed(model: ConfigModel, wanted: readonly NameUse[]): readonly Trustpoint[] {
  const usable = usableTrustpoints(model);
  if (wanted.length === 0) return usable;
  return usable.filter(({ name }) => wanted.some((use) => use.name === name));
}

/** The certificate that answers these requests, or the first of all when none is answered. */
export function certificateFor(
  asks: readonly Trustpoint[],
  presents: readonly Trustpoint[],
): Certificate | null {
  const asked = firstShared(asks, presents);
  const sent = presents.find((each) => asked !== null && sameAuthority(each, asked)) ?? presents[0];
  return sent === undefined ? null : { subject: sent.subjectName, issuer: null };
}

/** One authority: the same certificate or enrolment URL, or for want of a URL the same name. */
export function sameAuthority(a: Trustpoint, b: Trustpoint): boolean {
  const certificate = a.chain?.authority ?? '';
  if (certificate !== '' && certificate === b.chain?.authority) return true;
  const first = urlOf(a);
  const second = urlOf(b);
  return first !== null && second !== null ? first === second : a.name === b.name;
}

/** One name with two URLs: an authority has several addresses, and is known to itself by one of the inside. */
function mayBeOne(a: Trustpoint, b: Trustpoint): boolean {
  return a.name === b.name && !sameAuthority(a, b);
}

/** Without what makes no difference: the case of the host and the default port. */
function urlOf({ enrollment }: Trustpoint): string | null {
  if (enrollment?.includes('://') !== true) return null;
  const written = URL.canParse(enrollment) ? new URL(enrollment).href : enrollment;
  return written.replace(/\/+$/, '');
}

function firstShared(asked: readonly Trustpoint[], held: readonly Trustpoint[]): Trustpoint | null {
  return asked.find((each) => held.some((other) => sameAuthority(each, other))) ?? null;
}

function noneShared(held: readonly Trustpoint[], asked: readonly Trustpoint[]): CertificateOutcome {
  const comparable = [...held, ...asked].every((each) => each.enrollment?.includes('://') === true);
  if (!comparable) {
    return {
      kind: 'unknown',
      why: 'the trust-points cannot be compared: no enrolment URL, and other names',
    };
  }
  return {
    kind: 'fails',
    why: `no certificate fits: ${authorities(held)} held, ${authorities(asked)} asked for`,
    lines: asked.map(({ line }) => line),
  };
}

/** Names are free, and two routers may call different authorities alike. */
function authorities(trustpoints: readonly Trustpoint[]): string {
  return trustpoints.map(({ name, enrollment }) => `${name} (${enrollment!})`).join(', ') || 'none';
}

function names(trustpoints: readonly Trustpoint[]): string {
  return trustpoints.map(({ name }) => name).join(', ') || 'none';
}
