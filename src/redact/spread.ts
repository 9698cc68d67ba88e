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

/** Pieces by the message that they are of. */
export type Pieces = {
  /** A piece of the same place but of other octets begins a new message: numbers come round again. */
  readonly add: (message: string, piece: Piece) => void;
  readonly groups: () => Iterable<readonly Piece[]>;
};

export function createPieces(): Pieces {
  const latest = new Map<string, Piece[]>();
  const all: Piece[][] = [];
  return {
    add: (message, piece) => {
      const group = latest.get(message);
      const rival = group?.find(({ offset }) => offset === piece.offset);
      if (group !== undefined && (rival === undefined || isEqual(rival.octets, piece.octets))) {
        group.push(piece);
        return;
      }
      const begun = [piece];
      latest.set(message, begun);
      all.push(begun);
    },
    groups: () => all,
  };
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, at) => octet === b[at]);
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
