import { keysOfTables } from './bytes/key-table.ts';
import { correlate } from './correlate/correlate.ts';
import { diagnose } from './diagnose/engine.ts';
import type { Screening } from './exchange/screening.ts';
import type { Input } from './intake/input.ts';
import { readWire } from './intake/wire.ts';
import { maskedBroken } from './iosconfig/broken-secrets.ts';
import { maskSecrets } from './iosconfig/mask.ts';
import type { Finding } from './model/finding.ts';
import type { CandidatePsk } from './model/key-material.ts';
import type { AnalysisReport } from './model/report.ts';
import { toolVersion } from './model/tool.ts';
import { rewriteStrings } from './redact/rewrite-strings.ts';
import { secrecyOf, sourcesOf, type Secrecy } from './redact/secrecy.ts';
import { noteTokens } from './report/token-notes.ts';
import { excerptsOf } from './report/excerpts.ts';
import { inputRecord, withClocks, withRepeats } from './report/input-record.ts';

export type AnalyzeOptions = {
  /** Candidates beside those that the evidence itself holds. */
  readonly candidates: readonly CandidatePsk[];
  /** What was found out beforehand of which candidates can fit; saves time and changes nothing. */
  readonly screening?: Screening;
  /** Only negotiations with this address. */
  readonly peer: string | null;
  /** Milliseconds since 1970 on the reference clock. */
  readonly since: number | null;
  readonly until: number | null;
  /** Zone of log stamps that tell no distance from UTC, for instance `+02:00`. */
  readonly tz: string | null;
  readonly showSecrets: boolean;
};

export { readWire, type Wire } from './intake/wire.ts';

/** An input with the digest that names its octets. */
export type DigestedInput = { readonly input: Input; readonly sha256: string | null };

/** Evidence in, report out. Pure: the same inputs give the same report. */
export function analyzeInputs(
  digested: readonly DigestedInput[],
  options: AnalyzeOptions,
): AnalysisReport {
  const inputs = digested.map(({ input }) => input);
  const { exchanges, candidates } = readWire(inputs, options.candidates, options.screening);
  const records = digested.map(({ input, sha256 }) => inputRecord(input, sha256, exchanges));
  const logs = inputs.flatMap((input) => input.log ?? []);
  const configs = inputs.flatMap((input) => input.configs);
  const incident = correlate({
    inputs: records,
    captures: inputs.flatMap(({ id, capture, captureIndex }) =>
      capture && captureIndex !== null
        ? [{ input: id, capture: captureIndex, summary: capture.summary, counts: capture.counts }]
        : [],
    ),
    exchanges,
    logs,
    configs,
    candidates,
    options: {
      ...(options.peer === null ? {} : { peer: options.peer }),
      ...(options.since === null ? {} : { sinceMs: options.since }),
      ...(options.until === null ? {} : { untilMs: options.until }),
      ...(options.tz === null ? {} : { tz: options.tz }),
    },
  });
  const diagnosis = diagnose(incident);
  const secrecy = options.showSecrets ? null : secrecyOf(sourcesOf(inputs, options.candidates));
  const mask = commandMask(inputs, secrecy);
  const findings = diagnosis.findings.map((finding) => maskFinding(finding, mask));
  const excerpts = excerptsOf(
    { inputs, exchanges, negotiations: diagnosis.negotiations, findings },
    mask,
    lineMask(inputs, secrecy),
  );
  const report: AnalysisReport = {
    schema: 'ike-autopsy/analysis@1',
    tool: { name: 'ike-autopsy', version: toolVersion },
    inputs: withClocks(withRepeats(records, incident.repeats), incident.captureClocks),
    routers: incident.routers,
    negotiations: diagnosis.negotiations,
    findings,
    verdict: diagnosis.verdict,
    excerpts,
  };
  // Known keys are hidden once, in all of it: what is no line, such as a fact that a log states, may hold one as well.
  return withNotes(secrecy === null ? report : rewriteStrings(report, secrecy.hide));
}

function withNotes(report: AnalysisReport): AnalysisReport {
  const pathOf = new Map(report.inputs.map(({ id, path }) => [id, path]));
  const { configLines } = report.excerpts;
  return {
    ...report,
    findings: report.findings.map((finding) => noteTokens(finding, configLines, pathOf)),
  };
}

/** A line as it may be shown. One table of tokens serves the whole report, so equal keys show as equal tokens. */
export type LineMask = (line: string) => string;

/** Masks the keys of this evidence, and the secrets of commands, wherever they stand; nothing without secrecy. */
export function lineMask(
  inputs: readonly Pick<Input, 'text'>[],
  secrecy: Secrecy | null,
): LineMask {
  const mask = commandMask(inputs, secrecy);
  return secrecy === null ? mask : (line) => secrecy.hide(mask(line));
}

/** Masks what its place in a command or in a table makes a secret. */
function commandMask(inputs: readonly Pick<Input, 'text'>[], secrecy: Secrecy | null): LineMask {
  if (secrecy === null) return (line) => line;
  const { token } = secrecy;
  // Nothing in a row of the table of keys says that it is one.
  const rows = new Map(inputs.flatMap(({ text }) => [...keysOfTables(text)]));
  const broken = new Map(inputs.flatMap(({ text }) => [...maskedBroken(text, token)]));
  return (written) => {
    const shown = broken.size === 0 ? undefined : broken.get(written.trim());
    const line = shown === undefined ? written : written.replace(written.trim(), () => shown);
    const key = rows.size === 0 ? undefined : rows.get(line.trim());
    if (key === undefined) return maskSecrets(line, token);
    const at = line.lastIndexOf(key);
    return `${line.slice(0, at)}${token(key)}${line.slice(at + key.length)}`;
  };
}

/** Rules quote what they read; what they quote is masked here, once, whatever the rule did. */
function maskFinding(finding: Finding, mask: LineMask): Finding {
  return {
    ...finding,
    evidence: finding.evidence.map((item) => ({ ...item, text: mask(item.text) })),
    remedies: finding.remedies.map((remedy) =>
      remedy.config === undefined
        ? remedy
        : { ...remedy, config: remedy.config.split('\n').map(mask).join('\n') },
    ),
  };
}
