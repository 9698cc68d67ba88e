import type { Exchange } from '../model/exchange.ts';
import type { Io } from './io.ts';
import type { SharedOptions } from './options.ts';

/** The exchanges that --peer, --since and --until leave. */
export function selectExchanges(
  exchanges: readonly Exchange[],
  options: SharedOptions,
): readonly Exchange[] {
  const { peer, since, until } = options;
  return exchanges.filter(({ initiator, responder, messages }) => {
    if (peer !== null && initiator.address !== peer && responder.address !== peer) return false;
    const times = messages.map(({ message }) => Number(message.timeNs / 1_000_000n));
    return times.some((ms) => (since === null || ms >= since) && (until === null || ms <= until));
  });
}

/** Commands that read everything say so where a part was asked for: what is left in would pass for the part. */
export async function noteUnselected(
  command: string,
  { peer, since, until }: SharedOptions,
  io: Io,
): Promise<void> {
  const asked = Object.entries({ '--peer': peer, '--since': since, '--until': until }).flatMap(
    ([option, value]) => (value === null ? [] : [option]),
  );
  if (asked.length === 0) return;
  await io.stderr.write(
    `ike-autopsy: ${command} reads everything; ${asked.join(' and ')} made no difference\n`,
  );
}
