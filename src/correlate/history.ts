import type { Attempt, AttemptHistory, EvidenceSet } from '../model/incident.ts';
import type { LogDocument } from '../model/log.ts';

const CONFIGURED = /%SYS-5-CONFIG_I/;
const RESTARTED = /%SYS-5-RESTART/;

const ends = (attempt: Attempt): string =>
  `${attempt.initiator.label} ${attempt.responder.label} ${attempt.version}`;

/** Under IKEv2 a rekeyed SA is set up by the one before it (RFC 7296 §2.18). */
export const isSuccessor = ({ exchange }: Attempt): boolean =>
  exchange !== null && exchange.rekeyedFrom !== null;

/** Ids of the attempts whose SAs are one that was renewed: what came before this one, and what came after. */
export function renewals(attempt: Attempt, all: readonly Attempt[]): ReadonlySet<string> {
  const chain = new Set([attempt]);
  const byExchange = new Map(
    all.flatMap((each) => (each.exchange === null ? [] : [[each.exchange.id, each] as const])),
  );
  const before = ({ exchange }: Attempt): Attempt | undefined =>
    exchange?.rekeyedFrom == null ? undefined : byExchange.get(exchange.rekeyedFrom.exchange);
  const after = new Map(
    all.flatMap((each) => {
      const old = before(each);
      return old === undefined ? [] : [[old, each] as const];
    }),
  );
  for (const next of [before, (each: Attempt): Attempt | undefined => after.get(each)]) {
    for (let one = next(attempt); one !== undefined && !chain.has(one); one = next(one))
      chain.add(one);
  }
  return new Set([...chain].map(({ id }) => id));
}

type Run = { readonly kind: 'failed' | 'up' | 'open'; count: number };

/**
 * Nothing failed, and as much was seen as shows it: phase 2, or phase 1 by two witnesses. One log tells of phase 2 by
 * name, so one that does not is cut short; on the wire a rekeyed IKE SA has no quick mode of its own, but one that has
 * begun and is not seen to its end leaves the tunnel open.
 */
export function cameUp({ phase1, phase2, exchange, initiator, responder }: Attempt): boolean {
  if (phase1 !== 'complete' || phase2 === 'failed') return false;
  const bothSay = [initiator, responder].every(({ log }) => log?.phase1 === 'complete');
  return phase2 === 'complete' || (exchange !== null && phase2 === 'not-reached') || bothSay;
}

/** Attempts that brought a tunnel up: an SA of phase 1 without a quick mode has none, unless it took the place of another one. */
function tunnels(attempts: readonly Attempt[]): ReadonlySet<Attempt> {
  const pair = ({ initiator, responder, version }: Attempt): string =>
    [version, ...[initiator.label, responder.label].sort()].join(' ');
  const pairs = new Set(attempts.filter(({ phase2 }) => phase2 === 'complete').map(pair));
  // What began before the capture may have had its quick modes there.
  const renewsOne = (attempt: Attempt): boolean =>
    attempt.exchange?.startedBefore !== false || pairs.has(pair(attempt));
  return new Set(
    attempts.filter(
      (attempt) => cameUp(attempt) && (attempt.phase2 === 'complete' || renewsOne(attempt)),
    ),
  );
}

/** Attempts after which another one of the same history came up: whatever kept them from it is past. */
export function overcome(
  histories: readonly AttemptHistory[],
  attempts: readonly Attempt[],
): ReadonlySet<string> {
  const up = new Set([...tunnels(attempts)].map(({ id }) => id));
  return new Set(
    histories.flatMap((history) => {
      const last = history.attempts.findLastIndex((id) => up.has(id));
      return history.attempts.slice(0, Math.max(last, 0));
    }),
  );
}

function kindOf(attempt: Attempt, up: ReadonlySet<Attempt>): Run['kind'] {
  if (up.has(attempt)) return 'up';
  const halfway = attempt.phase1 === 'complete' || attempt.phase1 === 'incomplete';
  return halfway && attempt.phase2 !== 'failed' ? 'open' : 'failed';
}

/** 2, 3, 4 … as `twice`, `3 times`. */
export const times = (count: number): string =>
  count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
const WORDS: Readonly<Record<Run['kind'], string>> = {
  failed: 'failed',
  up: 'came up',
  open: 'was left open',
};

/** Lines at which somebody left configuration mode. */
export const configuredAt = (document: LogDocument): readonly number[] =>
  linesOf(document, CONFIGURED);

/** Lines at which the router had started again. */
export const restartedAt = (document: LogDocument): readonly number[] =>
  linesOf(document, RESTARTED);

const linesOf = ({ events }: LogDocument, wording: RegExp): readonly number[] =>
  events.filter(({ text }) => wording.test(text)).map(({ line }) => line);

/** What happened to a router at a line of its log, by input. */
type Changes = ReadonlyMap<string, readonly { line: number; tell: (label: string) => string }[]>;

const KINDS = [
  [configuredAt, (label: string): string => `the configuration of ${label} changed`],
  [restartedAt, (label: string): string => `${label} restarted`],
] as const;

function changesOf({ logs }: EvidenceSet): Changes {
  return new Map(
    logs.map((document) => [
      document.input,
      KINDS.flatMap(([find, tell]) => find(document).map((line) => ({ line, tell }))).sort(
        (a, b) => a.line - b.line,
      ),
    ]),
  );
}

/** Those between the first and the last line of the attempts' logs. */
function changesAmid(changes: Changes, attempts: readonly Attempt[]): readonly string[] {
  const logged = attempts.flatMap(({ initiator, responder }) =>
    [initiator, responder].flatMap(({ log, label }) => (log === null ? [] : [{ log, label }])),
  );
  return [...changes].flatMap(([input, at]) => {
    const own = logged.filter(({ log }) => log.input === input);
    if (own.length < 2) return [];
    const first = own.reduce(
      (least, { log }) => Math.min(least, log.firstLine),
      Number.POSITIVE_INFINITY,
    );
    const last = own.reduce((most, { log }) => Math.max(most, log.lastLine), 0);
    const labels = [...new Set(own.map(({ label }) => label))].join(' or ');
    return at
      .filter(({ line }) => line > first && line < last)
      .map(({ line, tell }) => `${tell(labels)} at line ${line} of its log`);
  });
}

/** Attempts between the same ends in the same direction, in order of time, told as one story. */
export function historiesOf(
  attempts: readonly Attempt[],
  evidence: EvidenceSet,
): readonly AttemptHistory[] {
  const changes = changesOf(evidence);
  const up = tunnels(attempts);
  const groups = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    // What renews an SA is no attempt of its own.
    if (isSuccessor(attempt)) continue;
    const list = groups.get(ends(attempt)) ?? [];
    list.push(attempt);
    groups.set(ends(attempt), list);
  }
  return [...groups.values()].map((group) => {
    const runs: Run[] = [];
    for (const attempt of group) {
      const kind = kindOf(attempt, up);
      const last = runs.at(-1);
      if (last?.kind === kind) last.count += 1;
      else runs.push({ kind, count: 1 });
    }
    const told = runs.map((run) => `${WORDS[run.kind]} ${times(run.count)}`).join(', then ');
    const changed = changesAmid(changes, group);
    return {
      initiator: group[0]!.initiator.label,
      responder: group[0]!.responder.label,
      attempts: group.map((attempt) => attempt.id),
      text: [told, ...changed].join('; '),
      healed:
        runs.length > 1 && runs.at(-1)!.kind === 'up' && runs.some((run) => run.kind === 'failed'),
    };
  });
}
