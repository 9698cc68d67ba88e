import { calendarMs } from '../bytes/iso-time.ts';
import type { Exchange, Step } from '../model/exchange.ts';
import type { EvidenceSet, Join, RefusedJoin } from '../model/incident.ts';
import type { Alignment } from './align.ts';
import { align, logTrack, wireTrack } from './align.ts';
import type { ClockEstimate } from './clock.ts';
import { UNKNOWN_CLOCK, estimateClock } from './clock.ts';
import {
  exactLogLog,
  exactLogWire,
  objectionLogLog,
  objectionLogWire,
  partsFrom,
  repeatsAlike,
  rhythmDiffers,
} from './compatible.ts';
import { matchViews } from './match.ts';
import type { RouterIdentity } from './routers.ts';
import type { LoggedView } from './sides.ts';
import type { WallClock } from './wall-clock.ts';
import { wallClock } from './wall-clock.ts';

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

/** Bundles by every address that occurs in them. */
function indexBundles(bundles: readonly Bundle[]): ReadonlyMap<string, readonly Bundle[]> {
  const index = new Map<string, Set<Bundle>>();
  for (const bundle of bundles) {
    for (const { message } of bundle.exchange!.messages) {
      for (const address of [message.src.address, message.dst.address]) {
        const held = index.get(address);
        if (held === undefined) index.set(address, new Set([bundle]));
        else held.add(bundle);
      }
    }
  }
  return new Map([...index].map(([address, held]) => [address, [...held]]));
}

/**
 * Exchanges that share with the view the rarer of its two addresses; a translated one is in no capture. Where none
 * does, one stranger stands for all, to be refused in words.
 */
function nearOf(
  view: LoggedView,
  index: ReadonlyMap<string, readonly Bundle[]>,
  bundles: readonly Bundle[],
): readonly Bundle[] {
  const { localAddress, peerAddress } = view.log;
  const held = [peerAddress, localAddress]
    .map((address) => (address === null ? [] : (index.get(address) ?? [])))
    .filter((found) => found.length > 0)
    .sort((a, b) => a.length - b.length)[0];
  if (held !== undefined) return held;
  return localAddress === null && peerAddress === null ? bundles : bundles.slice(0, 1);
}

const startOf = (view: LoggedView, clock: WallClock): number | null =>
  view.log.firstTime === null ? null : clock.ms(view.log.firstTime);

const negated = (value: number | null): number | null => (value === null ? null : -value);

const viewsOf = (router: RouterIdentity): readonly LoggedView[] =>
  router.negotiations.map((entry) => ({ ...entry, router }));

const synchronised = (router: RouterIdentity): boolean =>
  router.negotiations.every(
    ({ log }) => log.firstTime !== null && log.firstTime.mark === 'authoritative',
  );

const uptime = (router: RouterIdentity): boolean =>
  router.negotiations.some(({ log }) => log.firstTime?.mark === 'uptime');

const label = (router: RouterIdentity): string =>
  router.name ?? [...router.addresses][0] ?? 'the unnamed router';

/** Uptime counts from boot, so that its distance from a calendar is no clock error. */
function presentable(estimate: ClockEstimate, router: RouterIdentity): ClockEstimate {
  if (!uptime(router) || estimate.offsetMs === null) return estimate;
  return {
    ...estimate,
    basis: `${estimate.basis}; stamps count from boot, so the offset is the time of boot`,
  };
}

/** Joins logs with packets and with one another, and sets every router's clock against one. */
export function joinEvidence(evidence: EvidenceSet, routers: readonly RouterIdentity[]): Joined {
  const bundles = gather(evidence.exchanges.filter(isAttempt));
  const refused: RefusedJoin[] = [];
  const clocks = new Map<RouterIdentity, ClockEstimate>();
  const firstFrame = evidence.exchanges[0]?.messages[0];
  const nearMs = firstFrame === undefined ? null : calendarMs(firstFrame.message.timeNs);
  const clock = wallClock(nearMs, evidence.options.tz ?? null);

  const index = indexBundles(bundles);
  const near = (view: LoggedView): readonly Bundle[] => nearOf(view, index, bundles);
  const wires = new Map(bundles.map((bundle) => [bundle, wireTrack(bundle.exchange!)]));

  for (const router of routers) {
    const views = viewsOf(router);
    const tracks = new Map(views.map((view) => [view, logTrack(view.log, clock)]));
    const matching = matchViews(views, {
      rightsFor: near,
      exact: (view, bundle) => exactLogWire(view.log, bundle.exchange!),
      compare: (view, bundle) => {
        const wire = wires.get(bundle)!;
        const track = tracks.get(view)!;
        const objection =
          objectionLogWire(view.log, bundle.exchange!) ??
          (rhythmDiffers(track, wire, view.log.role)
            ? 'one repeats a message that the other has only once'
            : null);
        if (objection !== null) return { objection, alignment: null };
        const alignment = align(wire, track, view.log.role);
        const isDoubted =
          partsFrom(view.log, bundle.exchange!) && !repeatsAlike(track, wire, view.log.role);
        return { objection, alignment, isDoubted };
      },
      grounds: 'peers, roles and transform agree',
      startLeft: (view) => startOf(view, clock),
      startRight: (bundle) => calendarMs(bundle.exchange!.messages[0]!.message.timeNs),
      trusted: synchronised(router),
    });
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
      refused.push({ left: entry.left.log.id, right: entry.right.exchange!.id, why: entry.why });
    }
    if (matching.pairs.length > 0) {
      const estimate = estimateClock(
        matching.pairs.map((pair) => pair.alignment),
        'the capture',
        true,
      );
      clocks.set(router, presentable(estimate, router));
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
      basis: 'the reference clock: no capture was given',
      driftPpm: null,
      // A count from boot tells nothing of the calendar of the others.
      doubtMs: uptime(firstRouter) ? Number.POSITIVE_INFINITY : 0,
    });
  }
  const merged = joinLogs(all, routers, clocks, refused, {
    nearMs,
    zone: evidence.options.tz ?? null,
  });
  for (const router of routers) if (!clocks.has(router)) clocks.set(router, UNKNOWN_CLOCK);
  return {
    bundles: merged,
    refused,
    clocks,
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
  solving: { readonly nearMs: number | null; readonly zone: string | null },
): readonly Bundle[] {
  const gone = new Set<Bundle>();
  const nearMs = solving.nearMs ?? firstStamp(routers);
  const clock = wallClock(nearMs, solving.zone);
  const holding = (
    router: RouterIdentity,
  ): readonly { readonly view: LoggedView; readonly bundle: Bundle }[] =>
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
      const tracks = new Map(
        [...lefts, ...rights].map((entry) => [entry.view, logTrack(entry.view.log, clock)]),
      );
      type Held = (typeof lefts)[number];
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
          const alignment = align(tracks.get(left.view)!, tracks.get(right.view)!, role);
          const onePaste = left.view.document === right.view.document;
          return { objection, alignment: asExcerpt(alignment, onePaste) };
        },
        grounds: 'peers, opposite roles and transform agree',
        // The reference is the left one here, as a capture is on the right elsewhere.
        startLeft: (held) => negated(startOf(held.view, clock)),
        startRight: (held) => negated(startOf(held.view, clock)),
        trusted: synchronised(first) && synchronised(second),
      });
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
      for (const { left, right, why } of matching.refused) {
        if (joined.has(left.view.log.id) || refused.length >= MOST_REFUSALS) continue;
        refused.push({ left: left.view.log.id, right: right.view.log.id, why });
      }
      if (alignments.length > 0) setClock(first, second, alignments, clocks);
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

/** One of two routers is set against the reference already; the other follows through it. */
function setClock(
  first: RouterIdentity,
  second: RouterIdentity,
  alignments: readonly Alignment[],
  clocks: Map<RouterIdentity, ClockEstimate>,
): void {
  const known = clocks.get(first);
  const other = clocks.get(second);
  const ahead = estimateClock(alignments, `the log of ${label(first)}`, false);
  if (ahead.offsetMs === null) return;
  const through = (via: ClockEstimate, offsetMs: number): ClockEstimate => ({
    ...ahead,
    offsetMs,
    doubtMs: via.doubtMs + ahead.doubtMs,
  });
  if (known?.offsetMs !== undefined && known.offsetMs !== null && other === undefined) {
    clocks.set(second, presentable(through(known, known.offsetMs + ahead.offsetMs), second));
  } else if (known === undefined && other?.offsetMs !== undefined && other.offsetMs !== null) {
    const basis = ahead.basis.replace(label(first), label(second));
    const behind = { ...through(other, other.offsetMs - ahead.offsetMs), basis };
    clocks.set(first, presentable(behind, first));
  }
}

function firstStamp(routers: readonly RouterIdentity[]): number | null {
  for (const router of routers) {
    for (const { log } of router.negotiations) {
      if (log.firstTime !== null && log.firstTime.mark !== 'uptime') return log.firstTime.ms;
    }
  }
  return null;
}
