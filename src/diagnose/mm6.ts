import { trusted } from '../exchange/facts.ts';
import { isErrorNotification } from '../isakmp/registry/notify-types.ts';
import type { ExchangeMessage } from '../model/exchange.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import { frameEvidence } from './evidence.ts';
import { frameOf, notificationName } from './facts.ts';
import { mm6Passes } from './mm5.ts';
import type { Weighed } from './rule.ts';

/** What became of MM6, where the packets hold it and do not show that phase 1 came up. */
export type Mm6Reading = {
  /** The initiator says in so many words that it does not accept it; someone sent something that stays closed; nothing. */
  readonly kind: 'refused' | 'closed-informational' | 'last';
  /** Who sent what follows MM6. */
  readonly sender: AttemptSide | null;
  readonly evidence: readonly Weighed[];
};

const refusalIn = ({ encrypted, payloads }: ExchangeMessage): number | null => {
  if (!encrypted) return null;
  for (const { content } of payloads)
    if (content.kind === 'notification' && isErrorNotification(content.notifyType))
      return content.notifyType;
  return null;
};

export function readMm6(attempt: Attempt): Mm6Reading | null {
  const { exchange } = attempt;
  if (exchange === null || attempt.version !== 1 || attempt.mode !== 'main') return null;
  if (attempt.phase1 === 'complete' || !mm6Passes(attempt)) return null;
  const messages = trusted(exchange.messages).filter(({ copyOf }) => copyOf === null);
  const at = messages.findLastIndex(({ step }) => step === 'MM6');
  const mm6 = messages[at]!;
  const said = (
    entry: ExchangeMessage,
    text: string,
    basis: Weighed['basis'],
  ): readonly Weighed[] => frameEvidence(attempt, frameOf(entry), text, { basis, decisive: true });
  const check = mm6.decryption?.kind === 'decrypted' && mm6.decryption.verified;
  const passes = said(
    mm6,
    `MM6 answers MM5${check ? `; it decrypts and ${mm6.decryption.check ?? 'its hash'} verifies` : ''}`,
    check ? 'proven' : 'inferred',
  );
  const later = messages.slice(at + 1).filter(({ step }) => step === 'INFO');
  const refusal = later.find((entry) => entry.direction === 'i2r' && refusalIn(entry) !== null);
  if (refusal !== undefined) {
    const name = notificationName(attempt, { notifyType: refusalIn(refusal)! });
    return {
      kind: 'refused',
      sender: attempt.initiator,
      evidence: [...said(refusal, `the initiator answers MM6 with ${name}`, 'proven'), ...passes],
    };
  }
  const closed = later.find(
    ({ encrypted, decryption }) => encrypted && decryption?.kind !== 'decrypted',
  );
  if (closed === undefined) return { kind: 'last', sender: null, evidence: passes };
  const sender = closed.direction === 'i2r' ? attempt.initiator : attempt.responder;
  const text = `an encrypted informational of ${closed.message.header.length} octets of the ${sender.side} follows MM6`;
  return {
    kind: 'closed-informational',
    sender,
    evidence: [...said(closed, text, 'inferred'), ...passes],
  };
}

/** Aggressive mode is at its end, and one side says under the common key that it does not accept the other. */
export function refusalAfterAm3(attempt: Attempt): Mm6Reading | null {
  const { exchange } = attempt;
  if (exchange === null || attempt.mode !== 'aggressive' || attempt.phase1 === 'complete')
    return null;
  const messages = trusted(exchange.messages).filter(({ copyOf }) => copyOf === null);
  const at = messages.findIndex(({ step }) => step === 'AM3');
  const refusal =
    at < 0 ? undefined : messages.slice(at + 1).find((entry) => refusalIn(entry) !== null);
  if (refusal === undefined) return null;
  const sender = refusal.direction === 'i2r' ? attempt.initiator : attempt.responder;
  const name = notificationName(attempt, { notifyType: refusalIn(refusal)! });
  const text = `the ${sender.side} answers ${sender.side === 'initiator' ? 'AM2' : 'AM3'} with ${name}, encrypted with the key that both share`;
  return {
    kind: 'refused',
    sender,
    evidence: frameEvidence(attempt, frameOf(refusal), text, { basis: 'proven', decisive: true }),
  };
}
