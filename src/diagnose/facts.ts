import { fragmentOf, fragmentSets } from '../exchange/ike-fragments.ts';
import type { ExchangeMessage, ExchangeNotification, Side, Step } from '../model/exchange.ts';
import type { Attempt, AttemptSide } from '../model/incident.ts';
import { isErrorNotification, notifyTypes } from '../isakmp/registry/notify-types.ts';
import { nameOrNumber } from '../isakmp/registry/table.ts';

export { times } from '../correlate/history.ts';

/** Questions that several rules ask of one attempt. */

export const sides = (attempt: Attempt): readonly AttemptSide[] => [
  attempt.initiator,
  attempt.responder,
];

export const otherSide = ({ initiator, responder }: Attempt, side: AttemptSide): AttemptSide =>
  side === initiator ? responder : initiator;

/** Who sent a message; null where its direction is not known. */
export const senderOf = (
  { initiator, responder }: Attempt,
  { direction }: Pick<ExchangeMessage, 'direction'>,
): AttemptSide | null => (direction === 'i2r' ? initiator : direction === 'r2i' ? responder : null);

/** `a to b`; where no line tells which of the two began, `a and b`. */
const endsOf = (attempt: Attempt): string =>
  `${attempt.initiator.label} ${isRoleTold(attempt) ? 'to' : 'and'} ${attempt.responder.label}`;

/** `from a to b`, or `between a and b`. */
export const betweenEnds = (attempt: Attempt): string =>
  `${isRoleTold(attempt) ? 'from' : 'between'} ${endsOf(attempt)}`;

const isRoleTold = (attempt: Attempt): boolean =>
  attempt.exchange !== null ||
  sides(attempt).some(({ log }) => log !== null && log.assumed?.includes('role') !== true);

/** Findings of the same ends in the same direction are one. */
export const pairKey = (attempt: Attempt): string =>
  [attempt.initiator, attempt.responder].map((side) => side.router ?? side.address ?? '').join(' ');

/**
 * Messages of a step from one side, retransmissions included, copies of a second tap left out. A message in IKE fragments counts
 * once for each time that it was sent.
 */
export function packets(attempt: Attempt, step: Step, from: Side): readonly ExchangeMessage[] {
  const direction = from === 'initiator' ? 'i2r' : 'r2i';
  const messages = attempt.exchange?.messages ?? [];
  const further = new Set(
    fragmentSets(messages).flatMap((set) => (set.missing === null ? [] : set.further)),
  );
  return messages.filter(
    (entry) =>
      entry.step === step &&
      entry.direction === direction &&
      entry.copyOf === null &&
      entry.partOf === null &&
      !further.has(entry),
  );
}

/** IKE itself cut the message up (RFC 7383, Cisco's fragmentation), so that no packet of it needs IP fragments. */
export const isIkeFragmented = (attempt: Attempt, { message }: ExchangeMessage): boolean =>
  fragmentOf(message) !== null ||
  (attempt.exchange?.messages ?? []).some(({ partOf }) => partOf === message.frame);

export const notificationName = (
  attempt: Attempt,
  { notifyType }: Pick<ExchangeNotification, 'notifyType'>,
): string => nameOrNumber(notifyTypes(attempt.version), notifyType);

/** Error notifications that could be read: in clear, or decrypted. */
export const errors = (attempt: Attempt, from?: Side): readonly ExchangeNotification[] =>
  (attempt.exchange?.notifications ?? []).filter(
    (entry) =>
      isErrorNotification(entry.notifyType) &&
      (from === undefined || entry.direction === (from === 'initiator' ? 'i2r' : 'r2i')),
  );

/** A side whose own log reached this verdict. */
export const sideWithVerdict = (attempt: Attempt, verdict: string): AttemptSide | null =>
  sides(attempt).find((side) => side.log?.verdict === verdict) ?? null;

/** One of the notifications of a message is of this type. */
export const notifies = ({ payloads }: ExchangeMessage, type: number): boolean =>
  payloads.some(({ content }) => content.kind === 'notification' && content.notifyType === type);

export const frameOf = (entry: ExchangeMessage): number => entry.message.frame;

/** Milliseconds between two messages. */
export const between = (a: ExchangeMessage, b: ExchangeMessage): number =>
  Number((b.message.timeNs - a.message.timeNs) / 1_000_000n);

/** RFC 3947: where an exchange goes on that found a translation. */
export const NAT_T = 4500;

/** A log or the packets tell of a translation between the two. */
export const isTranslated = (attempt: Attempt): boolean =>
  sides(attempt).some(({ log }) => log?.natFound === true) ||
  attempt.exchange?.nat.initiatorTranslated === true ||
  attempt.exchange?.nat.responderTranslated === true;

/** The debug that tells most of an attempt. */
export const ikeDebug = ({ version }: Pick<Attempt, 'version'>): string =>
  version === 2 ? '"debug crypto ikev2"' : '"debug crypto isakmp"';

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`;
}

/** A side without name and address may begin a sentence. */
export const capitalised = (text: string): string =>
  text.replaceAll(
    /(^|[.?!] )(the (?:initiator|responder|router that)\b)/g,
    (_, before: string, words: string) => `${before}T${words.slice(1)}`,
  );

/** A keyring by name; the global keys form one that nobody named. */
export const ringText = (name: string): string =>
  name === 'default' ? 'the global keys (keyring default)' : name;
