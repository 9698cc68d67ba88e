import type { ExchangeMessage } from '../model/exchange.ts';
import type { Attempt } from '../model/incident.ts';
import { frameEvidence } from './evidence.ts';
import type { Weighed } from './rule.ts';

/** XAUTH-STATUS (draft-beaulieu-ike-xauth-02 section 6.2): 0 is FAIL. */
const XAUTH_STATUS = 16527;
/** ISAKMP_CFG_SET; its acknowledgement repeats the attribute without a value that counts. */
const CFG_SET = 3;
/** Hybrid and XAUTH methods (draft-ietf-ipsec-isakmp-hybrid-auth-05, draft-beaulieu-ike-xauth-02 section 7.2). */
const asksForUser = (method: number): boolean =>
  (method >= 64221 && method <= 64224) || (method >= 65001 && method <= 65010);
/** A question, its answer, the verdict and its acknowledgement. */
const WHOLE_XAUTH = 4;

/** The gateway says that the user is not let in. */
export function statusFail(attempt: Attempt): readonly Weighed[] {
  for (const entry of attempt.exchange?.messages ?? []) {
    for (const { content } of entry.payloads) {
      if (content.kind !== 'configuration' || content.configType !== CFG_SET) continue;
      const failed = content.attributes.some(
        (attribute) => attribute.type === XAUTH_STATUS && attribute.value === 0,
      );
      if (!failed) continue;
      return frameEvidence(attempt, entry, 'XAUTH-STATUS is FAIL', {
        basis: 'proven',
        decisive: true,
      });
    }
  }
  return [];
}

/**
 * Without keys: the gateway asked and gave its verdict, and the client did not go on. One that is let in asks for an
 * address or begins quick mode at once.
 */
export function nothingAfterVerdict(attempt: Attempt): readonly Weighed[] {
  const { exchange } = attempt;
  if (exchange === null || !asksForUser(exchange.transform?.authentication ?? 0)) return [];
  const after = exchange.messages.slice(exchange.messages.findIndex(({ step }) => step === 'CFG'));
  const asked = after.filter((entry) => entry.step === 'CFG' && isOriginal(entry));
  const last = asked.at(-1);
  const isClosed =
    asked.length >= WHOLE_XAUTH &&
    last?.direction === 'i2r' &&
    asked.every((entry) => entry.decryption?.kind !== 'decrypted') &&
    after.every(({ step }) => step === 'CFG' || step === 'INFO');
  if (!isClosed || askedByClient(asked)) return [];
  return frameEvidence(
    attempt,
    last,
    'the client acknowledges the verdict of the extended authentication and does not go on',
    { basis: 'inferred', decisive: true },
  );
}

const isOriginal = ({ copyOf, retransmissionOf }: ExchangeMessage): boolean =>
  copyOf === null && retransmissionOf === null;

/** Mode configuration, which only a client that was let in asks for. */
function askedByClient(asked: readonly ExchangeMessage[]): boolean {
  const begun = new Set<number>();
  return asked.some(({ message, direction }) => {
    const { messageId } = message.header;
    const isFirst = !begun.has(messageId);
    begun.add(messageId);
    return isFirst && direction === 'i2r';
  });
}
