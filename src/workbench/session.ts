import { analyzeInputs, lineMask, readWire, type DigestedInput, type Wire } from '../analyze.ts';
import { secrecyOf, sourcesOf } from '../redact/secrecy.ts';
import { looksLikeCase, type CaseSettings } from '../intake/case.ts';
import { readCase, writeCase } from '../intake/case-file.ts';
import type { AnalysisReport } from '../model/report.ts';
import { redactReport } from '../redact/report.ts';
import { keysDocument } from '../report/keys/document.ts';
import { inspectFrame } from './inspect-frame.ts';
import { inspectLine } from './inspect-line.ts';
import { keysView } from './keys-view.ts';
import type { FromWorker, Source, ToWorker } from './protocol.ts';
import { createSourceReader, readable } from './read-sources.ts';
import { recognise } from './recognition.ts';
import { reportView } from './report-view.ts';
import { saveReport } from './save.ts';
import { createWhatIf, type WhatIf } from './what-if.ts';

/** Evidence beyond this is not put into a case file, which is made in memory. Octets. */
const mostCaseOctets = 512 << 20;

type Analysis = {
  readonly inputs: readonly DigestedInput[];
  readonly settings: CaseSettings;
  readonly report: AnalysisReport;
  /** Made when first asked for. */
  readonly wire: () => Wire;
  readonly whatIf: () => WhatIf;
};

export type Session = {
  /** Takes a request; answers go to `post`. Never rejects for anything that the evidence holds. */
  receive(request: ToWorker): Promise<void>;
};

/** The worker's side of the page: holds what was read, analyses it, and answers questions about it. */
export function createSession(post: (message: FromWorker) => void, now: () => number): Session {
  const reader = createSourceReader();
  let newest = 0;
  let analysis: Analysis | null = null;

  const analyze = async (request: ToWorker & { kind: 'analyze' }): Promise<void> => {
    const { run, sources, settings } = request;
    newest = run;
    const started = now();
    const reads = await reader.read(sources, settings, {
      isStale: () => newest !== run,
      onProgress: (what, done, total) => post({ kind: 'progress', run, what, done, total }),
      onRead: (read) => post({ kind: 'recognised', run, recognition: recognise(read) }),
    });
    if (reads === null || newest !== run) return;
    const inputs = readable(reads);
    if (inputs.length === 0) {
      analysis = null;
      post({ kind: 'nothing', run });
      return;
    }
    analysis = analyse(inputs, settings);
    const view = reportView(analysis.report, analysis.whatIf().repairs);
    post({ kind: 'report', run, view, ms: now() - started });
  };

  const answer = (
    request: Exclude<ToWorker, { kind: 'analyze' }>,
  ): FromWorker | Promise<FromWorker> => {
    const refused = (text: string): FromWorker => ({ kind: 'refused', about: request.kind, text });
    if (request.kind === 'open-case') return openCase(request, refused);
    if (request.kind === 'save-case') return saveCase(request, refused);
    if (analysis === null)
      return refused('No analysis has finished that could tell; let one run first.');
    const { report, inputs, wire, whatIf, settings } = analysis;
    switch (request.kind) {
      case 'inspect-frame': {
        const view = inspectFrame(report, inputs, wire().exchanges, request);
        return view === null
          ? refused('The report does not hold this frame.')
          : { kind: 'frame', view };
      }
      case 'inspect-line': {
        const input = inputs.find(({ input: { id } }) => id === request.input)?.input;
        const evidence = inputs.map((one) => one.input);
        const mask = lineMask(evidence, secrecyOf(sourcesOf(evidence, [])));
        const view = input === undefined ? null : inspectLine(report, input, request.line, mask);
        return view === null ? refused('The input has no such line.') : { kind: 'line', view };
      }
      case 'keys': {
        const { exchanges, candidates } = wire();
        return { kind: 'keys', markup: keysView(keysDocument(exchanges, candidates)).text };
      }
      case 'what-if':
        return { kind: 'what-if', view: whatIf().replay(request.texts) };
      case 'apply-repair':
        return { kind: 'what-if', view: whatIf().replay(whatIf().withRepair(request.repair)) };
      case 'save-report': {
        const { format, showSecrets, redaction } = request;
        const shown = showSecrets
          ? analyzeInputs(inputs, { ...settings, candidates: [], showSecrets })
          : report;
        return { kind: 'saved', file: saveReport(redactReport(shown, redaction), format) };
      }
    }
  };

  return {
    receive: async (request) => {
      try {
        if (request.kind === 'analyze') await analyze(request);
        else post(await answer(request));
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        post({
          kind: 'refused',
          about: request.kind,
          text: `Internal error, which is a bug: ${what}`,
        });
      }
    },
  };
}

function analyse(inputs: readonly DigestedInput[], settings: CaseSettings): Analysis {
  const plain = inputs.map(({ input }) => input);
  return {
    inputs,
    settings,
    report: analyzeInputs(inputs, { ...settings, candidates: [], showSecrets: false }),
    wire: once(() => readWire(plain, [])),
    whatIf: once(() => createWhatIf(plain.flatMap(({ configs }) => configs))),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

async function openCase(
  { name, content }: { readonly name: string; readonly content: Blob },
  refused: (text: string) => FromWorker,
): Promise<FromWorker> {
  const octets = new Uint8Array(await content.arrayBuffer());
  if (!looksLikeCase(octets)) return refused(`${name} is no case file.`);
  const found = readCase(octets);
  return found.kind === 'unreadable'
    ? refused(`${name} ${found.why}; ${found.advice}.`)
    : { kind: 'case', name, content: found };
}

async function saveCase(
  { sources, settings }: { readonly sources: readonly Source[]; readonly settings: CaseSettings },
  refused: (text: string) => FromWorker,
): Promise<FromWorker> {
  if (sources.length === 0) return refused('There is no evidence to save yet.');
  if (sources.reduce((sum, { content }) => sum + content.size, 0) > mostCaseOctets)
    return refused(
      'The evidence is larger than 512 MiB, which is too much for a case file. Cut the captures down to their IKE packets with ike-autopsy slice.',
    );
  const inputs = await Promise.all(
    sources.map(async ({ path, router, as, content }) => ({
      path,
      router,
      as,
      content: new Uint8Array(await content.arrayBuffer()),
    })),
  );
  return {
    kind: 'saved',
    file: {
      name: 'incident.ikecase',
      type: 'application/zip',
      content: writeCase(inputs, settings),
    },
  };
}
