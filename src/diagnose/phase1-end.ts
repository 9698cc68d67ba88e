import { refusesMm6, trusted } from '../exchange/facts.ts';
import { deletesIke, isAtOnce } from '../exchange/ike-auth.ts';
import { isErrorNotification } from '../isakmp/registry/notify-types.ts';
import type { ExchangeMessage, Step } from '../model/exchange.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import { frameEvidence } from './evidence.ts';
import { between, notificationName, otherSide, senderOf } from './facts.ts';
import { INVALID_ID_INFORMATION, mm6Passes } from './mm5.ts';
import type { Weighed } from './rule.ts';

/** What became of MM6 or AM3, where the packets hold it and do not show that phase 1 came up. */
export type Phase1End = {
  readonly step: Step;
  /** Who is through with phase 1 by sending it. */
  readonly through: AttemptSide;
  /** One side says under the common key that it does not accept the other; someone sent what stays closed; nothing. */
  readonly kind: 'refused' | 'closed-informational' | 'last';
  /** Who sent what follows. */
  readonly sender: AttemptSide | null;
  readonly evidence: readonly Weighed[];
};

function refusalIn({ encrypted, payloads }: ExchangeMessage): number | null {
  if (!encrypted) return null;
  for (const { content } of payloads)
    if (content.kind === 'notification' && isErrorNotification(content.notifyType))
      return content.notifyType;
  return null;
}

export function readPhase1End(attempt: Attempt): Phase1End | null {
  const { exchange, mode, phase1 } = attempt;
  if (exchange === null || attempt.version !== 1 || phase1 === 'complete') return null;
  const step = mode === 'main' ? 'MM6' : mode === 'aggressive' ? 'AM3' : null;
  if (step === null || (step === 'MM6' && !mm6Passes(attempt))) return null;
  const messages = trusted(exchange.messages).filter(({ copyOf }) => copyOf === null);
  const at = messages.findLastIndex((entry) => entry.step === step);
  if (at < 0) return null;
  const end = messages[at]!;
  const through = step === 'MM6' ? attempt.responder : attempt.initiator;
  const said = (
    entry: ExchangeMessage,
    text: string,
    basis: Weighed['basis'],
  ): readonly Weighed[] => frameEvidence(attempt, entry, text, { basis, decisive: true });
  const check = end.decryption?.kind === 'decrypted' && end.decryption.verified;
  const passes = said(
    end,
    `${step} passes${check ? `; it decrypts and ${end.decryption.check ?? 'its hash'} verifies` : ''}`,
    check ? 'proven' : 'inferred',
  );
  // That it passes proves nothing of why it is refused.
  const beside = passes.map((item) => ({ ...item, decisive: false }));
  const later = messages.slice(at + 1).filter((entry) => entry.step === 'INFO');
  const refusal = later.find(
    (entry) =>
      refusalIn(entry) !== null && (step === 'AM3' || senderOf(attempt, entry) !== through),
  );
  if (refusal !== undefined) {
    const sender = senderOf(attempt, refusal) ?? otherSide(attempt, through);
    const notifyType = refusalIn(refusal)!;
    const name = notificationName(attempt, { notifyType });
    const text = `the ${sender.side} says ${name} after ${step}, encrypted with the key that both share`;
    return {
      step,
      through: otherSide(attempt, sender),
      kind: 'refused',
      sender,
      evidence: [
        ...said(refusal, text, notifyType === INVALID_ID_INFORMATION ? 'proven' : 'inferred'),
        ...beside,
      ],
    };
  }
  const deletion = later.find(
    (entry) =>
      entry.payloads.some(({ content }) => deletesIke(content)) &&
      senderOf(attempt, entry) !== through &&
      isAtOnce(end, entry),
  );
  if (deletion !== undefined) {
    const sender = senderOf(attempt, deletion) ?? otherSide(attempt, through);
    const text = `the ${sender.side} deletes the ISAKMP SA ${between(end, deletion)} ms after ${step}, before any quick mode`;
    const evidence = [...said(deletion, text, 'inferred'), ...beside];
    return { step, through, kind: 'refused', sender, evidence };
  }
  const closed =
    later.find(({ encrypted, decryption }) => encrypted && decryption?.kind !== 'decrypted') ??
    refusesMm6(messages) ??
    undefined;
  const sender = closed === undefined ? null : senderOf(attempt, closed);
  if (closed === undefined || sender === null)
    return { step, through, kind: 'last', sender: null, evidence: passes };
  const text = `an encrypted informational of ${closed.message.header.length} octets of the ${sender.side} follows ${step}`;
  return {
    step,
    through,
    kind: 'closed-informational',
    sender,
    evidence: [...said(closed, text, 'inferred'), ...passes],
  };
}
