import { matchOnce } from '../matcher.ts';
import type { Context, Sighting } from './context.ts';

/** The syslog gives the reason for which IKEv2 is given up in the words of the debug. */
export function ikev2Aborted(context: Context, { fields, line }: Sighting): void {
  const reason = String(fields.reason);
  context.begun = true;
  context.closed = true;
  context.deleteReason ??= { text: reason, line };
  context.note('v2-abort', line);
  const same = matchOnce('ikev2', reason)?.spec;
  if (!same) return;
  context.note(same.id, line);
  if (same.role === 'initiator' || same.role === 'responder') context.role ??= same.role;
  // Traffic selectors are looked at when the peer is authenticated.
  if (same.id === 'v2-ts-refused') context.note('v2-auth-passed', line);
}
