import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { OctetView } from '../protocol.ts';

/** From the first octet to the one after the last, in the numbering of the view. */
export type Range = { readonly from: number; readonly to: number };

const perRow = 16;
/** A longer message is shown to here. */
const mostRows = 512;

/** Octets in rows of sixteen, hexadecimal and as text, with a range marked. */
export function Octets({
  view,
  range,
}: {
  readonly view: OctetView;
  readonly range: Range | null;
}): JSX.Element {
  const { title, base, octets } = view;
  const marked = useRef<HTMLElement>(null);
  const rows = useMemo(() => {
    const count = Math.min(mostRows, Math.ceil(octets.length / perRow));
    return Array.from({ length: count }, (_, row) => row * perRow);
  }, [octets]);
  useEffect(() => {
    marked.current?.scrollIntoView({ block: 'nearest' });
  }, [range]);
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <div class="octets" role="region" tabIndex={0} aria-label={`${title}, hexadecimal`}>
        {rows.map((at) => (
          <Row
            key={at}
            at={at + base}
            octets={octets.subarray(at, at + perRow)}
            range={overlap(range, at + base)}
            mark={marked}
          />
        ))}
      </div>
      {rows.length * perRow < octets.length && (
        <p class="faint">{octets.length - rows.length * perRow} further octets are not shown.</p>
      )}
    </section>
  );
}

/** The part of a range that falls into the row that begins at an octet, counted within the row. */
function overlap(range: Range | null, at: number): Range | null {
  if (range === null) return null;
  const from = Math.max(0, range.from - at);
  const to = Math.min(perRow, range.to - at);
  return from < to ? { from, to } : null;
}

function Row(props: {
  readonly at: number;
  readonly octets: Uint8Array;
  readonly range: Range | null;
  readonly mark: { current: HTMLElement | null };
}): JSX.Element {
  const { at, octets, range, mark } = props;
  const all = [...octets];
  const digits = all.map((octet) => octet.toString(16).padStart(2, '0'));
  const letters = all.map((octet) =>
    octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '·',
  );
  const { from, to } = range ?? { from: 0, to: 0 };
  const part = (words: readonly string[], glue: string): JSX.Element => (
    <>
      {words.slice(0, from).map((word) => word + glue)}
      {range !== null && <mark ref={mark}>{words.slice(from, to).join(glue)}</mark>}
      {range !== null && glue}
      {words.slice(to).map((word) => word + glue)}
    </>
  );
  return (
    <div class="octet-row">
      <span class="faint">{at.toString(16).padStart(4, '0')}</span>
      <span class="hexa">{part(digits, ' ')}</span>
      <span class="text">{part(letters, '')}</span>
    </div>
  );
}
