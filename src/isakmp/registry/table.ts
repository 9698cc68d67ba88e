/** One registry: number to name. A name that is no registry entry, but common in the field, says so in its table. */
export type NameTable = ReadonlyMap<number, string>;

export function table(entries: Readonly<Record<number, string>>): NameTable {
  return new Map(Object.entries(entries).map(([value, name]) => [Number(value), name]));
}

/** Null for numbers that the registry does not assign. */
export function nameOf(names: NameTable, value: number): string | null {
  return names.get(value) ?? null;
}

/** The name, or the number in words where there is none: what a reader sees. */
export function nameOrNumber(names: NameTable, value: number): string {
  return names.get(value) ?? String(value);
}
