import type { EvidencePlace } from '../model/evidence.ts';
import type { Side } from '../model/exchange.ts';
import type { Decision, FrameExcerpt } from '../model/report.ts';

export type LadderNote = {
  readonly text: string;
  readonly verdict: Decision['verdict'] | 'log';
  readonly place: EvidencePlace | null;
};

/** A row while it is being put together from several sources. */
export type Draft = {
  step: string;
  direction: 'i2r' | 'r2i' | null;
  atMs: number | null;
  cells: Record<Side, DraftCell | null>;
  wire: DraftWire | null;
};

export type DraftWire = {
  frame: FrameExcerpt;
  retransmissions: number[];
  copies: number[];
  lastMs: number | null;
};

export type DraftCell = {
  direction: 'sent' | 'received' | null;
  time: string | null;
  /** Of the packet line itself; told only where no state follows. */
  tag: string | null;
  states: string[];
  repeats: number;
  place: EvidencePlace | null;
  notes: LadderNote[];
};

/** The cell of that side, made when there is none yet. */
export function openCell(draft: Draft, side: Side): DraftCell {
  draft.cells[side] ??= {
    direction: null,
    time: null,
    tag: null,
    states: [],
    repeats: 0,
    place: null,
    notes: [],
  };
  return draft.cells[side];
}
