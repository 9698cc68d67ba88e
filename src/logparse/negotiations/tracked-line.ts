import type { Side } from '../../model/exchange.ts';
import type { MessageSpec } from '../message-spec.ts';
import type { Context, Sighting } from './context.ts';

/** A line of log, ready to be given to the negotiation it belongs to. */
export type TrackedLine = Sighting & {
  readonly spec: MessageSpec;
  /** Sender of a syslog relay: lines of two senders never belong together. */
  readonly sender: string;
  /** Router named by the last prompt, if any. */
  readonly label: string | null;
};

export const sideOf = (role: string | number | undefined): Side | null =>
  role === 'I' ? 'initiator' : role === 'R' ? 'responder' : null;

export function sideOfState(state: string): Side | null {
  if (state.startsWith('IKE_I_') || state.startsWith('IKE_QM_I_')) return 'initiator';
  return state.startsWith('IKE_R_') || state.startsWith('IKE_QM_R_') ? 'responder' : null;
}

/** Another router, or another excerpt: the clock stands earlier than before, and not by the hour that ends summer time. */
export function wentBack(context: Context | null, line: TrackedLine): boolean {
  const last = context?.lastTime;
  if (!last || !line.time || last.mark === 'uptime' || line.time.mark === 'uptime') return false;
  // Of stamps with and without a year nobody knows which is later.
  if ((last.year === null) !== (line.time.year === null)) return false;
  const back = last.ms - line.time.ms;
  return back > 2000 + last.resolutionMs && !(back > 3_400_000 && back <= 3_600_000);
}

export function text(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

const peerNaming: ReadonlySet<string> = new Set([
  'key-not-in',
  'key-candidate',
  'key-of-peer',
  'key-none',
  'key-looked-up',
  'peer-found',
  'peer-created',
  'authenticated',
  'sa-deleting',
  'phase-1-refused',
  'phase-2-refused',
]);

/** An address, or what is left of one that somebody hides: `185.x.y.113`, `a.b.c.d`, `<peer>`. A host name is none. */
export const isAddress = (text: string): boolean =>
  /^(?:\d{1,3}|[x-z*]{1,3}|[a-z])(?:\.(?:\d{1,3}|[x-z*]{1,3}|[a-z])){3}$|^(?=.*:)[0-9a-fx*:.]+$|^<[^<>]+>$/i.test(
    text,
  );

/** The peer that the line names is the one of the negotiation, not a host name or an identity. */
export function namesPeer(line: TrackedLine): boolean {
  return peerNaming.has(line.id) && isAddress(String(line.fields.peer));
}

export function startsAttempt(id: string): boolean {
  return (
    id === 'ke-message' ||
    id === 'sa-request-profile' ||
    id === 'ipsec-sa-request' ||
    // A peer is inserted once it is authenticated.
    (id.startsWith('peer-') && !id.startsWith('peer-insert')) ||
    id === 'local-port' ||
    id === 'node-new'
  );
}

/** `SA 1` is the short form of `SESSION 14/SA 1`. */
export function sameSession(a: number | string | null, b: number | string | null): boolean {
  if (a === b) return true;
  return (
    typeof a === 'string' && typeof b === 'string' && (a.endsWith(`/${b}`) || b.endsWith(`/${a}`))
  );
}
