import { hash } from '#crypto';
import { analyzeInputs, type AnalyzeOptions, type DigestedInput } from './analyze.ts';
import { hex } from './bytes/hex.ts';
import { createInputReader } from './intake/input.ts';
import type { AnalysisReport } from './model/report.ts';

export { toolVersion } from './model/tool.ts';
export type { AnalyzeOptions } from './analyze.ts';
export type { Confidence, Evidence, Finding, Remedy, Severity } from './model/finding.ts';
export type { CandidatePsk } from './model/key-material.ts';
export type {
  AnalysisReport,
  Decision,
  Excerpts,
  InputRecord,
  Negotiation,
  RouterRecord,
  TimelineItem,
} from './model/report.ts';

/** One evidence file: a capture, a debug log, a configuration, show output or key material. */
export type EvidenceFile = {
  /** How the report calls it. */
  readonly path: string;
  readonly content: Uint8Array | string;
  /** The router it comes from, when the file does not say. */
  readonly router?: string;
};

export type AnalyzeFilesOptions = Partial<AnalyzeOptions> & {
  /** UDP ports that carry IKE besides 500 and 4500. */
  readonly ports?: readonly number[];
  /** Year of log stamps that name none. */
  readonly year?: number;
  /** What type 6 keys of configurations are stored under. */
  readonly masterKeys?: readonly string[];
};

/**
 * Diagnoses evidence that is already in memory. The same files give the same report.
 * Throws an Error that names the file when one is no evidence of any kind (empty, an image, …).
 */
export function analyze(
  files: readonly EvidenceFile[],
  options: AnalyzeFilesOptions = {},
): AnalysisReport {
  const encoder = new TextEncoder();
  const inputs: DigestedInput[] = [];
  for (const [index, file] of files.entries()) {
    const octets = typeof file.content === 'string' ? encoder.encode(file.content) : file.content;
    const reader = createInputReader({
      id: `i${index + 1}`,
      path: file.path,
      captureIndex: inputs.filter(({ input }) => input.capture !== null).length,
      router: file.router ?? null,
      ports: options.ports ?? [],
      year: options.year ?? null,
      masterKeys: options.masterKeys ?? [],
      as: 'evidence',
    });
    reader.push(octets);
    const input = reader.end();
    if (input.kind === 'unreadable') throw new Error(`${file.path}: ${input.why}; ${input.advice}`);
    inputs.push({ input, sha256: hex(hash('sha256', octets)) });
  }
  return analyzeInputs(inputs, {
    candidates: options.candidates ?? [],
    peer: options.peer ?? null,
    since: options.since ?? null,
    until: options.until ?? null,
    tz: options.tz ?? null,
    showSecrets: options.showSecrets ?? false,
  });
}
