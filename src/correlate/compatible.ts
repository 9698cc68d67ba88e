import { hex32 } from '../bytes/hex.ts';
import type { Exchange, NegotiatedTransform, Side, Step } from '../model/exchange.ts';
import type { LogNegotiation, Transform } from '../model/log.ts';
import type { Sighting, Track } from './align.ts';

/** A join that cannot be: the first reason found. Null: nothing speaks against it. */
export type Objection = string | null;

/** What speaks against a join, and proves nothing: a log may name no address, and lack what was repeated. */
export const NO_END_NAMED = 'the log names neither end of this exchange';
export const OTHER_RHYTHM = 'one repeats a message that the other has only once';

/** IKEv1 encryption of the IANA "Internet Key Exchange (IKE) Attributes" registry, as logs abbreviate them. */
const ENCRYPTION_V1: Readonly<Record<number, string>> = {
  1: 'des',
  3: 'blowfish',
  5: '3des',
  7: 'aes',
};
const HASH_V1: Readonly<Record<number, string>> = {
  1: 'md5',
  2: 'sha',
  4: 'sha256',
  5: 'sha384',
  6: 'sha512',
};

const letters = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

function sameEncryption(log: string, wire: number): boolean {
  const name = ENCRYPTION_V1[wire];
  if (name === undefined) return true;
  const written = letters(log);
  if (name === 'des') return written.startsWith('des');
  return written.startsWith(name);
}

function sameHash(log: string, wire: number): boolean {
  const name = HASH_V1[wire];
  if (name === undefined) return true;
  const written = letters(log).replace(/^hmac/, '');
  if (name === 'sha') return written === 'sha' || written === 'sha1';
  return written === name;
}

/** IKEv1 only: the attributes of both sides that are known agree. */
export function transformAgrees(log: Transform | null, wire: NegotiatedTransform | null): boolean {
  if (log === null || wire === null) return true;
  if (
    log.encryption !== null &&
    wire.encryption !== null &&
    !sameEncryption(log.encryption, wire.encryption)
  )
    return false;
  if (log.hash !== null && wire.hash !== null && !sameHash(log.hash, wire.hash)) return false;
  const group = log.group === null ? Number.NaN : Number(log.group);
  return Number.isNaN(group) || wire.group === null || group === wire.group;
}

const sameTransform = (a: Transform | null, b: Transform | null): boolean => {
  if (a === null || b === null) return true;
  const same = (x: string | number | null, y: string | number | null): boolean =>
    x === null || y === null || letters(String(x)) === letters(String(y));
  return same(a.encryption, b.encryption) && same(a.hash, b.hash) && same(a.group, b.group);
};

/** Cookies may be printed shortened, so that a prefix is enough. */
const cookieClash = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && a !== '' && b !== '' && !a.startsWith(b) && !b.startsWith(a);

const shared = (a: readonly number[], b: readonly number[]): number | null => {
  if (a.length === 0 || b.length === 0) return null;
  const known = new Set(b.map((id) => id >>> 0));
  return a.find((id) => id !== 0 && known.has(id >>> 0)) ?? null;
};

const MESSAGE_IDS = new WeakMap<Exchange, readonly number[]>();

export function exchangeMessageIds(exchange: Exchange): readonly number[] {
  const held = MESSAGE_IDS.get(exchange);
  if (held !== undefined) return held;
  const ids = exchange.messages.map((entry) => entry.message.header.messageId);
  const made = [...new Set(ids.filter((id) => id !== 0))];
  MESSAGE_IDS.set(exchange, made);
  return made;
}

/** What makes a log negotiation and an exchange certainly the same: a cookie or a message id. */
export function exactLogWire(log: LogNegotiation, exchange: Exchange): string | null {
  if (
    log.initiatorCookie !== null &&
    log.initiatorCookie.length >= 8 &&
    exchange.initiatorCookie.startsWith(log.initiatorCookie)
  ) {
    return `initiator ${log.ikeVersion === 2 ? 'SPI' : 'cookie'} ${log.initiatorCookie}`;
  }
  if (log.ikeVersion === 2) return null;
  const id = shared(log.messageIds, exchangeMessageIds(exchange));
  return id === null ? null : `message id 0x${hex32(id)}`;
}

/** The same for two logs. */
export function exactLogLog(a: LogNegotiation, b: LogNegotiation): string | null {
  if (
    a.initiatorCookie !== null &&
    a.initiatorCookie.length >= 8 &&
    a.initiatorCookie === b.initiatorCookie &&
    !cookieClash(a.responderCookie, b.responderCookie)
  ) {
    return `initiator ${a.ikeVersion === 2 ? 'SPI' : 'cookie'} ${a.initiatorCookie}`;
  }
  // IKEv2 message ids count from 0 in every SA, so that they prove nothing.
  if (a.ikeVersion === 2) return null;
  const id = shared(a.messageIds, b.messageIds);
  if (id !== null) return `message id 0x${hex32(id)}`;
  const spi = shared(a.spis, b.spis);
  return spi === null ? null : `SPI 0x${hex32(spi)}`;
}

type Ends = { readonly initiator: string | null; readonly responder: string | null };

const logEnds = (log: LogNegotiation): Ends =>
  log.role === 'initiator'
    ? { initiator: log.localAddress, responder: log.peerAddress }
    : { initiator: log.peerAddress, responder: log.localAddress };

/**
 * How many of the two ends are the same address; a clash when a known end differs without a translation to explain it.
 *
 * @param met whether something else than an address shows that the two have met
 */
function endsAgree(
  a: Ends,
  b: Ends,
  translated: boolean,
  met = false,
): { same: number; clash: boolean } {
  let same = met ? 1 : 0;
  let clash = 0;
  for (const side of ['initiator', 'responder'] as const) {
    const left = a[side];
    const right = b[side];
    if (left === null || right === null) continue;
    if (left === right) same += 1;
    else clash += 1;
  }
  if (clash === 0) return { same, clash: false };
  return { same, clash: !(translated && clash === 1 && same >= 1) };
}

const ENDS = new WeakMap<Exchange, readonly Ends[]>();

function allEnds(exchange: Exchange): readonly Ends[] {
  const held = ENDS.get(exchange);
  if (held !== undefined) return held;
  // Behind a NAT one exchange shows itself under two address pairs in one capture.
  const seen = new Map<string, Ends>();
  const add = (initiator: string, responder: string): void => {
    seen.set(`${initiator} ${responder}`, { initiator, responder });
  };
  add(exchange.initiator.address, exchange.responder.address);
  for (const { message, direction } of exchange.messages) {
    if (direction === 'i2r') add(message.src.address, message.dst.address);
    if (direction === 'r2i') add(message.dst.address, message.src.address);
  }
  const made = [...seen.values()];
  ENDS.set(exchange, made);
  return made;
}

/** Eight random octets, printed in full: no other exchange has them, whoever seems to send it. */
const isSameCookie = ({ initiatorCookie }: LogNegotiation, exchange: Exchange): boolean =>
  initiatorCookie?.length === 16 && initiatorCookie === exchange.initiatorCookie;

/**
 * Why a log negotiation cannot be an exchange. Peers first: a log of another tunnel is refused here.
 *
 * @param own addresses that the router has, which its log may not print
 */
export function objectionLogWire(
  log: LogNegotiation,
  exchange: Exchange,
  own: ReadonlySet<string> = new Set(),
): Objection {
  if (log.ikeVersion !== exchange.version) return 'the log speaks of another IKE version';
  const mode = exchange.mode;
  if ((mode === 'main' || mode === 'aggressive') && log.ikeVersion === 1 && mode !== log.exchange) {
    return `the log shows ${log.exchange} mode, the capture ${mode} mode`;
  }
  if (cookieClash(log.initiatorCookie, exchange.initiatorCookie)) return 'the cookies differ';
  if (
    exchange.responderCookie !== '0000000000000000' &&
    log.responderCookie !== '0000000000000000' &&
    cookieClash(log.responderCookie, exchange.responderCookie)
  ) {
    return 'the cookies differ';
  }
  if (isSameCookie(log, exchange)) return null;
  const translated =
    log.natFound !== false &&
    (exchange.nat.initiatorTranslated !== false || exchange.nat.responderTranslated !== false);
  const met = exactLogWire(log, exchange) !== null;
  const ends = allEnds(exchange).map((pair) => {
    const end = pair[log.role];
    const isOwn = log.localAddress === null && end !== null && own.has(end);
    return endsAgree(logEnds(log), pair, translated, met || isOwn);
  });
  if (ends.every((pair) => pair.clash)) {
    const { initiator, responder } = logEnds(log);
    const turned = { initiator: responder, responder: initiator };
    const isTurned = allEnds(exchange).some((pair) => {
      const { same, clash } = endsAgree(turned, pair, false);
      return same > 0 && !clash;
    });
    return isTurned ? 'the other end initiates' : 'the peers differ';
  }
  if (ends.every((pair) => pair.same === 0)) return NO_END_NAMED;
  const proven = [exchange.nat.initiatorTranslated, exchange.nat.responderTranslated];
  if (log.natFound === true && proven.every((verdict) => verdict === false)) {
    return 'the router found a NAT, the NAT-D payloads show none';
  }
  if (log.natFound === false && proven.includes(true)) {
    return 'the NAT-D payloads show a NAT, the router found none';
  }
  if (log.ikeVersion === 1 && !transformAgrees(log.transform, exchange.transform)) {
    return 'the negotiated transforms differ';
  }
  // What each end believes of the outcome is the diagnosis of one attempt, and no reason to see two.
  return exactLogWire(log, exchange) === null ? objectionOfOutcome(log, exchange) : null;
}

/** Copies on one side of the fence that leave no doubt, against a single one on the other. */
const MANY_COPIES = 3;

/**
 * A router logs what it sends again, and a tap sees it. Where one of the two has a message once and goes on for longer
 * than the other needs to repeat it, they tell of different attempts.
 */
export function rhythmDiffers(log: Track, wire: Track, own: Side): boolean {
  return [...log].some(([name, logged]) => {
    const seen = wire.get(name);
    // A notification that is sent once more is another one.
    if (seen === undefined || !name.endsWith(own) || name.startsWith('INFO')) return false;
    return outlasts(log, logged, seen) || outlasts(wire, seen, logged);
  });
}

/** A message of the other end that both have several times, and equally often: strangers seldom repeat themselves alike. */
export const repeatsAlike = (log: Track, wire: Track, own: Side): boolean =>
  [...log].some(
    ([name, logged]) =>
      !name.endsWith(own) && logged.length > 1 && wire.get(name)?.length === logged.length,
  );

/** The whole that has a message once covers more time than its copies take in the other. */
function outlasts(whole: Track, once: readonly Sighting[], copies: readonly Sighting[]): boolean {
  const first = copies[0]?.ms ?? null;
  const last = copies[MANY_COPIES - 1]?.ms ?? null;
  const from = once[0]?.ms ?? null;
  if (once.length !== 1 || first === null || last === null || from === null) return false;
  const end = from + last - first;
  return [...whole.values()].some((all) => all.some(({ ms }) => ms !== null && ms > end));
}

/** What an initiator says only once it has the last message of phase 1. */
const GOES_ON: ReadonlySet<Step> = new Set([
  'QM1',
  'QM2',
  'QM3',
  'CFG',
  'NGM',
  'AM3',
  'CREATE_CHILD_SA',
]);

/** The last message of phase 1 from the initiator: behind it the responder is through, whether or not its answer arrives. */
const LAST_WORD: ReadonlySet<Step> = new Set(['MM5', 'AM3', 'AUTH']);

const isGivenUp = (exchange: Exchange): boolean =>
  !exchange.completed &&
  exchange.messages.filter(
    (entry) => entry.step === exchange.lastFromInitiator && entry.retransmissionOf !== null,
  ).length >= 2;

/**
 * The two ends part where the last answer of phase 1 is lost: the responder has completed it and the initiator has not.
 * That one view shows the one end and another view the other makes them no strangers, but it does not speak for them.
 */
export function partsFrom(log: LogNegotiation, exchange: Exchange): boolean {
  return log.role === 'responder' && log.phase1 === 'complete' && isGivenUp(exchange);
}

function objectionOfOutcome(log: LogNegotiation, exchange: Exchange): Objection {
  const { completed, messages, lastFromInitiator } = exchange;
  const goesOn = messages.some(({ step, direction }) => direction === 'i2r' && GOES_ON.has(step));
  if (completed && log.phase1 === 'failed' && (log.role === 'responder' || goesOn)) {
    return 'phase 1 completed on the wire and failed in the log';
  }
  const isLast = lastFromInitiator !== null && LAST_WORD.has(lastFromInitiator);
  if (log.phase1 === 'complete' && isGivenUp(exchange) && (log.role === 'initiator' || !isLast)) {
    return 'phase 1 completed in the log and was given up on the wire';
  }
  const quick = exchange.messages
    .filter((entry) => entry.step === 'QM1' || entry.step === 'QM2' || entry.step === 'QM3')
    .map((entry) => entry.message.header.messageId);
  if (
    log.ikeVersion === 1 &&
    log.phase2 === 'complete' &&
    log.messageIds.length > 0 &&
    quick.length > 0 &&
    shared(log.messageIds, quick) === null
  ) {
    return 'the quick modes carry other message ids';
  }
  return null;
}

/** One end read as the other's identity what that one says of itself: a translation leaves it as it is. */
const introduces = (from: LogNegotiation, to: LogNegotiation): boolean =>
  to.peerIdentity !== null &&
  [from.ownIdentity?.value, from.localAddress].includes(to.peerIdentity.value);

/**
 * Why two logs cannot tell of the same attempt.
 *
 * @param known whether a router has this address, which its log may not print
 */
export function objectionLogLog(
  a: LogNegotiation,
  b: LogNegotiation,
  known: { readonly a: ReadonlySet<string>; readonly b: ReadonlySet<string> } = {
    a: new Set(),
    b: new Set(),
  },
): Objection {
  if (a.role === b.role) return 'both are the same side';
  if (a.ikeVersion !== b.ikeVersion || a.exchange !== b.exchange)
    return 'they use different exchanges';
  if (cookieClash(a.initiatorCookie, b.initiatorCookie)) return 'the cookies differ';
  const translated = a.natFound !== false || b.natFound !== false;
  const reaches = (log: LogNegotiation, addresses: ReadonlySet<string>): boolean =>
    log.peerAddress !== null && addresses.has(log.peerAddress);
  const met =
    introduces(a, b) ||
    introduces(b, a) ||
    (b.localAddress === null && reaches(a, known.b)) ||
    (a.localAddress === null && reaches(b, known.a));
  const ends = endsAgree(logEnds(a), logEnds(b), translated, met);
  if (ends.clash) return 'the peers differ';
  if (ends.same === 0) return 'no address is common to both';
  if (!sameTransform(a.transform, b.transform)) return 'the negotiated transforms differ';
  // One pair of SPIs is one attempt, whatever each end believes of its outcome.
  return exactLogLog(a, b) === null ? objectionOfBoth(a, b) : null;
}

/** Two outcomes that one attempt does not have, as far as nothing else shows that it is one. */
function objectionOfBoth(a: LogNegotiation, b: LogNegotiation): Objection {
  if (a.phase2 === 'complete' && b.phase1 === 'failed')
    return 'one came up and the other failed in phase 1';
  if (b.phase2 === 'complete' && a.phase1 === 'failed')
    return 'one came up and the other failed in phase 1';
  if (
    a.ikeVersion === 1 &&
    a.phase2 === 'complete' &&
    b.phase2 === 'complete' &&
    a.messageIds.length > 0 &&
    b.messageIds.length > 0 &&
    shared(a.messageIds, b.messageIds) === null
  ) {
    return 'the quick modes carry other message ids';
  }
  return null;
}
