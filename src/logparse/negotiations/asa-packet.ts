import type { Side } from '../../model/exchange.ts';
import type { Context } from './context.ts';

type Fields = Readonly<Record<string, string | number>>;

/** What part of an IKEv1 exchange a message is, by its payloads. */
export type AsaStage = 'offer' | 'keys' | 'identity' | 'aggressive' | 'quick' | 'user' | 'notice';

const sa = 1;
const keyExchange = 4;
const notification = 11;
const deletion = 12;
const attributes = 14;
const hash = 8;
/** ID, HASH, SIG */
const identifying: readonly number[] = [5, 8, 9];

/** `8c5c1d6a`, `0x8c5c1d6a`: always hexadecimal, whatever digits it has. */
export function asaMessageId(written: string | number | undefined): number {
  return Number.parseInt(String(written ?? '').replace(/^0x/i, ''), 16) || 0;
}

const payloadsOf = (fields: Fields): readonly number[] =>
  [...String(fields.payloads).matchAll(/\((\d{1,3})\)/g)].map(([, n]) => Number(n));

/** An informational message without HASH is in clear (RFC 2409 section 5.7). */
export const isNoticeInClear = (fields: Fields): boolean =>
  asaStage(fields) === 'notice' && !payloadsOf(fields).includes(hash);

/** `HDR + SA (1) + VENDOR (13) + NONE (0)` */
export function asaStage(fields: Fields): AsaStage {
  const payloads = payloadsOf(fields);
  const has = (payload: number): boolean => payloads.includes(payload);
  if (asaMessageId(fields.messageId) !== 0) {
    if (has(attributes)) return 'user';
    return has(sa) || !(has(notification) || has(deletion)) ? 'quick' : 'notice';
  }
  if (has(sa)) return has(keyExchange) ? 'aggressive' : 'offer';
  if (has(keyExchange)) return 'keys';
  return identifying.some(has) && !has(deletion) && !(has(notification) && !has(5))
    ? 'identity'
    : 'notice';
}

const states: Readonly<Record<Exclude<AsaStage, 'notice'>, string>> = {
  offer: 'MM_NO_STATE',
  keys: 'MM_SA_SETUP',
  identity: 'MM_KEY_EXCH',
  aggressive: 'AG_INIT_EXCH',
  quick: 'QM_IDLE',
  user: 'CONF_XAUTH',
};

/** The state that IOS would print with such a packet: what it sends, a responder sends in the state that follows. */
export function asaState(
  context: Context,
  stage: AsaStage,
  direction: 'sent' | 'received',
  role: Side | null,
): string {
  if (stage === 'notice') return context.packets.at(-1)?.state ?? 'MM_NO_STATE';
  if (stage === 'identity' && context.exchange === 'aggressive') return 'AG_INIT_EXCH';
  if (role === 'responder') {
    if (direction === 'received' && (stage === 'offer' || stage === 'aggressive')) return 'NEW SA';
    if (direction === 'sent' && stage === 'offer') return 'MM_SA_SETUP';
    if (direction === 'sent' && stage === 'keys') return 'MM_KEY_EXCH';
  }
  return states[stage];
}

/** The exchange is past its first pair of messages. */
export function isPastOffer(context: Context): boolean {
  return ['keys', 'identity', 'quick', 'user'].some(
    (stage) => context.has(`asa sent ${stage}`) || context.has(`asa received ${stage}`),
  );
}
