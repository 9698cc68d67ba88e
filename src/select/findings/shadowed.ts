import type { ConfigModel } from '../../model/config.ts';
import { tunnelsOf } from '../tunnels.ts';
import { nameOf } from './make.ts';
import type { Draft } from './make.ts';

/** Entries of a crypto map whose traffic an earlier entry takes. */
export function shadowedEntries(model: ConfigModel): readonly Draft[] {
  const tunnels = tunnelsOf(model);
  const told = new Set<number>();
  return tunnels.flatMap((tunnel) => {
    const { label, shadowedBy, line, peer, hostname, proxies } = tunnel;
    if (shadowedBy === null || told.has(line)) return [];
    told.add(line);
    const by = tunnels.find((each) => each.label === shadowedBy);
    const whom = peer ?? hostname ?? 'its peer';
    const same = by !== undefined && by.peer === peer;
    return [
      {
        id: 'unused-name',
        severity: 'warning' as const,
        title: `${label} of ${nameOf(model)} never calls: ${shadowedBy} takes its traffic`,
        explanation: `A packet takes the first entry of a crypto map, by number, whose access list permits it. Whatever the list of ${label} permits, that of ${shadowedBy} permits as well, so that ${nameOf(model)} calls ${same ? `${whom} with the proposals and proxies of ${shadowedBy}` : `${by?.peer ?? 'another peer'} and not ${whom}`}. ${label} can answer, not call.`,
        places: [
          { model, line },
          ...proxies.map((proxy) => ({ model, line: proxy.line })),
          ...(by === undefined
            ? []
            : [by, ...by.proxies].map((each) => ({ model, line: each.line }))),
        ],
        references: ['Cisco command reference: crypto map'],
      },
    ];
  });
}
