import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ReportView, SaveOptions, ToWorker, WhatIfView } from '../protocol.ts';
import { Html } from './html.tsx';
import { SavePanel } from './save-panel.tsx';
import { RepairList, WhatIfPanel } from './what-if-panel.tsx';

const tabs = {
  ladder: 'Ladder',
  findings: 'Findings',
  evidence: 'Evidence',
  keys: 'Keys',
  'what-if': 'What if',
  inputs: 'Inputs',
  save: 'Save',
} as const;

export type Tab = keyof typeof tabs;

const tabOrder = Object.keys(tabs) as readonly Tab[];

export type ResultPanelProps = {
  readonly view: ReportView;
  readonly ms: number;
  readonly tab: Tab;
  readonly keys: string | null;
  readonly whatIf: WhatIfView | null;
  readonly onTab: (tab: Tab) => void;
  readonly onInspect: (request: ToWorker) => void;
  readonly onReplay: (texts: readonly string[]) => void;
  readonly onRepair: (index: number) => void;
  readonly onSave: (options: SaveOptions) => void;
  readonly onSaveCase: () => void;
};

/** The verdict, and the rest of the report on tabs. */
export function ResultPanel(props: ResultPanelProps): JSX.Element {
  const { view, ms, tab, onTab } = props;
  const follow = useFollow(props);
  return (
    <div class="report" onClick={follow}>
      <Html class="head" markup={view.verdict} />
      {view.repairs.length > 0 && (tab === 'ladder' || tab === 'findings') && (
        <RepairList
          repairs={view.repairs.slice(0, 1)}
          more={view.repairs.length - 1}
          onRepair={props.onRepair}
        />
      )}
      <TabList tab={tab} view={view} onTab={onTab} />
      <div role="tabpanel" id={`panel-${tab}`} aria-labelledby={`tab-${tab}`} class="panel">
        <TabBody {...props} />
      </div>
      <p class="faint timing">
        Analysed in {ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`}, in this
        page.
      </p>
    </div>
  );
}

function TabBody(props: ResultPanelProps): JSX.Element {
  const { view, keys, whatIf, tab } = props;
  switch (tab) {
    case 'ladder':
    case 'findings':
      // Both stay in the page, so that the filters above them hold for both.
      return (
        <>
          <style>{view.filterRules}</style>
          <Html class="side" markup={view.filters} />
          <Html class="main" markup={view.ladder} hidden={tab !== 'ladder'} />
          <Html class="main" markup={view.findings} hidden={tab !== 'findings'} />
        </>
      );
    case 'evidence':
      return <Html class="main" markup={view.evidence} />;
    case 'inputs':
      return <Html class="main" markup={view.inputs} />;
    case 'keys':
      return keys === null ? (
        <p class="card">Testing the candidate keys…</p>
      ) : (
        <>
          <h2>Candidate keys</h2>
          <Html class="main" markup={keys} />
        </>
      );
    case 'what-if':
      // Taken away with the report that it belongs to, and what was typed with it.
      return whatIf === null ? (
        <p class="card">Replaying…</p>
      ) : (
        <WhatIfPanel view={whatIf} onReplay={props.onReplay} onRepair={props.onRepair} />
      );
    case 'save':
      return <SavePanel onSave={props.onSave} onSaveCase={props.onSaveCase} />;
  }
}

function TabList({
  tab,
  view,
  onTab,
}: Pick<ResultPanelProps, 'tab' | 'view' | 'onTab'>): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const at = tabOrder.indexOf(tab);
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: tabOrder.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabOrder[(to + tabOrder.length) % tabOrder.length]!;
    onTab(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  const count = view.failures + view.warnings;
  return (
    <div class="tabs" role="tablist" aria-label="Parts of the result" ref={list} onKeyDown={move}>
      {tabOrder.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === tab}
          aria-controls={`panel-${name}`}
          tabIndex={name === tab ? 0 : -1}
          onClick={() => onTab(name)}
        >
          {tabs[name]}
          {name === 'findings' && count > 0 && <span class="count">{count}</span>}
        </button>
      ))}
    </div>
  );
}

/** Where an anchor of the report leads: a frame or a line is looked at, the rest is scrolled to on its tab. */
function useFollow({ tab, onTab, onInspect }: ResultPanelProps): (event: MouseEvent) => void {
  const wanted = useRef<string | null>(null);
  const reveal = (id: string): boolean => {
    const target = document.getElementById(id);
    if (target === null || !target.checkVisibility()) return false;
    target.scrollIntoView({ block: 'start' });
    target.focus({ preventScroll: true });
    return true;
  };
  useEffect(() => {
    if (wanted.current === null) return;
    reveal(wanted.current);
    wanted.current = null;
  }, [tab]);
  return (event) => {
    const { target } = event;
    if (!(target instanceof Element)) return;
    const link = target.closest('a[href^="#"]');
    const id =
      link?.getAttribute('href')?.slice(1) ??
      (target.closest('button, summary, input, label') === null ? clickedPlace(target) : null);
    if (id === null) return;
    if (link !== null) event.preventDefault();
    const place = /^([lf])-(\d+)-(\d+)$/.exec(id);
    if (place !== null) {
      const [, kind, input, number] = place;
      const at = { input: `i${input}` };
      onInspect(
        kind === 'f'
          ? { kind: 'inspect-frame', ...at, frame: Number(number) }
          : { kind: 'inspect-line', ...at, line: Number(number) },
      );
      return;
    }
    if (reveal(id)) return;
    wanted.current = id;
    onTab(id.startsWith('input-') ? 'inputs' : id.startsWith('finding') ? 'findings' : 'ladder');
  };
}

/** A click beside a link: on a line or a frame of the evidence, or on a decision, whose configuration line is meant. */
function clickedPlace(target: Element): string | null {
  const own = target.closest('.box p[id], .frame[id]');
  if (own !== null) return getSelection()?.isCollapsed === false ? null : own.id;
  const row = target.closest('tr.agrees, tr.diverges, tr.unknown');
  return row?.querySelector('a[href^="#l-"]')?.getAttribute('href')?.slice(1) ?? null;
}
