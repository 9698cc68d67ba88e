import { correlate } from './correlate/correlate.ts';
import { diagnose } from './diagnose/engine.ts';
import { solveExchanges } from './exchange/decrypt.ts';
import { pairMessages } from './exchange/pair.ts';
import type { Input } from './intake/input.ts';
import { candidatesOfConfigs } from './intake/candidates.ts';
import { createSecretTokens, maskSecrets } from './iosconfig/mask.ts';
import type { ConfigModel } from './model/config.ts';
import type { Exchange } from './model/exchange.ts';
import type { Finding } from './model/finding.ts';
import type { IkeMessage } from './model/isakmp.ts';
import type { CandidatePsk } from './model/key-material.ts';
import type { AnalysisReport } from './model/report.ts';
import type { SessionKeys } from './model/session-keys.ts';
import { toolVersion } from './model/tool.ts';
import { excerptsOf } from './report/excerpts.ts';
import { inputRecord } from './report/input-record.ts';

export type AnalyzeOptions = {
  /** Candidates beside those that the evidence itself holds. */
  readonly candidates: readonly CandidatePsk[];
  /** Only negotiations with this address. */
  readonly peer: string | null;
  /** Milliseconds since 1970 on the reference clock. */
  readonly since: number | null;
  readonly until: number | null;
  /** Zone of log stamps that name none, for instance `+02:00`. */
  readonly tz: string | null;
  readonly showSecrets: boolean;
};

/** An input with the digest that names its octets. */
export type DigestedInput = { readonly input: Input; readonly sha256: string | null };

/** Everything that captures and key material say, before logs and configurations are joined to it. */
export type Wire = {
  readonly exchanges: readonly Exchange[];
  /** The keys that opened them, for decryption tables. */
  readonly sessions: readonly SessionKeys[];
  readonly candidates: readonly CandidatePsk[];
};

/** Pairs the messages of all captures, merged by time, and opens what the key material opens. */
export function readWire(inputs: readonly Input[], extra: readonly CandidatePsk[]): Wire {
  const messages: IkeMessage[] = inputs.flatMap((input) => input.capture?.messages ?? []);
  const isMerged = inputs.filter((input) => input.capture !== null).length > 1;
  if (isMerged)
    messages.sort((a, b) =>
      a.timeNs < b.timeNs
        ? -1
        : a.timeNs > b.timeNs
          ? 1
          : a.capture - b.capture || a.frame - b.frame,
    );
  const material = inputs.flatMap((input) => input.keys?.material ?? []);
  // A key that a configuration holds is best named by its keyring, so those come before the ones of key files.
  const candidates = [
    ...extra,
    ...candidatesOfConfigs(inputs),
    ...inputs.flatMap((input) => input.keys?.candidates ?? []),
  ];
  const solved = solveExchanges(pairMessages(messages), material, candidates);
  return {
    exchanges: solved.map(({ exchange }) => exchange),
    sessions: solved.flatMap(({ keys }) => keys ?? []),
    candidates,
  };
}

/** Evidence in, report out. Pure: the same inputs give the same report. */
export function analyzeInputs(
  digested: readonly DigestedInput[],
  options: AnalyzeOptions,
): AnalysisReport {
  const inputs = digested.map(({ input }) => input);
  const { exchanges, candidates } = readWire(inputs, options.candidates);
  const records = digested.map(({ input, sha256 }) => inputRecord(input, sha256, exchanges));
  const logs = inputs.flatMap((input) => input.log ?? []);
  const configs = inputs.flatMap((input) => input.configs);
  const incident = correlate({
    inputs: records,
    captures: inputs.flatMap(({ id, capture, captureIndex }) =>
      capture && captureIndex !== null
        ? [{ input: id, capture: captureIndex, summary: capture.summary }]
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
  const mask = lineMask(configs, options.showSecrets);
  const findings = diagnosis.findings.map((finding) => maskFinding(finding, mask));
  return {
    schema: 'ike-autopsy/analysis@1',
    tool: { name: 'ike-autopsy', version: toolVersion },
    inputs: records,
    routers: incident.routers,
    negotiations: diagnosis.negotiations,
    findings,
    verdict: diagnosis.verdict,
    excerpts: excerptsOf(
      { inputs, exchanges, negotiations: diagnosis.negotiations, findings },
      mask,
    ),
  };
}

/** A line as it may be shown. One table of tokens serves the whole report, so equal keys show as equal tokens. */
export type LineMask = (line: string) => string;

/** Masks the keys of these configurations wherever they stand. */
export function lineMask(configs: readonly ConfigModel[], showSecrets: boolean): LineMask {
  if (showSecrets) return (line) => line;
  const token = createSecretTokens(
    configs.flatMap((config) =>
      config.keyrings.flatMap((keyring) => keyring.entries.map((entry) => entry.secret)),
    ),
  );
  return (line) => maskSecrets(line, token);
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
