import { hex } from '../bytes/hex.ts';
import type { Exchange, ExchangeMessage, Side, Step } from '../model/exchange.ts';
import type { CaptureEvidence, PlaceOfFrame } from '../model/incident.ts';

/** A message that one capture of an exchange holds and another one, which goes on, does not. */
export type TapLoss = {
  readonly step: Step;
  readonly from: Side;
  readonly seen: PlaceOfFrame;
  /** How often the one capture holds it. */
  readonly copies: number;
  /** Input of the capture without it. */
  readonly absentIn: string;
  /** The capture that holds it is nearer to the sender, so it was lost between the two; else the other one may have missed it. */
  readonly isSure: boolean;
};

type Way = 'i2r' | 'r2i';

/** Every sighting of the same octets in one capture, in order. */
type Sightings = ReadonlyMap<string, readonly ExchangeMessage[]>;

type Tap = {
  readonly evidence: CaptureEvidence;
  readonly messages: readonly ExchangeMessage[];
  readonly sightings: Sightings;
};

/** A translation changes addresses and ports and leaves the message as it is. */
const printOf = ({ message, direction }: ExchangeMessage): string =>
  `${direction ?? ''} ${hex(message.pdu.bytes)}`;

function tapOf(evidence: CaptureEvidence, exchange: Exchange): Tap {
  const messages = exchange.messages.filter(({ message }) => message.capture === evidence.capture);
  const sightings = new Map<string, ExchangeMessage[]>();
  for (const entry of messages) {
    const print = printOf(entry);
    const known = sightings.get(print);
    if (known === undefined) sightings.set(print, [entry]);
    else known.push(entry);
  }
  return { evidence, messages, sightings };
}

type Shared = { readonly here: ExchangeMessage; readonly there: ExchangeMessage };

/** What both taps saw equally often, so that the first of the one is the first of the other. */
function sharedBy(here: Tap, there: Tap): readonly Shared[] {
  return [...here.sightings].flatMap(([print, own]) => {
    const far = there.sightings.get(print);
    return far?.length === own.length ? [{ here: own[0]!, there: far[0]! }] : [];
  });
}

/** The clock of the other tap minus that of this one; null where they share nothing. */
function offsetOf(shared: readonly Shared[]): bigint | null {
  const offsets = shared
    .map(({ here, there }) => there.message.timeNs - here.message.timeNs)
    .sort((a, b) => (a < b ? -1 : Number(a > b)));
  return offsets[Math.floor(offsets.length / 2)] ?? null;
}

/** Two captures at one place stamp the same packet so far apart, and of a span their clocks count more or less by so many parts in a million. */
const STAMP_NS = 1_000_000n;
const DRIFT_PPM = 100n;

type Nearness = { readonly to: Side; readonly isSure: boolean };

/**
 * Which side this tap is nearer to than the other one. Between a question of the initiator and its answer more time passes where
 * the initiator is, whatever the clocks say; null where nothing tells.
 */
function nearerTo(shared: readonly Shared[]): Nearness | null {
  const first = (way: Way): Shared | undefined => shared.find(({ here }) => here.direction === way);
  const [asked, answered] = [first('i2r'), first('r2i')];
  if (asked === undefined || answered === undefined) return null;
  const gap = (end: keyof Shared): bigint =>
    answered[end].message.timeNs - asked[end].message.timeNs;
  const [here, there] = [gap('here'), gap('there')];
  if (here === there) return null;
  const [longer, shorter] = here > there ? [here, there] : [there, here];
  const doubt = STAMP_NS + (longer * DRIFT_PPM) / 1_000_000n;
  return { to: here > there ? 'initiator' : 'responder', isSure: longer - shorter > doubt };
}

const STEPS: readonly (readonly [step: Step, way: Way])[] = [
  ['MM1', 'i2r'],
  ['MM2', 'r2i'],
  ['MM3', 'i2r'],
  ['MM4', 'r2i'],
  ['MM5', 'i2r'],
  ['MM6', 'r2i'],
  ['AM1', 'i2r'],
  ['AM2', 'r2i'],
  ['AM3', 'i2r'],
  ['SA_INIT', 'i2r'],
  ['SA_INIT', 'r2i'],
  ['AUTH', 'i2r'],
  ['AUTH', 'r2i'],
];

/** Messages of the set-up that one capture of an exchange lacks, and that their receiver did not answer. */
export function tapLosses(
  exchange: Exchange,
  captures: readonly CaptureEvidence[],
): readonly TapLoss[] {
  const numbers = new Set(exchange.messages.map(({ message }) => message.capture));
  if (numbers.size < 2) return [];
  const taps = captures
    .filter(({ capture }) => numbers.has(capture))
    .map((evidence) => tapOf(evidence, exchange));
  return taps.flatMap((here) =>
    taps.flatMap((there) => (here === there ? [] : lossesBetween(here, there))),
  );
}

function lossesBetween(here: Tap, there: Tap): readonly TapLoss[] {
  const shared = sharedBy(here, there);
  const offset = offsetOf(shared);
  if (offset === null) return [];
  const nearer = nearerTo(shared);
  return STEPS.flatMap(([step, way]) => {
    const is = (entry: ExchangeMessage): boolean => entry.step === step && entry.direction === way;
    const seen = here.messages.filter(is);
    const first = seen[0];
    const from: Side = way === 'i2r' ? 'initiator' : 'responder';
    // A tap that is farther from the sender saw what this one missed.
    if (first === undefined || there.messages.some(is) || (nearer !== null && nearer.to !== from))
      return [];
    const isWatched = seen.some(({ message }) => watches(there, message.timeNs + offset));
    const isHeard =
      answers(here, first, first.message.timeNs) ||
      answers(there, first, first.message.timeNs + offset);
    if (!isWatched || isHeard) return [];
    return [
      {
        step,
        from,
        seen: { input: here.evidence.input, frame: first.message.frame },
        copies: seen.length,
        absentIn: there.evidence.input,
        isSure: nearer?.isSure === true,
      },
    ];
  });
}

function watches({ evidence: { summary } }: Tap, atNs: bigint): boolean {
  const { firstTimeNs, lastTimeNs } = summary;
  return firstTimeNs !== null && lastTimeNs !== null && firstTimeNs <= atNs && atNs <= lastTimeNs;
}

/** The receiver says something new after it: what was not seen before that moment. */
const answers = (
  { messages, sightings }: Tap,
  { direction }: ExchangeMessage,
  atNs: bigint,
): boolean =>
  messages.some(
    (entry) =>
      entry.direction !== null &&
      entry.direction !== direction &&
      entry.message.timeNs > atNs &&
      sightings.get(printOf(entry))![0]!.message.timeNs > atNs,
  );
