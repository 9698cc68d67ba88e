import { FlagV2, ZERO_COOKIE } from '../isakmp/header.ts';
import { Xchg } from '../isakmp/registry/exchange-types.ts';
import type { Endpoint } from '../model/datagram.ts';
import type { IkeMessage } from '../model/isakmp.ts';
import { SA_V1 } from './steps.ts';
import { innerOf, isClear } from './unit.ts';
import type { Direction, Unit } from './unit.ts';

/**
 * Which way each message of one cookie pair goes. IKEv2 says so in its flags. IKEv1 does not: the first message anchors
 * it, and every address that either side was seen with (NAT, port float, a second tap) is remembered.
 */
export function directionsOf(version: 1 | 2, units: readonly Unit[]): readonly Direction[] {
  return version === 2 ? units.map(({ message }) => byFlag(message)) : byAnchor(units);
}

/** RFC 7296 §3.1: the original initiator sets the I flag in everything it sends. */
function byFlag(message: IkeMessage): Direction {
  return (message.header.flags & FlagV2.initiator) !== 0 ? 'i2r' : 'r2i';
}

function byAnchor(units: readonly Unit[]): readonly Direction[] {
  const withPorts = units.some(({ message }) => message.src.address === message.dst.address);
  const name = (end: Endpoint): string =>
    withPorts ? `${end.address} ${String(end.port)}` : end.address;
  const anchor = initiatorOf(units, name);
  if (anchor === null) return units.map(() => null);

  const initiators = new Set([anchor.initiator]);
  const responders = new Set([anchor.responder]);
  const directions: Direction[] = units.map(() => null);
  const place = (unit: Unit, at: number): void => {
    if (directions[at] !== null) return;
    const src = name(unit.message.src);
    const dst = name(unit.message.dst);
    const direction = wayOf(src, dst, initiators, responders);
    directions[at] = direction;
    if (direction === null) return;
    (direction === 'i2r' ? initiators : responders).add(src);
    (direction === 'i2r' ? responders : initiators).add(dst);
  };
  units.forEach(place);
  // A tap that shares no address with the first one is recognised by what it learned meanwhile.
  units.forEach(place);
  return directions;
}

function wayOf(
  src: string,
  dst: string,
  initiators: ReadonlySet<string>,
  responders: ReadonlySet<string>,
): Direction {
  const from = sideOf(src, initiators, responders);
  if (from !== null) return from === 'initiator' ? 'i2r' : 'r2i';
  const to = sideOf(dst, initiators, responders);
  if (to !== null) return to === 'responder' ? 'i2r' : 'r2i';
  return null;
}

function sideOf(
  name: string,
  initiators: ReadonlySet<string>,
  responders: ReadonlySet<string>,
): 'initiator' | 'responder' | null {
  const initiator = initiators.has(name);
  return initiator === responders.has(name) ? null : initiator ? 'initiator' : 'responder';
}

type Anchor = { readonly initiator: string; readonly responder: string };

/** The best witness for the roles, from the surest to the weakest; null when the capture holds none. */
function initiatorOf(units: readonly Unit[], name: (end: Endpoint) => string): Anchor | null {
  const sent = (unit: Unit): Anchor => ({
    initiator: name(unit.message.src),
    responder: name(unit.message.dst),
  });
  const answered = (unit: Unit): Anchor => ({
    initiator: name(unit.message.dst),
    responder: name(unit.message.src),
  });
  const sender = (unit: Unit): string => name(unit.message.src);

  const first = units.find(
    ({ message }) =>
      message.header.responderCookie === ZERO_COOKIE &&
      message.header.exchangeType !== Xchg.informational,
  );
  if (first !== undefined) return sent(first);

  const phase1 = units.filter((unit) => PHASE_1.has(innerOf(unit).header.exchangeType));
  // MM2 and AM2 hold the SA and both cookies.
  const chosen = phase1.find((unit) => isClear(unit) && innerOf(unit).header.nextPayload === SA_V1);
  if (chosen !== undefined) return answered(chosen);
  const am3 = phase1.find((unit) => innerOf(unit).header.exchangeType === Xchg.aggressive);
  if (am3 !== undefined) return sent(am3);

  const keyed = phase1.filter(isClear);
  const sealed = phase1.filter((unit) => !isClear(unit));
  const ke = keyed[0];
  if (ke !== undefined && keyed.some((unit) => sender(unit) !== sender(ke))) return sent(ke);
  const enc = sealed[0];
  if (enc === undefined) return ke === undefined ? null : sent(ke);
  // Begun after MM5: the lone encrypted message is MM6 when the other side goes on with quick mode.
  const quick = units.find((unit) => innerOf(unit).header.exchangeType === Xchg.quick);
  const lone = ke === undefined && sealed.every((unit) => sender(unit) === sender(enc));
  return lone && quick !== undefined && sender(quick) !== sender(enc) ? answered(enc) : sent(enc);
}

const PHASE_1: ReadonlySet<number> = new Set([Xchg.main, Xchg.aggressive]);
