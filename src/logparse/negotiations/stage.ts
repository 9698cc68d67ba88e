import type { Side } from '../../model/exchange.ts';
import type { Context } from './context.ts';
import { sideOf, sideOfState, text, type TrackedLine } from './tracked-line.ts';

/**
 * Which lines an attempt may print where it stands. Packet lines name their peer, so how far an exchange has come is
 * known, though lines that name nothing could not be given to anybody.
 */

/** States of main mode behind the packet that came last (RFC 2409 section 5), and the one once the answer is sent. */
const statesBehind: Readonly<Record<string, readonly [readonly string[], string, string]>> = {
  'responder NEW SA': [['IKE_READY', 'IKE_R_MM1'], 'MM_SA_SETUP', 'IKE_R_MM2'],
  'responder MM_SA_SETUP': [['IKE_R_MM2', 'IKE_R_MM3'], 'MM_KEY_EXCH', 'IKE_R_MM4'],
  'responder MM_KEY_EXCH': [['IKE_R_MM4', 'IKE_R_MM5'], '', 'IKE_P1_COMPLETE'],
  'initiator MM_NO_STATE': [['IKE_I_MM1', 'IKE_I_MM2'], 'MM_SA_SETUP', 'IKE_I_MM3'],
  'initiator MM_SA_SETUP': [['IKE_I_MM3', 'IKE_I_MM4'], 'MM_KEY_EXCH', 'IKE_I_MM5'],
  'initiator MM_KEY_EXCH': [['IKE_I_MM5', 'IKE_I_MM6'], '', 'IKE_P1_COMPLETE'],
};

function mayLeave(context: Context, from: string, to: string): boolean {
  const side = sideOfState(from) ?? sideOfState(to);
  if (side !== null && context.role !== null && context.role !== side) return false;
  if (from.startsWith('IKE_QM_')) return context.connId !== null;
  if (context.exchange !== 'main' || from.includes('_AM'))
    return context.exchange !== 'main' || begins(context);
  const behind = statesBehind[`${String(context.role)} ${String(context.lastReceived)}`];
  if (behind === undefined)
    return (
      context.saRequestProfile === null ||
      context.packetCount > 1 ||
      /^IKE_(?:READY|I_MM1)$/.test(from)
    );
  const [states, answer, answered] = behind;
  return (
    states.includes(from) || (from === answered && (answer === '' || context.lastSent === answer))
  );
}

/** Nothing went to the peer yet. */
export const begins = ({ lastSent, packetCount }: Context): boolean =>
  lastSent === null && packetCount <= 1;

/** The peer's offer, or its choice, is at hand. */
const weighs = ({ role, lastReceived, lastSent, exchange }: Context): boolean =>
  exchange !== 'main' ||
  (role === 'initiator'
    ? lastReceived === 'MM_NO_STATE' && lastSent === 'MM_NO_STATE'
    : lastReceived === 'NEW SA' && lastSent === null);

/** The peer's public value is at hand: from here on the SA has an id. */
const makesKeys = ({ lastReceived, lastSent, exchange }: Context): boolean =>
  exchange !== 'main' || (lastReceived === 'MM_SA_SETUP' && lastSent !== 'MM_KEY_EXCH');

/** In aggressive mode the first packet already leads to keys, and no line may have told the mode yet. */
export const mayHaveId = (context: Context): boolean =>
  context.lastReceived === 'MM_SA_SETUP' || context.exchange !== 'main' || mayBeAggressive(context);

const mayBeAggressive = (context: Context): boolean =>
  begins(context) &&
  context.lastReceived === 'NEW SA' &&
  !context.states.some((state) => state.startsWith('IKE_R_MM'));

/** The peer's identity may be at hand. */
const identifies = (context: Context): boolean =>
  context.profileMatched === null &&
  !context.has('authenticated') &&
  (context.connId !== null || context.exchange !== 'main' || mayBeAggressive(context));

/** A quick mode may be at hand. */
const inPhase2 = (context: Context): boolean =>
  context.connId !== null &&
  (context.has('authenticated') ||
    context.has('phase 1 complete') ||
    context.messageIds.size > 0 ||
    context.packetStates.includes('QM_IDLE'));

const isChecking = (context: Context): boolean => context.check !== null && weighs(context);

const hasJustSent = ({ packets, packetCount }: Context): boolean =>
  packets.at(-1)?.direction === 'sent' && packets.length === packetCount;

/** The entry of the keyring that was named last, and it covers the peer. */
function isSearched(context: Context, { fields }: TrackedLine): boolean {
  const [address, mask] = String(fields.entry).split(',');
  return (
    context.detailKeyring !== null &&
    context.peer !== null &&
    covers(address!, mask ?? '', context.peer)
  );
}

const octets = (address: string): readonly number[] => address.trim().split('.').map(Number);

function covers(network: string, mask: string, address: string): boolean {
  const [ours, bits, theirs] = [octets(network), octets(mask), octets(address)];
  if (bits.length !== 4 || ours.length !== 4 || theirs.length !== 4)
    return network.trim() === address;
  return ours.every((octet, i) => (octet & bits[i]!) === (theirs[i]! & bits[i]!));
}

const payloadFits = (context: Context, { fields }: TrackedLine): boolean =>
  fields.messageId !== 0 ||
  (fields.payload === 'SA'
    ? weighs(context)
    : !/^(?:KE|NONCE)$/.test(String(fields.payload)) || makesKeys(context));

function lockFits(context: Context, { fields: { by } }: TrackedLine): boolean {
  const side: Side | null =
    by === 'isakmp_initiator'
      ? 'initiator'
      : by === 'crypto_isakmp_process_block'
        ? 'responder'
        : null;
  return begins(context) && (side === null || context.role === null || context.role === side);
}

type Fits = (context: Context, line: TrackedLine) => boolean;

/** By message; of what is not told here, any attempt may be the owner. */
const fitsById: Readonly<Record<string, Fits>> = {
  state: (context, { fields }) => mayLeave(context, String(fields.from), String(fields.to)),
  'policy-check': weighs,
  'policy-accepted': isChecking,
  'policy-refused': isChecking,
  'policy-none': weighs,
  'key-found-locally': weighs,
  'xauth-scan': weighs,
  'xauth-in-profile': weighs,
  'phase-1-life': weighs,
  'lifetime-timer': weighs,
  'payload-processing': payloadFits,
  'key-entry': isSearched,
  'key-final': isSearched,
  'profile-matched': identifies,
  'profile-none': identifies,
  'packet-sending': hasJustSent,
  'peer-locked': lockFits,
  'local-port': begins,
  'peer-new': begins,
  'sa-inserted': begins,
  'aggressive-not-started': begins,
  'main-mode-begins': begins,
  'aggressive-mode-begins': begins,
};
const fitsByKind: readonly (readonly [RegExp, Fits])[] = [
  [/^(?:offer|mismatch)-/, isChecking],
  [/^(?:proposal|ipsec|map)-/, inPhase2],
];

/** Nothing is against the line's being of this attempt. */
export function fitsStage(context: Context, line: TrackedLine): boolean {
  const side = sideOf(line.fields.role);
  if (side !== null && context.role !== null && context.role !== side) return false;
  const fits = fitsById[line.id] ?? fitsByKind.find(([ids]) => ids.test(line.id))?.[1];
  return fits === undefined || fits(context, line);
}

/** Of several that a line of the state machine fits: the one that is in its state, if all states are known. */
export function byLastState(fitting: readonly Context[], line: TrackedLine): readonly Context[] {
  if (
    line.id !== 'state' ||
    fitting.some(({ statesUnsure, states }) => statesUnsure || states.length === 0)
  )
    return fitting;
  const from = text(line.fields.from);
  return fitting.filter(({ states }) => states.at(-1) === from);
}

/** A line may be of this attempt, or of another: what is half told is told no further. */
export function interrupt(context: Context, line: TrackedLine): void {
  context.doubt(line.id, line.line);
  context.check = null;
  context.offer = null;
  context.detailKeyring = null;
  context.candidates = [];
  context.searched = null;
  context.idOpen = null;
  context.networks = null;
  if (line.id === 'state') context.statesUnsure = true;
}

/** Within one event the clock goes no further. */
const mostMs = 300_000;

/** Routers differ in how they write the time, and in what time it is. */
export function hasClock({ lastTime }: Context, { time }: TrackedLine): boolean {
  if (lastTime === null || time === null) return lastTime === time;
  const alike =
    (lastTime.mark === 'uptime') === (time.mark === 'uptime') &&
    (lastTime.year === null) === (time.year === null) &&
    lastTime.zone === time.zone &&
    lastTime.resolutionMs === time.resolutionMs;
  return alike && Math.abs(time.ms - lastTime.ms) <= mostMs + time.resolutionMs;
}
