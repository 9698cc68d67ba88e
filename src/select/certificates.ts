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
  /** With the trust-point whose certificate is sent. */
  | { readonly kind: 'up'; readonly sent: string }
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
  const answers = possibleAnswers(own, far);
  const outcomes = answers.map((answer) => judge(side, answer, own, far));
  const [first, ...others] = outcomes;
  if (others.every(({ kind }) => kind === first!.kind)) {
    // Whatever may be sent before it, the last one is sent for certain unless one of them is.
    return first!.kind === 'up' ? outcomes.at(-1)! : first!;
  }
  return { kind: 'unknown', why: whyOpen(side, answers, outcomes) };
}

/** What may be sent: a certificate for a request, or nothing. */
type Answer = {
  readonly asked: Trustpoint;
  readonly sent: Trustpoint;
  readonly likeness: 'one' | 'maybe';
} | null;

/** Everything up to the first request that is answered for certain, in the order of the requests. */
function possibleAnswers(own: CertificateEnd, far: CertificateEnd): readonly Answer[] {
  const crowded = crowdedUrls([own.model, far.model]);
  const answers: Answer[] = [];
  for (const asked of far.asks) {
    for (const sent of enrolled(own.presents)) {
      const likeness = compareAuthorities(asked, sent, crowded);
      if (likeness === 'other') continue;
      const answer = { asked, sent, likeness };
      answers.push(answer);
      if (likeness === 'one' && isShown(answer)) return answers;
    }
  }
  return [...answers, null];
}

/** Both routers list what the answer needs: the certificate that is sent, and that of the authority which is asked for. */
function isShown({ asked, sent }: NonNullable<Answer>): boolean {
  return showsAuthority(asked) && showsOwn(sent);
}

function showsOwn(trustpoint: Trustpoint): boolean {
  return trustpoint.chain?.own === true || isImported(trustpoint);
}

function showsAuthority(trustpoint: Trustpoint): boolean {
  return trustpoint.chain !== null || isImported(trustpoint);
}

/** Nothing but the import makes a trust-point of this kind, and with a key pair it brought a certificate. */
function isImported({ enrollment, keyPair, chain }: Trustpoint): boolean {
  return enrollment === 'pkcs12' && keyPair !== null && chain === null;
}

function judge(
  side: 'initiator' | 'responder',
  answer: Answer,
  own: CertificateEnd,
  far: CertificateEnd,
): CertificateOutcome {
  if (answer === null) return noneShared(enrolled(own.presents), far.asks);
  const { asked, sent } = answer;
  const crowded = crowdedUrls([far.model]);
  const likenesses = far.accepts.map((each) =>
    each === asked ? 'one' : compareAuthorities(each, asked, crowded),
  );
  if (likenesses.includes('one')) return { kind: 'up', sent: sent.name };
  const why = `the ${side} answers the first request, for ${asked.name}, and profile ${far.profile} accepts ${names(far.accepts)} only`;
  if (likenesses.includes('maybe')) {
    return {
      kind: 'unknown',
      why: `${why}; whether these are one authority cannot be told: they share an enrollment URL`,
    };
  }
  return { kind: 'fails', why, lines: far.uses.map(({ line }) => line) };
}

function whyOpen(
  side: string,
  answers: readonly Answer[],
  outcomes: readonly CertificateOutcome[],
): string {
  const possible = answers.filter((each) => each !== null);
  const untold = possible.filter((each) => !isShown(each));
  if (untold.length === 0) {
    const open = unique(
      possible.filter((each) => each.likeness === 'maybe').map(({ sent }) => sent),
    );
    return `whether trust-point ${names(open)} is of one authority on both routers cannot be told by its enrollment URL`;
  }
  const sent = unique(untold.map((each) => each.sent)).filter((each) => !showsOwn(each));
  const asked = unique(untold.map((each) => each.asked)).filter((each) => !showsAuthority(each));
  const lacking =
    sent.length > 0
      ? `no certificate of the ${side} is listed under trust-point ${names(sent)}, so that it may not be enrolled`
      : `no certificate of the authority is listed under trust-point ${names(asked)}, so that it may not be asked for`;
  const first = outcomes[0]!;
  return first.kind === 'up' ? lacking : `${lacking}; if it is, ${first.why}`;
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}

/** Trust-points of which the router may hold a certificate: a chain that lists none says that it does not. */
function enrolled(trustpoints: readonly Trustpoint[]): readonly Trustpoint[] {
  return trustpoints.filter(({ chain }) => chain?.own !== false);
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
  const asked = firstShared(asks, enrolled(presents));
  const held = enrolled(presents);
  const sent = held.find((each) => asked !== null && sameAuthority(each, asked)) ?? held[0];
  return sent === undefined ? null : { subject: sent.subjectName, issuer: null };
}

/** One authority: the same certificate or enrolment URL, or for want of a URL the same name. */
export function sameAuthority(a: Trustpoint, b: Trustpoint): boolean {
  return compareAuthorities(a, b, new Set()) === 'one';
}

/**
 * An authority has several addresses, so that one name with two URLs may be one. An address may be that of several: the
 * name of the trust-point then tells the server which one is meant. `crowded` holds the URLs to which that may apply.
 */
function compareAuthorities(
  a: Trustpoint,
  b: Trustpoint,
  crowded: ReadonlySet<string>,
): 'one' | 'maybe' | 'other' {
  const certificate = wholeCertificate(a);
  if (certificate !== null && certificate === wholeCertificate(b)) return 'one';
  const [first, second] = [urlOf(a), urlOf(b)];
  if (a.name === b.name) {
    return first === null || second === null || first === second ? 'one' : 'maybe';
  }
  if (first === null || first !== second) return 'other';
  return crowded.has(first) ? 'maybe' : 'one';
}

/** URLs at which one router enrols under several names. */
function crowdedUrls(models: readonly ConfigModel[]): ReadonlySet<string> {
  return new Set(
    models.flatMap((model) => {
      const urls = usableTrustpoints(model).map(urlOf);
      return urls.filter((url, at): url is string => url !== null && urls.indexOf(url) !== at);
    }),
  );
}

/** The certificate of the authority, if the listing shows all its octets: X.690 8.1.3, length in two octets. */
function wholeCertificate({ chain }: Trustpoint): string | null {
  const [, length] = /^3082([0-9A-F]{4})/.exec(chain?.authority ?? '') ?? [];
  const octets = length === undefined ? NaN : parseInt(length, 16) + 4;
  return chain?.authority.length === octets * 2 ? chain.authority : null;
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
