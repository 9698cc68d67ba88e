import type { SecretToken } from '../iosconfig/mask.ts';
import type { ConfigModel } from '../model/config.ts';
import type { Direction } from '../model/selection.ts';
import { calls, findLinks, seenAttempt } from './pairs.ts';
import type { FoundLink, Link, PairOptions } from './pairs.ts';
import { MAIN_READING, OTHER_READINGS, TRIGGERS, followRule } from './rules.ts';
import { strangersOf } from './translations.ts';
import { tunnelsTo, unresolved } from './tunnels.ts';
import type { Tunnel } from './tunnels.ts';
import { whyIdle } from './unserved.ts';
import { walkAttempt } from './walk.ts';
import { walkFromAnywhere } from './walk-anywhere.ts';
import type { WalkedAnywhere } from './walk-anywhere.ts';
import type { Attempt, Walk } from './walk-steps.ts';

/** One initiation between two routers given, walked to its end. */
export type WalkedLink = {
  readonly link: Link;
  readonly walk: Walk | null;
  /** Contradicted rules whose other reading ends otherwise. */
  readonly contested: readonly string[];
  readonly direction: Direction;
};

/** How documents that contradict themselves are read, and what is no longer open between them. */
type Readings = Pick<PairOptions, 'reading' | 'settled'>;

export function walkLinks(
  models: readonly ConfigModel[],
  token: SecretToken,
  options: PairOptions = {},
): readonly WalkedLink[] {
  const links = findLinks(models, options);
  const walked = links.filter(calls).map((link) => walkLink(models, link, token, options));
  return [...walked, ...oneWay(models, links)].sort(
    (a, b) => a.link.from - b.link.from || a.link.to - b.link.to,
  );
}

export function walkLink(
  models: readonly ConfigModel[],
  link: FoundLink,
  token: SecretToken,
  options: Readings = {},
): WalkedLink {
  const { call } = link;
  const { reading = MAIN_READING } = options;
  const names = {
    initiator: models[link.from]!.hostname,
    responder: models[link.to]!.hostname,
    tunnel: link.tunnel.label,
  };
  if (call.kind === 'hidden') {
    const anywhere = walkFromAnywhere(call, token, reading);
    if (anywhere !== null) return walkedLink(link, names, anywhere, token, options);
    return {
      link,
      walk: null,
      contested: [],
      direction: { ...names, ...UNDECIDED, why: call.why },
    };
  }
  const { attempt } = call;
  const walk = walkAttempt(attempt, token, reading);
  return walkedLink(link, names, { attempt, walk }, token, options);
}

function walkedLink(
  link: Link,
  names: Pick<Direction, 'initiator' | 'responder' | 'tunnel'>,
  { attempt, walk }: WalkedAnywhere,
  token: SecretToken,
  readings: Readings,
): WalkedLink {
  const { outcome, failingStep, finding, why } = walk;
  let contested: readonly string[] | undefined;
  return {
    link,
    walk,
    // Walks the link once more for each other reading, and most replays fail before anyone asks.
    get contested() {
      return (contested ??= contestedRules(attempt, walk, token, readings));
    },
    direction: { ...names, outcome, failingStep, finding, why },
  };
}

const UNDECIDED = { outcome: 'unknown', failingStep: null, finding: null } as const;

/** Where the documents contradict themselves, and it matters to the outcome. */
function contestedRules(
  attempt: Attempt,
  walk: Walk,
  token: SecretToken,
  { reading: held = MAIN_READING, settled }: Readings,
): readonly string[] {
  const used = new Set([...(walk.initiator?.rules ?? []), ...(walk.responder?.rules ?? [])]);
  return OTHER_READINGS.filter(
    ({ rule }) => used.has(TRIGGERS[rule]!) && settled?.has(rule) !== true,
  )
    .filter(({ rule }) => {
      const other = walkAttempt(attempt, token, followRule(rule, held));
      return other.outcome !== walk.outcome || other.finding !== walk.finding;
    })
    .map(({ rule }) => rule);
}

/** A router that names another one is called by it only if that one names it too, and does not call if told to wait. */
function oneWay(
  models: readonly ConfigModel[],
  links: readonly FoundLink[],
): readonly WalkedLink[] {
  const keyOf = (from: number, to: number): string => `${String(from)} ${String(to)}`;
  const calling = new Set(links.filter(calls).map(({ from, to }) => keyOf(from, to)));
  const missing = new Map<string, { from: number; to: number; link: FoundLink }>();
  for (const link of links) {
    const ends = { from: link.to, to: link.from };
    for (const { from, to } of calls(link) ? [ends] : [link, ends]) {
      const key = keyOf(from, to);
      if (!calling.has(key) && !missing.has(key)) missing.set(key, { from, to, link });
    }
  }
  return [...missing.values()].map(({ from, to, link }) => {
    const initiator = models[from]!.hostname;
    const responder = models[to]!.hostname;
    const own = from === link.from ? waits(link.tunnel, initiator) : whyNoCall(models, link);
    const why =
      calling.has(keyOf(to, from)) || link.call.kind === 'hidden'
        ? own
        : `${own}; ${responder ?? 'the other router'} does not call either, and nothing brings the tunnel up`;
    return {
      link: { ...link, from, to, call: null },
      walk: null,
      contested: [],
      direction: {
        initiator,
        responder,
        tunnel: null,
        outcome: 'unknown',
        failingStep: null,
        finding: null,
        why,
      },
    };
  });
}

function waits({ label, shadowedBy }: Tunnel, router: string | null): string {
  const why =
    shadowedBy === null ? 'is responder-only' : `has no traffic of its own, ${shadowedBy} takes it`;
  return `${label} of ${router ?? 'this router'} ${why}: it can answer, not call`;
}

/** Why the responder of a link does not call back. */
function whyNoCall(models: readonly ConfigModel[], link: FoundLink): string {
  const { from, to, call } = link;
  const own = models[to]!.hostname ?? 'this router';
  const far = models[from]!.hostname ?? 'the other router';
  if (call.kind === 'hidden' && strangersOf(models, models[to]!).length > 0) {
    return `whether a tunnel or crypto map entry of ${own} names ${far} cannot be told: ${call.why}`;
  }
  const attempt = seenAttempt(link);
  const [called] = attempt === null ? [] : tunnelsTo(models[to]!, attempt.initiatorAddress);
  if (called !== undefined && (called.responderOnly || called.shadowedBy !== null)) {
    return waits(called, models[to]!.hostname);
  }
  const idle = called === undefined ? whyIdle(models[to]!, models[from]!) : null;
  if (idle !== null) return idle;
  const named = unresolved(models[to]!)[0];
  if (called === undefined && named !== undefined) {
    return `whether ${named.label} of ${own} names ${far} cannot be told: its peer is ${named.hostname ?? ''}, a name that no listing resolves`;
  }
  if (called !== undefined && attempt?.initiatorAddress !== attempt?.initiatorLocal) {
    return `${called.label} of ${own} calls ${called.peer!}, where no translation leads in to ${far}: it can answer, not call`;
  }
  return `no tunnel or crypto map entry of ${own} names ${far}: it can answer, not call`;
}
