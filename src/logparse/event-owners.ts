import type { LogDocument, LogEvent } from '../model/log.ts';

/** The router that wrote the event at this place among all events of the log. */
export type RouterOf = (event: LogEvent, index: number) => string | null;

/** Which router wrote a line is often known only at the end of the log. `told` is the name that the user gave. */
export function createEventRouters(
  { routers, negotiations }: Pick<LogDocument, 'routers' | 'negotiations'>,
  told: string | null,
): RouterOf {
  if (routers.length <= 1) {
    const only = routers[0]?.name ?? told;
    return ({ router }) => router ?? only;
  }
  const names = routers.map(({ name }, i) => name ?? `router-${i + 1}`);
  const owners = ownersOfEvents(negotiations);
  return ({ router }, index) => {
    const owner = negotiations[owners[index] ?? -1];
    return owner ? names[owner.speaker]! : router;
  };
}

/** For each event the place of its negotiation; -1, or past the end, where it belongs to none. */
export function ownersOfEvents(negotiations: LogDocument['negotiations']): Int32Array {
  let last = -1;
  for (const { events } of negotiations) for (const index of events) if (index > last) last = index;
  const owners = new Int32Array(last + 1).fill(-1);
  for (const [place, { events }] of negotiations.entries())
    for (const index of events) owners[index] = place;
  return owners;
}
