import { calendarMs } from '../bytes/iso-time.ts';
import { canonicalAddress } from '../iosconfig/address.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Attempt, EvidenceSet, Incident, NegotiationView, Repeat } from '../model/incident.ts';
import type { LogDocument, LogNegotiation } from '../model/log.ts';
import type { RouterRecord } from '../model/report.ts';
import { MOST_DOUBT_MS } from './clock.ts';
import { withoutLeftovers } from './collisions.ts';
import { decide } from './decisions.ts';
import { historiesOf } from './history.ts';
import type { Bundle, Joined } from './join.ts';
import { joinEvidence } from './join.ts';
import { negotiationsOf } from './negotiations.ts';
import { passagesOf } from './passages.ts';
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
import { wallClock } from './wall-clock.ts';
import { wireOutcome } from './wire-outcome.ts';

/**
 * Joins everything that was read into one account of what happened. It states and compares; it does not judge.
 */
export function correlate(given: EvidenceSet): Incident {
  const { peer } = given.options;
  const evidence =
    peer === undefined
      ? given
      : { ...given, options: { ...given.options, peer: canonicalAddress(peer) } };
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
  const shaped = joined.bundles
    .map((bundle) => shape(bundle, routers, joined, scoped))
    .filter((attempt) => wanted(attempt, scoped))
    .sort((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0))
    .map((attempt, index) => ({ ...attempt, id: `a${index + 1}` }));
  const attempts = withoutLeftovers(shaped);
  const placing = placingOf(routers, joined, scoped);
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
): Attempt {
  const { exchange } = bundle;
  const log = bundle.initiator?.log ?? bundle.responder?.log ?? null;
  const version = exchange?.version ?? log!.ikeVersion;
  const mode = modeOf(bundle);
  const { initiator, responder } = sidesOf(factsOf(bundle), routers, selectFor);
  const captureInput = exchange === null ? null : inputOf(evidence, exchange);
  const wire = exchange === null ? null : wireOutcome(exchange);
  const told = [initiator.log, responder.log].flatMap((entry) => entry?.phase2 ?? []);
  const refusing = [initiator, responder].find(({ log }) => log?.phase1 === 'failed')?.log;
  // An SA that one end has is none where the other end did not take it.
  const phase2 = refusing?.phase2 ?? told.find(isDecided) ?? told[0] ?? wire!.phase2;
  const seen1 = refusing?.phase1 ?? initiator.log?.phase1 ?? wire?.phase1 ?? responder.log!.phase1;
  const phase1 = phase2 === 'complete' && seen1 === 'incomplete' ? 'complete' : seen1;
  const captureInputs = Object.fromEntries(
    (exchange?.messages ?? []).map(({ message }) => [
      message.capture,
      captureName(evidence, message.capture) ?? '',
    ]),
  );
  const passages = passagesOf({
    initiator: initiator.log,
    responder: responder.log,
    exchange,
    captureInputs,
    losses: exchange === null ? [] : tapLosses(exchange, evidence.captures),
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

/** Of two logs of one attempt the one that saw the end decides; the other is cut short. */
const isDecided = (phase: Attempt['phase2']): boolean => phase === 'complete' || phase === 'failed';

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
  const clock = wallClock(joined.nearMs ?? bound, tz ?? null);
  return clock.ms(time) - (joined.clocks.get(view.router)?.offsetMs ?? 0);
}

/** Each log's stamps moved on to the reference clock, drift included. */
function placingOf(
  routers: readonly RouterIdentity[],
  joined: Joined,
  evidence: EvidenceSet,
): (negotiation: string | null) => Placing {
  const clock = wallClock(joined.nearMs, evidence.options.tz ?? null);
  const owner = new Map(
    routers.flatMap((router) => router.negotiations.map((entry) => [entry.log.id, router])),
  );
  return (negotiation) => {
    const router = negotiation === null ? undefined : owner.get(negotiation);
    const offset = router === undefined ? null : (joined.clocks.get(router)?.offsetMs ?? null);
    return (time) => (offset === null ? null : clock.ms(time) - offset);
  };
}

function recordOf(
  router: RouterIdentity,
  joined: Joined,
  attempts: readonly Attempt[],
): RouterRecord {
  const { offsetMs, jitterMs, basis, doubtMs } = joined.clocks.get(router)!;
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
    clock: { offsetMs: unknown ? null : offsetMs, jitterMs, basis },
  };
}
