import type { AclEntry, ConfigModel, CryptoMapEntry, NameUse } from '../model/config.ts';
import { unreadEntries } from './access-list.ts';
import { tablesOf } from './lookup.ts';

/** What the access list of a crypto map entry protects. */

/** Why the access list of an entry is not to be had, as `Tunnel.doubt` tells it. */
export function missingList(model: ConfigModel, { acl }: CryptoMapEntry): string | null {
  return acl === null || tablesOf(model).accessLists.has(acl.name)
    ? null
    : `access list ${acl.name} is not in the configuration`;
}

/** A list without an entry that permits: it has none, or none that is read. Null where it has one, or is missing. */
export function permitsNothing(
  model: ConfigModel,
  { name }: NameUse,
): 'all-read' | 'unread' | null {
  const list = tablesOf(model).accessLists.get(name);
  if (list === undefined || list.entries.some(({ action }) => action === 'permit')) return null;
  return unreadEntries(model, list).length === 0 ? 'all-read' : 'unread';
}

/** Why nothing that an entry protects is known although its list is there, as `Tunnel.doubt` tells it. */
export function blindList(model: ConfigModel, { acl }: CryptoMapEntry): string | null {
  switch (acl === null ? null : permitsNothing(model, acl)) {
    case null:
      return null;
    case 'unread':
      return `no entry of access list ${acl!.name} that permits is read in the configuration`;
    case 'all-read':
      return `access list ${acl!.name} permits nothing in the configuration`;
  }
}

/** A list that is missing, or that has a line which is not read. Without a list a dynamic map takes what is proposed. */
export function unlistedTraffic(
  model: ConfigModel,
  entry: CryptoMapEntry,
  kind: 'map' | 'dynamic',
): string | null {
  const { acl } = entry;
  if (acl === null) return kind === 'map' ? 'its access list is not shown' : null;
  const missing = missingList(model, entry);
  if (missing !== null) return missing;
  const [line] = unreadEntries(model, tablesOf(model).accessLists.get(acl.name)!);
  return line === undefined
    ? null
    : `line ${String(line)}, an entry of access list ${acl.name}, is not read`;
}

/** The flows that an entry protects, as far as its list is read. */
export function aclProxies(
  model: ConfigModel,
  entry: CryptoMapEntry,
): readonly Omit<AclEntry, 'action'>[] {
  const list = entry.acl === null ? undefined : tablesOf(model).accessLists.get(entry.acl.name);
  return (list?.entries ?? [])
    .filter(({ action }) => action === 'permit')
    .map(({ protocol, source, destination, line }) => ({ protocol, source, destination, line }));
}
