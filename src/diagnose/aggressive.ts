import type { Attempt } from '../model/incident.ts';
import { packets } from './facts.ts';

/** Questions about aggressive mode that more than one rule asks. */

/** The responder repeats AM2 and hears nothing. */
export const silentAfterAm2 = (attempt: Attempt): boolean =>
  packets(attempt, 'AM2', 'responder').length > 1 &&
  packets(attempt, 'AM3', 'initiator').length === 0 &&
  packets(attempt, 'INFO', 'initiator').length === 0;

/**
 * A scanner asks for AM2, whose HASH_R can be tested offline, and leaves. Unlike every VPN client it announces no
 * vendor id.
 */
export function isProbe(attempt: Attempt): boolean {
  if (attempt.mode !== 'aggressive' || !silentAfterAm2(attempt)) return false;
  const first = packets(attempt, 'AM1', 'initiator')[0];
  return (
    first !== undefined && first.payloads.every((payload) => payload.content.kind !== 'vendor-id')
  );
}
