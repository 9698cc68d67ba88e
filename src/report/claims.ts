import type { EvidencePlace } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type {
  AnalysisReport,
  Decision,
  LineExcerpt,
  Negotiation,
  TimelineItem,
} from '../model/report.ts';
import { basisPlace } from './decisions.ts';

/** A report taken apart into what it claims, one claim for each thing that can be true or false by itself. */

export type ClaimKind =
  | 'input'
  | 'line'
  | 'frame'
  | 'event'
  | 'router'
  | 'negotiation'
  | 'decision'
  | 'finding'
  | 'evidence'
  | 'remedy'
  | 'verdict'
  | 'order';

export type ReportClaim = {
  /** The same claim of another report has the same key. */
  readonly key: string;
  readonly kind: ClaimKind;
  /** Where in the evidence the claim has its ground; null when it rests on more than one place. */
  readonly place: EvidencePlace | null;
  /** What is claimed of `key`. */
  readonly says: string;
  readonly about: string;
  /** The things that it is a part of, outermost first, its own item last; the first claim of each says best what it is. */
  readonly of: readonly string[];
  /** The list in whose order it stands; null when it is not the first claim of an item. */
  readonly list: string | null;
};

/** The lists of lines that a report quotes, each with what it is called. */
const lineListNames = { logLines: 'log lines', configLines: 'configuration lines' };

export type LineList = keyof typeof lineListNames;

export const lineLists: readonly LineList[] = ['logLines', 'configLines'];

type Item = Pick<ReportClaim, 'kind' | 'place' | 'of' | 'list'>;

export function* claimsOf(report: AnalysisReport): Generator<ReportClaim> {
  yield* inputClaims(report);
  for (const list of lineLists) yield* lineClaims(list, report.excerpts[list]);
  yield* excerptClaims(report);
  yield* routerClaims(report);
  for (const negotiation of report.negotiations) yield* negotiationClaims(negotiation);
  for (const [key, finding] of findingKeys(report.findings)) yield* findingClaims(key, finding);
  const { finding, negotiation, summary } = report.verdict;
  const says = { finding, negotiation, summary };
  yield claim('verdict', whole('verdict'), 'the verdict', says);
}

function whole(kind: ClaimKind): Item {
  return { kind, place: null, of: [], list: null };
}

function claim(key: string, item: Item, about: string, says: unknown): ReportClaim {
  const { kind, place, of, list } = item;
  return { key, kind, place, about, says: typeof says === 'string' ? says : plain(says), of, list };
}

/** As JSON; the order of fields says nothing. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** One claim for each field of an item. The first stands for the item. */
function* fieldClaims(
  key: string,
  item: Item,
  fields: Readonly<Record<string, unknown>>,
  about: (name: string, isFirst: boolean) => string,
): Generator<ReportClaim> {
  let list = item.list;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    yield claim(`${key} ${name}`, { ...item, list }, about(name, list !== null), value);
    list = null;
  }
}

function* inputClaims({ inputs }: AnalysisReport): Generator<ReportClaim> {
  for (const { id, path, kind, bytes, sha256, router, counts, anomalies } of inputs) {
    const place = { input: id };
    const item: Item = { kind: 'input', place, of: [`input ${id}`], list: null };
    yield claim(`kind ${id}`, { ...item, list: 'inputs' }, `kind of ${path}`, kind);
    if (sha256 !== null) yield claim(`digest ${id}`, item, `SHA-256 of ${path}`, sha256);
    yield claim(`size ${id}`, item, `octets of ${path}`, String(bytes));
    if (router !== undefined) yield claim(`router ${id}`, item, `router of ${path}`, router);
    yield claim(`counts ${id}`, item, `contents of ${path}`, counts);
    for (const anomaly of anomalies) {
      const { code, text, line, frame, offset } = anomaly;
      yield claim(
        `anomaly ${id} ${code} ${line ?? ''} ${frame ?? ''} ${offset ?? ''}`,
        { ...item, place: { ...place, ...at(anomaly) }, list: `anomalies of ${path}` },
        `${path}, ${code}`,
        text,
      );
    }
  }
}

type Where = {
  readonly line?: number | undefined;
  readonly frame?: number | undefined;
  readonly offset?: number | undefined;
};

function at({ line, frame, offset }: Where): Partial<EvidencePlace> {
  return {
    ...(line === undefined ? {} : { line }),
    ...(frame === undefined ? {} : { frame }),
    ...(offset === undefined ? {} : { offset }),
  };
}

/** What is claimed of one line that is quoted; the first claim is the quote. */
export function* lineClaims(from: LineList, lines: readonly LineExcerpt[]): Generator<ReportClaim> {
  const list = lineListNames[from];
  for (const { input, line, text, means, negotiation } of lines) {
    const key = `${list} ${input} ${line}`;
    const item: Item = { kind: 'line', place: { input, line }, of: [`input ${input}`, key], list };
    yield claim(`${key} text`, item, `line ${line}`, text);
    const rest = { ...item, list: null };
    yield claim(`${key} means`, rest, `meaning of line ${line}`, means ?? 'none');
    yield claim(`${key} of`, rest, `negotiation of line ${line}`, negotiation ?? 'none');
  }
}

function* excerptClaims({ excerpts }: AnalysisReport): Generator<ReportClaim> {
  for (const { input, frame, summary, ...rest } of excerpts.frames) {
    const key = `frame ${input} ${frame}`;
    const of = [`input ${input}`, key];
    yield* fieldClaims(
      key,
      { kind: 'frame', place: { input, frame }, of, list: 'frames' },
      { summary, ...rest },
      (name, isFirst) => (isFirst ? `frame ${frame}` : `${name} of frame ${frame}`),
    );
  }
  for (const { input, kind, shape, count, firstLine, example } of excerpts.unmatched) {
    const key = `unmatched ${input} ${kind} ${shape}`;
    const place = { input, line: firstLine };
    const of = [`input ${input}`, key];
    yield claim(
      key,
      { kind: 'line', place, of, list: 'lines that were not understood' },
      `not understood, ${count} times`,
      `${count} × ${example}, first in line ${firstLine}`,
    );
  }
  yield claim('omitted', whole('line'), 'frames and lines left out', excerpts.omitted);
}

function* routerClaims({ routers }: AnalysisReport): Generator<ReportClaim> {
  for (const [i, { name, addresses, inputs, clock }] of routers.entries()) {
    const about = `router ${name ?? i + 1}`;
    const item: Item = { ...whole('router'), of: [`router ${i}`] };
    yield claim(`router ${i}`, item, about, { name, addresses, inputs });
    yield claim(`clock ${i}`, item, `clock of ${about}`, clock);
  }
}

/** What has a place of its own is claimed by itself; the rest is claimed of the negotiation. */
function* negotiationClaims(negotiation: Negotiation): Generator<ReportClaim> {
  const { id, decisions, timeline, keyringSelections, policyRejections, keys, ...others } =
    negotiation;
  const { saRequestProfile, profileMatched, policyMatched, verdict, ...rest } = others;
  // A timeline may hold the lines of both routers; the id tells whose negotiation it is.
  const logged = timeline.filter(({ line }) => line !== undefined);
  const own = logged.find(({ input }) => id.startsWith(`${input}-`)) ?? logged[0];
  const log = own?.input ?? null;
  const of = [`negotiation ${id}`];
  const inLog = (line: number): Item => ({
    ...whole('negotiation'),
    place: log === null ? null : { input: log, line },
    of,
  });
  const item: Item = { ...whole('negotiation'), of };
  const about = (what: string): string => `${id}, ${what}`;
  const fields = { verdict, ...rest };
  yield* fieldClaims(of[0]!, { ...item, list: 'negotiations' }, fields, about);
  for (const [i, selection] of keyringSelections.entries()) {
    const { line, ...says } = selection;
    yield claim(`keyring ${id} ${i} ${line}`, inLog(line), about('keyring'), says);
  }
  for (const rejection of policyRejections) {
    const { line, attribute } = rejection;
    const key = `rejection ${id} ${line} ${attribute}`;
    const list = `rejected transforms of ${id}`;
    yield claim(key, { ...inLog(line), list }, about('policy'), rejection);
  }
  const placed = { saRequestProfile, profileMatched, policyMatched };
  for (const [name, value] of Object.entries(placed)) {
    if (value === undefined || value === null) continue;
    yield claim(`${name} ${id}`, inLog(value.line), about(name), value);
  }
  if (keys !== null) {
    const { identities, ...status } = keys;
    yield claim(`keys ${id}`, item, about('keys'), status);
    for (const identity of identities) {
      const key = `identity ${id} ${identity.step} ${identity.frame}`;
      const list = `identities of ${id}`;
      yield claim(key, { ...item, list }, about(`identity in frame ${identity.frame}`), identity);
    }
  }
  yield* decisionClaims(id, decisions, of);
  yield* eventClaims(id, timeline, of);
}

function* decisionClaims(
  id: string,
  decisions: readonly Decision[],
  parents: readonly string[],
): Generator<ReportClaim> {
  for (const { step, side, what, expected, observed, proven, verdict } of decisions) {
    const key = `decision ${id} ${step} ${side} ${what}`;
    const about = `${id}, ${what} of the ${side} at ${step}`;
    const item: Item = { ...whole('decision'), of: [...parents, key] };
    yield claim(`${key} verdict`, { ...item, list: `decisions of ${id}` }, about, verdict);
    if (expected !== undefined) {
      const place = basisPlace(expected);
      yield claim(`${key} expected`, { ...item, place }, `${about}, expected`, expected);
    }
    if (observed !== undefined) {
      const place = { input: observed.input, line: observed.line };
      yield claim(`${key} observed`, { ...item, place }, `${about}, logged`, observed);
    }
    if (proven !== undefined) {
      const place = { input: proven.input, frame: proven.frame };
      yield claim(`${key} proven`, { ...item, place }, `${about}, on the wire`, proven);
    }
  }
}

function* eventClaims(
  id: string,
  timeline: readonly TimelineItem[],
  of: readonly string[],
): Generator<ReportClaim> {
  for (const { input, line, frame, ...says } of timeline) {
    const key = `event ${id} ${input} ${line ?? ''} ${frame ?? ''}`;
    const about = line === undefined ? `frame ${frame}` : `line ${line}`;
    const place = { input, ...at({ line, frame }) };
    yield claim(
      key,
      { kind: 'event', place, of, list: `timeline of ${id}` },
      `${id}, ${about}`,
      says,
    );
  }
}

/** Findings of one id are told apart by what they are about, and by their order where even that is equal. */
function findingKeys(findings: readonly Finding[]): readonly (readonly [string, Finding])[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const key = `${finding.id} ${finding.negotiations.join(' ')}`;
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return [`finding ${key} ${count}`, finding] as const;
  });
}

function* findingClaims(key: string, finding: Finding): Generator<ReportClaim> {
  const { id, title, evidence, remedies, ...rest } = finding;
  const item: Item = { ...whole('finding'), of: [key] };
  yield* fieldClaims(key, { ...item, list: 'findings' }, { title, ...rest }, (name, isFirst) =>
    isFirst ? id : `${id}, ${name}`,
  );
  for (const { text, ...place } of evidence) {
    const { input, line, frame, offset } = place;
    yield claim(
      `${key} evidence ${input} ${line ?? ''} ${frame ?? ''} ${offset ?? ''}`,
      { kind: 'evidence', place, of: [key], list: `evidence of ${id}` },
      id,
      text,
    );
  }
  for (const [i, remedy] of remedies.entries()) {
    yield claim(
      `${key} remedy ${i}`,
      { ...item, kind: 'remedy' },
      `${id}, remedy ${i + 1}`,
      remedy,
    );
  }
}
