import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { visibleText } from '../../report/safe-text.ts';
import type { SuggestedRepair, WhatIfView } from '../protocol.ts';
import { Html } from './html.tsx';

/** Typing rests this long before it is replayed. Milliseconds. */
const rest = 300;

export type WhatIfPanelProps = {
  readonly view: WhatIfView;
  readonly onReplay: (texts: readonly string[]) => void;
  readonly onRepair: (index: number) => void;
};

/** Configurations to edit in place, with both directions replayed beside them. */
export function WhatIfPanel({ view, onReplay, onRepair }: WhatIfPanelProps): JSX.Element {
  const [texts, setTexts] = useState<readonly string[] | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const outcome = useRef<HTMLElement>(null);
  useEffect(() => {
    // What was typed stays; what a repair typed is shown from its outcome on.
    if (texts === null && view.edited) outcome.current?.scrollIntoView({ block: 'start' });
  }, [view]);
  if (view.routers.length === 0)
    return (
      <p class="card">
        There is no configuration to edit. Paste or drop the running configuration of one router or
        both.
      </p>
    );
  const shown = texts ?? view.routers.map(({ text }) => text);
  const edit = (router: number, text: string): void => {
    const next = shown.map((old, index) => (index === router ? text : old));
    setTexts(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      timer.current = undefined;
      onReplay(next);
    }, rest);
  };
  const start = (act: () => void): void => {
    clearTimeout(timer.current);
    timer.current = undefined;
    setTexts(null);
    act();
  };
  return (
    <>
      <h2>What if</h2>
      <section class="card" aria-label="Replay" ref={outcome}>
        <p class="says" role="status">
          {visibleText(view.says)}
        </p>
        <Html class="outcome" markup={view.outcome} />
      </section>
      <div class="editors">
        {view.routers.map(({ name }, router) => (
          <section class="card" key={router} aria-labelledby={`edit-${router}`}>
            <h3 id={`edit-${router}`}>
              <label for={`text-${router}`}>Configuration of {visibleText(name)}</label>
            </h3>
            <textarea
              id={`text-${router}`}
              class="config"
              rows={24}
              spellcheck={false}
              value={shown[router] ?? ''}
              onInput={({ currentTarget }) => edit(router, currentTarget.value)}
            />
          </section>
        ))}
      </div>
      <p>
        <button
          type="button"
          disabled={!view.edited && texts === null}
          onClick={() => start(() => onReplay([]))}
        >
          Back to what was read
        </button>{' '}
        <span class="faint">Edits are for this replay only; the evidence stays as it is.</span>
      </p>
      <RepairList
        repairs={view.repairs}
        more={0}
        onRepair={(index) => start(() => onRepair(index))}
      />
    </>
  );
}

export function RepairList(props: {
  readonly repairs: readonly SuggestedRepair[];
  /** Repairs that are not shown here. */
  readonly more: number;
  readonly onRepair: (index: number) => void;
}): JSX.Element | null {
  const { repairs, more, onRepair } = props;
  if (repairs.length === 0) return null;
  return (
    <section class="card toned good repairs" aria-label="Suggested repairs">
      {repairs.map(({ router, text, commands, proof }, index) => (
        <article key={index}>
          <h3>
            Suggested repair{router !== null && ` on ${visibleText(router)}`}{' '}
            <span class="tag good">{proof}</span>
          </h3>
          <p>{visibleText(text)}</p>
          <pre class="commands" tabIndex={0} aria-label="Commands">
            {commands.map((line) => `${visibleText(line)}\n`)}
          </pre>
          <button type="button" class="primary" onClick={() => onRepair(index)}>
            Apply and replay
          </button>
        </article>
      ))}
      {more > 0 && <p class="faint">{more} more on the tab What if.</p>}
    </section>
  );
}
