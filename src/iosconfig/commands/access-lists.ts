import type { AclEntry } from '../../model/config.ts';
import { parseIpv4 } from '../address.ts';
import { commandsOf, irrelevant } from '../command.ts';
import type { AnyCall, Call, Command, Outcome } from '../command.ts';
import type { Service, WrittenEntry, WrittenList } from '../object-groups.ts';

export const accessListCommands: readonly Command[] = [
  ...commandsOf('access-list', [
    { words: 'permit', run: (c) => aclLine(c, 'permit', c.args) },
    { words: 'deny', run: (c) => aclLine(c, 'deny', c.args) },
  ]),
  ...irrelevant(['remark', 'evaluate']),
];

/** `ip access-list extended NAME` and its like: what follows belongs to it. */
export function namedAcl(c: Call<'global'>): Outcome {
  const name = c.args[0];
  if (name === undefined) return false;
  if (c.no) return c.draft.accessLists.delete(name) ? 'modelled' : 'modelled-with-conditions';
  const list = c.draft.accessLists.get(name) ?? { name, entries: [], unread: [], line: c.line };
  c.draft.accessLists.set(name, list);
  c.open({ kind: 'access-list', of: list });
  return 'modelled';
}

/** `access-list 101 permit …`: one entry a line. */
export function numberedAcl(c: Call<'global'>): Outcome {
  const [name, action, ...rest] = c.args;
  if (name === undefined || !/^\d+$/.test(name)) return false;
  if (c.no) return c.draft.accessLists.delete(name) ? 'modelled' : 'modelled-with-conditions';
  if (action === 'remark') return 'irrelevant';
  if (action !== 'permit' && action !== 'deny') return false;
  const list = c.draft.accessLists.get(name) ?? { name, entries: [], unread: [], line: c.line };
  c.draft.accessLists.set(name, list);
  return addAclEntry(list, action, rest, c);
}

function aclLine(
  c: Call<'access-list'>,
  action: 'permit' | 'deny',
  args: readonly string[],
): Outcome {
  return addAclEntry(c.block.of, action, args, c);
}

function addAclEntry(
  { entries, unread }: WrittenList,
  action: 'permit' | 'deny',
  args: readonly string[],
  c: AnyCall,
): Outcome {
  const words = [...args];
  const entry = readAclEntry(action, words, c.line);
  const isCut = (entry === null && words.length === 0) || CUT_ADDRESS.test(words[0] ?? '');
  if (isCut) c.note('entry-cut', 'the entry ends before, or within, an address');
  if (entry === null || isCut) {
    if (!c.no) unread.push(c.line);
    return 'not-modelled';
  }
  const same = (e: WrittenEntry): boolean =>
    JSON.stringify({ ...e, line: 0 }) === JSON.stringify({ ...entry, line: 0 });
  if (c.no) {
    const at = entries.findIndex(same);
    if (at >= 0) entries.splice(at, 1);
    return 'modelled';
  }
  entries.push(entry);
  return 'modelled';
}

/** What is left of a dotted address or mask; nothing else that follows the ends of an entry has dots between numbers. */
const CUT_ADDRESS = /^\d{1,3}(?:\.\d{0,3}){1,3}$/;

/**
 * `[proto] SRC [port] DST [port] …`, taken off the words; a standard list names the source only. Each part may be an
 * object group.
 */
function readAclEntry(
  action: 'permit' | 'deny',
  words: string[],
  line: number,
): WrittenEntry | null {
  const standard = words[0] === 'any' || words[0] === 'host' || parseIpv4(words[0] ?? '') !== null;
  const service = standard ? plain('ip') : (group(words) ?? plain(words.shift() ?? ''));
  const source = endpoint(words, standard);
  if (source === null) return null;
  const destination = standard
    ? { address: '0.0.0.0', wildcard: '255.255.255.255', port: null }
    : endpoint(words, standard);
  if (destination === null) return null;
  return { action, service, source, destination, line };
}

const plain = (protocol: string): Service => ({
  protocol: protocol.toLowerCase(),
  sourcePort: null,
  destinationPort: null,
});

/** `object-group NAME`. Ports beside a group of networks are not modelled. */
function group(words: string[]): { readonly group: string } | null {
  if (words[0] !== 'object-group' || words[1] === undefined) return null;
  const [, name] = words.splice(0, 2);
  return { group: name! };
}

/** In a standard list an address may stand alone for a host. */
function endpoint(
  words: string[],
  standard: boolean,
): AclEntry['source'] | { readonly group: string } | null {
  const grouped = group(words);
  if (grouped !== null) return port(words) === null ? grouped : null;
  const first = words.shift();
  if (first === undefined) return null;
  if (first === 'any' || first === 'any4') {
    return { address: '0.0.0.0', wildcard: '255.255.255.255', port: port(words) };
  }
  if (first === 'host') {
    const address = words.shift();
    if (address === undefined) return null;
    return { address, wildcard: '0.0.0.0', port: port(words) };
  }
  if (parseIpv4(first) === null) return null;
  const next = words[0];
  const hasWildcard = next !== undefined && parseIpv4(next) !== null;
  if (!hasWildcard && !standard) return null;
  const wildcard = hasWildcard ? words.shift()! : '0.0.0.0';
  return { address: first, wildcard, port: port(words) };
}

/** `eq N`, `range A B` and their like, taken off the words. */
export function port(words: string[]): string | null {
  const operator = words[0];
  if (operator === 'range') return words.splice(0, 3).slice(1).join('-');
  if (operator === 'eq' || operator === 'gt' || operator === 'lt' || operator === 'neq') {
    const [, value = ''] = words.splice(0, 2);
    return operator === 'eq' ? value : `${operator} ${value}`;
  }
  return null;
}
