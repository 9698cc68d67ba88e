import { basisPlace } from './decisions.ts';
import type { EvidencePlace } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { AnalysisReport, Negotiation } from '../model/report.ts';

/** Claims of a saved report, held against a report made anew from the evidence. */

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
  | 'verdict';

export type BrokenClaim = {
  readonly kind: ClaimKind;
  /** Where in the evidence the claim has its ground; null when it rests on more than one place. */
  readonly place: EvidencePlace | null;
  /** What the report says, in words. */
  readonly claim: string;
  /** What the evidence gives now; null when it no longer gives anything of the kind. */
  readonly now: string | null;
};

export type Verification = {
  /** Claims that were held against the evidence. */
  readonly checked: number;
  /** In the order of the report. */
  readonly broken: readonly BrokenClaim[];
  /** Findings that the evidence gives now and the report does not hold. */
  readonly added: readonly string[];
};

/** A line of an input as a report would quote it, secrets masked; null when there is no such line. */
export type LineText = (input: string, line: number) => string | null;

type Claim = {
  /** The same claim of another report has the same key. */
  readonly key: string;
  readonly kind: ClaimKind;
  readonly place: EvidencePlace | null;
  /** What is claimed of `key`. */
  readonly says: string;
  readonly about: string;
};

/**
 * Both reports number their inputs alike; `orderEvidence` gives the order of files for which they do. A claim that
 * cannot be told without its input (a digest that was never taken) is no claim. `lineText` reads lines that the new
 * report does not quote.
 */
export function verifyReport(
  saved: AnalysisReport,
  recomputed: AnalysisReport,
  lineText: LineText = () => null,
): Verification {
  const now = new Map([...claimsOf(recomputed)].map((claim) => [claim.key, claim.says]));
  const saidOf = new Map(
    [...saved.excerpts.logLines, ...saved.excerpts.configLines].map(({ input, line, text }) => [
      `${input} ${line}`,
      text,
    ]),
  );
  const known = new Set<string>();
  const broken: BrokenClaim[] = [];
  for (const { key, kind, place, says, about } of claimsOf(saved)) {
    if (known.has(key)) continue;
    known.add(key);
    const found = now.get(key) ?? quotedLine(key, place, lineText);
    if (found === null && meansAsMuch(key, place, saidOf, lineText)) continue;
    if (found !== says) broken.push({ kind, place, claim: `${about}: ${says}`, now: found });
  }
  const findings = new Set(findingKeys(saved.findings).map(([key]) => key));
  const added = findingKeys(recomputed.findings).flatMap(([key, finding]) =>
    findings.has(key) ? [] : [`${finding.id}: ${finding.title}`],
  );
  return { checked: known.size, broken, added };
}

/** A quoted line may still stand in its file although nothing of the new report quotes it. */
function quotedLine(key: string, place: EvidencePlace | null, lineText: LineText): string | null {
  const isQuote = key.startsWith(QUOTE) && place?.line !== undefined;
  return isQuote ? lineText(place.input, place.line) : null;
}

const QUOTE = 'line ';
const MEANING = 'means ';

/** The new report does not quote the line, which stands as it did: nothing speaks against what it was said to mean. */
function meansAsMuch(
  key: string,
  place: EvidencePlace | null,
  saidOf: ReadonlyMap<string, string>,
  lineText: LineText,
): boolean {
  if (!key.startsWith(MEANING) || place?.line === undefined) return false;
  return lineText(place.input, place.line) === saidOf.get(`${place.input} ${place.line}`);
}

function* claimsOf(report: AnalysisReport): Generator<Claim> {
  yield* inputClaims(report);
  yield* excerptClaims(report);
  yield* routerClaims(report);
  for (const negotiation of report.negotiations) yield* negotiationClaims(negotiation);
  for (const [key, finding] of findingKeys(report.findings)) yield* findingClaims(key, finding);
  const { finding, negotiation, summary } = report.verdict;
  yield claim('verdict', 'verdict', null, 'the verdict', { finding, negotiation, summary });
}

function claim(
  key: string,
  kind: ClaimKind,
  place: EvidencePlace | null,
  about: string,
  says: unknown,
): Claim {
  return { key, kind, place, about, says: typeof says === 'string' ? says : JSON.stringify(says) };
}

function* inputClaims({ inputs }: AnalysisReport): Generator<Claim> {
  for (const { id, path, kind, bytes, sha256, counts, anomalies } of inputs) {
    const place = { input: id };
    if (sha256 !== null) yield claim(`digest ${id}`, 'input', place, `SHA-256 of ${path}`, sha256);
    yield claim(`size ${id}`, 'input', place, `octets of ${path}`, String(bytes));
    yield claim(`kind ${id}`, 'input', place, `kind of ${path}`, kind);
    yield claim(`counts ${id}`, 'input', place, `contents of ${path}`, counts);
    for (const anomaly of anomalies) {
      const { code, text, line, frame, offset } = anomaly;
      const where = `${line ?? ''} ${frame ?? ''} ${offset ?? ''}`;
      yield claim(
        `anomaly ${id} ${code} ${where}`,
        'input',
        { ...place, ...at(anomaly) },
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

function* excerptClaims({ excerpts }: AnalysisReport): Generator<Claim> {
  for (const { input, line, text, means } of [...excerpts.logLines, ...excerpts.configLines]) {
    yield claim(`${QUOTE}${input} ${line}`, 'line', { input, line }, `line ${line}`, text);
    if (means === null) continue;
    yield claim(
      `${MEANING}${input} ${line}`,
      'line',
      { input, line },
      `meaning of line ${line}`,
      means,
    );
  }
  for (const excerpt of excerpts.frames) {
    const { input, frame } = excerpt;
    const place = { input, frame };
    for (const [name, value] of Object.entries(excerpt)) {
      if (name === 'input' || name === 'frame' || name === 'exchange') continue;
      yield claim(
        `frame ${input} ${frame} ${name}`,
        'frame',
        place,
        `${name} of frame ${frame}`,
        value,
      );
    }
  }
  for (const { input, kind, shape, count, firstLine, example } of excerpts.unmatched) {
    const key = `unmatched ${input} ${kind} ${shape}`;
    yield claim(
      key,
      'line',
      { input, line: firstLine },
      `not understood, ${count} times`,
      `${count} × ${example}`,
    );
  }
}

function* routerClaims({ routers }: AnalysisReport): Generator<Claim> {
  for (const [i, { name, addresses, clock }] of routers.entries()) {
    const about = `router ${name ?? i + 1}`;
    yield claim(`router ${i}`, 'router', null, about, { name, addresses });
    yield claim(`clock ${i}`, 'router', null, `clock of ${about}`, clock);
  }
}

/** Fields of a negotiation whose parts are claims of their own. */
const PLACED: ReadonlySet<string> = new Set([
  'id',
  'decisions',
  'timeline',
  'keyringSelections',
  'policyRejections',
  'keys',
  'saRequestProfile',
  'profileMatched',
  'policyMatched',
]);

/** What has a place of its own is claimed by itself; the rest is claimed of the negotiation. */
function* negotiationClaims(negotiation: Negotiation): Generator<Claim> {
  const { id, timeline, keyringSelections, policyRejections, keys } = negotiation;
  const { saRequestProfile, profileMatched, policyMatched } = negotiation;
  // A timeline may hold the lines of both routers; the id tells whose negotiation it is.
  const logged = timeline.filter(({ line }) => line !== undefined);
  const own = logged.find(({ input }) => id.startsWith(`${input}-`)) ?? logged[0];
  const log = own?.input ?? null;
  const inLog = (line: number): EvidencePlace | null =>
    log === null ? null : { input: log, line };
  const about = (what: string): string => `${id}, ${what}`;
  for (const [name, value] of Object.entries(negotiation)) {
    if (PLACED.has(name)) continue;
    yield claim(`negotiation ${id} ${name}`, 'negotiation', null, about(name), value);
  }
  for (const [i, selection] of keyringSelections.entries()) {
    const { line, ...says } = selection;
    yield claim(`keyring ${id} ${i} ${line}`, 'negotiation', inLog(line), about('keyring'), says);
  }
  for (const rejection of policyRejections) {
    const key = `rejection ${id} ${rejection.line} ${rejection.attribute}`;
    yield claim(key, 'negotiation', inLog(rejection.line), about('policy'), rejection);
  }
  const placed = { saRequestProfile, profileMatched, policyMatched };
  for (const [name, value] of Object.entries(placed)) {
    if (value === undefined || value === null) continue;
    yield claim(`${name} ${id}`, 'negotiation', inLog(value.line), about(name), value);
  }
  if (keys !== null) {
    const { identities, ...status } = keys;
    yield claim(`keys ${id}`, 'negotiation', null, about('keys'), status);
    for (const identity of identities) {
      const key = `identity ${id} ${identity.step} ${identity.frame}`;
      yield claim(key, 'negotiation', null, about(`identity in frame ${identity.frame}`), identity);
    }
  }
  yield* decisionClaims(negotiation);
  yield* eventClaims(negotiation);
}

function* decisionClaims({ id, decisions }: Negotiation): Generator<Claim> {
  for (const { step, side, what, expected, observed, proven, verdict } of decisions) {
    const key = `decision ${id} ${step} ${side} ${what}`;
    const about = `${id}, ${what} of the ${side} at ${step}`;
    if (expected !== undefined) {
      const place = basisPlace(expected);
      yield claim(`${key} expected`, 'decision', place, `${about}, expected`, expected);
    }
    if (observed !== undefined) {
      const place = { input: observed.input, line: observed.line };
      yield claim(`${key} observed`, 'decision', place, `${about}, logged`, observed);
    }
    if (proven !== undefined) {
      const place = { input: proven.input, frame: proven.frame };
      yield claim(`${key} proven`, 'decision', place, `${about}, on the wire`, proven);
    }
    yield claim(`${key} verdict`, 'decision', null, about, verdict);
  }
}

function* eventClaims({ id, timeline }: Negotiation): Generator<Claim> {
  for (const { input, line, frame, kind, text, time, step, state } of timeline) {
    const key = `event ${id} ${input} ${line ?? ''} ${frame ?? ''}`;
    const about = line === undefined ? `frame ${frame}` : `line ${line}`;
    yield claim(key, 'event', { input, ...at({ line, frame }) }, `${id}, ${about}`, {
      kind,
      text,
      time,
      step,
      state,
    });
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

function* findingClaims(key: string, finding: Finding): Generator<Claim> {
  const { id, evidence, remedies, ...rest } = finding;
  for (const [name, value] of Object.entries(rest)) {
    yield claim(`${key} ${name}`, 'finding', null, `${id}, ${name}`, value);
  }
  for (const { text, ...place } of evidence) {
    const where = `${place.input} ${place.line ?? ''} ${place.frame ?? ''} ${place.offset ?? ''}`;
    yield claim(`${key} evidence ${where} ${text}`, 'evidence', place, id, text);
  }
  for (const [i, remedy] of remedies.entries()) {
    yield claim(`${key} remedy ${i}`, 'remedy', null, `${id}, remedy ${i + 1}`, remedy);
  }
}

/** A file as the command line found it. */
export type FoundFile = { readonly path: string; readonly sha256: string };

/**
 * The order of files that gives each the id it has in the saved report: by digest, then by file name, then what is
 * left in the order given. `missing` are the paths of inputs for which no file is left.
 */
export function orderEvidence<File extends FoundFile>(
  saved: AnalysisReport,
  files: readonly File[],
): { readonly files: readonly File[]; readonly missing: readonly string[] } {
  const left = new Set(files);
  const chosen = new Map<string, File>();
  const name = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
  const rules: readonly ((input: AnalysisReport['inputs'][number], file: File) => boolean)[] = [
    (input, file) => input.sha256 === file.sha256 && name(input.path) === name(file.path),
    (input, file) => input.sha256 === file.sha256,
    (input, file) => input.path === file.path,
    (input, file) => name(input.path) === name(file.path),
    () => true,
  ];
  for (const fits of rules) {
    for (const input of saved.inputs) {
      if (chosen.has(input.id)) continue;
      const file = [...left].find((candidate) => fits(input, candidate));
      if (file === undefined) continue;
      chosen.set(input.id, file);
      left.delete(file);
    }
  }
  return {
    files: [...saved.inputs.flatMap(({ id }) => chosen.get(id) ?? []), ...left],
    missing: saved.inputs.flatMap(({ id, path }) => (chosen.has(id) ? [] : [path])),
  };
}
