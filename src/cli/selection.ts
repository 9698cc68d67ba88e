import { calendarMs } from '../bytes/iso-time.ts';
import { wallClock } from '../correlate/wall-clock.ts';
import { addressText } from '../isakmp/address.ts';
import type { Exchange } from '../model/exchange.ts';
import type { LogNegotiation } from '../model/log.ts';
import { parseAddress } from '../redact/address-map.ts';
import type { SharedOptions } from './options.ts';

/** The exchanges that --peer, --since and --until leave. */
export function selectExchanges(
  exchanges: readonly Exchange[],
  options: SharedOptions,
): readonly Exchange[] {
  const { peer, since, until } = options;
  return exchanges.filter(({ initiator, responder, messages }) => {
    if (peer !== null && initiator.address !== peer && responder.address !== peer) return false;
    const times = messages
      .map(({ message }) => calendarMs(message.timeNs))
      .filter((ms) => ms !== null);
    // What carries no time at all stays.
    if (times.length === 0) return true;
    return times.some((ms) => (since === null || ms >= since) && (until === null || ms <= until));
  });
}

/** Whether only a part is asked for. */
export function isSelective({ peer, since, until }: SharedOptions): boolean {
  return peer !== null || since !== null || until !== null;
}

/**
 * The negotiations of a log that --peer, --since and --until leave. Stamps without a year are taken to be of the year
 * nearest to the bound; what carries no date at all stays.
 */
export function selectNegotiations(
  negotiations: readonly LogNegotiation[],
  { peer, since, until, tz }: SharedOptions,
): readonly LogNegotiation[] {
  const clock = wallClock(since ?? until, tz);
  return negotiations.filter(({ peerAddress, localAddress, firstTime, lastTime }) => {
    if (peer !== null && canonical(peerAddress) !== peer && canonical(localAddress) !== peer)
      return false;
    if (firstTime === null || firstTime.mark === 'uptime') return true;
    const from = clock.ms(firstTime);
    const to = lastTime === null ? from : clock.ms(lastTime);
    return (since === null || to >= since) && (until === null || from <= until);
  });
}

/** Routers write IPv6 addresses in more than one way. */
function canonical(address: string | null): string | null {
  const octets = address === null ? null : parseAddress(address);
  return octets === null ? address : addressText(octets);
}

type Bounds = Pick<SharedOptions, 'peer' | 'since' | 'until'>;

/** The options that ask for a part, as they are written. */
export function boundsAsked({ peer, since, until }: Bounds): readonly string[] {
  return Object.entries({ '--peer': peer, '--since': since, '--until': until }).flatMap(
    ([option, value]) => (value === null ? [] : [option]),
  );
}
