import { authEnd, type AuthEnd } from '../exchange/ike-auth.ts';
import type { AuthMethod } from '../logparse/negotiations/auth-method.ts';
import type { ExchangeMessage, Side } from '../model/exchange.ts';
import type { Attempt } from '../model/incident.ts';
import { frameEvidence } from './evidence.ts';
import { between, isIkeFragmented, notifies, packets } from './facts.ts';
import type { Weighed } from './rule.ts';

const AUTHENTICATION_FAILED = 24;
/** Shared Key Message Integrity Code (RFC 7296 §3.8). */
const SHARED_KEY = 2;

type Refused = Extract<AuthEnd, { kind: 'refused' }>;

export type AuthRefusal = {
  /** The end that does not accept its peer. */
  readonly by: Side;
  readonly how: Refused['how'];
  readonly evidence: readonly Weighed[];
  /** What the refused end authenticates itself with. */
  readonly method: AuthMethod;
};

/** How IKE_AUTH of an attempt ended, as far as its packets tell. */
export const authEndOf = (attempt: Attempt): AuthEnd =>
  attempt.version === 2
    ? authEnd(attempt.exchange?.messages ?? [])
    : { kind: 'open', answer: null };

/** EAP-MSCHAPv2 (draft-kamath-pppext-eap-mschapv2 section 2): type 26, operation Failure. */
const MSCHAPV2 = 26;
const FAILURE = 4;

/** The last word of EAP is that user or password is refused; EAP-Failure itself may not be waited for. */
function userDenied(attempt: Attempt): ExchangeMessage | undefined {
  const last = packets(attempt, 'AUTH', 'responder').findLast(({ payloads }) =>
    payloads.some(({ content }) => content.kind === 'eap'),
  );
  return last?.payloads.some(
    ({ content }) =>
      content.kind === 'eap' &&
      content.data.bytes[0] === MSCHAPV2 &&
      content.data.bytes[1] === FAILURE,
  ) === true
    ? last
    : undefined;
}

/** One end refuses its peer: read, or recognised by the length of the answer. */
export function authRefused(attempt: Attempt): AuthRefusal | null {
  const end = authEndOf(attempt);
  const denied = end.kind === 'accepted' ? undefined : userDenied(attempt);
  if (denied !== undefined) {
    const text = 'the responder answers the password with EAP-MSCHAPv2 Failure';
    return {
      by: 'responder',
      how: 'eap-failure',
      method: 'unknown',
      evidence: frameEvidence(attempt, denied, text, { basis: 'proven', decisive: true }),
    };
  }
  if (end.kind !== 'refused' || packets(attempt, 'AUTH', 'initiator').length === 0) return null;
  const { by, how, entry } = end;
  const method = methodOf(attempt, by === 'initiator' ? 'responder' : 'initiator');
  const told = (text: string, basis: 'proven' | 'inferred'): AuthRefusal => ({
    by,
    how,
    method,
    evidence: frameEvidence(attempt, entry, text, { basis, decisive: true }),
  });
  switch (how) {
    case 'notification':
      // Other errors are not about who the peer is.
      if (!notifies(entry, AUTHENTICATION_FAILED)) return null;
      return by === 'responder'
        ? told('IKE_AUTH is answered with AUTHENTICATION_FAILED', 'proven')
        : told('the initiator answers the IKE_AUTH response with AUTHENTICATION_FAILED', 'proven');
    case 'eap-failure':
      return told('IKE_AUTH is answered with EAP-Failure', 'proven');
    case 'delete': {
      const answer = packets(attempt, 'AUTH', 'responder').at(-1);
      const after = answer === undefined ? '' : ` ${between(answer, entry)} ms`;
      const text = `the initiator deletes the IKE SA${after} after the answer that was to set it up`;
      return told(text, 'inferred');
    }
    case 'size':
      return told(
        `the answer to IKE_AUTH has ${entry.message.header.length} octets: room for one notification, not for an identity, AUTH and an SA`,
        'inferred',
      );
  }
}

function methodOf(attempt: Attempt, side: Side): AuthMethod {
  const sent = packets(attempt, 'AUTH', side);
  const methods = sent.flatMap(({ payloads }) =>
    payloads.flatMap(({ content }) => (content.kind === 'authentication' ? [content.method] : [])),
  );
  if (methods[0] !== undefined) return methods[0] === SHARED_KEY ? 'psk' : 'certificate';
  const first = sent[0];
  return first !== undefined && holdsCertificate(attempt, first) ? 'certificate' : 'unknown';
}

/** Identity, AUTH by a key, SA, selectors and what else an IKE_AUTH without certificate holds stay well below this length. */
const WITHOUT_CERTIFICATE = 900;

/** By its size an IKE_AUTH that stayed closed holds a certificate; what needs IKE fragments is longer than a packet. */
const holdsCertificate = (attempt: Attempt, entry: ExchangeMessage): boolean =>
  (isIkeFragmented(attempt, entry) && entry.message.fragmentFrames.length !== 1) ||
  entry.message.header.length > WITHOUT_CERTIFICATE;
