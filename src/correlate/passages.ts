import { calendarMs } from '../bytes/iso-time.ts';
import { trusted } from '../exchange/facts.ts';
import type { Exchange, ExchangeMessage, Side, Step } from '../model/exchange.ts';
import type { LogNegotiation } from '../model/log.ts';
import type { Passage } from '../model/incident.ts';
import { DELAY_MS } from './sample.ts';
import { packetSteps } from './steps.ts';
import type { StepPacket } from './steps.ts';
import type { TapLoss } from './taps.ts';
import type { Placing } from './timeline.ts';
import type { LogWatch, TapWatch } from './watch.ts';

const ORDER: readonly Step[] = [
  'MM1',
  'MM2',
  'MM3',
  'MM4',
  'MM5',
  'MM6',
  'AM1',
  'AM2',
  'AM3',
  'SA_INIT',
  'AUTH',
];

/** What each message of a responder answers: who sends that again has no answer yet. */
const ANSWERED: Partial<Readonly<Record<Step, Step>>> = {
  MM2: 'MM1',
  MM4: 'MM3',
  MM6: 'MM5',
  AM2: 'AM1',
};

/** What only an SA has whose phase 1 its sender holds for complete. */
const AFTER_PHASE1: ReadonlySet<Step> = new Set(['QM1', 'QM2', 'QM3', 'CFG', 'NGM']);

/** A router's account of the attempt, and how long it goes on. */
export type LogWitness = {
  readonly log: LogNegotiation;
  readonly watch: LogWatch;
  readonly place: Placing;
};

type Sights = {
  readonly initiator: LogWitness | null;
  readonly responder: LogWitness | null;
  readonly exchange: Exchange | null;
  /** Inputs by `IkeMessage.capture`. */
  readonly captureInputs: Readonly<Record<number, string>>;
  /** What one of two captures lacks. */
  readonly losses: readonly TapLoss[];
  /** What the captures of the exchange let through; null without an exchange. */
  readonly tap: TapWatch | null;
};

const wayOf = (from: Side): 'i2r' | 'r2i' => (from === 'initiator' ? 'i2r' : 'r2i');
const otherOf = (side: Side): Side => (side === 'initiator' ? 'responder' : 'initiator');

const packetsOf = (
  witness: LogWitness | null,
  step: Step,
  from: Side,
  direction: 'sent' | 'received',
): readonly StepPacket[] =>
  witness === null
    ? []
    : packetSteps(witness.log).filter(
        (entry) =>
          entry.step === step && entry.from === from && entry.packet.direction === direction,
      );

function lineOf(witness: LogWitness | null, [first]: readonly StepPacket[]): Passage['sent'] {
  return witness === null || first === undefined
    ? null
    : { input: witness.log.input, line: first.packet.line };
}

function placeOf({ message }: ExchangeMessage, { captureInputs }: Sights): Passage['tapped'] {
  const input = captureInputs[message.capture];
  return input === undefined ? null : { input, frame: message.frame };
}

/** The receiver does what it can only do with this message: it says a later one, or has completed phase 1. */
function isHeard(step: Step, from: Side, sights: Sights): boolean {
  const to = otherOf(from);
  const [sender, receiver] = [sights[from], sights[to]];
  if (receiver?.log.phase1 === 'complete' || sender?.log.phase2 === 'complete') return true;
  const isLater = (said: Step): boolean =>
    AFTER_PHASE1.has(said) || ORDER.indexOf(said) > ORDER.indexOf(step);
  return (
    (receiver !== null &&
      packetSteps(receiver.log).some((said) => said.from === to && isLater(said.step))) ||
    trusted(sights.exchange?.messages ?? []).some(
      (said) => said.direction === wayOf(to) && isLater(said.step),
    )
  );
}

/** Everything that is known of one message. */
type Sighting = {
  readonly sent: readonly StepPacket[];
  readonly frames: readonly ExchangeMessage[];
  readonly loss: TapLoss | undefined;
  readonly isReceived: boolean;
};

/** When the message passed, by the reference clock: once for each copy, null where nothing tells. */
function momentsOf(
  from: Side,
  { sent, frames }: Sighting,
  sights: Sights,
): readonly (number | null)[] {
  if (frames.length > 0) return frames.map(({ message }) => calendarMs(message.timeNs));
  const witness = sights[from];
  return sent.map(({ packet: { time, line } }) =>
    time === null || witness === null ? null : witness.place(time, witness.log.input, line),
  );
}

/** The other side is seen to ask again after every time that this answer was sent. */
function isAskedAgain(
  step: Step,
  from: Side,
  { sent }: Sighting,
  moments: readonly (number | null)[],
  { exchange }: Sights,
): boolean {
  const asked = from === 'responder' ? ANSWERED[step] : undefined;
  const resolution = Math.max(...sent.map(({ packet }) => packet.time?.resolutionMs ?? 0));
  const last = Math.max(...moments.map((ms) => ms ?? Number.POSITIVE_INFINITY));
  return trusted(exchange?.messages ?? []).some(
    (entry) =>
      entry.step === asked &&
      entry.direction === wayOf('initiator') &&
      entry.copyOf === null &&
      (calendarMs(entry.message.timeNs) ?? 0) > last + DELAY_MS + resolution,
  );
}

/** Absence tells of a loss only where the message would have been told of: by a log or a capture that goes on after it. */
function fateOf(step: Step, from: Side, sighting: Sighting, sights: Sights): Passage['fate'] {
  const { sent, frames, loss, isReceived } = sighting;
  if (isReceived) return 'arrived';
  if (loss !== undefined) return loss.isSure ? 'lost-between-taps' : 'lost-or-missed';
  if (isHeard(step, from, sights)) return 'arrived';
  const receiver = sights[otherOf(from)];
  const moments = momentsOf(from, sighting, sights);
  const isMissed = receiver !== null && moments.some(receiver.watch.covers);
  if (frames.length > 0) {
    if (!isMissed) return 'unknown';
    return sights[from] !== null && sent.length === 0 ? 'seen-by-tap-only' : 'lost-after-tap';
  }
  if (sent.length === 0) return 'unknown';
  if (sights.tap === null) return isMissed ? 'lost-on-path' : 'unknown';
  const { tap } = sights;
  const isUntapped = sent.some(({ packet }, at) => tap(from, packet, moments[at] ?? null));
  if (isUntapped) return 'lost-before-tap';
  return isMissed || isAskedAgain(step, from, sighting, moments, sights)
    ? 'lost-on-path'
    : 'unknown';
}

/** The log has messages of a later step, so that it does not end before this one: it begins after it, or lost the line. */
const hasLater = ({ log }: LogWitness, step: Step): boolean =>
  packetSteps(log).some((said) => ORDER.indexOf(said.step) > ORDER.indexOf(step));

/** Follows every message of phase 1 from the sender's log over the tap to the receiver's log. */
export function passagesOf(sights: Sights): readonly Passage[] {
  const passages: Passage[] = [];
  for (const step of ORDER) {
    for (const from of ['initiator', 'responder'] as const) {
      const [sender, receiver] = [sights[from], sights[otherOf(from)]];
      const sent = packetsOf(sender, step, from, 'sent');
      const received = lineOf(receiver, packetsOf(receiver, step, from, 'received'));
      const frames = (sights.exchange?.messages ?? []).filter(
        (entry) =>
          entry.step === step &&
          entry.direction === wayOf(from) &&
          entry.copyOf === null &&
          entry.partOf === null,
      );
      const first = frames[0];
      const loss = sights.losses.find((one) => one.step === step && one.from === from);
      const tapped = first === undefined ? null : (loss?.seen ?? placeOf(first, sights));
      if (sent.length === 0 && received === null && tapped === null) continue;
      const sighting = { sent, frames, loss, isReceived: received !== null };
      const fate = fateOf(step, from, sighting, sights);
      const moments = momentsOf(from, sighting, sights);
      const isCut =
        received === null &&
        receiver !== null &&
        !moments.some(receiver.watch.covers) &&
        !moments.some(receiver.watch.beginsAfter) &&
        !hasLater(receiver, step);
      passages.push({
        step,
        from,
        sent: lineOf(sender, sent),
        tapped,
        received,
        copies: Math.max(frames.length, sent.length),
        absentIn: received === null ? (loss?.absentIn ?? null) : null,
        endsBefore: isCut ? receiver.watch.end : null,
        fate,
      });
    }
  }
  return passages;
}
