import type { AccessList, AclEntry } from '../model/config.ts';
import { formatIpv4, parseIpv4 } from './address.ts';

type End = AclEntry['source'];

/** What a group holds, or the name of another group within it; null for a member that is not read. */
type Member<T> = T | { readonly group: string } | null;

/** A protocol with ports, as a service group names it. */
export type Service = {
  readonly protocol: string;
  readonly sourcePort: string | null;
  readonly destinationPort: string | null;
};

export type ObjectGroup = {
  readonly networks: Member<End>[];
  readonly services: Member<Service>[];
};

export type Groups = ReadonlyMap<string, ObjectGroup>;

/** An entry of an access list as it is written: each part of it may be an object group. */
export type WrittenEntry = {
  readonly action: AclEntry['action'];
  readonly service: Service | { readonly group: string };
  readonly source: End | { readonly group: string };
  readonly destination: End | { readonly group: string };
  readonly line: number;
};

export type WrittenList = {
  readonly name: string;
  readonly entries: WrittenEntry[];
  readonly unread: number[];
  readonly line: number;
};

/** An entry of two large groups stands for all their pairs; one of more is not read. */
const MOST_PAIRS = 4096;

/** The list with each entry by object groups written out, as far as the listing holds the groups. */
export function expandList({ entries, unread, ...list }: WrittenList, groups: Groups): AccessList {
  const read = entries.map((entry) => [entry.line, expand(entry, groups)] as const);
  return {
    ...list,
    entries: read.flatMap(([, expanded]) => expanded ?? []),
    unread: [
      ...unread,
      ...read.flatMap(([line, expanded]) => (expanded === null ? [line] : [])),
    ].sort((a, b) => a - b),
  };
}

function expand(
  { action, service, source, destination, line }: WrittenEntry,
  groups: Groups,
): readonly AclEntry[] | null {
  const services = membersOf(service, (group) => groups.get(group)?.services);
  const sources = membersOf(source, (group) => groups.get(group)?.networks);
  const destinations = membersOf(destination, (group) => groups.get(group)?.networks);
  if (services === null || sources === null || destinations === null) return null;
  if (services.length * sources.length * destinations.length > MOST_PAIRS) return null;
  return services.flatMap(({ protocol, sourcePort, destinationPort }) =>
    sources.flatMap((from) =>
      destinations.map((to) => ({
        action,
        protocol,
        source: { ...from, port: from.port ?? sourcePort },
        destination: { ...to, port: to.port ?? destinationPort },
        line,
      })),
    ),
  );
}

/** All that a part of an entry stands for; null where a group is missing, holds nothing, or is not read in full. */
function membersOf<T extends object>(
  part: T | { readonly group: string },
  lookUp: (group: string) => readonly Member<T>[] | undefined,
): readonly T[] | null {
  const found: T[] = [];
  const opened = new Set<string>();
  const waiting: Member<T>[] = [part];
  for (const member of waiting) {
    if (member === null || found.length > MOST_PAIRS) return null;
    if (!('group' in member)) {
      found.push(member);
      continue;
    }
    if (opened.has(member.group)) continue;
    opened.add(member.group);
    const held = lookUp(member.group);
    if (held === undefined || held.length === 0) return null;
    waiting.push(...held);
  }
  return found;
}

/** `range A B` as networks, the fewest that are exactly it. */
export function networksOf(first: string, last: string): readonly End[] | null {
  const [from, to] = [parseIpv4(first), parseIpv4(last)];
  if (from === null || to === null || from > to) return null;
  const networks: End[] = [];
  for (let at = from; at <= to;) {
    let size = 1;
    while (at % (size * 2) === 0 && at + size * 2 - 1 <= to) size *= 2;
    networks.push({ address: formatIpv4(at), wildcard: formatIpv4(size - 1), port: null });
    at += size;
  }
  return networks;
}
