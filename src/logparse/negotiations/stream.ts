import type { Context } from './context.ts';
import type { Suspicion } from './suspicion.ts';
import { text, type TrackedLine } from './tracked-line.ts';

/** The lines of one sender, or of one terminal. */
export type Stream = {
  readonly contexts: Context[];
  current: Context | null;
  /** What the key engine asked for, until ISAKMP says that it begins. */
  request: TrackedLine | null;
  /** Requests for other peers, which came right before that one. */
  requestsBefore: TrackedLine[];
  /** Up to this event lines may come in turns with those of other events. */
  crossedUntil: number;
  /** Lines which may do so, and whose attempts the next ones tell. */
  suspicion: Suspicion | null;
  /** Up to this event they do not. */
  calmUntil: number;
  /** Lines with an id that belongs to one of several attempts, by that id. */
  readonly waiting: Map<number | string, TrackedLine[]>;
  /** Where the last packet came in, and from whom: on an ASA a line of its own. */
  arrival: { readonly peer: string; readonly local: string } | null;
  /** Lines that nothing told the attempt of yet. */
  held: TrackedLine[];
};

/** Looking further back than this for the owner of a line would be guessing. */
export const mostOpen = 256;

/** Attempts that have packets and no id yet. */
export function halfOpen(stream: Stream): Context[] {
  return stream.contexts
    .slice(-mostOpen)
    .filter((context) => context.connId === null && !context.closed && context.packetCount > 0);
}

/** The attempt of IKEv2 that is under way: the one at hand, or the only one; null where it could be any of several. */
export function openIkev2({ contexts, current }: Stream): Context | null {
  const isOpen = (context: Context): boolean =>
    context.ikeVersion === 2 &&
    context.deleteReason === null &&
    !context.closed &&
    !context.has('v2-sa-created') &&
    !context.has('v2-session-up');
  if (current !== null && isOpen(current)) return current;
  const open = contexts.slice(-mostOpen).filter(isOpen);
  return open.length === 1 ? open[0]! : null;
}

/** The attempt begun last that fits. */
export function latest(stream: Stream, fits: (context: Context) => boolean): Context | null {
  const { contexts } = stream;
  for (let i = contexts.length - 1; i >= 0 && i >= contexts.length - mostOpen; i--) {
    if (fits(contexts[i]!)) return contexts[i]!;
  }
  return null;
}

/** Why the key engine refuses what a peer proposes. */
const refusing: ReadonlySet<string> = new Set([
  'ipsec-proxy-refused',
  'ipsec-transform-refused',
  'ipsec-transform-refused-old',
  'ipsec-local-address-refused',
  'ipsec-peer-refused',
  'map-none',
  'map-profile-mismatch',
]);
/** What the key engine says of quick modes alone: what it was asked, why it refuses, what it makes. */
const ofQuickMode: ReadonlySet<string> = new Set([
  'ipsec-proposal',
  'ipsec-sa-created',
  ...refusing,
]);

/** Nothing but lines of the key engine was seen of it. */
export const isEngineOnly = (context: Context): boolean =>
  isBare(context) && context.ikeVersion === 1 && context.has('quick mode told');
const isBare = ({ packetCount, connId, states }: Context): boolean =>
  packetCount === 0 && connId === null && states.length === 0;

/** Whether a line of the key engine that fits no attempt is the first of one: no line of ISAKMP is there to begin it. */
export function beginsAlone({ contexts, current, request }: Stream, line: TrackedLine): boolean {
  if (!ofQuickMode.has(line.id) || line.fields.session !== undefined) return false;
  const remote = text(line.fields.remote);
  if (remote === undefined) return contexts.length === 0;
  return current === null || isEngineOnly(current) || text(request?.fields.remote) === remote;
}

/** Where nothing else tells the role: who refuses a proposal is the one that it was made to. */
export function refuse(context: Context, { id }: TrackedLine): Context {
  if (context.role === null && refusing.has(id) && isEngineOnly(context))
    context.role = 'responder';
  return context;
}
