import type { EvidencePlace } from '../../model/evidence.ts';
import type { AnalysisReport } from '../../model/report.ts';
import { placeWriter } from '../labels.ts';
import { html, type Markup } from './markup.ts';

/** Where everything stands in the page. Ids are made of positions, never of names that came with the evidence. */
export type Anchors = {
  /** The id of an element, whether or not it is there. */
  readonly lineId: (input: string, line: number) => string;
  readonly frameId: (input: string, frame: number) => string;
  readonly inputId: (input: string) => string;
  /** `#…` of the closest thing that the page shows of a place; null when it shows nothing. */
  readonly target: (place: EvidencePlace) => string | null;
  /** The place in words, linked where it can be. */
  readonly link: (place: EvidencePlace) => Markup;
};

export function makeAnchors(report: AnalysisReport): Anchors {
  const numbers = new Map(report.inputs.map(({ id }, i) => [id, i + 1]));
  const number = (input: string): number => numbers.get(input) ?? 0;
  const lineId = (input: string, line: number): string => `l-${number(input)}-${line}`;
  const frameId = (input: string, frame: number): string => `f-${number(input)}-${frame}`;
  const inputId = (input: string): string => `input-${number(input)}`;
  const { frames, logLines, configLines } = report.excerpts;
  const shown = new Set([
    ...frames.map(({ input, frame }) => frameId(input, frame)),
    ...[...logLines, ...configLines].map(({ input, line }) => lineId(input, line)),
  ]);
  const place = placeWriter(report, 'short');
  const target = (at: EvidencePlace): string | null => {
    const id =
      at.line !== undefined
        ? lineId(at.input, at.line)
        : at.frame !== undefined
          ? frameId(at.input, at.frame)
          : null;
    if (id !== null && shown.has(id)) return `#${id}`;
    return number(at.input) === 0 ? null : `#${inputId(at.input)}`;
  };
  const link = (at: EvidencePlace): Markup => {
    const href = target(at);
    return href === null
      ? html`<span class="place">${place(at)}</span>`
      : html`<a class="place" href="${href}">${place(at)}</a>`;
  };
  return { lineId, frameId, inputId, target, link };
}
