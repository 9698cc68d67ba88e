import { answerBySize } from '../exchange/facts.ts';
import type { AuthMethod } from '../logparse/negotiations/auth-method.ts';
import type { Attempt } from '../model/incident.ts';
import { frameEvidence } from './evidence.ts';
import { frameOf, packets } from './facts.ts';
import type { Weighed } from './rule.ts';

const AUTHENTICATION_FAILED = 24;
/** Shared Key Message Integrity Code (RFC 7296 §3.8). */
const SHARED_KEY = 2;

export type AuthRefusal = {
  readonly evidence: readonly Weighed[];
  readonly method: AuthMethod;
};

/** The responder answers IKE_AUTH with an authentication failure: read, or recognised by its length. */
export function authRefused(attempt: Attempt): AuthRefusal | null {
  if (attempt.version !== 2) return null;
  const request = packets(attempt, 'AUTH', 'initiator')[0];
  // What is not protected may be anybody's (RFC 7296 §2.21).
  const answers = packets(attempt, 'AUTH', 'responder').filter(({ encrypted }) => encrypted);
  if (request === undefined || answers.length === 0) return null;
  const method =
    request.payloads.flatMap((payload) =>
      payload.content.kind === 'authentication'
        ? [payload.content.method === SHARED_KEY ? ('psk' as const) : ('certificate' as const)]
        : [],
    )[0] ?? 'unknown';
  const read = answers.filter(({ decryption }) => decryption?.kind === 'decrypted');
  if (read.length > 0) {
    const answer = read.find(({ payloads }) =>
      payloads.some(
        ({ content }) =>
          content.kind === 'notification' && content.notifyType === AUTHENTICATION_FAILED,
      ),
    );
    if (answer === undefined) return null;
    const text = 'IKE_AUTH is answered with AUTHENTICATION_FAILED';
    return {
      method,
      evidence: frameEvidence(attempt, frameOf(answer), text, { basis: 'proven', decisive: true }),
    };
  }
  const last = answerBySize(attempt.exchange?.messages ?? []);
  if (last?.refuses !== true) return null;
  const { length } = last.entry.message.header;
  const text = `the answer to IKE_AUTH has ${length} octets: room for one notification, not for an identity, AUTH and an SA`;
  return {
    method,
    evidence: frameEvidence(attempt, frameOf(last.entry), text, {
      basis: 'inferred',
      decisive: true,
    }),
  };
}
