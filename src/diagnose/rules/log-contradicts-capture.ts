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
  return exchange.messages.flatMap((entry): readonly Claim[] => {
    const own = typesIn(entry);
    const others = logged.filter((each) => isOf(each, entry) && !own.includes(each.notifyType));
    const { messageId } = entry.message.header;
    if (own.length === 0 || others.length === 0 || done.has(messageId)) return [];
    done.add(messageId);
    return [claimOf(attempt, entry, own, others)];
  });
}

function claimOf(
  attempt: Attempt,
  entry: ExchangeMessage,
  own: readonly number[],
  others: readonly Logged[],
): Claim {
  const named = (notifyType: number): string =>
    `${nameOrNumber(notifyTypes(attempt.version), notifyType)} (${notifyType})`;
  const inFrame = listed(own.map(named));
  const inLog = listed([...new Set(others.map(({ notifyType }) => notifyType))].map(named));
  const routers = listed([...new Set(others.map(({ side }) => side.label))]);
  const { decryption } = entry;
  const isVerified = decryption?.kind === 'decrypted' && decryption.verified;
  const title = `${routers} logged ${inLog}, and the packet says ${inFrame}`;
  const explanation =
    `Frame ${frameOf(entry)} and the log of ${routers} tell of one notification: both name the message id 0x${hex32(entry.message.header.messageId)}. ` +
    `The log calls it ${inLog}, the packet holds ${inFrame}${isVerified ? `, and its ${decryption.check ?? 'hash'} verifies` : ''}. ` +
    'One message has one type: the log was not written of these packets as it stands, or the router logs another reason than it sends. What this report concludes from either of the two is doubtful as far as it rests on that type.';
  return {
    attempt,
    key: `${frameOf(entry)} ${routers}`,
    title,
    explanation,
    summary: `${title}. ${explanation}`,
    evidence: [
      ...frameEvidence(attempt, entry, `the notification is ${inFrame}`, {
        basis: isVerified ? 'proven' : 'inferred',
        decisive: false,
      }),
      ...others.map(({ side, event }) => lineEvidence(side, event, true)),
    ],
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
