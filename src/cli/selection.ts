import type { Exchange } from '../model/exchange.ts';
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
