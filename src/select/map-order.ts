import type { AclEntry, ConfigModel, CryptoMap } from '../model/config.ts';
import { contains } from './access-list.ts';
import { tablesOf } from './lookup.ts';

type Flow = Pick<AclEntry, 'protocol' | 'source' | 'destination'>;

/** An entry of a crypto map in its place, once for each of its peers. */
type Entry = {
  readonly label: string;
  readonly kind: string;
  readonly line: number;
  readonly proxies: readonly Flow[];
  readonly unlisted: string | null;
  readonly doubt: string | null;
  readonly idle: object | null;
};

/**
 * A packet takes the first entry, by number, whose access list permits it. The entries of one map in that order, each
 * with the earlier one that takes all of its traffic, so that it never calls.
 */
export function withShadows<E extends Entry>(
  model: ConfigModel,
  map: CryptoMap,
  entries: readonly E[],
): readonly (E & { readonly shadowedBy: string | null })[] {
  const takers: E[] = [];
  return entries.map((entry) => {
    const first = takers.find((each) => each.line !== entry.line && covers(each, entry));
    if (takers.length < MOST_COMPARED && takesAll(model, map, entry)) takers.push(entry);
    return { ...entry, shadowedBy: first?.label ?? null };
  });
}

/** Of a map with more entries the later ones are compared with so many of the first. */
const MOST_COMPARED = 256;

/** A list that denies something leaves that to later entries, and an entry that is not read may deny. */
function takesAll(
  model: ConfigModel,
  map: CryptoMap,
  { kind, line, doubt, idle, unlisted }: Entry,
): boolean {
  if (kind !== 'map' || doubt !== null || idle !== null || unlisted !== null) return false;
  const acl = map.entries.find((entry) => entry.line === line)?.acl;
  const list = acl == null ? undefined : tablesOf(model).accessLists.get(acl.name);
  return list?.entries.every(({ action }) => action === 'permit') ?? false;
}

function covers(earlier: Entry, later: Entry): boolean {
  return (
    later.kind === 'map' &&
    later.unlisted === null &&
    later.proxies.length > 0 &&
    later.proxies.every((flow) => earlier.proxies.some((other) => isWithin(flow, other)))
  );
}

function isWithin(inner: Flow, outer: Flow): boolean {
  return (
    (outer.protocol === 'ip' || outer.protocol === inner.protocol) &&
    contains(outer.source, inner.source) &&
    contains(outer.destination, inner.destination)
  );
}

/** Places in order of the listing, but those of one map by their numbers: `mapOf` gives the map, null for other places. */
export function inOrder<P extends { readonly line: number }>(
  places: readonly P[],
  mapOf: (place: P) => object | null,
): readonly P[] {
  const sorted = [...places].sort((a, b) => a.line - b.line);
  const waiting = new Map<object, P[]>();
  for (const place of places) {
    const map = mapOf(place);
    if (map !== null) waiting.set(map, [...(waiting.get(map) ?? []), place]);
  }
  return sorted.map((place) => waiting.get(mapOf(place) ?? place)?.shift() ?? place);
}
