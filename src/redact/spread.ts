import { equalOctets } from '../bytes/span.ts';

/** Octets of one message that stand in one packet: a view of the file, so that what is written here is written there. */
export type Piece = { readonly offset: number; readonly octets: Uint8Array };

/**
 * Rewrites what several packets hold as if it stood in one place: a name that begins in one and ends in the next is one
 * all the same. What stands behind a gap is blanked, since what it holds cannot be told.
 */
export function rewriteSpread(
  pieces: readonly Piece[],
  rewrite: (whole: Uint8Array) => void,
): void {
  let reach = 0;
  for (const { offset, octets } of pieces.toSorted((a, b) => a.offset - b.offset)) {
    if (offset > reach) break;
    reach = Math.max(reach, offset + octets.length);
  }
  const whole = new Uint8Array(reach);
  const read = pieces.filter(({ offset }) => offset < reach);
  for (const { offset, octets } of read) whole.set(octets, offset);
  rewrite(whole);
  for (const { offset, octets } of read) octets.set(whole.subarray(offset, offset + octets.length));
  for (const { offset, octets } of pieces) if (offset >= reach) octets.fill(0);
}

/** Pieces without a gap between them, each run counted from its own beginning. */
export function runsOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const runs: Piece[][] = [];
  let start = 0;
  let reach = -Infinity;
  for (const { offset, octets } of pieces.toSorted((a, b) => a.offset - b.offset)) {
    if (offset > reach) {
      start = offset;
      runs.push([]);
    }
    runs.at(-1)!.push({ offset: offset - start, octets });
    reach = Math.max(reach, offset + octets.length);
  }
  return runs;
}

/** Pieces by the message that they are of. */
export type Pieces = {
  /** A piece of the same place but of other octets begins a new message: numbers come round again. */
  readonly add: (message: string, piece: Piece) => void;
  readonly groups: () => Iterable<readonly Piece[]>;
};

export function createPieces(): Pieces {
  const latest = new Map<
    string,
    { readonly group: Piece[]; readonly byPlace: Map<number, Piece> }
  >();
  const all: Piece[][] = [];
  return {
    add: (message, piece) => {
      const known = latest.get(message);
      const rival = known?.byPlace.get(piece.offset);
      if (known !== undefined && (rival === undefined || agree(rival.octets, piece.octets))) {
        known.group.push(piece);
        if (rival === undefined) known.byPlace.set(piece.offset, piece);
        return;
      }
      const group = [piece];
      latest.set(message, { group, byPlace: new Map([[piece.offset, piece]]) });
      all.push(group);
    },
    groups: () => all,
  };
}

/** Sent again, a piece may be longer or shorter than it was. */
function agree(a: Uint8Array, b: Uint8Array): boolean {
  const shared = Math.min(a.length, b.length);
  return equalOctets(a.subarray(0, shared), b.subarray(0, shared));
}

/** Pieces that have a number instead of a place, one after the other; behind a missing number the place is not known. */
export function inSequence(numbered: readonly Piece[], first: number): readonly Piece[] {
  const lengths = new Map(numbered.map(({ offset, octets }) => [offset, octets.length]));
  const placeOf = new Map<number, number>();
  let place = 0;
  for (let number = first; lengths.has(number); number += 1) {
    placeOf.set(number, place);
    place += lengths.get(number)!;
  }
  return numbered.map(({ offset, octets }) => ({
    offset: placeOf.get(offset) ?? Infinity,
    octets,
  }));
}
