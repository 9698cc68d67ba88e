import { Xchg } from '../isakmp/registry/exchange-types.ts';
import type { Step } from '../model/exchange.ts';
import { innerOf, isClear } from './unit.ts';
import type { Direction, Unit } from './unit.ts';

export const SA_V1 = 1;

/**
 * QM3 holds a hash and nothing else. With the longest hash (64 octets) and padding it stays below this length; QM1 and
 * QM2 hold an SA and a nonce besides and stay above it.
 */
const QM3_AT_MOST = 112;

/** The step of every message of one cookie pair. */
export function stepsOf(
  version: 1 | 2,
  units: readonly Unit[],
  directions: readonly Direction[],
): readonly Step[] {
  if (version === 2) return units.map((unit) => stepV2(unit.message.header.exchangeType));
  const quick = quickInitiators(units, directions);
  return units.map((unit, at) => stepV1(unit, directions[at]!, quick));
}

function stepV1(unit: Unit, direction: Direction, quick: ReadonlyMap<number, string>): Step {
  const { header } = innerOf(unit);
  const clear = isClear(unit);
  const sa = clear && header.nextPayload === SA_V1;
  switch (header.exchangeType) {
    case Xchg.main:
      if (direction === null) return 'OTHER';
      if (!clear) return direction === 'i2r' ? 'MM5' : 'MM6';
      if (sa) return direction === 'i2r' ? 'MM1' : 'MM2';
      return direction === 'i2r' ? 'MM3' : 'MM4';
    case Xchg.aggressive:
      if (direction === null) return 'OTHER';
      if (direction === 'r2i') return 'AM2';
      return sa ? 'AM1' : 'AM3';
    case Xchg.quick:
      if (senderOf(unit, direction) !== quick.get(header.messageId)) return 'QM2';
      return header.length <= QM3_AT_MOST ? 'QM3' : 'QM1';
    case Xchg.newGroup:
      return 'NGM';
    case Xchg.informational:
      return 'INFO';
    case Xchg.transaction:
      return 'CFG';
    default:
      return 'OTHER';
  }
}

/**
 * Which side began each quick mode. QM3 gives its sender away by its size even when the capture begins with QM2;
 * otherwise the side seen first began.
 */
function quickInitiators(
  units: readonly Unit[],
  directions: readonly Direction[],
): ReadonlyMap<number, string> {
  const began = new Map<number, string>();
  const settled = new Set<number>();
  units.forEach((unit, at) => {
    const { header } = innerOf(unit);
    if (header.exchangeType !== Xchg.quick || settled.has(header.messageId)) return;
    const sender = senderOf(unit, directions[at]!);
    if (header.length <= QM3_AT_MOST) {
      began.set(header.messageId, sender);
      settled.add(header.messageId);
    } else if (!began.has(header.messageId)) {
      began.set(header.messageId, sender);
    }
  });
  return began;
}

function senderOf(unit: Unit, direction: Direction): string {
  return direction ?? unit.message.src.address;
}

function stepV2(exchangeType: number): Step {
  switch (exchangeType) {
    case Xchg.saInit:
      return 'SA_INIT';
    case Xchg.intermediate:
      return 'INTERMEDIATE';
    case Xchg.auth:
      return 'AUTH';
    case Xchg.createChildSa:
      return 'CREATE_CHILD_SA';
    case Xchg.informationalV2:
      return 'INFORMATIONAL';
    case Xchg.followupKe:
      return 'FOLLOWUP_KE';
    default:
      return 'OTHER';
  }
}
