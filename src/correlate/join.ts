import { calendarMs } from '../bytes/iso-time.ts';
import type { Exchange, Step } from '../model/exchange.ts';
import type { EvidenceSet, Join, RefusedJoin } from '../model/incident.ts';
import type { Alignment } from './align.ts';
import { align, logTrack, wireTrack } from './align.ts';
import type { Reading } from './clock-breaks.ts';
import type { ClockEstimate } from './clock.ts';
import { UNTIMED_CLOCK, estimateClock } from './clock.ts';
import {
  OTHER_RHYTHM,
  exchangeMessageIds,
  exactLogLog,
  exactLogWire,
  objectionLogLog,
  objectionLogWire,
  partsFrom,
  repeatsAlike,
  rhythmDiffers,
} from './compatible.ts';
import { matchViews } from './match.ts';
import {
  apartBy,
  asNeverSet,
  label,
  presentable,
  setClock,
  timeless,
  unjoined,
  uptime,
} from './router-clocks.ts';
import type { RouterIdentity } from './routers.ts';
import type { LoggedView } from './sides.ts';
import type { Letters } from './wall-clock.ts';
import type { Told } from './zone-letters.ts';
import { firstThatFits, readAs, waysToRead, withLetters } from './zone-letters.ts';

/** Views of one attempt, before it is given a shape. */
export type Bundle = {
  exchange: Exchange | null;
  others: readonly Exchange[];
  initiator: LoggedView | null;
  responder: LoggedView | null;
  readonly joins: Join[];
};

export type Joined = {
  readonly bundles: readonly Bundle[];
  readonly refused: readonly RefusedJoin[];
  readonly clocks: ReadonlyMap<RouterIdentity, ClockEstimate>;
  /** The stamps of each router, as its clock reads against the reference clock. */
  readonly readings: ReadonlyMap<RouterIdentity, Reading>;
  /** How the letters of their zones were read, where it could be told. */
  readonly letters: ReadonlyMap<RouterIdentity, Letters>;
  /** Name of the clock that the offsets refer to. */
  readonly reference: string;
  /** A time of the reference clock near which stamps without a year belong. */
  readonly nearMs: number | null;
};

/** Steps that keep an SA alive or complain about one, but set none up. */
const UPKEEP: ReadonlySet<Step> = new Set(['INFO', 'INFORMATIONAL', 'OTHER']);

/** Keepalives of an older SA, and answers to garbage, are no attempt to set one up. */
const isAttempt = (exchange: Exchange): boolean =>
  exchange.messages.some((entry) => !UPKEEP.has(entry.step));

/** One pair of cookies may be in several captures; the one with most messages leads. */
function gather(exchanges: readonly Exchange[]): Bundle[] {
  const groups = new Map<string, Exchange[]>();
  for (const exchange of exchanges) {
    const key = `${exchange.version} ${exchange.initiatorCookie} ${exchange.responderCookie}`;
    groups.set(key, [...(groups.get(key) ?? []), exchange]);
  }
  return [...groups.values()].map((group) => {
    const [first, ...others] = [...group].sort((a, b) => b.messages.length - a.messages.length);
    return { exchange: first!, others, initiator: null, responder: null, joins: [] };
  });
}

/** Refused pairs grow with the square of the attempts; nobody reads more. */
const MOST_REFUSALS = 500;

/** Bundles by what a log may print of them: every address, the cookie, the message ids. */
function indexBundles(bundles: readonly Bundle[]): ReadonlyMap<string, readonly Bundle[]> {
  const index = new Map<string, Set<Bundle>>();
  const add = (key: string, bundle: Bundle): void => {
    const held = index.get(key);
    if (held === undefined) index.set(key, new Set([bundle]));
    else held.add(bundle);
  };
  for (const bundle of bundles) {
    const exchange = bundle.exchange!;
    for (const { message } of exchange.messages) {
      add(message.src.address, bundle);
      add(message.dst.address, bundle);
    }
    add(exchange.initiatorCookie, bundle);
    if (exchange.version === 1) {
      for (const id of exchangeMessageIds(exchange)) add(messageIdKey(id), bundle);
    }
  }
  return new Map([...index].map(([key, held]) => [key, [...held]]));
}

const messageIdKey = (id: number): string => `message ${id >>> 0}`;

/**
 * Exchanges that share with the view the rarer of its two addresses, or one of its router's, and those whose marks it
 * prints: a translated address is in no capture. Where there is none, one stranger stands for all, to be refused in words.
 */
function nearOf(
  { log, router }: LoggedView,
  index: ReadonlyMap<string, readonly Bundle[]>,
  bundles: readonly Bundle[],
): readonly Bundle[] {
  const { localAddress, peerAddress, initiatorCookie, messageIds } = log;
  const at = (key: string | null): readonly Bundle[] =>
    key === null ? [] : (index.get(key) ?? []);
  const ids = log.ikeVersion === 1 ? messageIds.filter((id) => id !== 0).map(messageIdKey) : [];
  const marked = [initiatorCookie, ...ids].flatMap(at);
  const own = localAddress === null ? [...router.addresses] : [];
  const held =
    [peerAddress, localAddress]
      .map(at)
      .filter((found) => found.length > 0)
      .sort((a, b) => a.length - b.length)[0] ?? own.flatMap(at);
  if (held.length + marked.length > 0) return [...new Set([...marked, ...held])];
  return localAddress === null && peerAddress === null ? bundles : bundles.slice(0, 1);
}

const startOf = ({ log }: LoggedView, reading: Reading): number | null =>
  log.firstTime === null ? null : reading.ms(log.firstTime, log.input, log.firstLine);

const slackOf = ({ log }: LoggedView, reading: Reading): number =>
  reading.doubtMs(log.input, log.firstLine);

const negated = (value: number | null): number | null => (value === null ? null : -value);

const viewsOf = (router: RouterIdentity): readonly LoggedView[] =>
  router.negotiations.map((entry) => ({ ...entry, router }));

const synchronised = (router: RouterIdentity): boolean =>
  router.negotiations.every(
    ({ log }) => log.firstTime !== null && log.firstTime.mark === 'authoritative',
  );

/** Joins logs with packets and with one another, and sets every router's clock against one. */
export function joinEvidence(evidence: EvidenceSet, routers: readonly RouterIdentity[]): Joined {
  const bundles = gather(evidence.exchanges.filter(isAttempt));
  const refused: RefusedJoin[] = [];
  const clocks = new Map<RouterIdentity, ClockEstimate>();
  const firstFrame = evidence.exchanges[0]?.messages[0];
  const nearMs = firstFrame === undefined ? null : calendarMs(firstFrame.message.timeNs);
  const told: Told = { nearMs, zone: evidence.options.tz ?? null };
  const letters = new Map<RouterIdentity, Letters>();
  const readings = new Map<RouterIdentity, Reading>();

  const index = indexBundles(bundles);
  const near = (view: LoggedView): readonly Bundle[] => nearOf(view, index, bundles);
  const wires = new Map(bundles.map((bundle) => [bundle, wireTrack(bundle.exchange!)]));

  const onWire = (router: RouterIdentity, way: Letters) => {
    const views = viewsOf(router);
    const reading = readAs(router, told, way);
    const tracks = new Map(views.map((view) => [view, logTrack(view.log, reading)]));
    const matching = matchViews(views, {
      rightsFor: near,
      exact: (view, bundle) => exactLogWire(view.log, bundle.exchange!),
      compare: (view, bundle) => {
        const wire = wires.get(bundle)!;
        const track = tracks.get(view)!;
        const objection =
          objectionLogWire(view.log, bundle.exchange!, router.addresses) ??
          (rhythmDiffers(track, wire, view.log.role) ? OTHER_RHYTHM : null);
        if (objection !== null) return { objection, alignment: null };
        const alignment = align(wire, track, view.log.role, slackOf(view, reading));
        const isDoubted =
          partsFrom(view.log, bundle.exchange!) && !repeatsAlike(track, wire, view.log.role);
        return { objection, alignment, isDoubted };
      },
      grounds: 'peers, roles and transform agree',
      startLeft: (view) => startOf(view, reading),
      startRight: (bundle) => calendarMs(bundle.exchange!.messages[0]!.message.timeNs),
      trusted: synchronised(router),
    });
    const alignments = matching.pairs.map((pair) => pair.alignment);
    const estimate =
      alignments.length === 0 ? null : estimateClock(alignments, 'the capture', true);
    return { way, reading, matching, estimate, offsetMs: estimate?.offsetMs ?? null };
  };
  for (const router of routers) {
    const ways = waysToRead(router, told, undefined);
    const { way, reading, matching, estimate } = firstThatFits(ways, (one) => onWire(router, one));
    readings.set(router, reading);
    for (const pair of matching.pairs) {
      const { left, right } = pair;
      right[left.log.role] ??= left;
      right.joins.push({
        left: left.log.id,
        right: right.exchange!.id,
        strength: pair.strength,
        by: pair.by,
      });
    }
    const joined = new Set(matching.pairs.map((pair) => pair.left));
    for (const entry of matching.refused) {
      if (joined.has(entry.left) || refused.length >= MOST_REFUSALS) continue;
      const { left, right, why, isAmbiguous } = entry;
      refused.push({ left: left.log.id, right: right.exchange!.id, why, isAmbiguous });
    }
    if (estimate !== null) {
      clocks.set(router, presentable(estimate, router, reading));
      letters.set(router, way);
    }
  }

  const alone: Bundle[] = [];
  const hasWire = clocks.size > 0 || bundles.length > 0;
  const placed = new Set(
    bundles.flatMap((bundle) => [bundle.initiator, bundle.responder]).map((view) => view?.log.id),
  );
  for (const router of routers) {
    for (const view of viewsOf(router)) {
      if (placed.has(view.log.id)) continue;
      const bundle: Bundle = {
        exchange: null,
        others: [],
        initiator: null,
        responder: null,
        joins: [],
      };
      bundle[view.log.role] = view;
      alone.push(bundle);
    }
  }
  const all = [...bundles, ...alone];
  const firstRouter = routers.find((router) => router.negotiations.length > 0) ?? null;
  if (!hasWire && firstRouter !== null) {
    clocks.set(firstRouter, {
      offsetMs: 0,
      jitterMs: 0,
      basis: `the reference clock: no capture ${evidence.captures.length === 0 ? 'was given' : 'holds an attempt'}`,
      driftPpm: null,
      // A count from boot tells nothing of the calendar of the others.
      doubtMs: uptime(firstRouter) ? Number.POSITIVE_INFINITY : 0,
      levels: [],
    });
  }
  const merged = joinLogs(all, routers, clocks, refused, { told, letters, hasWire });
  for (const router of routers) {
    if (timeless(router)) clocks.set(router, UNTIMED_CLOCK);
    else if (!clocks.has(router)) clocks.set(router, unjoined(router, refused));
    const held = new Set([router, ...(hasWire || firstRouter === null ? [] : [firstRouter])]);
    clocks.set(router, withLetters(clocks.get(router)!, held, told, letters));
    if (letters.get(router) === 'usual') readings.set(router, readAs(router, told, 'usual'));
  }
  return {
    bundles: merged,
    refused,
    clocks,
    readings,
    letters,
    reference: hasWire || firstRouter === null ? 'capture' : label(firstRouter),
    nearMs,
  };
}

/** Joins what one router logged with what the other logged of the same attempt. */
function joinLogs(
  bundles: readonly Bundle[],
  routers: readonly RouterIdentity[],
  clocks: Map<RouterIdentity, ClockEstimate>,
  refused: RefusedJoin[],
  solving: {
    readonly told: Told;
    readonly letters: Map<RouterIdentity, Letters>;
    readonly hasWire: boolean;
  },
): readonly Bundle[] {
  const gone = new Set<Bundle>();
  const { letters, hasWire } = solving;
  const told = { ...solving.told, nearMs: solving.told.nearMs ?? firstStamp(routers) };
  type Held = { readonly view: LoggedView; readonly bundle: Bundle };
  const holding = (router: RouterIdentity): readonly Held[] =>
    bundles
      .filter(
        (bundle) => !gone.has(bundle) && (bundle.initiator === null || bundle.responder === null),
      )
      .flatMap((bundle) =>
        [bundle.initiator, bundle.responder].flatMap((view) =>
          view?.router === router ? [{ view, bundle }] : [],
        ),
      );
  for (const [index, first] of routers.entries()) {
    for (const second of routers.slice(index + 1)) {
      const lefts = holding(first);
      const rights = holding(second);
      const measure = (ways: ReadonlyMap<RouterIdentity, Letters>) => {
        const read = new Map(
          ([...ways] as const).map(([router, way]) => [
            router,
            asNeverSet(readAs(router, told, way), clocks.get(router)),
          ]),
        );
        const readingFor = ({ view }: Held): Reading => read.get(view.router)!;
        const tracks = new Map(
          [...lefts, ...rights].map((entry) => [
            entry.view,
            logTrack(entry.view.log, readingFor(entry)),
          ]),
        );
        const matching = matchViews<Held, Held>(lefts, {
          rightsFor: () => rights,
          exact: (left, right) => exactLogLog(left.view.log, right.view.log),
          compare: (left, right) => {
            const objection =
              left.bundle.exchange !== null && right.bundle.exchange !== null
                ? 'each belongs to its own exchange'
                : objectionLogLog(left.view.log, right.view.log, {
                    a: first.addresses,
                    b: second.addresses,
                  });
            if (objection !== null) return { objection, alignment: null };
            const { role } = left.view.log;
            const slack =
              slackOf(left.view, readingFor(left)) + slackOf(right.view, readingFor(right));
            const alignment = align(tracks.get(left.view)!, tracks.get(right.view)!, role, slack);
            const onePaste = left.view.document === right.view.document;
            return { objection, alignment: asExcerpt(alignment, onePaste) };
          },
          grounds: 'peers, opposite roles and transform agree',
          // The reference is the left one here, as a capture is on the right elsewhere.
          startLeft: (held) => negated(startOf(held.view, readingFor(held))),
          startRight: (held) => negated(startOf(held.view, readingFor(held))),
          trusted: synchronised(first) && synchronised(second),
        });
        const found = matching.pairs.map((pair) => pair.alignment);
        return {
          ways,
          read,
          matching,
          offsetMs: apartBy(found, clocks.get(first), clocks.get(second)),
        };
      };
      const waysOf = (router: RouterIdentity): readonly Letters[] =>
        waysToRead(router, told, letters.get(router));
      const all = waysOf(first).flatMap((one) =>
        waysOf(second).map(
          (other): ReadonlyMap<RouterIdentity, Letters> =>
            new Map([
              [first, one],
              [second, other],
            ]),
        ),
      );
      const { ways, read, matching } = firstThatFits(all, measure);
      const alignments: Alignment[] = [];
      for (const { left, right, strength, by, alignment } of matching.pairs) {
        const [keep, drop] = right.bundle.exchange === null ? [left, right] : [right, left];
        keep.bundle[drop.view.log.role] = drop.view;
        keep.bundle.joins.push(...drop.bundle.joins, {
          left: left.view.log.id,
          right: right.view.log.id,
          strength,
          by,
        });
        gone.add(drop.bundle);
        alignments.push(alignment);
      }
      const joined = new Set(matching.pairs.flatMap((pair) => [pair.left.view.log.id]));
      for (const { left, right, why, isAmbiguous } of matching.refused) {
        if (joined.has(left.view.log.id) || refused.length >= MOST_REFUSALS) continue;
        refused.push({ left: left.view.log.id, right: right.view.log.id, why, isAmbiguous });
      }
      if (alignments.length === 0) continue;
      for (const [router, way] of ways) letters.set(router, way);
      setClock(first, second, alignments, clocks, read, hasWire);
    }
  }
  return bundles.filter((bundle) => !gone.has(bundle));
}

/** Pastes leave out what their author found dull, on either side; times that agree make up for it. */
const ONE_PASTE_MS = 2000;

const asExcerpt = (alignment: Alignment, onePaste: boolean): Alignment =>
  onePaste && alignment.samples.length > 0 && Math.abs(alignment.offset) < ONE_PASTE_MS
    ? { ...alignment, missing: Math.min(alignment.missing, alignment.common) }
    : alignment;

function firstStamp(routers: readonly RouterIdentity[]): number | null {
  for (const router of routers) {
    for (const { log } of router.negotiations) {
      if (log.firstTime !== null && log.firstTime.mark !== 'uptime') return log.firstTime.ms;
    }
  }
  return null;
}
