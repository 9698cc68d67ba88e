import { Xchg } from '../isakmp/registry/exchange-types.ts';
import { isErrorNotification } from '../isakmp/registry/notify-types.ts';
import { isOriginal, isRequest, isStray } from './entries.ts';
import { authEnd, deletesIke, hasRoomForAuth, isAtOnce, lastAuth } from './ike-auth.ts';
import type {
  Exchange,
  ExchangeMessage,
  ExchangeMode,
  ExchangeNotification,
  Side,
  Step,
} from '../model/exchange.ts';

/** What may prove progress: no stray message, and of IKEv1 none whose message id only strays and closed ones have. */
export function trusted(messages: readonly ExchangeMessage[]): readonly ExchangeMessage[] {
  const strays = messages.filter(isStray);
  if (strays.length === 0) return messages;
  const idOf = ({ message }: ExchangeMessage): number =>
    message.header.majorVersion === 1 ? message.header.messageId : 0;
  const ids = new Set(strays.map(idOf));
  for (const entry of messages) if (entry.decryption?.kind === 'decrypted') ids.delete(idOf(entry));
  ids.delete(0);
  return messages.filter((entry) => !isStray(entry) && !ids.has(idOf(entry)));
}

export function modeOf(version: 1 | 2, messages: readonly ExchangeMessage[]): ExchangeMode {
  if (version === 2) return 'ikev2';
  const types = new Set(messages.map(({ message }) => message.header.exchangeType));
  if (types.has(Xchg.main)) return 'main';
  if (types.has(Xchg.aggressive)) return 'aggressive';
  if (types.has(Xchg.base)) return 'base';
  if (types.has(Xchg.quick)) return 'quick';
  return types.has(Xchg.informational) ? 'informational' : 'unknown';
}

/** Notifications of every message that is no repetition, clear or decrypted. */
export function notificationsOf(
  messages: readonly ExchangeMessage[],
): readonly ExchangeNotification[] {
  return messages.filter(isOriginal).flatMap((entry) =>
    entry.payloads.flatMap(({ content }) =>
      content.kind === 'notification'
        ? [
            {
              frame: entry.message.frame,
              direction: entry.direction,
              notifyType: content.notifyType,
              protocol: content.protocol,
              isProtected: entry.encrypted,
            },
          ]
        : [],
    ),
  );
}

/** The last step that one side is known to have taken. */
export function lastStepFrom(messages: readonly ExchangeMessage[], side: Side): Step | null {
  const direction = side === 'initiator' ? 'i2r' : 'r2i';
  return (
    messages.findLast((entry) => isOriginal(entry) && entry.direction === direction)?.step ?? null
  );
}

const FIRST_STEPS: ReadonlySet<Step> = new Set(['MM1', 'AM1', 'SA_INIT']);

/** The first message of the exchange is not in the capture. */
export function beganBefore(messages: readonly ExchangeMessage[]): boolean {
  return !messages.some(
    ({ step, direction }) => FIRST_STEPS.has(step) && (step !== 'SA_INIT' || direction === 'i2r'),
  );
}

/**
 * Phase 1 is known to be up when its keys were used in both directions for something that needs it. An encrypted
 * informational does not count: that is also how a side complains about a message that it cannot read.
 */
export function isCompleted(exchange: Pick<Exchange, 'version' | 'messages'>): boolean {
  const messages = trusted(exchange.messages);
  return exchange.version === 1 ? completedV1(messages) : completedV2(messages);
}

function completedV1(messages: readonly ExchangeMessage[]): boolean {
  const has = (step: Step, direction?: 'i2r' | 'r2i'): boolean =>
    messages.some(
      (entry) => entry.step === step && (direction === undefined || entry.direction === direction),
    );
  if (has('QM1') && has('QM2')) return true;
  if (has('CFG', 'i2r') && has('CFG', 'r2i')) return true;
  // The initiator goes on only after it has verified MM6; the responder only after MM5 or AM3.
  if (has('MM6') && (has('QM1') || has('CFG'))) return true;
  const mm6 = messages.findIndex(({ step }) => step === 'MM6');
  const after = mm6 < 0 ? [] : messages.slice(mm6 + 1).filter(({ step }) => step === 'INFO');
  if (after.some((e) => e.direction === 'i2r') && after.some((e) => e.direction === 'r2i')) {
    return true;
  }
  if (has('AM3') && (has('QM1', 'r2i') || has('CFG', 'r2i'))) return true;
  // Opened, and both hashes fit, and the initiator had nothing against it.
  const verified = (step: Step): boolean =>
    messages.some(
      (entry) =>
        entry.step === step && entry.decryption?.kind === 'decrypted' && entry.decryption.verified,
    );
  const refused = notificationsOf(messages).some(
    ({ notifyType, isProtected, direction }) =>
      isErrorNotification(notifyType) && isProtected && direction === 'i2r',
  );
  return (
    verified('MM5') &&
    verified('MM6') &&
    !refused &&
    refusesMm6(messages) === null &&
    !asksForMm6(messages)
  );
}

const isFirst =
  (step: Step) =>
  (entry: ExchangeMessage): boolean =>
    entry.step === step && entry.copyOf === null;

/**
 * What the initiator says to MM6 at once instead of going on, so that it has it and does not accept it: it deletes the SA that it never
 * used, or it says something that stays closed and asks for MM6 again all the same. Null where it goes on.
 */
export function refusesMm6(messages: readonly ExchangeMessage[]): ExchangeMessage | null {
  const mm6 = messages.find(isFirst('MM6'));
  if (mm6 === undefined || messages.some(({ step }) => step === 'QM1' || step === 'CFG'))
    return null;
  const asked = messages.filter(isFirst('MM5')).map(({ message }) => message.timeNs);
  const lastAsked = asked.reduce((last, time) => (time > last ? time : last), 0n);
  return (
    messages.find(
      (entry) =>
        entry.step === 'INFO' &&
        entry.direction === 'i2r' &&
        entry.encrypted &&
        entry.message.timeNs >= mm6.message.timeNs &&
        isAtOnce(mm6, entry) &&
        (entry.decryption?.kind === 'decrypted'
          ? entry.payloads.some(({ content }) => deletesIke(content))
          : lastAsked > entry.message.timeNs),
    ) ?? null
  );
}

/** MM5 is sent again after MM6 was, and nothing answers it: the initiator has not got it, or cannot use it. */
export function asksForMm6(messages: readonly ExchangeMessage[]): boolean {
  const mm6 = messages.find(isFirst('MM6'));
  return (
    mm6 !== undefined &&
    messages.some((entry) => isFirst('MM5')(entry) && entry.message.timeNs > mm6.message.timeNs) &&
    refusesMm6(messages) === null
  );
}

/** An IKE_AUTH response alone may be a refusal; so may one INFORMATIONAL request that follows it at once. */
function completedV2(messages: readonly ExchangeMessage[]): boolean {
  const end = authEnd(messages);
  if (end.kind === 'accepted') return true;
  if (end.kind === 'not-received') return false;
  if (end.kind === 'refused' && end.how !== 'size') return false;
  if (end.kind === 'open' && end.answer?.decryption?.kind === 'decrypted') return false;
  const answer = lastAuth(messages);
  // Begun after IKE_AUTH, or the successor of a rekeyed SA: what goes on under its keys shows that it is up.
  const isLate = beganBefore(messages) && !messages.some(({ step }) => step === 'AUTH');
  if (answer === undefined && !isLate) return false;
  if (messages.some(({ step }) => step === 'CREATE_CHILD_SA')) return true;
  const requests = messages.filter(
    (entry) => entry.step === 'INFORMATIONAL' && isOriginal(entry) && isRequest(entry),
  );
  if (requests.length > 1 || requests.some(({ direction }) => direction === 'r2i')) return true;
  const next = requests[0];
  return (
    next !== undefined && answer !== undefined && hasRoomForAuth(answer) && !isAtOnce(answer, next)
  );
}
