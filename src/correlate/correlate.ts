import { calendarMs } from '../bytes/iso-time.ts';
import { canonicalAddress } from '../iosconfig/address.ts';
import type { Exchange } from '../model/exchange.ts';
import type {
  Attempt,
  AttemptSide,
  EvidenceSet,
  Incident,
  NegotiationView,
  Repeat,
} from '../model/incident.ts';
import type { LogDocument, LogNegotiation } from '../model/log.ts';
import type { RouterRecord } from '../model/report.ts';
import { captureClocks, onOneClock } from './capture-clocks.ts';
import type { Reading } from './clock-breaks.ts';
import { levelAt, stepsOf } from './clock-levels.ts';
import type { ClockEstimate } from './clock.ts';
import { MOST_DOUBT_MS } from './clock.ts';
import { withoutLeftovers } from './collisions.ts';
import { decide } from './decisions.ts';
import { historiesOf } from './history.ts';
import type { Bundle, Joined } from './join.ts';
import { joinEvidence } from './join.ts';
import { negotiationsOf } from './negotiations.ts';
import type { LogWitness } from './passages.ts';
import { passagesOf } from './passages.ts';
import { phasesOf } from './phases.ts';
import { withoutRepeats } from './repeats.ts';
import type { RouterIdentity } from './routers.ts';
import { findRouters } from './routers.ts';
import { selectFor } from './select-for.ts';
import { captureName, inputOf, noteSeen, sidesOf } from './sides.ts';
import type { Facts } from './sides.ts';
import { tapLosses } from './taps.ts';
import type { Placing } from './timeline.ts';
import { timelineOf } from './timeline.ts';
import { withoutTyped } from './typed.ts';
import { logWatch, tapWatch } from './watch.ts';
import { wireOutcome } from './wire-outcome.ts';
import { readAs } from './zone-letters.ts';

/**
 * Joins everything that was read into one account of what happened. It states and compares; it does not judge.
 */
export function correlate(given: EvidenceSet): Incident {
  const { peer } = given.options;
  const clocks = captureClocks(given);
  const timed = onOneClock(given, clocks);
  const evidence =
    peer === undefined
      ? timed
      : { ...timed, options: { ...timed.options, peer: canonicalAddress(peer) } };
  const { logs, repeats } = withoutRepeats(
    evidence.logs.map(inOneSpelling),
    (input) => evidence.inputs.find(({ id }) => id === input)?.router ?? null,
  );
  const scoped = {
    ...evidence,
    logs,
    configs: withoutTyped(evidence),
    exchanges: evidence.exchanges.filter((entry) => inScope(entry, evidence)),
  };
  const routers = withRepeatingInputs(findRouters(scoped), repeats);
  const joined = joinEvidence(scoped, routers);
  noteSeen(joined.bundles.map(factsOf), routers);
  const placing = placingOf(routers, joined);
  const shaped = joined.bundles
    .map((bundle) => shape(bundle, routers, joined, scoped, placing))
    .filter((attempt) => wanted(attempt, scoped))
    .sort((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0))
    .map((attempt, index) => ({ ...attempt, id: `a${index + 1}` }));
  const attempts = withoutLeftovers(shaped);
  const negotiations: NegotiationView[] = attempts.flatMap((attempt) =>
    negotiationsOf(
      attempt,
      timelineOf(attempt, (side) => placing(side.log?.id ?? null)),
    ),
  );
  return {
    evidence: scoped,
    routers: routers.map((router) => recordOf(router, joined, attempts)),
    attempts,
    negotiations,
    histories: historiesOf(attempts, scoped),
    refused: joined.refused,
    repeats,
    captureClocks: Object.fromEntries(
      evidence.captures.flatMap(({ input, capture }) => {
        const clock = clocks.get(capture);
        return clock === undefined ? [] : [[input, clock]];
      }),
    ),
  };
}

/** IOS prints IPv6 in capitals; everything else has the spelling of RFC 5952, by which addresses are compared. */
function inOneSpelling(document: LogDocument): LogDocument {
  const one = (address: string | null): string | null =>
    address?.includes(':') === true ? canonicalAddress(address) : address;
  const isOther = ({ localAddress, peerAddress }: LogNegotiation): boolean =>
    one(localAddress) !== localAddress || one(peerAddress) !== peerAddress;
  if (!document.negotiations.some(isOther)) return document;
  return {
    ...document,
    negotiations: document.negotiations.map((log) => ({
      ...log,
      localAddress: one(log.localAddress),
      peerAddress: one(log.peerAddress),
    })),
  };
}

/** An input that only repeats another belongs to the router of that one, whatever it calls it. */
function withRepeatingInputs(
  routers: readonly RouterIdentity[],
  repeats: readonly Repeat[],
): readonly RouterIdentity[] {
  const repeating = new Set(repeats.map(({ input }) => input));
  const known = routers.filter(
    ({ negotiations, config, inputs }) =>
      negotiations.length > 0 || config !== null || [...inputs].some((id) => !repeating.has(id)),
  );
  for (const { input, of } of repeats) {
    known.find(({ inputs }) => inputs.has(of.input))?.inputs.add(input);
  }
  return known;
}

function inScope(exchange: Exchange, evidence: EvidenceSet): boolean {
  const { peer, sinceMs, untilMs } = evidence.options;
  if (exchange.messages.length === 0) return false;
  const known = exchange.messages
    .map(({ message }) => calendarMs(message.timeNs))
    .filter((ms) => ms !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (sinceMs !== undefined && last !== undefined && last < sinceMs) return false;
  if (untilMs !== undefined && first !== undefined && first > untilMs) return false;
  if (peer === undefined) return true;
  return exchange.messages.some(
    ({ message }) => message.src.address === peer || message.dst.address === peer,
  );
}

/** Log-only attempts meet the same bounds once their clocks are set. */
function wanted(attempt: Attempt, evidence: EvidenceSet): boolean {
  const { peer, sinceMs, untilMs } = evidence.options;
  if (attempt.exchange !== null) return true;
  const addresses = [attempt.initiator, attempt.responder].flatMap((side) => [
    side.address,
    side.log?.peerAddress ?? null,
    side.log?.localAddress ?? null,
  ]);
  if (peer !== undefined && !addresses.includes(peer)) return false;
  if (attempt.startMs === null) return true;
  return (
    (sinceMs === undefined || attempt.startMs >= sinceMs) &&
    (untilMs === undefined || attempt.startMs <= untilMs)
  );
}

function modeOf(bundle: Bundle): Attempt['mode'] {
  const log = bundle.initiator?.log ?? bundle.responder?.log;
  if (log !== undefined) return log.exchange;
  const mode = bundle.exchange?.mode;
  return mode === 'aggressive' ? 'aggressive' : bundle.exchange?.version === 2 ? 'ikev2' : 'main';
}

const factsOf = (bundle: Bundle): Facts => ({
  exchange: bundle.exchange,
  initiator: bundle.initiator,
  responder: bundle.responder,
  mode: modeOf(bundle),
});

function shape(
  bundle: Bundle,
  routers: readonly RouterIdentity[],
  joined: Joined,
  evidence: EvidenceSet,
  placing: (negotiation: string | null) => Placing,
): Attempt {
  const { exchange } = bundle;
  const log = bundle.initiator?.log ?? bundle.responder?.log ?? null;
  const version = exchange?.version ?? log!.ikeVersion;
  const mode = modeOf(bundle);
  const { initiator, responder } = sidesOf(factsOf(bundle), routers, selectFor);
  const captureInput = exchange === null ? null : inputOf(evidence, exchange);
  const wire = exchange === null ? null : wireOutcome(exchange);
  const { phase1, phase2 } = phasesOf(initiator.log, responder.log, wire);
  const captureInputs = Object.fromEntries(
    (exchange?.messages ?? []).map(({ message }) => [
      message.capture,
      captureName(evidence, message.capture) ?? '',
    ]),
  );
  const passages = passagesOf({
    initiator: witnessOf(initiator, placing),
    responder: witnessOf(responder, placing),
    exchange,
    captureInputs,
    losses: exchange === null ? [] : tapLosses(exchange, evidence.captures),
    tap: exchange === null ? null : tapWatch(exchange, evidence.exchanges, evidence.captures),
  });
  const decisions = decide({
    mode,
    initiator: { ...initiator, selection: initiator.replayed },
    responder,
    exchange,
    captureInput,
    candidates: evidence.candidates,
    completed: phase1 === 'complete',
    identified: passages.some(
      ({ step, fate }) => (step === 'MM5' || step === 'AM1') && !fate.startsWith('lost'),
    ),
  });
  const logged = [initiator.log, responder.log].flatMap((entry) =>
    entry === null ? [] : [entry.id],
  );
  return {
    id: '',
    version,
    mode,
    initiator,
    responder,
    exchange,
    otherExchanges: bundle.others,
    captureInput,
    captureInputs,
    joins: bundle.joins,
    passages,
    decisions,
    negotiations: logged.length > 0 ? logged : exchange === null ? [] : [exchange.id],
    startMs: startOf(bundle, joined, evidence),
    phase1,
    phase2,
  };
}

function witnessOf(
  { log, document }: AttemptSide,
  placing: (negotiation: string | null) => Placing,
): LogWitness | null {
  if (log === null) return null;
  const place = placing(log.id);
  return { log, place, watch: logWatch(log, document, place) };
}

function startOf(bundle: Bundle, joined: Joined, evidence: EvidenceSet): number | null {
  const frame = bundle.exchange?.messages[0];
  if (frame !== undefined) return calendarMs(frame.message.timeNs);
  const view = bundle.initiator ?? bundle.responder;
  const time = view?.log.firstTime ?? null;
  if (view === null || time === null) return null;
  const { tz, sinceMs, untilMs } = evidence.options;
  // Without a capture, a stamp without a year is judged in the year that is asked for, and an uptime not at all.
  const bound = sinceMs ?? untilMs ?? null;
  if (joined.nearMs === null && bound !== null && time.mark === 'uptime') return null;
  const known = joined.readings.get(view.router);
  const reading =
    known === undefined || (joined.nearMs === null && bound !== null)
      ? readAs(
          view.router,
          { nearMs: joined.nearMs ?? bound, zone: tz ?? null },
          joined.letters.get(view.router) ?? 'told',
        )
      : known;
  const { input, firstLine } = view.log;
  return (
    reading.ms(time, input, firstLine) -
    (offsetAt(joined.clocks.get(view.router), reading, input, firstLine) ?? 0)
  );
}

/** Each log's stamps moved on to the reference clock. */
function placingOf(
  routers: readonly RouterIdentity[],
  joined: Joined,
): (negotiation: string | null) => Placing {
  const owner = new Map(
    routers.flatMap((router) => router.negotiations.map((entry) => [entry.log.id, router])),
  );
  return (negotiation) => {
    const router = negotiation === null ? undefined : owner.get(negotiation);
    if (router === undefined) return () => null;
    const estimate = joined.clocks.get(router);
    const reading = joined.readings.get(router)!;
    return (time, input, line) => {
      const offset = offsetAt(estimate, reading, input, line);
      return offset === null ? null : reading.ms(time, input, line) - offset;
    };
  };
}

/** What a clock shows more than the reference clock at a line; null where that is not known. */
function offsetAt(
  estimate: ClockEstimate | undefined,
  reading: Reading,
  input: string,
  line: number,
): number | null {
  const level = levelAt(estimate?.levels ?? [], input, line, reading.region(input, line));
  return level?.ms ?? estimate?.offsetMs ?? null;
}

function recordOf(
  router: RouterIdentity,
  joined: Joined,
  attempts: readonly Attempt[],
): RouterRecord {
  const { offsetMs, jitterMs, basis, doubtMs, levels } = joined.clocks.get(router)!;
  const steps = stepsOf(levels, joined.readings.get(router)?.breaks ?? []);
  const boot = router.negotiations.some(({ log }) => log.firstTime?.mark === 'uptime');
  const unknown = offsetMs !== 0 && (boot || doubtMs > MOST_DOUBT_MS);
  const met = attempts.flatMap((attempt) =>
    [attempt.initiator, attempt.responder].flatMap((side) =>
      side.router !== null && side.router === router.name && side.address !== null
        ? [side.address]
        : [],
    ),
  );
  return {
    name: router.name,
    addresses: [...new Set([...router.addresses, ...met])],
    inputs: [...router.inputs],
    clock: {
      offsetMs: unknown ? null : offsetMs,
      jitterMs,
      basis,
      ...(steps.length === 0 ? {} : { steps }),
    },
  };
}
