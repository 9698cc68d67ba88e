import { cameUp, isSuccessor, overcome, renewals } from '../correlate/history.ts';
import type { Finding } from '../model/finding.ts';
import type { Attempt, AttemptHistory, CorrelateOptions } from '../model/incident.ts';
import type { LogDocument } from '../model/log.ts';
import type { InputRecord } from '../model/report.ts';
import { listed, sides, times } from './facts.ts';
import { endOfFirewall, sessionDown, toldToDelete } from './logged.ts';
import { heard } from './overheard.ts';
import { repairText } from './predictions.ts';
import type { CaseFile, Judged } from './rule.ts';
import { shownOf, shownText } from './shown.ts';
import { deletesOnWire } from './wire-endings.ts';

/** One paragraph that an engineer can act on: the cause, what else happened, what to type. */
export function summarize(
  file: CaseFile,
  chosen: Judged | null,
  primaries: ReadonlyMap<string, Judged | null>,
  judged: readonly Judged[],
  findings: readonly Finding[],
): string {
  const { incident } = file;
  if (chosen === null) return withoutAttempt(file, findings);
  const attempt = chosen.claim.attempt;
  // A warning beside a success is told after what happened.
  const outcome =
    attempt === null
      ? lastOutcome(incident.attempts, primaries)
      : (primaries.get(attempt.id) ?? null);
  const happened = outcome !== chosen && outcome?.rule.severity === 'note' ? outcome : null;
  const history = historyOf(file, attempt);
  const past = overcome(incident.histories, incident.attempts);
  const isSuccess = attempt !== null && cameUp(attempt) && !isFailure(chosen);
  // What failed and came up since is told with its present state first: nobody needs to hurry.
  const healed =
    history !== undefined &&
    attempt !== null &&
    past.has(attempt.id) &&
    !isSuccess &&
    isUpAtLast(history, past);
  const parts = [
    healed
      ? `${presentState(file, history, primaries)} Why it ${cameUp(attempt) ? 'ended' : 'failed'} before:`
      : '',
    happened === null ? '' : happened.claim.summary,
    chosen.claim.summary,
    chosen.rule.severity === 'note' || happened !== null
      ? warningsText(chosen, judged, findings)
      : '',
    shownBeside(file, happened ?? chosen),
    healed ? '' : historyText(history),
    healed || !isFailure(chosen) ? '' : causesBefore(chosen, history, primaries, past),
  ];
  // The history says of these that they came up, or the causes before that why they did not.
  const up = new Set(incident.attempts.filter(cameUp).map(({ id }) => id));
  const told = new Set([
    ...(history?.attempts ?? []).filter(
      (id) => healed || (isFailure(chosen) && (past.has(id) || up.has(id))),
    ),
    ...incident.attempts.filter(isSuccessor).map(({ id }) => id),
    ...(attempt === null ? [] : renewals(attempt, incident.attempts)),
  ]);
  const reverse = attempt === null || !isFailure(chosen) ? [] : reverseUp(file, attempt);
  if (attempt !== null && reverse.length > 0 && !parts.some((part) => OTHER_WAY.test(part))) {
    parts.push(
      `The other way round, when ${attempt.responder.label} initiates, it comes up (seen ${times(reverse.length)}), so it hangs on who begins: on the keyring or profile that each end selects in its role, or on a filter that lets one side begin only.`,
    );
    for (const { id } of reverse) told.add(id);
  }
  if (incident.attempts.length > 1) parts.push(restText(happened ?? chosen, primaries, told));
  return parts.filter((part) => part !== '').join(' ');
}

/** A failure explains itself; of what came up, or remains open, show output may tell more. */
function shownBeside({ incident }: CaseFile, told: Judged): string {
  const { attempt } = told.claim;
  return attempt === null || isFailure(told) ? '' : shownOf(attempt, cameUp(attempt), incident);
}

const OTHER_WAY = /The other way round/;

const isFailure = ({ rule, claim }: Judged): boolean =>
  (claim.severity ?? rule.severity) === 'failure';

/** Attempts between the same ends that the other one began and that came up. */
const reverseUp = ({ incident }: CaseFile, attempt: Attempt): readonly Attempt[] =>
  incident.attempts.filter(
    (other) =>
      other.initiator.label === attempt.responder.label &&
      other.responder.label === attempt.initiator.label &&
      other.version === attempt.version &&
      other.phase2 === 'complete' &&
      cameUp(other),
  );

const ENDINGS: ReadonlySet<string> = new Set(['dpd-peer-dead', 'deleted-by-peer']);

/** Of a tunnel that failed and came up: whether it stands, or has ended since. */
function presentState(
  { incident }: CaseFile,
  { initiator, responder, text, attempts }: AttemptHistory,
  primaries: ReadonlyMap<string, Judged | null>,
): string {
  const last = incident.attempts.find(({ id }) => id === attempts.at(-1));
  const primary = last === undefined ? null : (primaries.get(last.id) ?? null);
  const end = primary !== null && ENDINGS.has(primary.rule.id) ? primary.claim.title : null;
  const tunnel = `The tunnel from ${initiator} to ${responder}`;
  if (end !== null) return `${tunnel} came up and has ended: it ${text}. How it ended: ${end}.`;
  return last !== undefined && hasEnded(last, incident.attempts)
    ? `${tunnel} came up and has ended: it ${text}.`
    : `${tunnel} is up now: it ${text}.`;
}

const hasEnded = (attempt: Attempt, all: readonly Attempt[]): boolean =>
  toldToDelete(attempt, all) !== null ||
  deletesOnWire(attempt, all) !== null ||
  sides(attempt).some((side) => endOfFirewall(side) !== null || sessionDown(side) !== null);

/** The last attempt is the one that came up, so all before it are overcome. */
const isUpAtLast = ({ attempts }: AttemptHistory, past: ReadonlySet<string>): boolean =>
  attempts.length > 1 && attempts.slice(0, -1).every((id) => past.has(id));

/** Of what failed in the end: why it failed before it came up, if that was something else. */
function causesBefore(
  chosen: Judged,
  history: AttemptHistory | undefined,
  primaries: ReadonlyMap<string, Judged | null>,
  past: ReadonlySet<string>,
): string {
  const before = (history?.attempts ?? []).flatMap((id) => {
    const judged = past.has(id) ? (primaries.get(id) ?? null) : null;
    return judged === null || !isFailure(judged) ? [] : [judged.claim.title];
  });
  const causes = [...new Set(before)].filter((title) => title !== chosen.claim.title);
  return causes.length === 0 ? '' : `Why it failed until then: ${causes.join('; ')}.`;
}

function lastOutcome(
  attempts: readonly Attempt[],
  primaries: ReadonlyMap<string, Judged | null>,
): Judged | null {
  const last = attempts.at(-1);
  return last === undefined ? null : (primaries.get(last.id) ?? null);
}

/** What threatens a tunnel that came up: the direction that fails in full, the rest by title. */
function warningsText(
  chosen: Judged,
  judged: readonly Judged[],
  findings: readonly Finding[],
): string {
  const warnings = judged.filter((entry) => entry.rule.severity === 'warning' && entry !== chosen);
  const told = warnings.map((entry) =>
    entry.rule.id === 'one-direction-only'
      ? `Warning: ${entry.claim.title}. ${entry.claim.explanation}`
      : entry.claim.title === chosen.claim.title
        ? ''
        : `Warning: ${entry.claim.title}.`,
  );
  const texts = [...new Set(told.filter((text) => text !== ''))];
  const remedy = findings
    .filter((finding) => finding.severity === 'warning')
    .flatMap((finding) => finding.remedies)
    .find((entry) => entry.verified);
  return [...texts.slice(0, MOST_WARNINGS), remedy === undefined ? '' : repairText(remedy, null)]
    .filter((text) => text !== '')
    .join(' ');
}

const MOST_WARNINGS = 4;

function withoutAttempt(file: CaseFile, findings: readonly Finding[]): string {
  const { evidence } = file.incident;
  const isOfLog = ({ evidence: cited }: Finding): boolean =>
    evidence.logs.some(({ input }) => cited[0]?.input === input);
  const configured = findings.filter((finding) => !isOfLog(finding));
  const first =
    configured.find((finding) => finding.severity === 'failure') ??
    configured.find((finding) => finding.severity === 'warning');
  if (first !== undefined) {
    const isSeen = first.evidence.some(({ frame }) => frame !== undefined);
    return isSeen
      ? `No negotiation is in the evidence. ${first.explanation}`
      : `No negotiation is in the evidence; from the configuration alone: ${first.explanation}`;
  }
  const bounds = boundsOf(evidence.options);
  if (bounds.length > 0) {
    return `No negotiation is left within ${bounds.join(', ')}. Without the bounds everything that was read is analysed.`;
  }
  if (evidence.captures.length > 0 && evidence.exchanges.length === 0) {
    if (cutsHeaders(evidence.inputs))
      return 'The capture was taken with a snap length that cuts the packets on the IKE ports within the ISAKMP header, so nothing of a negotiation can be read. Capture again with whole packets (tcpdump -s 0, "limit packet-len" absent).';
    return 'The capture holds no IKE message on any port that was looked at. Capture UDP 500 and 4500 between the peers, fragments included.';
  }
  if (evidence.exchanges.length > 0) {
    return 'The capture holds only notifications and keepalives of SAs that were set up before it began. Capture while the tunnel is set up: clear the SA, or wait for the next attempt.';
  }
  if (evidence.logs.length > 0) {
    return `The log holds no negotiation. ${hearsayText(evidence.logs)}${shownText(evidence.logs)}Collect "debug crypto isakmp" (for IKEv2 "debug crypto ikev2") and "debug crypto ipsec" while the tunnel is tried.`;
  }
  if (evidence.configs.length > 0) {
    return 'The configuration alone shows no fault. A capture of UDP 500 and 4500, or "debug crypto isakmp" (for IKEv2 "debug crypto ikev2") while the tunnel is tried, would show what happens.';
  }
  return 'Nothing that was given tells of a negotiation.';
}

const cutsHeaders = (inputs: readonly InputRecord[]): boolean =>
  inputs.some(({ anomalies }) => anomalies.some(({ code }) => code === 'header-cut'));

const MOST_HEARSAY = 3;

/** What system messages say, where no debug tells more. */
function hearsayText(logs: readonly LogDocument[]): string {
  const said = logs.flatMap(heard);
  if (said.length === 0) return '';
  const told = said.slice(0, MOST_HEARSAY).map(({ peer, means, times, line }) => {
    const where = times === 1 ? `line ${line}` : `${times} times from line ${line}`;
    return `${means} (${peer === null ? where : `${peer}, ${where}`})`;
  });
  const rest = said.length - told.length;
  return `Its syslog says: ${told.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}. `;
}

function boundsOf({ peer, sinceMs, untilMs }: CorrelateOptions): readonly string[] {
  const time = (ms: number): string => new Date(ms).toISOString();
  return [
    peer === undefined ? '' : `--peer ${peer}`,
    sinceMs === undefined ? '' : `--since ${time(sinceMs)}`,
    untilMs === undefined ? '' : `--until ${time(untilMs)}`,
  ].filter((text) => text !== '');
}

const historyOf = (file: CaseFile, attempt: Attempt | null): AttemptHistory | undefined =>
  attempt === null
    ? undefined
    : file.incident.histories.find((entry) => entry.attempts.includes(attempt.id));

function historyText(history: AttemptHistory | undefined): string {
  if (history === undefined || history.attempts.length < 2) return '';
  return `From ${history.initiator} to ${history.responder} it ${history.text}.`;
}

/** What became of the attempts that neither the verdict nor the history speaks of. */
function restText(
  chosen: Judged,
  primaries: ReadonlyMap<string, Judged | null>,
  told: ReadonlySet<string>,
): string {
  const counts = new Map<string, number>();
  for (const [attempt, judged] of primaries) {
    if (told.has(attempt)) continue;
    const id = judged?.rule.id ?? 'inconclusive';
    // Attempts of the same finding are told by it.
    if (id === chosen.rule.id && judged?.claim.key === chosen.claim.key) continue;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  if (counts.size === 0) return '';
  return `Other attempts: ${listed([...counts].map(([id, count]) => `${id} ${times(count)}`))}.`;
}
