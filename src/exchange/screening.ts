/**
 * Indices of the candidate groups that can fit one exchange; null where none was ruled out. Every other
 * candidate is known to be refuted wherever it can be tested at all, so it is not tested again.
 */
export type Survivors = ReadonlySet<number> | null;

export function survives(survivors: Survivors, group: number): boolean {
  return survivors === null || survivors.has(group);
}

/** Survivors by `Exchange.id`. Exchanges that it lacks are searched whole. */
export type Screening = ReadonlyMap<string, ReadonlySet<number>>;
