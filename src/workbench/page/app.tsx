import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { caseHeadOctets, looksLikeCase } from '../../intake/case.ts';
import type {
  FromWorker,
  Recognition,
  ReportView,
  SavedFile,
  ToWorker,
  WhatIfView,
} from '../protocol.ts';
import { createClient } from './client.ts';
import { addFiles, noEvidence, openCase, sourcesOf, type Evidence } from './evidence.ts';
import { InputPanel } from './input-panel.tsx';
import { Inspector, type Inspected } from './inspector.tsx';
import { ResultPanel, type Tab } from './result-panel.tsx';
import { samplesOf } from './samples.ts';

type Busy = { readonly what: string; readonly done: number; readonly total: number };

/** Typing rests this long before the analysis runs again. Milliseconds. */
const rest = 350;
/** Work shorter than this shows no bar. Milliseconds. */
const patience = 250;

const samples = samplesOf(document.querySelector('#samples')?.textContent ?? '[]');

export function App({ program }: { readonly program: string }): JSX.Element {
  const [evidence, setEvidence] = useState<Evidence>(noEvidence);
  const [recognised, setRecognised] = useState<ReadonlyMap<string, Recognition>>(new Map());
  const [report, setReport] = useState<{ view: ReportView; ms: number } | null>(null);
  const [busy, setBusy] = useState<Busy | null>(null);
  const [isCancelled, setCancelled] = useState(false);
  const [notice, setNotice] = useState<string | null>(null);
  const [inspected, setInspected] = useState<Inspected | null>(null);
  const [keys, setKeys] = useState<string | null>(null);
  const [whatIf, setWhatIf] = useState<WhatIfView | null>(null);
  const [tab, setTab] = useState<Tab>('ladder');
  /** Grows when other evidence takes the place of all there was: what was typed into fields goes with it. */
  const [generation, setGeneration] = useState(0);
  const run = useRef(0);
  /** Files that came together with a case: they go beside what it holds. */
  const beside = useRef<readonly File[]>([]);
  /** What was asked of the present report. */
  const asked = useRef({ keys: false, whatIf: false });
  /** The last run that was answered. */
  const answered = useRef(0);
  const started = useRef(0);

  const take = useCallback((message: FromWorker): void => {
    if ('run' in message && message.run !== run.current) return;
    switch (message.kind) {
      case 'progress':
        if (performance.now() - started.current > patience) setBusy(message);
        break;
      case 'recognised': {
        const { recognition } = message;
        setRecognised((known) => new Map(known).set(recognition.key, recognition));
        break;
      }
      case 'report':
        answered.current = message.run;
        setBusy(null);
        setReport(message);
        asked.current = { keys: false, whatIf: false };
        setKeys(null);
        setWhatIf(null);
        document.title = `${message.view.title} · IKE autopsy`;
        break;
      case 'nothing':
        answered.current = message.run;
        setBusy(null);
        setReport(null);
        break;
      case 'frame':
      case 'line':
        setInspected(message);
        break;
      case 'keys':
        setKeys(message.markup);
        break;
      case 'what-if':
        setWhatIf(message.view);
        break;
      case 'saved':
        download(message.file);
        break;
      case 'case':
        setInspected(null);
        setTab('ladder');
        setNotice(null);
        setEvidence(addFiles(openCase(message.content), beside.current));
        setGeneration((number) => number + 1);
        beside.current = [];
        document.querySelector('.inputs')?.scrollTo({ top: 0 });
        document.querySelector('#result')?.scrollIntoView({ block: 'start' });
        break;
      case 'refused':
        if (message.about === 'analyze') setBusy(null);
        setNotice(message.text);
        break;
    }
  }, []);

  const client = useMemo(
    () =>
      createClient(program, take, (text) => {
        setBusy(null);
        setNotice(`The analysis stopped: ${text}`);
      }),
    [program, take],
  );
  const send = useCallback((request: ToWorker) => client.send(request), [client]);
  const sources = useMemo(() => sourcesOf(evidence), [evidence]);

  const analyze = useCallback((): void => {
    run.current += 1;
    started.current = performance.now();
    setCancelled(false);
    const known = new Set(sources.map(({ key }) => key));
    setRecognised((map) => new Map([...map].filter(([key]) => known.has(key))));
    const waiting = run.current;
    setTimeout(() => {
      if (waiting === run.current && waiting !== answered.current)
        setBusy((now) => now ?? { what: 'the evidence', done: 0, total: 0 });
    }, patience);
    send({ kind: 'analyze', run: run.current, sources, settings: evidence.settings });
  }, [sources, evidence.settings, send]);

  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return undefined;
    }
    const timer = setTimeout(analyze, rest);
    return () => clearTimeout(timer);
  }, [analyze]);

  const cancel = (): void => {
    run.current += 1;
    client.restart();
    setBusy(null);
    setCancelled(true);
  };

  const takeFiles = useCallback(
    async (files: readonly File[]): Promise<void> => {
      setNotice(null);
      const cases: File[] = [];
      const plain: File[] = [];
      for (const file of files) {
        const head = await headOf(file);
        if (head !== null && looksLikeCase(head)) cases.push(file);
        else plain.push(file);
      }
      const [only, another] = cases;
      if (another !== undefined)
        setNotice('Only one case is open at a time. Open them one by one.');
      else if (only !== undefined) {
        beside.current = plain;
        send({ kind: 'open-case', name: only.name, content: only });
      } else if (plain.length > 0) setEvidence((now) => addFiles(now, plain));
    },
    [send],
  );

  const openSample = (index: number): void => {
    const sample = samples[index];
    beside.current = [];
    if (sample)
      send({ kind: 'open-case', name: `the sample ${sample.name}`, content: sample.content() });
  };

  useEffect(() => {
    const over = (event: DragEvent): void => {
      event.preventDefault();
      document.body.classList.add('dragging');
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) document.body.classList.remove('dragging');
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      document.body.classList.remove('dragging');
      void takeFiles([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [takeFiles]);

  // What another tab needs is asked for when that tab is first looked at.
  useEffect(() => {
    if (report === null) return;
    if (tab === 'keys' && !asked.current.keys) {
      asked.current.keys = true;
      send({ kind: 'keys' });
    }
    if (tab === 'what-if' && !asked.current.whatIf) {
      asked.current.whatIf = true;
      send({ kind: 'what-if', texts: [] });
    }
  }, [tab, report, send]);

  return (
    <div class="bench" data-inspecting={inspected !== null}>
      <InputPanel
        evidence={evidence}
        recognised={recognised}
        samples={samples}
        peers={report?.view.peers ?? []}
        title={report?.view.title ?? null}
        generation={generation}
        onChange={setEvidence}
        onFiles={(files) => void takeFiles(files)}
        onSample={openSample}
        onClear={() => {
          setEvidence(noEvidence);
          setGeneration((number) => number + 1);
          setCancelled(false);
          setInspected(null);
          setNotice(null);
        }}
        onSaveCase={() => send({ kind: 'save-case', sources, settings: evidence.settings })}
      />
      <main class="result" id="result">
        <Status
          busy={busy}
          isCancelled={isCancelled}
          notice={notice}
          onCancel={cancel}
          onAgain={analyze}
          onDismiss={() => setNotice(null)}
        />
        {report === null ? (
          <Welcome hasSources={sources.length > 0} isBusy={busy !== null} />
        ) : (
          <ResultPanel
            view={report.view}
            ms={report.ms}
            tab={tab}
            keys={keys}
            whatIf={whatIf}
            onTab={setTab}
            onInspect={send}
            onReplay={(texts) => send({ kind: 'what-if', texts })}
            onRepair={(repair) => {
              asked.current.whatIf = true;
              setTab('what-if');
              send({ kind: 'apply-repair', repair });
            }}
            onSave={(options) => send({ kind: 'save-report', ...options })}
            onSaveCase={() => send({ kind: 'save-case', sources, settings: evidence.settings })}
          />
        )}
      </main>
      {inspected !== null && <Inspector inspected={inspected} onClose={() => setInspected(null)} />}
    </div>
  );
}

type StatusProps = {
  readonly busy: Busy | null;
  readonly isCancelled: boolean;
  readonly notice: string | null;
  readonly onCancel: () => void;
  readonly onAgain: () => void;
  readonly onDismiss: () => void;
};

function Status({
  busy,
  isCancelled,
  notice,
  onCancel,
  onAgain,
  onDismiss,
}: StatusProps): JSX.Element {
  return (
    <div class="status" aria-live="polite">
      {busy !== null && (
        <div class="busy card">
          <label for="progress">
            Reading {busy.what}
            {busy.total > 0 && ` · ${Math.floor((busy.done / busy.total) * 100)} %`}
          </label>
          <progress
            id="progress"
            {...(busy.total > 0 && busy.done < busy.total
              ? { value: busy.done, max: busy.total }
              : {})}
          />
          <button type="button" onClick={onCancel}>
            Cancel
          </button>
        </div>
      )}
      {isCancelled && (
        <p class="card">
          Cancelled. What is shown below is older than what stands on the left.{' '}
          <button type="button" onClick={onAgain}>
            Analyse
          </button>
        </p>
      )}
      {notice !== null && (
        <p class="card notice">
          {notice}{' '}
          <button type="button" onClick={onDismiss}>
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}

function Welcome({
  hasSources,
  isBusy,
}: {
  readonly hasSources: boolean;
  readonly isBusy: boolean;
}): JSX.Element {
  return (
    <section class="welcome" aria-labelledby="welcome">
      <h1 id="welcome">
        {hasSources && !isBusy ? 'Nothing to diagnose yet' : 'Why does the tunnel not come up?'}
      </h1>
      <p>
        {hasSources && !isBusy
          ? 'None of what was given is a capture, a debug, a configuration or key material. Each input says why.'
          : 'Paste the debugs of both routers, drop captures, configurations and keys anywhere on this page. The diagnosis appears as you type.'}
      </p>
      <ul class="plain">
        <li>
          <b>Debugs</b>: <code>debug crypto isakmp</code>, and <code>detail</code> where you can
        </li>
        <li>
          <b>Captures</b>: pcap, pcapng or a hex dump, of any size
        </li>
        <li>
          <b>Configurations</b>: <code>show running-config</code> of one router or both
        </li>
        <li>
          <b>Keys</b>: a Wireshark table, a daemon's log, or candidate keys
        </li>
      </ul>
      <p class="faint">
        Everything happens in this page. It has no way to send anything, and it keeps nothing.
      </p>
    </section>
  );
}

async function headOf(file: File): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await file.slice(0, caseHeadOctets).arrayBuffer());
  } catch {
    return null;
  }
}

function download({ name, type, content }: SavedFile): void {
  const url = URL.createObjectURL(new Blob([content as Uint8Array<ArrayBuffer>], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
