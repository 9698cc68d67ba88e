import { isEncrypted, messageContent } from '../isakmp/message.ts';
import type { Exchange, ExchangeMessage, KeyStatus } from '../model/exchange.ts';
import type { Endpoint } from '../model/datagram.ts';
import type { IkeMessage } from '../model/isakmp.ts';
import { groupByCookies } from './cookie-pairs.ts';
import type { PairGroup } from './cookie-pairs.ts';
import { repeatsOf } from './copies.ts';
import { beganBefore, isCompleted, lastStepFrom, modeOf, notificationsOf } from './facts.ts';
import { fragmentSets, joinFragments } from './ike-fragments.ts';
import { natVerdict } from './nat.ts';
import { piece, untried } from './opaque.ts';
import { directionsOf } from './sides.ts';
import { stepsOf } from './steps.ts';
import { ikeTransforms } from './transforms.ts';
import { innerOf } from './unit.ts';
import type { Direction } from './unit.ts';

/**
 * All messages of the captures, grouped by cookie pair (IKEv2: SPI pair) and each in its place: step, direction, what
 * repeats what. Messages come in the order of the capture; several captures merged by time. Encrypted messages stay
 * opaque here. Total: every message is in at least one exchange.
 */
export function pairMessages(messages: readonly IkeMessage[]): readonly Exchange[] {
  return groupMessages(messages).map(({ open }) => open());
}

/** An exchange that is worked out when it is opened, each time anew: a long capture need not hold all of them at once. */
export type PendingExchange = {
  /** Its messages, in the order of `Exchange.messages`. */
  readonly messages: readonly { readonly message: IkeMessage }[];
  /** How many of the first ones stand in an earlier exchange as well. */
  readonly repeated: number;
  readonly open: () => Exchange;
};

/** As `pairMessages`, before anything but the grouping is done. */
export function groupMessages(messages: readonly IkeMessage[]): readonly PendingExchange[] {
  return groupByCookies(joinFragments(messages)).map((group, at) => ({
    messages: group.units,
    repeated: group.repeated,
    open: () => exchangeOf(group, at + 1),
  }));
}

function exchangeOf(group: PairGroup, number: number): Exchange {
  const { version, units } = group;
  const repeats = repeatsOf(units);
  const directions = directionsOf(version, units).map(
    (direction, at, all) => direction ?? all[repeats[at]!.original]!,
  );
  const steps = stepsOf(version, units, directions);
  const placed = units.map((unit, at): ExchangeMessage => {
    const inner = innerOf(unit);
    const content = messageContent(unit.message);
    const encrypted =
      unit.kind === 'piece' && version === 1
        ? false
        : isEncrypted(inner, inner === unit.message ? content : inner);
    const repeat = repeats[at]!;
    return {
      message: unit.message,
      step: steps[repeat.original]!,
      direction: directions[at]!,
      retransmissionOf: repeat.retransmissionOf,
      copyOf: repeat.copyOf,
      partOf: unit.partOf,
      encrypted,
      decryption: encrypted ? (unit.kind === 'piece' ? piece : untried) : null,
      payloads: content.payloads,
      anomalies: changed(group, unit.message)
        ? [
            ...content.anomalies,
            { code: 'responder-cookie-changed', offset: unit.message.pdu.offset + 8, length: 8 },
          ]
        : content.anomalies,
    };
  });
  const messages = withGaps(placed);
  const offered = ikeTransforms(firstPayloads(messages, 'i2r'));
  const transform = ikeTransforms(firstPayloads(messages, 'r2i'))[0] ?? null;
  const first = units[0]!.message;
  const initiator = endOf(messages, 'i2r', 'src') ?? endOf(messages, 'r2i', 'dst') ?? first.src;
  const responder = endOf(messages, 'r2i', 'src') ?? endOf(messages, 'i2r', 'dst') ?? first.dst;
  return {
    id: `x${String(number)}`,
    capture: first.capture,
    version,
    mode: modeOf(version, messages),
    initiatorCookie: group.initiatorCookie,
    responderCookie: group.responderCookie,
    initiator,
    responder,
    messages,
    offered,
    transform,
    nat: natVerdict(messages, transform),
    notifications: notificationsOf(messages),
    completed: isCompleted({ version, messages }),
    startedBefore: beganBefore(messages),
    rekeyedFrom: null,
    lastFromInitiator: lastStepFrom(messages, 'initiator'),
    lastFromResponder: lastStepFrom(messages, 'responder'),
    keys: untouched(messages),
    garbage: [],
  };
}

/** The last fragment of a message that is not whole says so. */
function withGaps(messages: readonly ExchangeMessage[]): readonly ExchangeMessage[] {
  const ends = new Set(
    fragmentSets(messages).flatMap(({ missing, entries }) =>
      missing === null ? [] : entries.slice(-1),
    ),
  );
  if (ends.size === 0) return messages;
  return messages.map((entry) => {
    const { body } = entry.message.payloads.at(-1) ?? { body: entry.message.pdu };
    const gap = {
      code: 'ike-fragment-missing',
      offset: body.offset,
      length: Math.min(4, body.bytes.length),
    } as const;
    return ends.has(entry) ? { ...entry, anomalies: [...entry.anomalies, gap] } : entry;
  });
}

function changed(group: PairGroup, message: IkeMessage): boolean {
  return (
    group.cookieChanged &&
    group.units.find((unit) => unit.message.header.responderCookie === group.responderCookie)
      ?.message === message
  );
}

/** The payloads of the message of phase 1 that holds this side's SA. */
function firstPayloads(
  messages: readonly ExchangeMessage[],
  direction: Exclude<Direction, null>,
): ExchangeMessage['payloads'] {
  const withSa = messages.filter(
    (entry) =>
      entry.direction === direction &&
      !entry.encrypted &&
      SA_STEPS.has(entry.step) &&
      entry.payloads.some(({ content }) => content.kind === 'sa-v1' || content.kind === 'sa-v2'),
  );
  // An IKEv2 initiator that was sent back by COOKIE or INVALID_KE_PAYLOAD offers anew: the last offer counts.
  return (withSa[0]?.step === 'SA_INIT' ? withSa.at(-1) : withSa[0])?.payloads ?? [];
}

const SA_STEPS: ReadonlySet<string> = new Set(['MM1', 'MM2', 'AM1', 'AM2', 'SA_INIT']);

function endOf(
  messages: readonly ExchangeMessage[],
  direction: Exclude<Direction, null>,
  end: 'src' | 'dst',
): Endpoint | null {
  return messages.find((entry) => entry.direction === direction)?.message[end] ?? null;
}

function untouched(messages: readonly ExchangeMessage[]): KeyStatus {
  return messages.some((entry) => entry.encrypted) ? closed : clear;
}

const closed: KeyStatus = {
  status: 'no-key-material',
  initiatorPsk: null,
  responderPsk: null,
  candidates: [],
  why: 'No key material was given, so the encrypted messages stay closed. A debug of the other end that prints g^xy or a derived key, or the two together with the pre-shared keys, would open them.',
};

const clear: KeyStatus = {
  status: 'not-encrypted',
  initiatorPsk: null,
  responderPsk: null,
  candidates: [],
  why: 'Nothing in this exchange is encrypted.',
};
