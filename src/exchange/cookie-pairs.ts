import { equalOctets } from '../bytes/span.ts';
import { ZERO_COOKIE } from '../isakmp/header.ts';
import type { IkeMessage } from '../model/isakmp.ts';
import type { Unit } from './unit.ts';

/** The messages of one cookie pair, still in the order given. */
export type PairGroup = {
  readonly version: 1 | 2;
  readonly initiatorCookie: string;
  /** Zero until a message shows it. */
  responderCookie: string;
  readonly units: Unit[];
  /** Another responder cookie answered the same first message before. */
  readonly cookieChanged: boolean;
  /** How many of the first units are those of the pair before. */
  readonly repeated: number;
};

/** Everything that carries one initiator cookie. */
type Family = {
  /** The oldest few, so that a flood of responder cookies costs no more than linear time. */
  readonly oldest: PairGroup[];
  /** Groups that no responder cookie was seen for yet. */
  readonly unanswered: PairGroup[];
  /** Those with a responder cookie that are not among the oldest; nearly no initiator cookie has so many. */
  byCookie: Map<string, PairGroup> | null;
};

const SEARCHED = 8;

/**
 * One group a cookie pair. The first message has no responder cookie yet and joins the pair that answers it; several
 * pairs may share it when the responder's cookie changes. IKEv2 restarts (COOKIE, INVALID_KE_PAYLOAD) keep the
 * initiator's SPI and are one group.
 */
export function groupByCookies(units: readonly Unit[]): readonly PairGroup[] {
  const groups: PairGroup[] = [];
  const families = { 1: new Map<string, Family>(), 2: new Map<string, Family>() };
  for (const unit of units) {
    const { header } = unit.message;
    const version = header.majorVersion === 1 ? 1 : 2;
    const ofVersion = families[version];
    let family = ofVersion.get(header.initiatorCookie);
    if (family === undefined) {
      family = { oldest: [], unanswered: [], byCookie: null };
      ofVersion.set(header.initiatorCookie, family);
    }
    const place = placeOf(family, unit.message);
    if (place !== null) {
      place.units.push(unit);
      continue;
    }
    const before = family.oldest.find((group) => related(group, unit.message));
    const shared = before === undefined ? [] : firstMessages(before, unit.message);
    const made: PairGroup = {
      version,
      initiatorCookie: header.initiatorCookie,
      responderCookie: header.responderCookie,
      units: [...shared, unit],
      cookieChanged: before !== undefined,
      repeated: shared.length,
    };
    enter(family, made);
    groups.push(made);
  }
  return groups;
}

function enter(family: Family, group: PairGroup): void {
  if (family.oldest.length < SEARCHED) family.oldest.push(group);
  if (group.responderCookie !== ZERO_COOKIE) remember(family, group);
  else if (family.unanswered.length < SEARCHED) family.unanswered.push(group);
}

function remember(family: Family, group: PairGroup): void {
  if (family.oldest.includes(group)) return;
  family.byCookie ??= new Map();
  family.byCookie.set(group.responderCookie, group);
}

function answeredBy(family: Family, cookie: string): PairGroup | undefined {
  for (const group of family.oldest) if (group.responderCookie === cookie) return group;
  return family.byCookie?.get(cookie);
}

function placeOf(family: Family, message: IkeMessage): PairGroup | null {
  const cookie = message.header.responderCookie;
  if (cookie === ZERO_COOKIE) {
    const near = [...family.unanswered, ...family.oldest];
    return near.find((group) => related(group, message)) ?? null;
  }
  const exact = answeredBy(family, cookie);
  if (exact !== undefined) return exact;
  const at = family.unanswered.findIndex((group) => related(group, message));
  const waiting = family.unanswered[at];
  if (waiting === undefined) return null;
  family.unanswered.splice(at, 1);
  waiting.responderCookie = cookie;
  remember(family, waiting);
  return waiting;
}

/** A scanner may send one cookie to many peers: these are different exchanges unless an address or the octets agree. */
function related(group: PairGroup, message: IkeMessage): boolean {
  const first = group.units[0]!.message;
  const ends = [first.src.address, first.dst.address];
  return (
    ends.includes(message.src.address) ||
    ends.includes(message.dst.address) ||
    equalOctets(first.pdu.bytes, message.pdu.bytes)
  );
}

/** The first messages that a changed responder cookie shares with the pair before it: those that went its way, if any. */
function firstMessages(before: PairGroup, answer: IkeMessage): readonly Unit[] {
  const first = before.units
    .slice(0, SEARCHED)
    .filter(({ message }) => message.header.responderCookie === ZERO_COOKIE);
  const toThisPeer = first.filter(({ message }) => message.dst.address === answer.src.address);
  return toThisPeer.length > 0 ? toThisPeer : first;
}
