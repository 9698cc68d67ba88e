import { parseIpv4 } from '../iosconfig/address.ts';
import type { AccessList, AclEntry, ConfigModel } from '../model/config.ts';

type End = AclEntry['source'];

/** Every address of `inner` is one of `outer`, and the port is the same or free. */
export function contains(outer: End, inner: End): boolean {
  const a = parseIpv4(outer.address);
  const b = parseIpv4(inner.address);
  const outerWild = parseIpv4(outer.wildcard);
  const innerWild = parseIpv4(inner.wildcard);
  if (a === null || b === null || outerWild === null || innerWild === null) {
    return outer.address === inner.address;
  }
  const fixed = ~outerWild >>> 0;
  return (
    ((a ^ b) & fixed) >>> 0 === 0 &&
    (innerWild & fixed) >>> 0 === 0 &&
    (outer.port === null || outer.port === inner.port)
  );
}

/** One end of an entry as it is written in an access list, without its ports. */
export function endText({ address, wildcard }: End): string {
  if (wildcard === '255.255.255.255') return 'any';
  return wildcard === '0.0.0.0' ? `host ${address}` : `${address} ${wildcard}`;
}

/** Lines of a list that may be entries and are not modelled. */
export function unreadEntries(model: ConfigModel, { name, unread }: AccessList): readonly number[] {
  return [...unread, ...(unreadLines(model).get(name) ?? [])];
}

const UNREAD = new WeakMap<ConfigModel, ReadonlyMap<string, readonly number[]>>();

/** Lines that nothing reads, by the access list in which they stand: prose at the margin is no entry. */
function unreadLines(model: ConfigModel): ReadonlyMap<string, readonly number[]> {
  const held = UNREAD.get(model);
  if (held !== undefined) return held;
  const made = new Map<string, number[]>();
  let next = 0;
  for (const [at, state] of model.lineStates.entries()) {
    while (next < model.definitions.length && model.definitions[next]!.line <= at + 1) next++;
    const owner = model.definitions[next - 1];
    if (state !== 'unknown' || owner?.kind !== 'access-list') continue;
    if (!ENTRY.test(model.lines[at] ?? '')) continue;
    const lines = made.get(owner.name);
    if (lines === undefined) made.set(owner.name, [at + 1]);
    else lines.push(at + 1);
  }
  UNREAD.set(model, made);
  return made;
}

const ENTRY = /\b(?:permit|deny)\b|^\s.*(?:\b(?:any|host)\b|\d{1,3}(?:\.\d{1,3}){3})/i;

/** Whether a list permits IKE from one address to another. */
export function permitsIke(list: AccessList, from: string, to: string): boolean {
  const reaches = (end: End, address: string): boolean =>
    carriesIke(end.port) &&
    contains({ ...end, port: null }, { address, wildcard: '0.0.0.0', port: null });
  const first = list.entries.find(
    ({ protocol, source, destination }) =>
      (protocol === 'ip' || protocol === 'udp') &&
      reaches(source, from) &&
      reaches(destination, to),
  );
  return first?.action === 'permit';
}

/** Without NAT traversal, and with it. */
const IKE_PORTS: readonly number[] = [500, 4500];
const PORT_NAMES: Readonly<Record<string, string>> = { isakmp: '500', 'non500-isakmp': '4500' };

const PORTS: Readonly<Record<string, (port: number, low: number, high: number) => boolean>> = {
  eq: (port, low, high) => low <= port && port <= high,
  gt: (port, low) => port > low,
  lt: (port, low) => port < low,
  neq: (port, low) => port !== low,
};

/** Whether the ports of an entry include one of IKE's. A name that is not IKE's is some other port. */
function carriesIke(ports: string | null): boolean {
  if (ports === null) return true;
  const [range = '', operator = 'eq'] = ports.split(' ').reverse();
  const [low = NaN, high = low] = range
    .replace(/(?:non500-)?isakmp/g, (name) => PORT_NAMES[name]!)
    .split('-')
    .map(Number);
  return IKE_PORTS.some((port) => PORTS[operator]?.(port, low, high) ?? false);
}
