import { inputRecord } from '../report/input-record.ts';
import type { Recognition } from './protocol.ts';
import type { ReadSource } from './read-sources.ts';

const mostAnomalies = 20;

/** Counts of an input record, in words; those that say nothing by themselves are left out. */
const countWords: Readonly<Record<string, readonly [one: string, many: string]>> = {
  packets: ['packet', 'packets'],
  ikeMessages: ['IKE message', 'IKE messages'],
  natKeepalives: ['NAT keepalive', 'NAT keepalives'],
  espPackets: ['ESP packet', 'ESP packets'],
  lines: ['line', 'lines'],
  events: ['event', 'events'],
  negotiations: ['negotiation', 'negotiations'],
  configurations: ['configuration', 'configurations'],
  keyMaterial: ['set of keys', 'sets of keys'],
  candidates: ['candidate key', 'candidate keys'],
};

/** What a source is, told as soon as it was read and before anything is concluded from it. */
export function recognise({ source, result, sha256 }: ReadSource): Recognition {
  const { key } = source;
  if (result.kind === 'unreadable') return { key, ...result };
  const record = inputRecord(result, sha256, []);
  const holds = Object.entries(record.counts).flatMap(([name, count]) => {
    const words = countWords[name];
    return words === undefined || count === 0 ? [] : [`${count} ${words[count === 1 ? 0 : 1]}`];
  });
  const routers = [
    ...(result.router === null ? [] : [result.router]),
    ...result.configs.flatMap(({ hostname }) => hostname ?? []),
    ...(result.log?.routers ?? []).flatMap(({ name }) => name ?? []),
  ];
  return {
    key,
    kind: result.kind,
    input: result.id,
    routers: [...new Set(routers)],
    holds: holds.join(', '),
    anomalies: record.anomalies.slice(0, mostAnomalies),
    more: Math.max(0, record.anomalies.length - mostAnomalies),
    unknown: (record.counts['unknownMessages'] ?? 0) + (record.counts['unknownConfigLines'] ?? 0),
  };
}
