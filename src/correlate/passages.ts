import type { Exchange, ExchangeMessage, Side, Step } from '../model/exchange.ts';
import type { LogNegotiation } from '../model/log.ts';
import type { Passage } from '../model/incident.ts';
import { packetSteps } from './steps.ts';
import type { TapLoss } from './taps.ts';

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

type Sights = {
  readonly initiator: LogNegotiation | null;
  readonly responder: LogNegotiation | null;
  readonly exchange: Exchange | null;
  /** Inputs by `IkeMessage.capture`. */
  readonly captureInputs: Readonly<Record<number, string>>;
  /** What one of two captures lacks. */
  readonly losses: readonly TapLoss[];
};

function firstLine(
  log: LogNegotiation | null,
  step: Step,
  from: Side,
  direction: 'sent' | 'received',
): Passage['sent'] {
  if (log === null) return null;
  const found = packetSteps(log).find(
    (entry) => entry.step === step && entry.from === from && entry.packet.direction === direction,
  );
  return found === undefined ? null : { input: log.input, line: found.packet.line };
}

function placeOf({ message }: ExchangeMessage, { captureInputs }: Sights): Passage['tapped'] {
  const input = captureInputs[message.capture];
  return input === undefined ? null : { input, frame: message.frame };
}

function fateOf(
  sent: Passage['sent'],
  tapped: Passage['tapped'],
  received: Passage['received'],
  loss: TapLoss | undefined,
  sights: { readonly hasSender: boolean; readonly hasReceiver: boolean; readonly hasTap: boolean },
): Passage['fate'] {
  if (received !== null) return 'arrived';
  if (loss !== undefined) return loss.isSure ? 'lost-between-taps' : 'lost-or-missed';
  if (!sights.hasReceiver)
    return sent !== null && sights.hasTap && tapped === null ? 'lost-before-tap' : 'unknown';
  if (tapped !== null)
    return sights.hasSender && sent === null ? 'seen-by-tap-only' : 'lost-after-tap';
  if (sent === null) return 'unknown';
  return sights.hasTap ? 'lost-before-tap' : 'lost-on-path';
}

/** Follows every message of phase 1 from the sender's log over the tap to the receiver's log. */
export function passagesOf(sights: Sights): readonly Passage[] {
  const passages: Passage[] = [];
  for (const step of ORDER) {
    for (const from of ['initiator', 'responder'] as const) {
      const sender = from === 'initiator' ? sights.initiator : sights.responder;
      const receiver = from === 'initiator' ? sights.responder : sights.initiator;
      const sent = firstLine(sender, step, from, 'sent');
      const received = firstLine(receiver, step, from, 'received');
      const direction = from === 'initiator' ? 'i2r' : 'r2i';
      const frames = (sights.exchange?.messages ?? []).filter(
        (entry) =>
          entry.step === step &&
          entry.direction === direction &&
          entry.copyOf === null &&
          entry.partOf === null,
      );
      const first = frames[0];
      const loss = sights.losses.find((one) => one.step === step && one.from === from);
      const tapped = first === undefined ? null : (loss?.seen ?? placeOf(first, sights));
      if (sent === null && received === null && tapped === null) continue;
      const logged =
        sender === null
          ? 0
          : packetSteps(sender).filter((e) => e.step === step && e.from === from).length;
      passages.push({
        step,
        from,
        sent,
        tapped,
        received,
        copies: Math.max(frames.length, logged),
        absentIn: received === null ? (loss?.absentIn ?? null) : null,
        fate: fateOf(sent, tapped, received, loss, {
          hasSender: sender !== null,
          hasReceiver: receiver !== null,
          hasTap: sights.exchange !== null,
        }),
      });
    }
  }
  return passages;
}
