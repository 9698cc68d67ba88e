import { hex } from '../bytes/hex.ts';
import { plainMessage } from '../isakmp/message.ts';
import type { Exchange, ExchangeMessage } from '../model/exchange.ts';
import type { CaptureEvidence, EvidenceSet } from '../model/incident.ts';
import type { IkeMessage } from '../model/isakmp.ts';
import type { CaptureClock } from '../model/report.ts';
import { centre } from './sample.ts';
import type { Sample } from './sample.ts';
import { deviation, roundMs } from './statistics.ts';

/**
 * Captures of two taps are stamped by two clocks. The same octets in both are the same packet, so that what lies between
 * their times is the distance of the clocks, apart from the way between the taps.
 */

/** One packet in two captures. */
type Seen = Pick<Sample, 'difference' | 'forward'>;

/** Below this the way between two taps may be all of it. */
const LEAST_MS = 100;
/** The same where only one direction is in both, so that way and clock cannot be told apart. */
const LEAST_ONE_WAY_MS = 1000;

const printOf = ({ message, direction }: ExchangeMessage): string =>
  `${direction ?? ''} ${hex(message.pdu.bytes)}`;

type Sightings = ReadonlyMap<string, readonly ExchangeMessage[]>;

/** Every sighting of the same octets in one capture, in its order. */
function sightings({ messages }: Exchange, capture: number): Sightings {
  const found = new Map<string, ExchangeMessage[]>();
  for (const entry of messages) {
    if (entry.message.capture !== capture) continue;
    const print = printOf(entry);
    const known = found.get(print);
    if (known === undefined) found.set(print, [entry]);
    else known.push(entry);
  }
  return found;
}

/** What two captures hold equally often, the first of the one with the first of the other. */
function paired(
  exchange: Exchange,
  here: number,
  there: number,
): readonly (readonly [ExchangeMessage, ExchangeMessage])[] {
  const [own, far] = [sightings(exchange, here), sightings(exchange, there)];
  return [...own].flatMap(([print, entries]) => {
    const others = far.get(print);
    return others?.length === entries.length
      ? entries.map((entry, index) => [entry, others[index]!] as const)
      : [];
  });
}

const ms = (ns: bigint): number => Number(ns / 1000n) / 1000;

function between(exchanges: readonly Exchange[], here: number, there: number): readonly Seen[] {
  return exchanges.flatMap((exchange) =>
    paired(exchange, here, there).map(([a, b]) => ({
      difference: ms(b.message.timeNs - a.message.timeNs),
      forward: a.direction === 'i2r',
    })),
  );
}

/** Exchanges that several captures hold; without one there is nothing to compare. */
const isShared = ({ messages }: Exchange): boolean =>
  messages.some(({ message }) => message.capture !== messages[0]!.message.capture);

/** The clock of every capture against that of the first one with which it shares messages, where the two differ. */
export function captureClocks(evidence: EvidenceSet): ReadonlyMap<number, CaptureClock> {
  const clocks = new Map<number, CaptureClock>();
  const shared = evidence.exchanges.filter(isShared);
  if (shared.length === 0) return clocks;
  const numbers = evidence.captures.map(({ capture }) => capture).sort((a, b) => a - b);
  for (const [index, there] of numbers.entries()) {
    for (const here of numbers.slice(0, index)) {
      const seen = between(shared, here, there);
      if (seen.length === 0) continue;
      const offset = centre(seen);
      const isBothWays = seen.some(({ forward }) => forward) && seen.some((one) => !one.forward);
      const base = clocks.get(here)?.offsetMs ?? 0;
      const isOff = Math.abs(offset) >= (isBothWays ? LEAST_MS : LEAST_ONE_WAY_MS);
      const input = evidence.captures.find(({ capture }) => capture === here)!.input;
      if (isOff || base !== 0)
        clocks.set(there, {
          offsetMs: roundMs(base + (isOff ? offset : 0)),
          jitterMs: roundMs(
            deviation(
              seen.map(({ difference }) => difference),
              offset,
            ),
          ),
          basis: `${seen.length} message${seen.length === 1 ? '' : 's'} that ${input} holds as well`,
        });
      break;
    }
  }
  return clocks;
}

const toNs = (value: number): bigint => BigInt(Math.round(value * 1000)) * 1000n;

/** The same evidence with every capture on the clock of the first. */
export function onOneClock(
  evidence: EvidenceSet,
  clocks: ReadonlyMap<number, CaptureClock>,
): EvidenceSet {
  if (clocks.size === 0) return evidence;
  const ahead = (capture: number): bigint => toNs(clocks.get(capture)?.offsetMs ?? 0);
  return {
    ...evidence,
    exchanges: evidence.exchanges.map((exchange) => moved(exchange, ahead)),
    captures: evidence.captures.map((capture) => movedSummary(capture, ahead(capture.capture))),
  };
}

function moved(exchange: Exchange, ahead: (capture: number) => bigint): Exchange {
  const [first] = [...new Set(exchange.messages.map(({ message }) => message.capture))].sort(
    (a, b) => a - b,
  );
  const repeats = repeatsOf(exchange, first!);
  const messages = exchange.messages.map((entry): ExchangeMessage => {
    const by = ahead(entry.message.capture);
    return {
      ...entry,
      ...repeats.get(entry),
      message: by === 0n ? entry.message : stamped(entry.message, by),
    };
  });
  return { ...exchange, messages: messages.sort(inTime) };
}

const stamped = (message: IkeMessage, by: bigint): IkeMessage => ({
  ...plainMessage(message),
  timeNs: message.timeNs - by,
  aheadNs: by,
});

type Repeat = Pick<ExchangeMessage, 'copyOf' | 'retransmissionOf'>;

/** What a further tap holds as often as the first one is that, once more, whichever clock is behind. */
function repeatsOf(exchange: Exchange, first: number): ReadonlyMap<ExchangeMessage, Repeat> {
  const others = new Set(exchange.messages.map(({ message }) => message.capture));
  others.delete(first);
  const repeats = new Map<ExchangeMessage, Repeat>();
  const originals = new Map<string, ExchangeMessage>();
  for (const [own, far] of [...others].flatMap((other) => paired(exchange, first, other))) {
    const original = originals.get(printOf(own)) ?? own;
    originals.set(printOf(own), original);
    repeats.set(far, { copyOf: own.message.frame, retransmissionOf: null });
    // One capture may hold both sides of a translation: what it has of its own stays.
    const isOnePath = own.message.src.address === original.message.src.address;
    if (isOnePath)
      repeats.set(own, {
        copyOf: null,
        retransmissionOf: own === original ? null : original.message.frame,
      });
  }
  return repeats;
}

function inTime({ message: a }: ExchangeMessage, { message: b }: ExchangeMessage): number {
  if (a.timeNs !== b.timeNs) return a.timeNs < b.timeNs ? -1 : 1;
  return a.capture - b.capture || a.frame - b.frame;
}

function movedSummary(evidence: CaptureEvidence, by: bigint): CaptureEvidence {
  const { firstTimeNs, lastTimeNs } = evidence.summary;
  return {
    ...evidence,
    summary: {
      ...evidence.summary,
      firstTimeNs: firstTimeNs === null ? null : firstTimeNs - by,
      lastTimeNs: lastTimeNs === null ? null : lastTimeNs - by,
    },
  };
}
