import { cameUp, isSuccessor, overcome } from '../correlate/history.ts';
import type { Evidence, Finding } from '../model/finding.ts';
import type { Attempt, Incident, NegotiationView } from '../model/incident.ts';
import type { AnalysisReport, Negotiation } from '../model/report.ts';
import { divergenceOf } from './divergence.ts';
import { citedLines, confidenceOf, lastKnown } from './evidence.ts';
import { capitalised, sides } from './facts.ts';
import { overheard } from './overheard.ts';
import { predictedCause } from './predicted-cause.ts';
import { foldPredictions, predictIncident } from './predictions.ts';
import type { CaseFile, Judged, Need, Rule, Weighed } from './rule.ts';
import { rules } from './rules/index.ts';
import { summarize } from './summary.ts';

export type Diagnosis = {
  readonly findings: readonly Finding[];
  readonly negotiations: readonly Negotiation[];
  readonly verdict: AnalysisReport['verdict'];
  /** Rules that could not be evaluated, because nothing of what they need was given. */
  readonly notEvaluated: readonly { readonly id: string; readonly needs: readonly Need[] }[];
};

function available(file: CaseFile): ReadonlySet<Need> {
  const { evidence } = file.incident;
  const given = new Set<Need>();
  if (evidence.exchanges.length > 0) given.add('packets');
  if (evidence.captures.length > 0) given.add('packets');
  if (evidence.logs.length > 0) given.add('log');
  if (evidence.configs.length > 0) given.add('config');
  if (evidence.exchanges.some((exchange) => exchange.keys.status === 'decrypted'))
    given.add('keys');
  return given;
}

const SEVERITY: readonly Rule['severity'][] = ['failure', 'warning', 'note'];

const rank = (rule: Rule): number => SEVERITY.indexOf(rule.severity) * 1000 + rules.indexOf(rule);

const isFailure = (entry: Judged): boolean => entry.rule.severity === 'failure';
const isOutcome = (entry: Judged): boolean =>
  entry.rule.isOutcome === true && entry.claim.leads !== false;

/** Within one attempt the causes come first, and beneath them what they leave standing. */
function ordered(judged: readonly Judged[]): readonly Judged[] {
  const beneath = new Set(judged.flatMap((entry) => entry.rule.outranks ?? []));
  return [...judged].sort(
    (a, b) =>
      Number(beneath.has(a.rule.id)) - Number(beneath.has(b.rule.id)) ||
      rank(a.rule) - rank(b.rule),
  );
}

/** The one verdict of an attempt: the first failure that no other failure explains, else how it ended. */
function primaryOf(judged: readonly Judged[]): Judged | null {
  return ordered(judged.filter(isFailure))[0] ?? ordered(judged.filter(isOutcome))[0] ?? null;
}

/** It ended, and without a tunnel; what came up and was lost later has findings of its own. */
const hasFailed = (attempt: Attempt): boolean =>
  attempt.phase2 !== 'complete' &&
  (attempt.phase1 === 'failed' ||
    attempt.phase2 === 'failed' ||
    sides(attempt).some(({ log }) => log?.outcome === 'failed'));

/** A failure whose cause nothing tells is a failure. */
const asFailure = (entry: Judged): Judged => ({
  ...entry,
  claim: { ...entry.claim, severity: 'failure' },
});

/** Leaves out what another claim of the same attempt explains away. Two that explain each other both stay. */
function withoutExplained(judged: readonly Judged[]): readonly Judged[] {
  const explains = (one: Judged, other: Judged): boolean =>
    one !== other &&
    (isFailure(one) || isOutcome(one)) &&
    one.rule.supersedes.includes(other.rule.id);
  return judged.filter(
    (entry) => !judged.some((other) => explains(other, entry) && !explains(entry, other)),
  );
}

/** Claims by the attempt that they are about; those about routers or files under null. */
function byAttempt(judged: readonly Judged[]): Map<Attempt | null, Judged[]> {
  const groups = new Map<Attempt | null, Judged[]>();
  for (const entry of judged) {
    const group = groups.get(entry.claim.attempt);
    if (group === undefined) groups.set(entry.claim.attempt, [entry]);
    else group.push(entry);
  }
  return groups;
}

/** The verdict of an attempt cites what the logs themselves cite for its outcome, whoever told of it. */
function withCitations(entry: Judged, primaries: ReadonlyMap<string, Judged | null>): Judged {
  const { attempt, evidence } = entry.claim;
  if (attempt === null) return entry;
  if (primaries.get(attempt.id) !== entry) {
    return evidence.length > 0
      ? entry
      : { ...entry, claim: { ...entry.claim, evidence: lastKnown(attempt) } };
  }
  const known = new Set(evidence.map((item) => `${item.input} ${item.line ?? ''}`));
  const added = sides(attempt)
    .flatMap((side) => citedLines(side, false))
    .filter((item) => !known.has(`${item.input} ${item.line ?? ''}`));
  const all = [...evidence, ...added];
  return {
    ...entry,
    claim: { ...entry.claim, evidence: all.length > 0 ? all : lastKnown(attempt) },
  };
}

/** Evidence as reported: the weighing stays inside. */
function plain({ input, line, frame, offset, text }: Weighed): Evidence {
  return {
    input,
    ...(line === undefined ? {} : { line }),
    ...(frame === undefined ? {} : { frame }),
    ...(offset === undefined ? {} : { offset }),
    text,
  };
}

/** The first attempts are cited in full, later ones of the same kind by their first place, up to a bound. */
const FULLY_CITED = 3;
const MOST_CITATIONS = 200;

function citationsOf(group: readonly Judged[]): readonly Weighed[] {
  const seen = new Set<string>();
  const kept: Weighed[] = [];
  for (const [index, { claim }] of group.entries()) {
    const own = index < FULLY_CITED ? claim.evidence : claim.evidence.slice(0, 1);
    for (const item of own) {
      const key = `${item.input} ${item.line ?? ''} ${item.frame ?? ''} ${item.text}`;
      if (seen.has(key) || kept.length >= MOST_CITATIONS) continue;
      seen.add(key);
      kept.push(item);
    }
  }
  return kept;
}

function heaviest(group: readonly Judged[]): Rule['severity'] {
  const weights = group.map(({ rule, claim }) => SEVERITY.indexOf(claim.severity ?? rule.severity));
  return SEVERITY[Math.min(...weights)]!;
}

function findingOf(group: readonly Judged[]): Finding {
  const { rule, claim } = group[0]!;
  const kept = citationsOf(group);
  const unique = <T>(items: readonly T[], key: (item: T) => string): readonly T[] =>
    items.filter((item, index) => items.findIndex((other) => key(other) === key(item)) === index);
  return {
    id: rule.id,
    severity: heaviest(group),
    confidence: confidenceOf(kept),
    negotiations: [...new Set(group.flatMap((entry) => entry.claim.attempt?.negotiations ?? []))],
    title: capitalised(claim.title),
    explanation: capitalised(claim.explanation),
    evidence: kept.map(plain),
    remedies: unique(
      group.flatMap((entry) => entry.claim.remedies),
      (remedy) => `${remedy.router ?? ''} ${remedy.text} ${remedy.config ?? ''}`,
    ),
    settle: unique(
      group.flatMap((entry) => entry.claim.settle),
      (text) => text,
    ),
    references: rule.references,
  };
}

function negotiationOf(
  view: NegotiationView,
  attempt: Attempt | undefined,
  primary: Judged | null,
): Negotiation {
  return {
    ...view,
    outcome: outcomeOf(view, attempt, primary),
    divergence: attempt === undefined ? null : divergenceOf(attempt),
    verdict: primary?.rule.id ?? 'inconclusive',
  };
}

/** Packets alone do not always show by themselves that what stands is of no use; a rule that finds a failure does. */
function outcomeOf(
  { outcome, phase2 }: NegotiationView,
  attempt: Attempt | undefined,
  primary: Judged | null,
): NegotiationView['outcome'] {
  const isLogged = attempt !== undefined && sides(attempt).some(({ log }) => log !== null);
  return !isLogged && primary !== null && isFailure(primary) && phase2 !== 'complete'
    ? 'failed'
    : outcome;
}

/** Applies every rule that has something to look at, and names one cause for each attempt and one for the incident. */
export function diagnose(incident: Incident): Diagnosis {
  const prediction = predictIncident(incident);
  const file: CaseFile = { incident, prediction };
  const given = available(file);
  const claimed: Judged[] = [];
  const notEvaluated: { id: string; needs: readonly Need[] }[] = [];
  for (const rule of rules) {
    if (!rule.needs.some((need) => given.has(need))) {
      notEvaluated.push({ id: rule.id, needs: rule.needs });
      continue;
    }
    for (const claim of rule.check(file)) claimed.push({ rule, claim });
  }
  for (const { rule: id, claim } of overheard(file)) {
    const rule = rules.find((entry) => entry.id === id);
    if (rule !== undefined) claimed.push({ rule, claim });
  }
  const claims = byAttempt(claimed);
  const judged: Judged[] = [...(claims.get(null) ?? [])];
  const primaries = new Map<string, Judged | null>();
  for (const attempt of incident.attempts) {
    const own = claims.get(attempt) ?? [];
    const cause = predictedCause(attempt, file, primaryOf(withoutExplained(own)));
    const rule = rules.find((entry) => entry.id === cause?.rule);
    if (cause !== null && rule !== undefined) own.push({ rule, claim: cause.claim });
    const kept = withoutExplained(own);
    const primary = primaryOf(kept);
    const told =
      primary?.rule.tellsFailure === true && hasFailed(attempt) ? asFailure(primary) : primary;
    judged.push(...kept.map((entry) => (entry === primary && told !== null ? told : entry)));
    primaries.set(attempt.id, told);
  }
  const attemptOf = new Map(
    incident.attempts.flatMap((attempt) =>
      attempt.negotiations.map((id) => [id, attempt] as const),
    ),
  );
  const negotiations = incident.negotiations.map((view) => {
    const attempt = attemptOf.get(view.id);
    const primary = attempt === undefined ? null : (primaries.get(attempt.id) ?? null);
    return negotiationOf(view, attempt, primary);
  });

  const groups = new Map<string, Judged[]>();
  for (const entry of ordered(judged).map((one) => withCitations(one, primaries))) {
    const key = `${entry.rule.id} ${entry.claim.key}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  const findings = foldPredictions(
    [...groups.values()].map(findingOf),
    prediction,
    judged.map(({ rule }) => rule),
    incident.attempts.length > 0,
  );
  return {
    findings: placeFirst(findings, chooseVerdict(incident, primaries, judged)),
    negotiations,
    verdict: verdictOf(file, primaries, judged, findings),
    notEvaluated,
  };
}

/** A paste often ends within the next attempt, of which there is less to say than of one that failed. */
const leftOpen = ({ claim: { attempt } }: Judged): number =>
  attempt?.phase1 === 'failed' || attempt?.phase2 === 'failed' ? 0 : 1;

/** It neither came up nor failed. */
const isCutOff = (attempt: Attempt): boolean => !hasFailed(attempt) && !cameUp(attempt);

/** Of two SAs of a collision one alone has the quick modes. */
const withTunnel = ({ claim: { attempt } }: Judged): number =>
  attempt?.phase2 === 'complete' ? 0 : 1;

/** One that came up without a child SA of its own beside one between the same ends that has it: a rekey, or a reauthentication. */
function childless(entries: readonly Judged[]): (entry: Judged) => number {
  const ends = ({ version, initiator, responder }: Attempt): string =>
    [version, ...[initiator.label, responder.label].sort()].join(' ');
  const stands = ({ claim: { attempt } }: Judged): boolean =>
    attempt?.phase2 === 'complete' && cameUp(attempt);
  const withChild = new Set(
    entries.flatMap((entry) =>
      stands(entry) && !isFailure(entry) ? [ends(entry.claim.attempt!)] : [],
    ),
  );
  return (entry) => {
    const { attempt } = entry.claim;
    if (attempt === null || isFailure(entry) || isSuccessor(attempt)) return 0;
    return cameUp(attempt) && attempt.phase2 !== 'complete' && withChild.has(ends(attempt)) ? 1 : 0;
  };
}

/**
 * What the one-line summary is about: a failure before a success, one that stands before one that was overcome, the more
 * certain before the guessed, the later before the earlier. A warning takes the place of the failure that it explains, and
 * of a success that hangs on it.
 */
function chooseVerdict(
  incident: Incident,
  primaries: ReadonlyMap<string, Judged | null>,
  judged: readonly Judged[],
): Judged | null {
  const certainty = ['proven', 'observed', 'inferred', 'predicted'];
  const past = overcome(incident.histories, incident.attempts);
  // Of an attempt that is only cut off less is known than of one that was overcome.
  const isPast = ({ claim: { attempt } }: Judged): number =>
    past.size > 0 && attempt !== null && (past.has(attempt.id) || isCutOff(attempt)) ? 1 : 0;
  const all = incident.attempts.flatMap((attempt, index) => {
    const primary = primaries.get(attempt.id) ?? null;
    return primary === null ? [] : [{ primary, index }];
  });
  const isChildless = childless(all.map(({ primary }) => primary));
  const best = [...all].sort(
    (a, b) =>
      SEVERITY.indexOf(a.primary.rule.severity) - SEVERITY.indexOf(b.primary.rule.severity) ||
      isChildless(a.primary) - isChildless(b.primary) ||
      isPast(a.primary) - isPast(b.primary) ||
      certainty.indexOf(confidenceOf(a.primary.claim.evidence)) -
        certainty.indexOf(confidenceOf(b.primary.claim.evidence)) ||
      rank(a.primary.rule) - rank(b.primary.rule) ||
      leftOpen(a.primary) - leftOpen(b.primary) ||
      withTunnel(a.primary) - withTunnel(b.primary) ||
      b.index - a.index,
  )[0]?.primary;
  // From configurations alone a predicted failure comes before any warning.
  if (best === undefined) return null;
  const { attempt } = best.claim;
  const cause = judged.find(
    (entry) =>
      entry.rule.severity === 'warning' &&
      entry.claim.attempt === attempt &&
      (entry.rule.outranks ?? []).includes(best.rule.id),
  );
  if (cause !== undefined) return cause;
  if (isFailure(best)) return best;
  return (
    judged.find((entry) => entry.rule.severity === 'warning' && entry.claim.leads === true) ?? best
  );
}

/** The finding that the verdict names comes first, then the failures; the rest keeps its order. */
function placeFirst(findings: readonly Finding[], chosen: Judged | null): readonly Finding[] {
  const isChosen = (finding: Finding): boolean =>
    chosen !== null &&
    finding.id === chosen.rule.id &&
    (chosen.claim.attempt === null ||
      finding.negotiations.some((id) => chosen.claim.attempt?.negotiations.includes(id) ?? false));
  return [...findings].sort(
    (a, b) =>
      Number(isChosen(b)) - Number(isChosen(a)) ||
      SEVERITY.indexOf(a.severity) - SEVERITY.indexOf(b.severity),
  );
}

function verdictOf(
  file: CaseFile,
  primaries: ReadonlyMap<string, Judged | null>,
  judged: readonly Judged[],
  findings: readonly Finding[],
): AnalysisReport['verdict'] {
  const chosen = chooseVerdict(file.incident, primaries, judged);
  const summary = capitalised(summarize(file, chosen, primaries, judged, findings));
  if (chosen === null) {
    const predicted =
      findings.find((finding) => finding.severity === 'failure') ??
      findings.find((finding) => finding.severity === 'warning');
    return { finding: predicted?.id ?? null, negotiation: null, summary };
  }
  const negotiation = spokesman(chosen.claim.attempt ?? file.incident.attempts.at(-1) ?? null);
  return { finding: chosen.rule.id, negotiation, summary };
}

/** Of two logs the one that reached the cause itself; the responder's when both or neither did. */
function spokesman(attempt: Attempt | null): string | null {
  if (attempt === null) return null;
  const { initiator, responder } = attempt;
  if (initiator.log?.phase1 === 'failed' && responder.log?.phase1 === 'complete')
    return initiator.log.id;
  return attempt.responder.log?.id ?? attempt.negotiations[0] ?? null;
}
