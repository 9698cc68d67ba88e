import { CISCO_FRAGMENT, FlagV1 } from '../isakmp/header.ts';
import type { IkeMessage } from '../model/isakmp.ts';

export type Direction = 'i2r' | 'r2i' | null;

/** A message, or one piece of a message that IKE itself cut up. */
export type Unit = {
  readonly message: IkeMessage;
  /** The frame that completed the set; null for whole messages and for sets that stayed incomplete. */
  partOf: number | null;
  /** A piece, or the message that a set of pieces completed. */
  readonly kind: 'whole' | 'piece' | 'completed';
  /** The message that the pieces make up: it names the step of each piece. Null until the set is complete. */
  inner: IkeMessage | null;
};

/** The message whose header tells the step: for a fragment, the message that it is a piece of. */
export function innerOf(unit: Unit): IkeMessage {
  return unit.inner ?? unit.message;
}

/** Not encrypted as a whole. A fragment whose message never completed counts as encrypted: only long messages are cut. */
export function isClear(unit: Unit): boolean {
  const { header } = innerOf(unit);
  if (unit.inner === null && header.nextPayload === CISCO_FRAGMENT) return false;
  return (header.flags & FlagV1.encrypted) === 0;
}
