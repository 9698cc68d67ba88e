import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { TreeNode } from '../../model/report.ts';
import { visibleText } from '../../report/safe-text.ts';
import type { FrameView, LineView } from '../protocol.ts';
import { Octets, type Range } from './octets.tsx';

export type Inspected =
  | { readonly kind: 'frame'; readonly view: FrameView }
  | { readonly kind: 'line'; readonly view: LineView };

/** One frame or one line, looked at closely. */
export function Inspector(props: {
  readonly inspected: Inspected;
  readonly onClose: () => void;
}): JSX.Element {
  const { inspected, onClose } = props;
  const panel = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    // Where the keyboard was, it goes on as soon as the panel is closed.
    return () => {
      if (before instanceof HTMLElement || before instanceof SVGElement)
        before.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
  }, [inspected]);
  return (
    <section
      class="inspector"
      ref={panel}
      tabIndex={-1}
      aria-labelledby="inspected"
      onKeyDown={({ key }) => {
        if (key === 'Escape') onClose();
      }}
    >
      <div class="row">
        <h2 id="inspected">{visibleText(inspected.view.title)}</h2>
        <button
          type="button"
          class="remove"
          aria-label="Close"
          title="Close (Escape)"
          onClick={onClose}
        >
          ×
        </button>
      </div>
      {inspected.kind === 'frame' ? (
        <Frame key={inspected.view.title} view={inspected.view} />
      ) : (
        <Line view={inspected.view} />
      )}
    </section>
  );
}

function Frame({ view }: { readonly view: FrameView }): JSX.Element {
  const [range, setRange] = useState<Range | null>(null);
  return (
    <>
      <div>
        <p class="faint">
          {view.facts.map(visibleText).join(' · ')}{' '}
          <span class={`tag ${view.secrecy.tone}`}>{visibleText(view.secrecy.text)}</span>
        </p>
        {view.anomalies.length > 0 && (
          <ul class="plain">
            {view.anomalies.map(({ text, offset }, index) => (
              <li key={index} class="warn">
                {visibleText(text)} {offset !== undefined && `(octet ${offset})`}
              </li>
            ))}
          </ul>
        )}
      </div>
      <div class="split">
        <div>
          <h3>Payloads</h3>
          {view.tree.length === 0 ? (
            <p class="faint">Nothing could be decoded.</p>
          ) : (
            <Tree nodes={view.tree} range={range} onRange={setRange} />
          )}
        </div>
        <div>
          {view.octets.map((octets, index) => (
            <Octets key={octets.title} view={octets} range={index === 0 ? range : null} />
          ))}
        </div>
      </div>
    </>
  );
}

type TreeProps = {
  readonly nodes: readonly TreeNode[];
  readonly range: Range | null;
  readonly onRange: (range: Range | null) => void;
};

function Tree({ nodes, range, onRange }: TreeProps): JSX.Element {
  return (
    <ul class="tree">
      {nodes.map((node, index) => (
        <li key={index}>
          <NodeLabel node={node} range={range} onRange={onRange} />
          {node.value !== undefined && <span class="mono"> {visibleText(node.value)}</span>}
          {node.children !== undefined && (
            <Tree nodes={node.children} range={range} onRange={onRange} />
          )}
        </li>
      ))}
    </ul>
  );
}

/** What stands at a place in the octets can be pointed at. */
function NodeLabel({
  node,
  range,
  onRange,
}: Omit<TreeProps, 'nodes'> & { readonly node: TreeNode }): JSX.Element {
  const { label, offset, length } = node;
  if (offset === undefined) return <b>{visibleText(label)}</b>;
  const own = { from: offset, to: offset + (length ?? 1) };
  const isOn = range?.from === own.from && range.to === own.to;
  return (
    <button
      type="button"
      class="node"
      aria-pressed={isOn}
      onClick={() => onRange(own)}
      onFocus={() => onRange(own)}
      onMouseEnter={() => onRange(own)}
    >
      <b>{visibleText(label)}</b>
      <span class="at">
        @{offset}
        {length !== undefined && `+${length}`}
      </span>
    </button>
  );
}

function Line({ view }: { readonly view: LineView }): JSX.Element {
  const marked = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const line = marked.current;
    // Only the box scrolls, not what stands around it.
    line?.parentElement?.scrollTo({
      top: line.offsetTop - line.parentElement.offsetTop - line.parentElement.clientHeight / 2,
    });
  }, [view]);
  return (
    <>
      <div />
      <div class="split about">
        <dl class="event">
          {view.facts.map(([name, value]) => (
            <div key={name}>
              <dt>{visibleText(name)}</dt>
              <dd>{visibleText(value)}</dd>
            </div>
          ))}
        </dl>
        <div class="box" role="region" aria-label="The line and its neighbours" tabIndex={0}>
          {view.lines.map(({ line, text, means }) => (
            <p
              key={line}
              data-n={line}
              ref={line === view.at ? marked : null}
              class={
                line === view.at ? 'cited' : line >= view.first && line <= view.last ? 'within' : ''
              }
            >
              {visibleText(text)} {means !== null && <i>{means}</i>}
            </p>
          ))}
        </div>
      </div>
    </>
  );
}
