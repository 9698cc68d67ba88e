import { hex32 } from '../../bytes/hex.ts';
import { notifyTypes, notifyTypesV1 } from '../../isakmp/registry/notify-types.ts';
import { nameOrNumber } from '../../isakmp/registry/table.ts';
import type { ExchangeMessage } from '../../model/exchange.ts';
import type { Attempt, AttemptSide } from '../../model/incident.ts';
import type { LogEvent } from '../../model/log.ts';
import { eventsOfSide, frameEvidence, lineEvidence } from '../evidence.ts';
import { frameOf, listed, sides } from '../facts.ts';
import { REFERENCES } from '../references.ts';
import type { Claim, Rule } from '../rule.ts';
import { perAttempt } from '../rule.ts';

/** IOS has a name of its own for one type, and writes the others as RFC 2408 does, with another stroke. */
const IOS_NAMES: Readonly<Record<string, string>> = {
  PROPOSALNOTCHOSEN: 'NOPROPOSALCHOSEN',
  DPDRUTHERE: 'RUTHERE',
  DPDRUTHEREACK: 'RUTHEREACK',
};

const letters = (name: string): string => {
  const bare = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  return IOS_NAMES[bare] ?? bare;
};

const NUMBERS: ReadonlyMap<string, number> = new Map(
  [...notifyTypesV1].map(([number, name]) => [letters(name), number]),
);

/** One notification as a router logged it. */
type Logged = {
  readonly side: AttemptSide;
  readonly event: LogEvent;
  readonly messageId: number;
  readonly isSent: boolean;
  readonly notifyType: number;
};

/** Those of which the log tells both the type, by a name that is known, and the message. */
function loggedBy(side: AttemptSide): readonly Logged[] {
  return eventsOfSide(side).flatMap((event): readonly Logged[] => {
    const { message, fields } = event;
    const isSent = message === 'notify-sent';
    if (!isSent && message !== 'notify-received') return [];
    const { messageId, type } = fields;
    const notifyType = NUMBERS.get(letters(String(type)));
    if (typeof messageId !== 'number' || messageId === 0 || notifyType === undefined) return [];
    return [{ side, event, messageId: messageId >>> 0, isSent, notifyType }];
  });
}

/** The types that a message carries; none while it is closed. */
const typesIn = ({ payloads }: ExchangeMessage): readonly number[] =>
  payloads.flatMap(({ content }) => (content.kind === 'notification' ? [content.notifyType] : []));

const isOf = (
  { side, isSent, messageId }: Logged,
  { message, direction }: ExchangeMessage,
): boolean =>
  message.header.messageId >>> 0 === messageId &&
  direction === ((side.side === 'initiator') === isSent ? 'i2r' : 'r2i');

function check(attempt: Attempt): readonly Claim[] {
  const { exchange, version } = attempt;
  if (exchange === null || version !== 1) return [];
  const logged = sides(attempt).flatMap(loggedBy);
  const done = new Set<number>();
  const told = exchange.messages.flatMap((entry): readonly Contradiction[] => {
    const own = typesIn(entry);
    const others = logged.filter((each) => isOf(each, entry) && !own.includes(each.notifyType));
    const { messageId } = entry.message.header;
    if (own.length === 0 || others.length === 0 || done.has(messageId)) return [];
    done.add(messageId);
    return [{ entry, own, others }];
  });
  return told.length === 0 ? [] : [claimOf(attempt, told)];
}

/** A message of which log and packet name other types. */
type Contradiction = {
  readonly entry: ExchangeMessage;
  readonly own: readonly number[];
  readonly others: readonly Logged[];
};

const distinct = <T>(all: readonly T[]): readonly T[] => [...new Set(all)];

const isVerified = ({ entry: { decryption } }: Contradiction): boolean =>
  decryption?.kind === 'decrypted' && decryption.verified;

const idOf = ({ entry }: Contradiction): string => `0x${hex32(entry.message.header.messageId)}`;

/** Message ids that a reader wants to see. */
const MOST_IDS = 3;

function claimOf(attempt: Attempt, told: readonly Contradiction[]): Claim {
  const named = (types: readonly number[]): string =>
    listed(
      distinct(types).map(
        (type) => `${nameOrNumber(notifyTypes(attempt.version), type)} (${type})`,
      ),
    );
  const types = ({ others }: Contradiction): readonly number[] =>
    others.map(({ notifyType }) => notifyType);
  const inFrame = named(told.flatMap(({ own }) => own));
  const inLog = named(told.flatMap(types));
  const routers = listed(
    distinct(told.flatMap(({ others }) => others.map(({ side }) => side.label))),
  );
  const first = told[0]!;
  const isOne = told.length === 1;
  const title = `${routers} logged ${inLog}, and the ${isOne ? 'packet says' : 'packets say'} ${inFrame}`;
  const check = first.entry.decryption?.kind === 'decrypted' ? first.entry.decryption.check : null;
  const verifies = told.every(isVerified)
    ? `, and ${isOne ? 'its' : 'their'} ${check ?? 'hash'} verifies`
    : '';
  const ids = told.slice(0, MOST_IDS).map(idOf);
  const more = told.length > MOST_IDS ? [`${told.length - MOST_IDS} more`] : [];
  const met = isOne
    ? `Frame ${frameOf(first.entry)} and the log of ${routers} tell of one notification: both name the message id ${ids[0]!}. The log calls it ${inLog}, the packet holds ${inFrame}${verifies}. `
    : `${told.length} notifications are in packets, the first in frame ${frameOf(first.entry)}, and in the log of ${routers}: both name the message ids ${listed([...ids, ...more])}. The log calls them ${inLog}, the packets hold ${inFrame}${verifies}. `;
  const explanation = `${met}One message has one type: the log was not written of these packets as it stands, or the router logs another reason than it sends. What this report concludes from either of the two is doubtful as far as it rests on that type.`;
  return {
    attempt,
    key: `${frameOf(first.entry)} ${routers}`,
    title,
    explanation,
    summary: `${title}. ${explanation}`,
    evidence: told.flatMap((each) => [
      ...frameEvidence(attempt, each.entry, `the notification is ${named(each.own)}`, {
        basis: isVerified(each) ? 'proven' : 'inferred',
        decisive: false,
      }),
      ...each.others.map(({ side, event }) => lineEvidence(side, event, true)),
    ]),
    remedies: [],
    settle: [
      `The debug of ${routers} as the router wrote it, and the capture, both of this attempt and unedited.`,
    ],
  };
}

export const logContradictsCapture: Rule = {
  id: 'log-contradicts-capture',
  title: 'A log and a packet tell of one notification differently',
  severity: 'warning',
  needs: ['log', 'packets'],
  means:
    'A router logs a notification under one type, and the packet that carries the same message id holds another. Why a peer refuses hangs on that type, so that one of the two misleads.',
  recognised:
    'A debug prints type and message id of a notification that it sends or receives; a packet with this message id, in clear or decrypted, holds notifications and none of that type. Closed packets, lines without a message id and names that are in no registry are not compared.',
  fix: 'Take the debug and the capture once more, of one attempt, and judge by those.',
  references: [REFERENCES.notify],
  supersedes: [],
  check: perAttempt(check),
};
